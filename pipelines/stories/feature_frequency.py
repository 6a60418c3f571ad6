"""Guesses how often a feature (number, date, name or entity) occurs in unrelated articles."""

import functools
import math
from collections.abc import Iterable
from datetime import date, timedelta

# The share of articles that have a feature of each kind by chance. Names and entities are also counted in
# the store; numbers are not, but round ones are more common than exact ones.
# fmt: off
FEATURE_SHARE = {
    "date": 0.01, "month": 0.03, "year": 0.15, "day": 0.05, "time": 0.01,
    "percent": 0.01, "amount": 0.003, "about": 0.05, "count": 0.05,
    "name": 0.004, "person": 0.02, "company": 0.05, "organisation": 0.05, "media": 0.3,
    "festival": 0.1, "place": 0.1, "platform": 0.1, "term": 0.15,
}
# fmt: on
ROUND_SHARE = 5.0
SMALL_COUNT, SMALL_COUNT_SHARE = 12, 0.2
# Many articles of a day name that day.
OWN_DAY_SHARE = 0.4


def guess_shares(features: Iterable[str], day: int) -> list[float]:
    """Return for each feature of an article a guess at the share of articles that have it.

    `day` is that of the article, counted from 1970-01-01.
    """
    own_day = _list_day_features(day)
    return [OWN_DAY_SHARE if feature in own_day else _guess_share(feature) for feature in features]


def _list_day_features(day: int) -> frozenset[str]:
    """Return the features of a day, the day before and the day after."""
    near = [date(1970, 1, 1) + timedelta(days=day + offset) for offset in (-1, 0, 1)]
    return frozenset(
        feature
        for one in near
        for feature in (f"date:{one.month * 100 + one.day}", f"day:{one.day}", f"year:{one.year:.4g}")
    )


@functools.lru_cache(maxsize=1 << 14)
def _guess_share(feature: str) -> float:
    kind, _, value = feature.partition(":")
    if is_small_count(feature):
        return SMALL_COUNT_SHARE
    is_round = kind in ("amount", "percent") and len(value.partition("e")[0].rstrip("0")) == 1
    return FEATURE_SHARE[kind] * (ROUND_SHARE if is_round else 1.0)


@functools.lru_cache(maxsize=256)
def guess_information(features: frozenset[str]) -> float:
    """Return how much a set of features says, in nats, by the guesses alone; on no day in particular.

    Cached, because a new article is compared with many.
    """
    return sum(map(_guess_information, features))


@functools.lru_cache(maxsize=1 << 14)
def _guess_information(feature: str) -> float:
    return max(0.0, -math.log(_guess_share(feature)))


def is_small_count(feature: str) -> bool:
    """Return whether a feature is a number up to twelve without a unit."""
    kind, _, value = feature.partition(":")
    return kind == "count" and float(value) <= SMALL_COUNT
