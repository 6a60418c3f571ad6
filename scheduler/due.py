"""When a source is due next."""

from dataclasses import dataclass
from datetime import timedelta

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
USUAL = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Due:
    """How long to wait until the next crawl, and why so long."""

    wait: timedelta
    why: str


def after_failures(failures: int) -> Due:
    """Back off exponentially after so many failures in a row."""
    wait = min(LONGEST, SHORTEST * 2 ** min(failures, 10))
    return Due(wait, f"{failures} failed in a row")


def next_due(failures: int) -> Due:
    """The wait after a crawl that ended now."""
    return after_failures(failures) if failures else Due(USUAL, "as usual")
