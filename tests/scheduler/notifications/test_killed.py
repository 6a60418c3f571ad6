"""A daemon that is killed while it tells what a watch has found goes on where it was."""

import sys
from pathlib import Path

import pytest

from tests.faults.killed_notifier import kill_notifiers


@pytest.mark.fault(
    "44b",
    "kill -9 of the daemon while a service refuses at random",
    "each match told once: what sends goes on until it has recorded the answer",
)
def test_no_match_is_lost_and_none_is_told_twice(tmp_path: Path) -> None:
    found = kill_notifiers(tmp_path, kills=4)
    assert found.matches > 20
    assert (found.untold, found.repeated) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the process in /proc")
def test_a_killed_process_that_sends_tells_nothing_again_that_it_has_recorded(tmp_path: Path) -> None:
    found = kill_notifiers(tmp_path, kills=4, with_sender=True)
    assert found.matches > 20
    assert (found.untold, found.told_after_recorded) == (0, 0)
