"""When a source is due next: pure arithmetic over its own history.

A crawl costs something, and so does an article that waits to be seen. With articles coming at rate
λ(t), those that came since the last crawl have waited ∫ λ(s)(T - s) ds article-hours after T; the
crawl is due when that reaches `WORTH`. For a constant rate this is T = √(2·WORTH/λ), the square-root
rule that minimises fetches plus delay (Cho and Garcia-Molina, "Effective page refresh policies for
web crawlers", 2003); for a varying one it puts the crawls into the hours in which a source publishes.

A Crawl-delay is obeyed inside a crawl (`spiders/http/addon.py`); between two there is never less than
`SHORTEST`, which is more than any we obey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import ceil

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
# Article-hours of waiting that are worth a crawl.
WORTH = 0.2
# History counts half after so many days, and not at all beyond the window.
HALF_LIFE = 7.0
WINDOW = timedelta(days=28)
# So many of the newest articles tell as much as all of them.
MOST_MOMENTS = 300
# Before we know better: so many articles a day, with the weight of a quarter of a day.
USUAL_RATE, USUAL_DAYS = 4.0, 0.25
# Articles, spread evenly over the clock, that keep an hour without any from counting as dead.
EVEN = 3.0
# An hour borrows from its neighbours.
KERNEL = ((-2, 0.25), (-1, 0.5), (0, 1.0), (1, 0.5), (2, 0.25))
STEP = timedelta(minutes=5)
DAY = timedelta(days=1)
JITTER = 0.1
# A source that brought nothing, or failed, for so long is only looked at now and then.
PARKED_AFTER = timedelta(days=45)
PROBE = timedelta(days=7)
# Nobody is owed a longer rest, whatever Retry-After says.
LONGEST_REST = timedelta(days=7)
STRONGEST_BACK_OFF = 9

# When shops make news, from month and day to month and day, in UTC, and how much more of it.
SEASONS = (
    ("618", (5, 25), (6, 20), 1.6),
    ("Double 11", (10, 20), (11, 12), 1.8),
    ("Double 12", (12, 8), (12, 12), 1.3),
)


@dataclass(frozen=True)
class History:
    """What is known of a source.

    `moments` are when its articles of the last `WINDOW` came, the newest `MOST_MOMENTS` of them,
    `known_since` is its first crawl, `last_new` when its last article came. `failures` counts runs
    that failed in a row, the first of which was at `failing_since`. `rest` is the Retry-After of the
    last run. `cut_short` says that the last run was ended before it was done.
    """

    moments: Sequence[datetime]
    known_since: datetime
    last_new: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    rest: timedelta = timedelta(0)
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """How long to wait until the next crawl, and why so long."""

    wait: timedelta
    why: str


@dataclass(frozen=True)
class Rhythm:
    """How fast a source publishes, and in which hours, as of a moment."""

    moments: Sequence[datetime]
    known_since: datetime
    at: datetime

    @cached_property
    def ages(self) -> list[float]:
        """Days since each article."""
        return [max(0.0, (self.at - moment) / DAY) for moment in self.moments]

    @cached_property
    def span(self) -> float:
        """Days of which we know all articles."""
        known = 0.0 if len(self.ages) == MOST_MOMENTS else (self.at - self.known_since) / DAY
        return min(max([known, *self.ages, 0.0]), WINDOW / DAY)

    @cached_property
    def per_day(self) -> float:
        """Articles a day, recent days counting more."""
        # ∫ 2^(-age/half life) over the span, so that a steady source comes out at its rate.
        days: float = HALF_LIFE / 0.6931 * (1 - 0.5 ** (self.span / HALF_LIFE))
        seen: float = sum(0.5 ** (age / HALF_LIFE) for age in self.ages)
        return (seen + USUAL_RATE * USUAL_DAYS) / (days + USUAL_DAYS)

    @cached_property
    def hours(self) -> list[float]:
        """How much each hour of the day (UTC) is above or below the average of 1."""
        counts = [EVEN / 24] * 24
        for moment in self.moments:
            hour = moment.astimezone(UTC).hour
            for shift, weight in KERNEL:
                counts[(hour + shift) % 24] += weight / 2.5
        mean = sum(counts) / 24
        return [count / mean for count in counts]

    @cached_property
    def weekend(self) -> float:
        """Articles on a day of the weekend per article on a working day."""
        days = [self.at - DAY * number for number in range(ceil(self.span) or 1)]
        off_days = sum(day.weekday() >= 5 for day in days)
        off = sum(moment.weekday() >= 5 for moment in self.moments)
        # Two average days more of either kind, until there are enough to go by.
        average = (len(self.moments) + 1) / len(days)
        working_days, working = len(days) - off_days, len(self.moments) - off
        return ((off + 2 * average) / (off_days + 2)) / (
            (working + 2 * average) / (working_days + 2)
        )

    def rate(self, moment: datetime) -> float:
        """Articles an hour to be expected at a moment."""
        week = self.per_day * 7 / (5 + 2 * self.weekend)
        day = week * (self.weekend if moment.weekday() >= 5 else 1.0)
        return day / 24 * self.hours[moment.hour] * season(moment.date())[1]

    def expected(self, until: datetime) -> float:
        """How many articles are to come from the moment on until another one, `WINDOW` later at most."""
        hours = int(min(until - self.at, WINDOW) / timedelta(hours=1))
        return sum(self.rate(self.at + timedelta(hours=hour)) for hour in range(hours))


def season(day: date) -> tuple[str, float]:
    """The shopping season of a day and how much more news it makes; no name and 1 outside of any."""
    for name, first, last, factor in SEASONS:
        if first <= (day.month, day.day) <= last:
            return name, factor
    return "", 1.0


def next_due(history: History, at: datetime, chance: float) -> Due:
    """When to crawl again after a crawl that ended `at`; `chance` in [0, 1) spreads sources out."""
    due = _without_rest(history, at.astimezone(UTC))
    wait = due.wait * (1 + JITTER * (2 * chance - 1))
    due = Due(min(wait, max(due.wait, LONGEST)), due.why)
    rest = min(history.rest, LONGEST_REST)
    if rest > due.wait:
        return Due(rest, f"the server asked for a rest of {rest}")
    return Due(max(due.wait, SHORTEST), due.why)


def _without_rest(history: History, at: datetime) -> Due:
    failing_since = history.failing_since or at
    if history.failures and at - failing_since > PARKED_AFTER:
        return Due(PROBE, f"parked: it fails since {failing_since:%Y-%m-%d}")
    if history.failures:
        wait = min(LONGEST, SHORTEST * 2 ** min(history.failures, STRONGEST_BACK_OFF))
        return Due(wait, f"{history.failures} failed in a row")
    if history.cut_short:
        return Due(SHORTEST, "the last crawl was ended before it was done")
    silent_since = max(history.known_since, history.last_new or history.known_since)
    if at - silent_since > PARKED_AFTER:
        return Due(PROBE, f"parked: nothing new since {silent_since:%Y-%m-%d}")
    rhythm = Rhythm(history.moments, history.known_since, at)
    why = f"about {rhythm.per_day:.1f} articles a day"
    name, _ = season(at.date())
    return Due(_until_worth(rhythm, at), f"{why}, {name}" if name else why)


def _until_worth(rhythm: Rhythm, at: datetime) -> timedelta:
    """How long until the articles to be expected have waited `WORTH` in sum."""
    wait, waiting, waited = timedelta(0), 0.0, 0.0
    hours = STEP / timedelta(hours=1)
    while waited < WORTH and wait < LONGEST:
        wait += STEP
        waiting += rhythm.rate(at + wait) * hours
        waited += waiting * hours
    return wait
