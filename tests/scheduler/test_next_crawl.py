"""What holds for every history, and what is expected of typical ones."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shopwire.scheduler.next_crawl import (
    JITTER,
    LONGEST,
    LONGEST_REST,
    PARKED_AFTER,
    PROBE,
    SHORTEST,
    STEP,
    WINDOW,
    PublishingRate,
    SourceHistory,
    plan_next_crawl,
)

NOW = datetime(2026, 9, 23, 8, 0, tzinfo=UTC)
MIDDLE = 0.5
ages = some.timedeltas(timedelta(0), WINDOW)
chances = some.floats(0, 1, exclude_max=True)
times = some.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


@some.composite
def healthy(draw: some.DrawFn, at: datetime = NOW) -> SourceHistory:
    moments = sorted(at - age for age in draw(some.lists(ages, max_size=60)))
    known = at - draw(some.timedeltas(timedelta(0), PARKED_AFTER))
    return SourceHistory(moments, known, moments[-1] if moments else None)


def steady(per_day: float, days: int = 28, at: datetime = NOW) -> SourceHistory:
    """Articles at even distances."""
    step = timedelta(days=1) / per_day
    moments = [at - step * number for number in range(int(days * per_day))][::-1]
    return SourceHistory(moments[-300:], at - timedelta(days=days), at)


@given(some.data(), times, chances)
def test_a_healthy_source_is_due_between_five_minutes_and_a_day(
    data: some.DataObject, at: datetime, chance: float
) -> None:
    wait = plan_next_crawl(data.draw(healthy(at)), at, chance).wait
    assert SHORTEST <= wait <= LONGEST


@given(healthy(), chances, some.timedeltas(timedelta(0), timedelta(days=4000)))
def test_retry_after_is_obeyed_within_reason(history: SourceHistory, chance: float, rest: timedelta) -> None:
    resting = SourceHistory(history.article_times, history.known_since, history.last_new, rest=rest)
    due = plan_next_crawl(resting, NOW, chance)
    assert due.wait >= min(rest, LONGEST_REST)
    assert due.wait <= LONGEST_REST


@given(some.integers(1, 400), some.integers(1, 400))
def test_more_failures_never_mean_a_shorter_wait(one: int, other: int) -> None:
    waits = [
        plan_next_crawl(SourceHistory([], NOW, failures=count, failing_since=NOW), NOW, MIDDLE).wait
        for count in sorted((one, other))
    ]
    assert SHORTEST < waits[0] <= waits[1] <= LONGEST


@given(healthy(), some.integers(2, 4))
def test_a_source_that_brings_more_in_the_same_hours_is_not_visited_less(
    history: SourceHistory, times_as_much: int
) -> None:
    more = SourceHistory(
        sorted([*history.article_times] * times_as_much), history.known_since, history.last_new
    )
    # The even share of every hour weighs less beside more articles, hence the day's total is compared.
    assert PublishingRate(more.article_times, more.known_since, NOW).per_day >= (
        PublishingRate(history.article_times, history.known_since, NOW).per_day
    )


@given(healthy(), chances, chances)
def test_jitter_stays_within_its_bounds(history: SourceHistory, one: float, other: float) -> None:
    waits = sorted(plan_next_crawl(history, NOW, chance).wait for chance in (one, other))
    assert waits[1] <= waits[0] * (1 + JITTER) / (1 - JITTER) + timedelta(seconds=1)


@given(healthy(), times)
def test_the_clock_may_say_anything(history: SourceHistory, at: datetime) -> None:
    assert plan_next_crawl(history, at, MIDDLE).wait >= SHORTEST


@pytest.mark.parametrize("per_day", [1, 10, 50, 100])
def test_a_steady_source_comes_out_at_its_rate(per_day: float) -> None:
    history = steady(per_day)
    rate = PublishingRate(history.article_times, history.known_since, NOW).per_day
    assert rate == pytest.approx(per_day, rel=0.15)


def test_the_wait_goes_with_the_root_of_the_rate() -> None:
    seldom, often = (plan_next_crawl(steady(rate), NOW, MIDDLE).wait for rate in (24, 96))
    assert seldom / often == pytest.approx(2, rel=0.25)


def test_crawls_go_to_the_hours_in_which_a_source_publishes() -> None:
    moments = [
        datetime(2026, 9, 1, 6, 0, tzinfo=UTC) + timedelta(days=day, minutes=minutes)
        for day in range(22)
        for minutes in range(0, 180, 20)
    ]
    history = SourceHistory(moments, moments[0], moments[-1])
    morning = plan_next_crawl(history, datetime(2026, 9, 23, 6, 30, tzinfo=UTC), MIDDLE).wait
    night = plan_next_crawl(history, datetime(2026, 9, 23, 14, 0, tzinfo=UTC), MIDDLE).wait
    assert night > 5 * morning


def test_weekends_count_as_what_they_are() -> None:
    moments = [NOW - timedelta(days=day, hours=hour) for day in range(28) for hour in range(10)]
    working = sorted(moment for moment in moments if moment.weekday() < 5)
    pace = PublishingRate(working, NOW - WINDOW, NOW)
    saturday = NOW + timedelta(days=3)
    assert pace.compute_rate(saturday) < pace.compute_rate(NOW) / 5


def test_a_shopping_season_shortens_the_wait() -> None:
    double_11 = datetime(2026, 11, 10, 8, 0, tzinfo=UTC)
    before = datetime(2026, 10, 13, 8, 0, tzinfo=UTC)  # a Tuesday as well
    in_season = plan_next_crawl(steady(10, at=double_11), double_11, MIDDLE)
    assert in_season.wait < plan_next_crawl(steady(10, at=before), before, MIDDLE).wait - STEP
    assert "Double 11" in in_season.reason


def test_a_source_long_silent_or_long_failing_is_parked_with_a_probe() -> None:
    long_ago = NOW - PARKED_AFTER - timedelta(days=1)
    silent = plan_next_crawl(SourceHistory([], long_ago), NOW, MIDDLE)
    failing = plan_next_crawl(SourceHistory([], long_ago, failures=60, failing_since=long_ago), NOW, MIDDLE)
    assert silent.wait == failing.wait == PROBE
    assert silent.reason.startswith("crawled only weekly: nothing new")
    assert failing.reason.startswith("crawled only weekly: all crawls failed since 2026-08-08")


def test_a_crawl_that_was_cut_short_goes_on_soon() -> None:
    assert plan_next_crawl(SourceHistory([], NOW, is_cut_short=True), NOW, MIDDLE).wait == SHORTEST
