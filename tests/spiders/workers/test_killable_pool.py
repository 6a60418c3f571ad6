"""A function that takes too much time or memory, or ends its process, harms no other."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

import pytest

from shopwire.spiders.workers.killable_pool import (
    MOST_MEMORY,
    PIPE_BYTES,
    STOP_SIGNALS,
    KillablePool,
    LostWorkError,
    PipeContext,
)


@pytest.fixture(scope="module")
def pool() -> Iterator[KillablePool]:
    running = KillablePool(1)
    yield running
    running.close()


def work_for_ever(_: int) -> int:
    while True:
        pass


def take_memory(size: int) -> int:
    return len(bytearray(size))


def sleep_for_long(_: int) -> int:
    time.sleep(600)
    return 0


def list_processes() -> tuple[int, int]:
    return os.getpid(), os.getppid()


def list_protections() -> tuple[str | None, set[int]]:
    return os.environ.get("PYTHONSAFEPATH"), signal.pthread_sigmask(signal.SIG_BLOCK, ())


def end_server() -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    os._exit(9)


def end_process(code: int) -> int:
    os._exit(code)


def divide(number: int) -> int:
    return 1 // number


LIMITED = pytest.mark.skipif(sys.platform != "linux", reason="macOS does not enforce RLIMIT_AS")


@pytest.mark.parametrize(
    ("function", "argument", "outcome", "reason"),
    [
        (work_for_ever, 0, "timeout", "parsing took longer than 0.2 s and was stopped"),
        (sleep_for_long, 0, "timeout", "parsing took longer than 0.2 s and was stopped"),
        pytest.param(take_memory, 2 * MOST_MEMORY, "bad_html", "more than 640 MiB of memory", marks=LIMITED),
        (end_process, 9, "bad_html", "the worker crashed while parsing"),
    ],
)
@pytest.mark.fault("25f", "A page or list that takes all time or memory", "a reason; the next is read")
def test_work_is_lost_alone(
    pool: KillablePool, function: Callable[[int], int], argument: int, outcome: str, reason: str
) -> None:
    with pytest.raises(LostWorkError, match=reason) as lost:
        pool.run(0.2, function, argument).result(timeout=60)
    assert lost.value.outcome == outcome
    assert pool.run(20, take_memory, MOST_MEMORY // 4).result(timeout=60) == MOST_MEMORY // 4


def test_an_error_of_the_function_is_its_own(pool: KillablePool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.run(20, divide, 0).result(timeout=60)


def test_a_pool_starts_again_after_its_end() -> None:
    pool = KillablePool(1)
    for _ in range(2):
        assert pool.run(20, divide, 1).result(timeout=60) == 1
        assert pool.is_running
        pool.close()
        assert not pool.is_running


def test_a_process_that_is_killed_while_it_has_nothing_to_do_is_replaced(pool: KillablePool) -> None:
    idle = pool.run(20, os.getpid).result(timeout=60)
    os.kill(idle, signal.SIGKILL)
    # What is asked for before pebble has noticed is lost.
    with suppress(BrokenProcessPool):
        pool.run(20, os.getpid).result(timeout=60)
    assert pool.run(20, os.getpid).result(timeout=60) != idle


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_to_all_processes_ends_neither_the_workers_nor_their_server(
    pool: KillablePool, number: signal.Signals
) -> None:
    processes = pool.run(20, list_processes).result(timeout=60)
    for one in processes:
        os.kill(one, number)
    assert pool.run(20, list_processes).result(timeout=60) == processes


def test_a_server_that_was_killed_starts_again_as_it_was(pool: KillablePool) -> None:
    before = pool.run(20, list_protections).result(timeout=60)
    with pytest.raises(LostWorkError):
        pool.run(20, end_server).result(timeout=60)
    assert pool.run(20, list_protections).result(timeout=60) == before
    assert before[0] == "1"
    assert before[1].issuperset(STOP_SIGNALS)


@pytest.mark.skipif(not hasattr(fcntl, "F_GETPIPE_SZ"), reason="the system has one size for all pipes")
def test_a_pipe_holds_several_pages() -> None:
    for end in PipeContext().Pipe(duplex=False):
        with end:
            assert fcntl.fcntl(end.fileno(), fcntl.F_GETPIPE_SZ) == PIPE_BYTES
