"""A daemon that is killed while it tells what a watch has found goes on where it was."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from shopwire.scheduler.jobs import PATIENCE_MS
from shopwire.storage.database import Store
from tests.faults.killed_notifier import (
    add_articles,
    end,
    kill,
    kill_notifiers,
    prepare,
    read_told,
    start_daemon,
    wait_for_message,
)
from tests.support.listener import listening


@pytest.mark.fault(
    "44b",
    "kill -9 of the daemon while a service refuses at random",
    "each match told once: what sends goes on until it has recorded the answer",
)
def test_no_match_is_lost_and_none_is_told_twice(tmp_path: Path) -> None:
    found = kill_notifiers(tmp_path, kills=4)
    assert found.matches > 20
    assert (found.untold, found.repeated) == (0, 0)


@pytest.mark.fault(
    "44c",
    "kill -9 of the daemon while a service answers and another process writes to the store for long",
    "what sends waits for the store, and records the answer",
)
def test_an_answer_is_recorded_after_the_store_was_locked_for_long(tmp_path: Path) -> None:
    with (
        listening() as listener,
        Store(tmp_path / "shopwire.db") as store,
        closing(sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)) as writer,
    ):
        prepare(tmp_path, store, listener.url)
        add_articles(store, 3)

        def lock_and_accept() -> int:
            if not writer.in_transaction:
                writer.execute("BEGIN IMMEDIATE")
            return 200

        listener.answer = lock_and_accept
        daemon = start_daemon(tmp_path)
        wait_for_message(listener, 0)
        kill(daemon, with_sender=False)
        time.sleep(PATIENCE_MS / 1000 + 1)
        listener.answer = lambda: 200
        writer.execute("ROLLBACK")
        end(tmp_path, store)
        messages = [one["message"] for one in listener.heard]
        assert sorted(read_told(listener)) == [1, 2, 3]
        assert len(messages) == len(set(messages)), "a change of health was told twice"


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process in /proc")
def test_a_killed_process_that_sends_tells_nothing_again_that_it_has_recorded(tmp_path: Path) -> None:
    found = kill_notifiers(tmp_path, kills=4, with_sender=True)
    assert found.matches > 20
    assert (found.untold, found.told_after_recorded) == (0, 0)
