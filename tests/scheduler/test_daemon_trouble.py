"""A clock set back, a locked store and a full disk cost the daemon time and nothing else."""

import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from shopwire.scheduler.jobs import UPKEEP, SteadyTrigger, build_scheduler, rearm_jobs
from shopwire.scheduler.next_crawl import JITTER, LONGEST
from shopwire.storage.database import Store
from tests.scheduler.daemons import Clock, Make, idle, runs, tick_until


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


@pytest.mark.parametrize("days", [2, 30])
def test_a_clock_set_forward_and_back_again_holds_nothing_up(make: Make, days: int) -> None:
    """Or a machine that was asleep: what became due meanwhile is crawled once, and goes on as before."""
    clock = Clock()
    daemon = make({"alpha": "works"}, clock)
    for shift in (timedelta(0), timedelta(days=days), timedelta(days=-days)):
        clock.now += shift
        before = len(runs(daemon))
        daemon.tick()
        tick_until(daemon, lambda: idle(daemon))
        row = daemon.store.row("SELECT next_due, wait FROM schedule")
        ahead = datetime.fromisoformat(row["next_due"]) - clock.now
        assert timedelta(0) < ahead <= LONGEST * (1 + JITTER)
        assert len(runs(daemon)) - before == (shift >= timedelta(0))
    daemon.close()


def test_a_leap_of_the_clock_is_said_once(make: Make, path: Path) -> None:
    clock = Clock()
    daemon = make({"alpha": "works"}, clock)
    daemon.store.db.execute("PRAGMA busy_timeout = 50")
    clock.now += timedelta(seconds=50)
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    clock.now += timedelta(hours=2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        daemon.tick()
        other.execute("ROLLBACK")
    daemon.tick()
    daemon.tick()
    (event,) = daemon.store.rows("SELECT text FROM events WHERE kind = 'clock'")
    # The time the test takes is no part of the leap.
    assert re.search(r"ahead by (2:00:00|1:5\d:\d\d) \(set, or machine suspended\)", event["text"])
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


def test_jobs_far_in_the_future_run_at_once_when_the_clock_was_set_back() -> None:
    runs_of: dict[str, list[datetime]] = {"one": [], "other": []}
    scheduler = build_scheduler()
    with time_machine.travel(datetime(2026, 11, 22, 8, 0, tzinfo=UTC), tick=True) as world:
        for times in runs_of.values():
            scheduler.add_job(lambda own: own.append(datetime.now(UTC)), SteadyTrigger(0.05), [times])
        scheduler.start()
        wait_for(lambda: all(len(times) > 2 for times in runs_of.values()))
        world.shift(timedelta(hours=-2))
        time.sleep(0.3)
        before = [len(times) for times in runs_of.values()]
        time.sleep(0.3)
        now = [len(times) for times in runs_of.values()]
        assert now == before, "this is what would go on for two hours"
        rearm_jobs(scheduler)
        wait_for(lambda: all(len(times) > before[0] + 2 for times in runs_of.values()))
        scheduler.shutdown()


def test_a_job_that_hangs_delays_no_tick_and_no_end(make: Make, path: Path) -> None:
    """Such as the check of a large store."""
    daemon, scheduler = make({"alpha": "polite"}, tick=0.02), build_scheduler()
    hangs, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        goes_on.wait(30)

    scheduler.add_job(hang, SteadyTrigger(0.02), executor=UPKEEP)
    work = threading.Thread(target=daemon.run, args=[scheduler])
    work.start()
    assert hangs.wait(10)
    wait_for(lambda: bool(daemon.running))
    with Store(path) as store:
        wait_for(lambda: store.row("SELECT 1 FROM heartbeat") is not None)
        daemon.stopping.set()
        wait_for(lambda: store.row("SELECT 1 FROM events WHERE text = 'stopped'") is not None)
    assert work.is_alive(), "the job that is under way is waited for"
    goes_on.set()
    work.join(10)
    assert not work.is_alive()


def test_a_tick_that_hangs_gives_no_heartbeat(make: Make, path: Path) -> None:
    daemon = make({"alpha": "polite"})

    def count_heartbeats() -> int:
        with Store(path) as store:
            daemon.beat(store)
            number: int = store.db.execute("DELETE FROM heartbeat").rowcount
            store.db.conn.commit()
            return number

    assert count_heartbeats() == 1
    assert count_heartbeats() == 0, "there was no tick in between"
    daemon.tick()
    assert count_heartbeats() == 1
    daemon.close()


def test_a_heartbeat_that_a_locked_store_refuses_is_recorded_later(make: Make, path: Path) -> None:
    daemon = make({"alpha": "dies"})
    with Store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        store.db.execute("PRAGMA busy_timeout = 50")
        other.execute("BEGIN IMMEDIATE")
        daemon.beat(store)
        assert "locked" in daemon.trouble
        other.execute("ROLLBACK")
        daemon.beat(store)
        assert store.row("SELECT running FROM heartbeat")[0] == 0
    daemon.close()


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


FULL = """
import resource, signal, sys
from pathlib import Path
from shopwire.scheduler.crawls.starter import CrawlStarter
from shopwire.scheduler.daemon import Daemon, Options

# A write beyond the limit fails with EFBIG, as one on a full disk does with ENOSPC; SQLite reports both.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
starter = CrawlStarter(path.parent / "logs", lambda name: [sys.executable, "-c", "", "crawl"], None)
daemon = Daemon(path, ["alpha"], Options(), starter=starter)
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
        assert "temporarily not writable" in event["text"]
        assert store.rows("SELECT 1 FROM runs WHERE finished IS NULL") == []
        assert store.row("PRAGMA integrity_check")[0] == "ok"
