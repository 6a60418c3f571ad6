"""However a daemon ends, every row is closed and the next one goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shopwire.scheduler.clock import read_utc_clock
from shopwire.scheduler.process import AlreadyRunningError
from shopwire.storage.database import Store
from tests.scheduler.daemons import Clock, Make, idle, runs, says, tick_until


def test_a_second_daemon_is_refused(make: Make) -> None:
    first = make({"alpha": "works"})
    with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
        make({"alpha": "works"})
    first.close()
    make({"alpha": "works"}).close()


def test_stopping_closes_every_row_and_makes_the_source_due(make: Make) -> None:
    daemon = make({"alpha": "deaf", "beta": "polite"})
    daemon.tick()
    tick_until(daemon, lambda: daemon.store.row("SELECT count(*) FROM runs")[0] == 2)
    (deaf,) = (crawl.process for crawl in daemon.running if crawl.source == "alpha")
    daemon.close()
    assert deaf.returncode == -signal.SIGKILL
    with Store(daemon.store.path) as store:
        assert store.rows("SELECT 1 FROM runs WHERE finished IS NULL") == []
        assert store.row("SELECT count(*) FROM schedule WHERE wait = 0")[0] == 2
        assert store.rows("SELECT 1 FROM heartbeat") == []


def test_after_kill_nine_the_next_start_closes_what_was_left_and_goes_on(make: Make, path: Path) -> None:
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


def test_a_crawl_that_outlived_its_daemon_is_settled_like_any_other(make: Make) -> None:
    clock = Clock()
    killed = make({"alpha": "fails"}, clock)
    killed.tick()
    (orphan,) = killed.running
    orphan.process.wait(20)
    killed.running.clear()
    killed.lock.release()
    daemon = make({"alpha": "fails"}, clock)
    row = daemon.store.row("SELECT next_due, pid FROM schedule")
    assert row["next_due"] > clock.now.isoformat()
    assert row["pid"] is None
    assert daemon.store.row("SELECT status FROM health")
    daemon.close()


def test_a_crawl_that_had_ended_when_the_daemon_was_stopped_keeps_its_rest(make: Make) -> None:
    clock = Clock()
    daemon = make({"alpha": "fails"}, clock)
    daemon.tick()
    daemon.running[0].process.wait(20)
    daemon.close()
    with Store(daemon.store.path) as store:
        row = store.row("SELECT next_due FROM schedule")
        assert row["next_due"] > clock.now.isoformat()


def test_a_source_that_was_left_out_for_a_while_is_due_when_its_last_crawl_says(
    make: Make,
) -> None:
    both = {"alpha": "works", "beta": "fails"}
    first = make(both, read_utc_clock)
    first.tick()
    tick_until(first, lambda: idle(first))
    first.close()
    alone = make({"alpha": "works"}, read_utc_clock)
    assert [row["source"] for row in alone.store.rows("SELECT source FROM schedule")] == ["alpha"]
    alone.close()
    daemon = make({**both, "gamma": "works"}, read_utc_clock)
    rows = daemon.store.rows("SELECT source, why FROM schedule WHERE wait > 0 ORDER BY source")
    assert [row["source"] for row in rows] == ["alpha", "beta"]
    assert "failed" in rows[1]["why"]
    daemon.tick()
    assert [crawl.source for crawl in daemon.running] == ["gamma"]
    daemon.close()


def test_a_source_whose_last_crawl_was_interrupted_is_due_at_once(make: Make) -> None:
    first = make({"alpha": "polite"}, read_utc_clock)
    first.tick()
    says(first, "running")
    first.close()
    make({"beta": "works"}, read_utc_clock).close()
    daemon = make({"alpha": "polite"}, read_utc_clock)
    daemon.tick()
    assert [crawl.source for crawl in daemon.running] == ["alpha"]
    daemon.close()


SLOW_RECOVERY = """
import sys
from shopwire.commands.cli import main
from shopwire.scheduler.daemon import Daemon

recover = Daemon.recover

def recover_slowly(self, sources):
    print("recovering", flush=True)
    sys.stdin.readline()
    recover(self, sources)

Daemon.recover = recover_slowly
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_recovery_ends_the_daemon_cleanly(tmp_path: Path, number: int) -> None:
    command = [sys.executable, "-c", SLOW_RECOVERY, "daemon", "ebrun"]
    with subprocess.Popen(
        command,
        env={**os.environ, "SHOPWIRE_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "recovering\n"
        process.send_signal(number)
        _, errors = process.communicate("go on\n", timeout=60)
    assert process.returncode == 0, errors
    with Store(tmp_path / "shopwire.db") as store:
        texts = [row["text"] for row in store.rows("SELECT text FROM events ORDER BY id")]
        assert texts == ["started with 1 sources", "stopped"]
        assert store.rows("SELECT 1 FROM heartbeat") == []
