"""The rate of a source, and the waits that follow from it, in figures that can be worked out by hand."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from shopwire.scheduler.next_crawl import (
    LONGEST,
    LONGEST_REST,
    MAX_ARTICLE_TIMES,
    PARKED_AFTER,
    PROBE,
    SHORTEST,
    WINDOW,
    PublishingRate,
    SourceHistory,
    find_season,
    plan_next_crawl,
)

# A Wednesday outside of all seasons.
NOW = datetime(2026, 9, 23, 8, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MIDDLE = 0.5


def make_rate(*ages: timedelta, known: timedelta = timedelta(0), at: datetime = NOW) -> PublishingRate:
    """Return the rate of a source with articles of these ages."""
    return PublishingRate([at - age for age in ages], at - known, at)


def daily(days: int, *, hour: int = 8) -> Sequence[timedelta]:
    """Return the ages of one article a day."""
    return [number * DAY + (8 - hour) * HOUR for number in range(days)]


def test_a_source_of_which_nothing_is_known_is_expected_to_bring_four_articles_a_day() -> None:
    assert make_rate().per_day == pytest.approx(4.0)


@pytest.mark.parametrize("per_day", [2, 8])
def test_a_steady_source_comes_out_at_its_rate(per_day: float) -> None:
    ages = [number * DAY / per_day for number in range(int(28 * per_day))]
    assert make_rate(*ages, known=WINDOW).per_day == pytest.approx(per_day, rel=0.15)


def test_an_article_counts_half_after_a_week() -> None:
    new, old = (make_rate(age, known=WINDOW).per_day for age in (0 * DAY, 7 * DAY))
    nothing = make_rate(known=WINDOW).per_day
    assert new - nothing == pytest.approx(2 * (old - nothing))


def test_an_article_from_the_future_is_as_old_as_one_of_now() -> None:
    assert make_rate(-3 * DAY).ages == [0.0]
    assert make_rate(3 * DAY).ages == [3.0]


def test_all_articles_are_known_since_the_first_crawl_unless_there_are_too_many() -> None:
    few, many = [HOUR] * (MAX_ARTICLE_TIMES - 1), [HOUR] * MAX_ARTICLE_TIMES
    assert make_rate(*few, known=20 * DAY).span == 20
    assert make_rate(*many, known=20 * DAY).span == pytest.approx(1 / 24)
    assert make_rate(40 * DAY, known=2 * DAY).span == 28
    assert make_rate(known=-DAY).span == 0


def test_an_hour_with_articles_weighs_more_than_its_neighbours_and_the_average_is_one() -> None:
    hours = make_rate(*daily(20, hour=7)).hours
    assert sum(hours) == pytest.approx(24)
    assert hours[7] > hours[6] == hours[8] > hours[5] == hours[9] > hours[4] == hours[10] > 0
    assert len({round(hour, 6) for hour in (hours[4], *hours[10:], *hours[:5])}) == 1
    # Three articles spread over all hours are the prior.
    assert hours[7] == pytest.approx((3 / 24 + 20 / 2.5) / (23 / 24))


def test_a_weekend_counts_saturday_and_sunday() -> None:
    working = make_rate(*daily(14), known=14 * DAY).weekend
    # 4 of 14 days are of a weekend, and there are 15 articles with the prior.
    average = 15 / 14
    assert working == pytest.approx(((4 + 2 * average) / 6) / ((10 + 2 * average) / 12))
    for age, is_off in ((3, True), (4, True), (2, False), (5, False)):
        share = make_rate(*[age * DAY] * 9, known=14 * DAY).weekend
        assert (share > 1) is is_off, age


def test_the_days_of_a_weekend_are_those_before_now() -> None:
    monday = NOW - 2 * DAY
    # Two days without an article, Sunday and Monday, after the prior of half an article for each.
    assert make_rate(known=2 * DAY, at=monday).weekend == pytest.approx(1)
    # Of three days two are of a weekend.
    assert make_rate(known=3 * DAY, at=monday).weekend == pytest.approx((2 / 3 / 4) / (2 / 3 / 3))


# A day off counts 1.5 times where nothing is known but one working day: (2 / 2) / (2 / 3).
@pytest.mark.parametrize(
    ("day", "articles"), [(0, 3.5), (2, 3.5), (3, 5.25), (4, 5.25), (5, 3.5), (49, 3.5 * 1.8)]
)
def test_the_rate_of_an_hour_goes_with_its_day_and_season(day: int, articles: float) -> None:
    assert make_rate().compute_rate(NOW + day * DAY) == pytest.approx(articles / 24)


def test_expected_articles_are_those_of_whole_hours_within_the_window() -> None:
    rate = make_rate()
    assert rate.count_expected(NOW) == 0
    assert rate.count_expected(NOW + 10.9 * HOUR) == pytest.approx(10 * 3.5 / 24)
    assert rate.count_expected(NOW + 7 * DAY) == pytest.approx(5 * 3.5 + 2 * 5.25)
    assert rate.count_expected(NOW + 2 * WINDOW) == rate.count_expected(NOW + WINDOW)


@pytest.mark.parametrize(
    ("first", "last", "season"),
    [
        (date(2026, 5, 25), date(2026, 6, 20), ("618", 1.6)),
        (date(2026, 10, 20), date(2026, 11, 12), ("Double 11", 1.8)),
        (date(2026, 12, 8), date(2026, 12, 12), ("Double 12", 1.3)),
    ],
)
def test_a_season_has_its_first_and_its_last_day(first: date, last: date, season: tuple[str, float]) -> None:
    assert find_season(first) == find_season(last) == season
    assert find_season(first - DAY) == find_season(last + DAY) == ("", 1.0)


def plan(chance: float = MIDDLE, at: datetime = NOW, **known: object) -> tuple[timedelta, str]:
    values = {"article_times": [], "known_since": at, **known}
    found = plan_next_crawl(SourceHistory(**values), at, chance)  # type: ignore[arg-type]
    return found.wait, found.reason


def test_the_reason_names_the_rate_and_the_season() -> None:
    known = {"article_times": [NOW - DAY, NOW], "known_since": NOW - DAY}
    assert plan(**known)[1] == "about 2.4 articles a day"
    assert plan()[1] == "too new for a rate of articles"
    assert plan(at=datetime(2026, 11, 11, 8, tzinfo=UTC))[1] == "too new for a rate of articles, Double 11"


def test_a_crawl_is_due_when_the_articles_have_waited_for_a_fifth_of_an_hour() -> None:
    # At 3.5 a day that is √(2 · 0.2 / (3.5 / 24)) hours or 99 minutes, in steps of five.
    assert plan()[0] == timedelta(minutes=100)


def test_the_hours_to_come_count_not_those_that_were() -> None:
    known = {"article_times": [NOW - number * DAY for number in range(20)], "known_since": NOW - 20 * DAY}
    before, after = (plan(at=NOW + hours * HOUR, **known)[0] for hours in (-3, 3))
    assert before < after / 2


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 10), (2, 20), (3, 40), (8, 1280), (9, 1440), (99, 1440)]
)
def test_each_failure_doubles_the_wait(failures: int, minutes: int) -> None:
    reason = f"the last {'crawl' if failures == 1 else f'{failures} crawls'} failed"
    assert plan(failures=failures) == (timedelta(minutes=minutes), reason)
    assert plan(failures=failures, failing_since=NOW - PARKED_AFTER) == (timedelta(minutes=minutes), reason)


def test_what_fails_or_is_silent_for_longer_is_crawled_weekly() -> None:
    since = NOW - PARKED_AFTER - HOUR
    weekly = "crawled only weekly: "
    assert plan(failures=3, failing_since=since) == (PROBE, f"{weekly}all crawls failed since 2026-08-09")
    assert plan(known_since=since) == (PROBE, f"{weekly}nothing new since 2026-08-09")
    assert plan(known_since=since - DAY, last_new=since) == (PROBE, f"{weekly}nothing new since 2026-08-09")
    for known in ({"known_since": NOW - PARKED_AFTER}, {"known_since": since, "last_new": NOW}):
        assert plan(**known)[0] <= LONGEST


def test_chance_moves_a_crawl_by_a_tenth_but_not_over_the_longest_wait() -> None:
    assert plan(0, failures=3)[0] == timedelta(minutes=36)
    assert plan(0.75, failures=3)[0] == timedelta(minutes=42)
    assert plan(0, failures=9)[0] == 0.9 * LONGEST
    assert plan(0.75, failures=9)[0] == LONGEST
    assert plan(0.75, known_since=NOW - 2 * PARKED_AFTER)[0] == PROBE
    assert plan(0, is_cut_short=True) == (SHORTEST, "the last crawl was interrupted")
    assert plan(0.75, is_cut_short=True)[0] == 1.05 * SHORTEST


def test_a_rest_counts_where_it_is_longer_than_the_wait() -> None:
    wait = timedelta(minutes=40)
    longer = wait + timedelta(seconds=1)
    assert plan(failures=3, rest=wait) == (wait, "the last 3 crawls failed")
    asked = "the server asked to wait for {} (Retry-After)"
    assert plan(failures=3, rest=longer) == (longer, asked.format(longer))
    assert plan(rest=LONGEST_REST + DAY) == (LONGEST_REST, asked.format(LONGEST_REST))


def test_a_zone_of_the_clock_changes_nothing() -> None:
    elsewhere = NOW.astimezone(datetime.strptime("+0800", "%z").tzinfo)
    assert plan(at=elsewhere) == plan()


def test_the_zone_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"article_times": [NOW - number * DAY for number in range(20)], "known_since": NOW - 20 * DAY}
    hours, planned = make_rate(*daily(20)).hours, plan(**known)
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        found = make_rate(*daily(20)).hours, plan(**known)
    time.tzset()
    assert found == (hours, planned)
