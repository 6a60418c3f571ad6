"""Helpers for tests of the daemon with fake crawls."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from shopwire.scheduler.daemon import Daemon

Make = Callable[..., Daemon]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def tick_until(daemon: Daemon, done: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "the daemon did not get there"
        daemon.tick()
        time.sleep(0.02)


def idle(daemon: Daemon) -> bool:
    return not daemon.running and not daemon.ended


def says(daemon: Daemon, word: str) -> None:
    """Wait until the log of the only crawl has a word."""
    (crawl,) = daemon.running
    deadline = time.monotonic() + 10
    while word not in crawl.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def runs(daemon: Daemon) -> list[tuple[str, str, str]]:
    rows = daemon.store.rows("SELECT source, outcome, reason FROM runs ORDER BY id")
    return [tuple(row) for row in rows]
