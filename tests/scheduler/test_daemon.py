"""The daemon starts what is due, ends what hangs, and leaves every row closed."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler

from shopwire.scheduler.crawls import Limits
from shopwire.scheduler.daemon import Daemon, Options, Steady, rearm
from shopwire.scheduler.lock import AlreadyRunning
from shopwire.storage.ledger import begin_run, declare_source
from shopwire.storage.store import Store

FAKE = Path(__file__).with_name("fake_crawl.py")
HOMES = {"alpha": "https://www.alpha.example/", "beta": "https://beta.example/"}
HOMES |= {"gamma": "https://alpha.example/other"}
Make = Callable[..., Daemon]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shopwire.db"
    with Store(path) as store, store.writing():
        for name, home in HOMES.items():
            declare_source(store, name, name.title(), home, "en")
    return path


@pytest.fixture
def make(path: Path) -> Iterator[Make]:
    """Makes a daemon whose crawls behave as told, and ends what is left of it."""
    made: list[Daemon] = []

    def daemon(behaviours: dict[str, str], clock: Any = None, **options: Any) -> Daemon:
        limits = {"limits": Limits(crawl=30, grace=0.3), **options}
        one = Daemon(
            path,
            list(behaviours),
            Options(**limits),
            clock or Clock(),
            lambda name: [sys.executable, str(FAKE), str(path), behaviours[name], "crawl", name],
        )
        made.append(one)
        return one

    yield daemon
    for one in made:
        for crawl in one.running:
            crawl.kill()
            crawl.process.wait()


def tick_until(daemon: Daemon, done: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "the daemon did not get there"
        daemon.tick()
        time.sleep(0.02)


def idle(daemon: Daemon) -> bool:
    return not daemon.running and not daemon.ended


def says(daemon: Daemon, word: str) -> None:
    """Wait for the word in the log of the only crawl."""
    (crawl,) = daemon.running
    deadline = time.monotonic() + 10
    while word not in crawl.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def runs(daemon: Daemon) -> list[tuple[str, str, str]]:
    rows = daemon.store.rows("SELECT source, outcome, reason FROM runs ORDER BY id")
    return [tuple(row) for row in rows]


def test_every_source_is_crawled_once_and_planned_anew(make: Make) -> None:
    clock = Clock()
    daemon = make({"alpha": "works", "beta": "works"}, clock)
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    assert sorted(runs(daemon)) == [("alpha", "ok", "finished"), ("beta", "ok", "finished")]
    rows = daemon.store.rows("SELECT next_due, pid FROM schedule")
    assert all(row["next_due"] > clock.now.isoformat() and row["pid"] is None for row in rows)
    daemon.tick()
    assert daemon.running == []
    daemon.close()


def test_two_sources_of_one_site_take_turns(make: Make) -> None:
    daemon = make({"alpha": "polite", "beta": "polite", "gamma": "polite"})
    daemon.tick()
    assert [crawl.source for crawl in daemon.running] == ["alpha", "beta"]
    daemon.running[0].end("enough")
    tick_until(daemon, lambda: [crawl.source for crawl in daemon.running] == ["beta", "gamma"])
    daemon.close()


def test_no_more_crawls_at_once_than_allowed(make: Make) -> None:
    daemon = make({"alpha": "polite", "beta": "polite"}, at_once=1)
    daemon.tick()
    daemon.tick()
    assert len(daemon.running) == 1
    daemon.close()


def test_a_source_that_somebody_crawls_by_hand_waits(make: Make, path: Path) -> None:
    with Store(path) as store:
        run = begin_run(store, "beta")
    command = [sys.executable, "-c", "import time; time.sleep(60)", "crawl", "beta"]
    with subprocess.Popen(command) as by_hand:
        with Store(path) as store, store.writing():
            store.db.execute("UPDATE runs SET pid = ? WHERE id = ?", [by_hand.pid, run])
        daemon = make({"beta": "works"})
        daemon.tick()
        assert daemon.running == []
        by_hand.kill()
    daemon.tick()
    assert len(daemon.running) == 1
    reason = "its process ended without a word"
    assert runs(daemon)[0] == ("beta", "interrupted", reason)
    daemon.close()


def test_a_crawl_that_ignores_sigterm_is_killed_and_its_row_closed(make: Make) -> None:
    daemon = make({"alpha": "deaf"}, limits=Limits(crawl=1.5, grace=0.2))
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    assert runs(daemon) == [("alpha", "failed", "stopped after 2 s")]
    daemon.close()


def test_a_crawl_that_dies_before_its_first_word_is_in_the_ledger(make: Make) -> None:
    daemon = make({"alpha": "dies"})
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    assert runs(daemon) == [("alpha", "failed", "exit code 1: cannot even begin")]
    daemon.close()


def test_a_crawl_that_somebody_killed_is_in_the_ledger(make: Make) -> None:
    daemon = make({"alpha": "hangs"})
    daemon.tick()
    says(daemon, "running")
    daemon.running[0].kill()
    tick_until(daemon, lambda: idle(daemon))
    assert runs(daemon) == [("alpha", "failed", "ended by SIGKILL")]
    daemon.close()


def test_a_crawl_that_leaves_without_closing_its_run_has_it_closed(make: Make) -> None:
    daemon = make({"alpha": "leaves"})
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    assert runs(daemon) == [("alpha", "failed", "exit code 0: good bye")]
    daemon.close()


def test_failures_are_answered_with_longer_and_longer_waits(make: Make) -> None:
    clock = Clock()
    daemon = make({"alpha": "fails"}, clock)
    waits = []
    for _ in range(3):
        daemon.tick()
        tick_until(daemon, lambda: idle(daemon))
        row = daemon.store.row("SELECT next_due FROM schedule")
        waits.append(datetime.fromisoformat(row["next_due"]) - clock.now)
        clock.now += waits[-1]
    assert waits == sorted(set(waits))
    daemon.close()


def test_a_command_that_is_not_there_is_a_failed_run(make: Make) -> None:
    daemon = make({"alpha": "works"})
    daemon.command = lambda name: ["/nowhere/at/all"]
    daemon.tick()
    assert [outcome for _, outcome, _ in runs(daemon)] == ["failed"]
    assert daemon.store.row("SELECT 1 FROM schedule WHERE next_due > ?", daemon.clock().isoformat())
    daemon.close()


def test_a_second_daemon_is_refused(make: Make) -> None:
    first = make({"alpha": "works"})
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        make({"alpha": "works"})
    first.close()
    make({"alpha": "works"}).close()


def test_stopping_closes_every_row_and_makes_the_source_due(make: Make) -> None:
    daemon = make({"alpha": "deaf", "beta": "polite"})
    daemon.tick()
    tick_until(daemon, lambda: daemon.store.row("SELECT count(*) FROM runs")[0] == 2)
    began = time.monotonic()
    daemon.close()
    assert time.monotonic() - began < 5
    with Store(daemon.store.path) as store:
        assert store.rows("SELECT 1 FROM runs WHERE finished IS NULL") == []
        assert store.row("SELECT count(*) FROM schedule WHERE wait = 0")[0] == 2
        assert store.rows("SELECT 1 FROM heartbeat") == []


def test_after_kill_nine_the_next_start_closes_what_was_left_and_goes_on(
    make: Make, path: Path
) -> None:
    behaviours = {"alpha": "deaf"}
    killed = make(behaviours)
    killed.tick()
    says(killed, "running")
    killed.lock.release()
    (orphan,) = killed.running
    daemon = make(behaviours)
    assert orphan.process.wait(5) == -signal.SIGKILL
    killed.running.clear()
    reason = "its process ended without a word"
    assert runs(daemon) == [("alpha", "interrupted", reason)]
    daemon.tick()
    assert [crawl.source for crawl in daemon.running] == ["alpha"]
    daemon.close()


@pytest.mark.fault("45", "The clock set back", "crawls go on")
@pytest.mark.parametrize("hours", [2, 48])
def test_a_clock_set_back_holds_nothing_up(make: Make, hours: int) -> None:
    clock = Clock()
    daemon = make({"alpha": "works"}, clock)
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    clock.now -= timedelta(hours=hours)
    daemon.tick()
    row = daemon.store.row("SELECT next_due, wait FROM schedule")
    ahead = datetime.fromisoformat(row["next_due"]) - clock.now
    assert ahead == timedelta(seconds=int(row["wait"]))
    event = daemon.store.row("SELECT text FROM events WHERE kind = 'clock'")
    assert "set back" in event["text"]
    daemon.close()


def test_a_locked_store_holds_up_no_crawl_and_loses_none(make: Make, path: Path) -> None:
    daemon = make({"alpha": "dies"})
    daemon.store.db.execute("PRAGMA busy_timeout = 50")
    daemon.tick()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        tick_until(daemon, lambda: bool(daemon.ended))
        daemon.tick()
        assert "locked" in daemon.trouble
        assert runs(daemon) == []
        other.execute("ROLLBACK")
    daemon.tick()
    assert [outcome for _, outcome, _ in runs(daemon)] == ["failed"]
    event = daemon.store.row("SELECT text FROM events WHERE kind = 'store'")
    assert "locked" in event["text"]
    daemon.close()


def test_a_job_far_in_the_future_is_brought_forward_when_the_clock_was_set_back() -> None:
    ticks: list[datetime] = []
    ticker = BackgroundScheduler(timezone=UTC)
    with time_machine.travel(datetime(2026, 11, 22, 8, 0, tzinfo=UTC), tick=True) as world:
        job = ticker.add_job(lambda: ticks.append(datetime.now(UTC)), Steady(0.05))
        ticker.start()
        wait_for(lambda: len(ticks) > 2)
        world.shift(timedelta(hours=-2))
        time.sleep(0.3)
        before = len(ticks)
        time.sleep(0.3)
        assert len(ticks) == before, "this is what would go on for two hours"
        rearm(job, 0.05)
        wait_for(lambda: len(ticks) > before + 2)
        ticker.shutdown()


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


FULL = """
import resource, signal, sys
from pathlib import Path
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.storage import schedule

# A write beyond the limit fails with EFBIG, as one on a full disk does with ENOSPC; SQLite reports both.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
daemon = Daemon(path, ["alpha"], Options(), command=lambda name: [sys.executable, "-c", "", "crawl"])
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
wal = path.with_name(path.name + "-wal")
resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size, hard))
for _ in range(3):
    daemon.tick()
print("trouble:", daemon.trouble)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
daemon.tick()
print("after:", daemon.trouble or "none")
daemon.close()
"""


def test_a_full_disk_stops_no_tick_and_is_in_the_ledger(path: Path) -> None:
    command = [sys.executable, "-c", FULL, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search("trouble: .*(full|I/O error)", done.stdout), done.stdout
    assert done.stdout.rstrip().endswith("after: none")
    with Store(path) as store:
        event = store.row("SELECT text FROM events WHERE kind = 'store'")
        assert "could not be written" in event["text"]
        assert store.rows("SELECT 1 FROM runs WHERE finished IS NULL") == []
        assert store.row("PRAGMA integrity_check")[0] == "ok"
