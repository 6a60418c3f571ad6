"""`kill -9` or Ctrl-C in the middle of a crawl costs nothing but the time to crawl the rest."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shopwire.storage.database import Store
from tests.newsroom.expected import ARTICLES
from tests.newsroom.server import newsroom
from tests.support.crawling import crawl, environment

SITE = "zhuanzai.localhost"
PAGES = sorted(page.path for page in ARTICLES if page.host == SITE and page.edition == 1)
PATIENCE = 60.0


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """All processes below one, from /proc."""
    below = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            below += [child, *children(child)]
    return below


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def begin_crawl(home: Path, port: int) -> subprocess.Popen[bytes]:
    """A crawl at the head of a group of its own, as a shell starts it."""
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "newsroom_zhuanzai",
        "-s",
        "DOWNLOAD_DELAY=0.5",  # what comes within a moment is committed together
    ]
    return subprocess.Popen(
        command, env=environment(home, port), stderr=subprocess.DEVNULL, start_new_session=True
    )


@pytest.mark.fault("44", "kill -9 in a crawl", "every page stored once by the next")
@pytest.mark.parametrize("stored_before", [0, 2, 6])
def test_every_page_is_stored_exactly_once(tmp_path: Path, stored_before: int) -> None:
    with newsroom() as room, Store(tmp_path / "shopwire.db") as store:
        doomed = begin_crawl(tmp_path, room.port)
        wait_for(lambda: store.row("SELECT count(*) FROM fetches")[0] > stored_before)
        family = children(doomed.pid)
        os.kill(doomed.pid, signal.SIGKILL)
        doomed.wait()
        before = store.row("SELECT count(*) FROM articles")[0]
        assert before < len(PAGES)
        assert store.row("SELECT count(*) FROM runs WHERE finished IS NULL")[0] == 1

        crawl("newsroom_zhuanzai", home=tmp_path, port=room.port)
        rows = store.rows("SELECT url, count(*) FROM articles GROUP BY url ORDER BY url")
        assert [tuple(row) for row in rows] == [(room.url(SITE, path), 1) for path in PAGES]
        assert store.row("PRAGMA integrity_check")[0] == "ok"
        assert store.row("SELECT count(*) FROM runs WHERE finished IS NULL")[0] == 0
        wait_for(lambda: not any(is_alive(pid) for pid in family))


def test_ctrl_c_keeps_the_pages_in_work_and_leaves_the_rest_to_the_next_crawl(
    tmp_path: Path,
) -> None:
    with newsroom() as room, Store(tmp_path / "shopwire.db") as store:
        interrupted = begin_crawl(tmp_path, room.port)
        wait_for(lambda: len(children(interrupted.pid)) > 3)
        # The terminal tells all processes of the group, the workers too.
        os.killpg(interrupted.pid, signal.SIGINT)
        assert interrupted.wait(PATIENCE) == 0
        assert store.rows("SELECT url, reason FROM fetches WHERE outcome = 'error'") == []
        (run,) = store.rows("SELECT outcome FROM runs")
        assert run["outcome"] == "interrupted"

        crawl("newsroom_zhuanzai", home=tmp_path, port=room.port)
        rows = store.rows("SELECT url FROM articles ORDER BY url")
        assert [row["url"] for row in rows] == [room.url(SITE, path) for path in PAGES]
