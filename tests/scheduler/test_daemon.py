"""The daemon starts what is due, ends what hangs, and writes down how crawls ended."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from shopwire.scheduler.crawls.crawl_process import CrawlProcess
from shopwire.scheduler.crawls.running_crawl import Limits
from shopwire.storage.crawl_log.runs import begin_run
from shopwire.storage.database import Store
from tests.scheduler.daemons import Clock, Make, idle, runs, says, tick_until


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
    daemon.running[0].stop("enough")
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


@pytest.mark.parametrize(("code", "words"), [(-9, "ended by SIGKILL"), (-35, "ended by signal 35")])
def test_a_signal_is_named_or_numbered(tmp_path: Path, code: int, words: str) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        crawl = CrawlProcess("alpha", "alpha.example", tmp_path / "alpha.log", 0, process)
    assert crawl.describe_end(code) == words


def test_a_crawl_that_cannot_be_recorded_holds_up_no_other(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def describe_end(crawl: CrawlProcess, code: int) -> str:
        if crawl.source == "alpha":
            raise LookupError("nobody foresaw this")
        return f"exit code {code}"

    monkeypatch.setattr(CrawlProcess, "describe_end", describe_end)
    daemon = make({"alpha": "dies", "beta": "dies"})
    daemon.tick()
    tick_until(daemon, lambda: idle(daemon))
    assert runs(daemon) == [("beta", "failed", "exit code 1")]
    event = daemon.store.row("SELECT source, text FROM events WHERE kind = 'error'")
    assert event["source"] == "alpha"
    assert "nobody foresaw this" in event["text"]
    assert "LookupError" in caplog.text
    rows = daemon.store.rows("SELECT next_due FROM schedule WHERE pid IS NULL")
    assert all(row["next_due"] > daemon.clock().isoformat() for row in rows)
    assert len(rows) == 2
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
    daemon.starter.command = lambda name: ["/nowhere/at/all"]
    daemon.tick()
    assert [outcome for _, outcome, _ in runs(daemon)] == ["failed"]
    assert daemon.store.row("SELECT 1 FROM schedule WHERE next_due > ?", daemon.clock().isoformat())
    daemon.close()
