"""Plans the next crawl of a source from its own history.

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
# SourceHistory counts half after so many days, and not at all beyond the window.
HALF_LIFE = 7.0
WINDOW = timedelta(days=28)
# Enough of the newest articles; more would not change the result.
MAX_ARTICLE_TIMES = 300
# The prior: so many articles a day, with the weight of a quarter of a day.
DEFAULT_RATE, DEFAULT_DAYS = 4.0, 0.25
# A prior of articles spread evenly over the day, so that no hour has a rate of 0.
EVEN = 3.0
# Each article also counts for the neighbouring hours.
KERNEL = ((-2, 0.25), (-1, 0.5), (0, 1.0), (1, 0.5), (2, 0.25))
STEP = timedelta(minutes=5)
DAY = timedelta(days=1)
JITTER = 0.1
# A source without new articles, or with failures only, for so long is crawled once every `PROBE`.
PARKED_AFTER = timedelta(days=45)
PROBE = timedelta(days=7)
# A longer Retry-After is cut to this.
LONGEST_REST = timedelta(days=7)
MAX_BACK_OFF = 9

# Shopping seasons from (month, day) to (month, day), in UTC, with the factor by which there is more news.
SEASONS = (
    ("618", (5, 25), (6, 20), 1.6),
    ("Double 11", (10, 20), (11, 12), 1.8),
    ("Double 12", (12, 8), (12, 12), 1.3),
)


@dataclass(frozen=True)
class SourceHistory:
    """What is known of a source, as of the end of its last crawl.

    `article_times` are when its articles of the last `WINDOW` came, at most `MAX_ARTICLE_TIMES` of them,
    `known_since` is its first crawl, `last_new` when its last article came. `failures` counts runs
    that failed in a row, the first of which was at `failing_since`. `rest` is the Retry-After of the
    last run. `is_cut_short` says that the last run was interrupted.
    """

    article_times: Sequence[datetime]
    known_since: datetime
    last_new: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    rest: timedelta = timedelta(0)
    is_cut_short: bool = False


@dataclass(frozen=True, slots=True)
class NextCrawl:
    """How long to wait until the next crawl, and why."""

    wait: timedelta
    reason: str


@dataclass(frozen=True)
class PublishingRate:
    """How much a source publishes, and in which hours, as of a moment."""

    article_times: Sequence[datetime]
    known_since: datetime
    at: datetime

    @cached_property
    def ages(self) -> list[float]:
        """Return the days since each article."""
        return [max(0.0, (self.at - moment) / DAY) for moment in self.article_times]

    @cached_property
    def span(self) -> float:
        """Return the number of days of which all articles are known."""
        known = 0.0 if len(self.ages) == MAX_ARTICLE_TIMES else (self.at - self.known_since) / DAY
        return min(max([known, *self.ages, 0.0]), WINDOW / DAY)

    @cached_property
    def per_day(self) -> float:
        """Return articles a day; recent days weigh more."""
        # ∫ 2^(-age/half life) over the span, so that a steady source comes out at its rate.
        days: float = HALF_LIFE / 0.6931 * (1 - 0.5 ** (self.span / HALF_LIFE))
        seen: float = sum(0.5 ** (age / HALF_LIFE) for age in self.ages)
        return (seen + DEFAULT_RATE * DEFAULT_DAYS) / (days + DEFAULT_DAYS)

    def describe(self) -> str:
        """Return the rate in words; before a whole day is known it is the assumed one."""
        is_known = self.span >= 1
        return f"about {self.per_day:.1f} articles a day" if is_known else "too new for a rate of articles"

    @cached_property
    def hours(self) -> list[float]:
        """Return the weight of each hour of the day (UTC); the average is 1."""
        counts = [EVEN / 24] * 24
        for moment in self.article_times:
            hour = moment.astimezone(UTC).hour
            for shift, weight in KERNEL:
                counts[(hour + shift) % 24] += weight / 2.5
        mean = sum(counts) / 24
        return [count / mean for count in counts]

    @cached_property
    def weekend(self) -> float:
        """Return the articles on a day of the weekend per article on a working day."""
        days = [self.at - DAY * number for number in range(ceil(self.span) or 1)]
        off_days = sum(day.weekday() >= 5 for day in days)
        off = sum(moment.weekday() >= 5 for moment in self.article_times)
        # A prior of two average days of either kind.
        average = (len(self.article_times) + 1) / len(days)
        working_days, working = len(days) - off_days, len(self.article_times) - off
        return ((off + 2 * average) / (off_days + 2)) / ((working + 2 * average) / (working_days + 2))

    def compute_rate(self, moment: datetime) -> float:
        """Return the articles an hour to be expected at a moment."""
        week = self.per_day * 7 / (5 + 2 * self.weekend)
        day = week * (self.weekend if moment.weekday() >= 5 else 1.0)
        return day / 24 * self.hours[moment.hour] * find_season(moment.date())[1]

    def count_expected(self, until: datetime) -> float:
        """Return how many articles are expected until a moment, at most `WINDOW` later."""
        hours = int(min(until - self.at, WINDOW) / timedelta(hours=1))
        return sum(self.compute_rate(self.at + timedelta(hours=hour)) for hour in range(hours))


def find_season(day: date) -> tuple[str, float]:
    """Return the shopping season of a day and its factor; no name and 1 outside of all seasons."""
    for name, first, last, factor in SEASONS:
        if first <= (day.month, day.day) <= last:
            return name, factor
    return "", 1.0


def plan_next_crawl(history: SourceHistory, at: datetime, chance: float) -> NextCrawl:
    """Return when to crawl again after a crawl that ended `at`; `chance` in [0, 1) spreads sources out."""
    plan = _plan_without_rest(history, at.astimezone(UTC))
    wait = plan.wait * (1 + JITTER * (2 * chance - 1))
    plan = NextCrawl(min(wait, max(plan.wait, LONGEST)), plan.reason)
    rest = min(history.rest, LONGEST_REST)
    if rest > plan.wait:
        return NextCrawl(rest, f"the server asked to wait for {rest} (Retry-After)")
    return NextCrawl(max(plan.wait, SHORTEST), plan.reason)


def _plan_without_rest(history: SourceHistory, at: datetime) -> NextCrawl:
    failing_since = history.failing_since or at
    if history.failures and at - failing_since > PARKED_AFTER:
        return NextCrawl(PROBE, f"crawled only weekly: all crawls failed since {failing_since:%Y-%m-%d}")
    if history.failures:
        wait = min(LONGEST, SHORTEST * 2 ** min(history.failures, MAX_BACK_OFF))
        failed = "crawl" if history.failures == 1 else f"{history.failures} crawls"
        return NextCrawl(wait, f"the last {failed} failed")
    if history.is_cut_short:
        return NextCrawl(SHORTEST, "the last crawl was interrupted")
    silent_since = max(history.known_since, history.last_new or history.known_since)
    if at - silent_since > PARKED_AFTER:
        return NextCrawl(PROBE, f"crawled only weekly: nothing new since {silent_since:%Y-%m-%d}")
    rate = PublishingRate(history.article_times, history.known_since, at)
    reason = rate.describe()
    name, _ = find_season(at.date())
    return NextCrawl(_wait_until_worth(rate, at), f"{reason}, {name}" if name else reason)


def _wait_until_worth(rate: PublishingRate, at: datetime) -> timedelta:
    """Return the time until the expected articles have waited `WORTH` in total."""
    wait, waiting, waited = timedelta(0), 0.0, 0.0
    hours = STEP / timedelta(hours=1)
    while waited < WORTH and wait < LONGEST:
        wait += STEP
        waiting += rate.compute_rate(at + wait) * hours
        waited += waiting * hours
    return wait
