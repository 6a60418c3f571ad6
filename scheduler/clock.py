"""The wall clock, which may be set or stand still with the machine, beside the steady one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.triggers.base import BaseTrigger


def utc_now() -> datetime:
    """The time by the wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment; the steady one counts seconds in which the machine was awake."""

    wall: datetime
    steady: float

    def leap_since(self, earlier: "Reading") -> timedelta:
        """How much further than the steady clock the wall clock went, in whole seconds; below zero
        when it was set back."""
        leap = (self.wall - earlier.wall).total_seconds() - (self.steady - earlier.steady)
        return timedelta(seconds=round(leap))


class Steady(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires so many seconds from now, whatever was missed."""

    def __init__(self, seconds: float) -> None:
        self.step = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """APScheduler's question."""
        return now + self.step


def rearm(job: Any, seconds: float) -> None:
    """Bring a job's next run forward if it is far away, which happens when the clock is set back:
    APScheduler waits by the wall clock and would wait until that caught up."""
    planned = job.next_run_time
    if planned and planned - datetime.now(UTC) > timedelta(seconds=2 * seconds + 1):
        job.modify(next_run_time=datetime.now(UTC))
