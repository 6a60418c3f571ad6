"""How often the marks of a text, its numbers, dates, names and entities, are met by chance."""

import functools
from collections.abc import Iterable
from datetime import date, timedelta

# How often a mark of each kind is met by chance, as a share of articles. Words, names and entities
# are counted in the store besides; numbers are not, but round ones are commoner than exact ones.
MARK_SHARE = {
    "date": 0.01,
    "month": 0.03,
    "year": 0.15,
    "day": 0.05,
    "time": 0.01,
    "percent": 0.01,
    "amount": 0.003,
    "about": 0.05,
    "count": 0.05,
    "name": 0.004,
    "person": 0.02,
    "company": 0.05,
    "organisation": 0.05,
    "media": 0.3,
    "festival": 0.1,
    "place": 0.1,
    "platform": 0.1,
    "term": 0.15,
}
ROUND_SHARE = 5.0
SMALL_COUNT, SMALL_COUNT_SHARE = 12, 0.2
# The day an article appears stands in every article of that day.
OWN_DAY_SHARE = 0.4


def guess_shares(marks: Iterable[str], day: int) -> list[float]:
    """Return a guess, for each of the marks of an article of that day, at the share of articles with it.

    `day` counts from 1970-01-01.
    """
    own_day = _list_own_day(day)
    return [OWN_DAY_SHARE if mark in own_day else _guess_share(mark) for mark in marks]


def _list_own_day(day: int) -> frozenset[str]:
    """The marks of the days round the one on which an article appears."""
    near = [date(1970, 1, 1) + timedelta(days=day + offset) for offset in (-1, 0, 1)]
    return frozenset(
        mark
        for one in near
        for mark in (f"date:{one.month * 100 + one.day}", f"day:{one.day}", f"year:{one.year:.4g}")
    )


@functools.lru_cache(maxsize=1 << 14)
def _guess_share(mark: str) -> float:
    kind, _, value = mark.partition(":")
    if is_small_count(mark):
        return SMALL_COUNT_SHARE
    is_round = kind in ("amount", "percent") and len(value.partition("e")[0].rstrip("0")) == 1
    return MARK_SHARE[kind] * (ROUND_SHARE if is_round else 1.0)


def is_small_count(mark: str) -> bool:
    """Return whether a mark is a plain number up to twelve."""
    kind, _, value = mark.partition(":")
    return kind == "count" and float(value) <= SMALL_COUNT
