"""A daemon that is killed while it tells what a watch has found goes on where it was."""

from pathlib import Path

import pytest

from tests.faults.killed_notifier import kill_notifiers


@pytest.mark.fault(
    "44b",
    "kill -9 of the daemon while a service refuses at random",
    "each match told, none again once recorded",
)
def test_no_match_is_lost_and_none_is_told_again_once_recorded(tmp_path: Path) -> None:
    found = kill_notifiers(tmp_path, kills=4)
    assert found.matches > 20
    assert (found.untold, found.told_after_recorded) == (0, 0)
