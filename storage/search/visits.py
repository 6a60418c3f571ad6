"""What a reader has seen already: a marker that the reader keeps, in a cookie or a file.

The marker of a visit is the id of an article: those stored later are new.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PAUSE = timedelta(minutes=30)
"""After this long without a request the next one begins a new visit."""
FORM = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,12})\.(\d{1,12})")
LARGEST_TIME = 253402300799
"""Seconds from 1970 to the end of the year 9999."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit: articles above `after` are new in it, those up to `seen` were there at its last request.

    `before` is when the visit before ended, None in the first one.
    """

    after: int
    seen: int
    at: datetime
    before: datetime | None = None

    def write(self) -> str:
        """Return the marker that `parse_visit` reads."""
        before = int(self.before.timestamp()) if self.before else 0
        return f"{self.after}.{self.seen}.{int(self.at.timestamp())}.{before}"


def parse_visit(marker: str) -> Visit | None:
    """Return the visit that a marker describes, None if it is none of ours."""
    found = FORM.fullmatch(marker)
    if found is None:
        return None
    after, seen, at, before = map(int, found.groups())
    if max(at, before) > LARGEST_TIME:
        return None
    return Visit(after, seen, _read_time(at), _read_time(before) if before else None)


def continue_visit(last: Visit | None, newest: int, now: datetime) -> Visit:
    """Return the visit to which a request belongs; `newest` is the id of the article stored last.

    Nothing is new in the first visit.
    """
    if last is None or last.at > now + PAUSE:
        return Visit(newest, newest, now)
    if now - last.at > PAUSE:
        return Visit(last.seen, newest, now, last.at)
    return Visit(last.after, newest, now, last.before)


def _read_time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
