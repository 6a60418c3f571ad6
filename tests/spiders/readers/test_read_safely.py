"""What is small is read at once, what is large in a worker, and the largest by way of a file."""

import asyncio
import gzip
import os
import zlib
from collections.abc import Callable, Iterator

import pytest

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.readers import read_safely as module
from shopwire.spiders.readers.list_body import SMALL_LIST, ListBody
from shopwire.spiders.readers.read_safely import LARGEST_PASSED, read_safely
from shopwire.spiders.workers.killable_pool import KillablePool


@pytest.fixture(scope="module")
def pool() -> Iterator[KillablePool]:
    running = KillablePool(1)
    yield running
    running.close()


def describe(body: ListBody, word: str) -> tuple[str, int, int, str]:
    return body.url, len(body.content), os.getpid(), word


def work_for_ever(_: ListBody) -> None:
    while True:
        pass


@pytest.mark.parametrize("size", [1, SMALL_LIST, SMALL_LIST + 1, LARGEST_PASSED, LARGEST_PASSED + 1])
def test_the_function_gets_the_whole_body_wherever_it_runs(pool: KillablePool, size: int) -> None:
    body = ListBody("https://a.example/", bytes(size))
    url, length, process, word = asyncio.run(read_safely(pool, describe, body, "more"))
    assert (url, length, word) == (body.url, size, "more")
    assert (process == os.getpid()) is (size <= SMALL_LIST)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_what_is_packed_is_read_in_a_worker(pool: KillablePool, pack: Callable[[bytes], bytes]) -> None:
    """It may be a thousand times as large as it looks."""
    body = ListBody("", pack(bytes(SMALL_LIST)))
    assert asyncio.run(read_safely(pool, describe, body, ""))[2] != os.getpid()


def test_what_takes_too_long_is_an_unreadable_list(
    pool: KillablePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIST_DEADLINE", 0.2)
    with pytest.raises(UnreadableListError, match=r"took longer than 0\.2 s") as raised:
        asyncio.run(read_safely(pool, work_for_ever, ListBody("", bytes(SMALL_LIST + 1))))
    assert raised.value.outcome == "timeout"
