"""Crawls that share a process: one that hangs or dies is crawled alone next time, and the others again."""

import sys
from datetime import datetime
from pathlib import Path

import pytest

from shopwire.scheduler.crawls import shared_process
from shopwire.scheduler.crawls.running_crawl import Limits
from shopwire.scheduler.crawls.shared_process import SharedProcess
from shopwire.scheduler.daemon import Daemon
from shopwire.storage.crawl_log.schedule import LOST
from tests.scheduler.conftest import FAKE_HOST
from tests.scheduler.daemons import Clock, Make, idle, runs, tick_until

WORKING = {"alpha": "works", "beta": "works"}
# Seconds.
PATIENCE = 60.0


def is_due(daemon: Daemon, source: str) -> bool:
    row = daemon.store.row("SELECT next_due FROM schedule WHERE source = ?", source)
    assert row
    return datetime.fromisoformat(row["next_due"]) <= daemon.clock()


def begin(daemon: Daemon) -> None:
    """Start two crawls, and wait until both have a run."""
    daemon.tick()
    tick_until(daemon, lambda: len(runs(daemon)) == 2, PATIENCE)


def test_crawls_share_one_process_also_the_next_ones(make: Make) -> None:
    clock = Clock()
    daemon = make({}, clock, shared=WORKING)
    daemon.close()
    daemon = make(WORKING, clock, shared=WORKING, limits=Limits(grace=PATIENCE))
    for _ in range(2):
        with daemon.store.writing():
            daemon.store.db.execute("UPDATE schedule SET next_due = ?", [clock.now.isoformat()])
        daemon.tick()
        tick_until(daemon, lambda: idle(daemon), PATIENCE)
    assert [run[1] for run in runs(daemon)] == ["ok"] * 4
    assert daemon.store.row("SELECT count(DISTINCT pid) FROM runs")[0] == 1  # type: ignore[index]
    (process,) = daemon.starter.processes
    daemon.close()
    assert process.process.returncode == 0


@pytest.mark.fault("d91", "A crawl hangs in a shared process", "killed, and alone next time")
def test_a_crawl_that_hangs_costs_the_others_a_restart(make: Make) -> None:
    shared = {"alpha": "deaf", "beta": "polite"}
    daemon = make(WORKING, shared=shared, limits=Limits(crawl=PATIENCE, grace=0.3))
    begin(daemon)
    alpha, beta = daemon.running
    alpha.started -= PATIENCE
    tick_until(daemon, lambda: len(runs(daemon)) > 2 and idle(daemon), PATIENCE)
    first, second = runs(daemon)[:2]
    assert (first[0], first[1], first[2]) == ("alpha", "failed", "stopped after 60 s")
    assert (second[0], second[1], second[2]) == ("beta", "interrupted", LOST)
    assert ("beta", "ok", "finished") in runs(daemon)
    assert alpha.source in daemon.starter.alone
    assert beta.source not in daemon.starter.alone
    daemon.close()


@pytest.mark.fault("d92", "A shared process dies", "each of its crawls is repeated alone")
def test_crawls_of_a_process_that_dies_are_repeated_alone(make: Make) -> None:
    daemon = make(WORKING, shared={"alpha": "polite", "beta": "dies"})
    daemon.tick()
    tick_until(daemon, lambda: len(runs(daemon)) == 4 and idle(daemon), PATIENCE)
    assert [run[1:] for run in runs(daemon)[:2]] == [("interrupted", LOST)] * 2
    assert sorted(runs(daemon)[2:]) == [("alpha", "ok", "finished"), ("beta", "ok", "finished")]
    assert daemon.starter.alone == set()
    daemon.close()


@pytest.mark.fault("d93", "A page holds up a shared process", "killed once it is silent")
def test_a_silent_process_is_killed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    daemon = make(WORKING, shared={"alpha": "deaf", "beta": "deaf"})
    begin(daemon)
    monkeypatch.setattr(shared_process, "LONGEST_SILENCE", 0.5)
    tick_until(daemon, lambda: len(runs(daemon)) == 4 and idle(daemon), PATIENCE)
    assert [run[1:] for run in runs(daemon)[:2]] == [("interrupted", LOST)] * 2
    assert [run[1] for run in runs(daemon)[2:]] == ["ok"] * 2
    daemon.close()


def test_a_stopped_daemon_stops_the_crawls_of_the_shared_process(make: Make) -> None:
    daemon = make(WORKING, shared={"alpha": "polite", "beta": "polite"})
    begin(daemon)
    daemon.close()
    assert [run[1] for run in runs(make({}))] == ["interrupted"] * 2


def test_a_changed_configuration_a_leak_and_age_end_a_process(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, str(FAKE_HOST), str(path), "{}", "crawl"]
    process = SharedProcess(command, path.parent / "crawls.log", stamp=1)
    assert not process.is_worn(1)
    assert process.is_worn(2)
    process.memory = process.first_memory + shared_process.MOST_GROWTH + 1
    assert process.is_worn(1)
    process.memory = 0
    monkeypatch.setattr(shared_process, "OLDEST", 0.0)
    assert process.is_worn(1)
    process.end()
    process.wait(10)
    assert process.process.returncode == 0
