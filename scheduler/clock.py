"""The wall clock, which may be set or stop while the machine sleeps, read together with a steady one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def read_utc_clock() -> datetime:
    """Return the time of the wall clock, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Both clocks at one moment; the steady one counts seconds in which the machine was awake."""

    wall: datetime
    steady: float

    def measure_leap(self, earlier: "ClockReading") -> timedelta:
        """Return how much further the wall clock went than the steady clock, in whole seconds;
        negative when it was set back."""
        leap = (self.wall - earlier.wall).total_seconds() - (self.steady - earlier.steady)
        return timedelta(seconds=round(leap))
