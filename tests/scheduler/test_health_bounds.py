"""Where each health status begins, and the whole sentence that supports it."""

from datetime import timedelta
from typing import Any

import pytest

from shopwire.scheduler.health import LEAST_LISTS, LEAST_PAST, HealthStatus, assess_health
from shopwire.scheduler.source_stats import ArticleFields, RunStats, SourceStats
from tests.scheduler.test_health import ALL, BARE, GONE, GOOD, NOW, STILL, WHOLE, failed, run, stats

FEWER = "9 links on its lists, never fewer than 20 before"
LAST = "9 a day, the last one on 2026-11-22 08:00"
LOST = "the last 2 refetched ones have lost their author; 98% had not"
ONCE, TWICE = "1 run since 2026-11-22 07:00", "2 runs in a row since 2026-11-22 06:00"


def twice(**more: Any) -> list[RunStats]:
    return [run(hours, **more) for hours in (1, 2)]


@pytest.mark.parametrize(
    ("runs", "status", "evidence"),
    [
        ([GOOD], "ok", LAST),
        ([failed("error")], "ok", f"{LAST}; the last crawl failed (possibly temporary)"),
        ([run(pages={"robots": 2})], "robots", "why robots"),
        ([run(pages={"robots": 1})], "ok", LAST),
        ([run(pages={"robots": 9, "known": 1})], "ok", LAST),
        ([run(lists={"robots": 1}, pages={"known": 2})], "robots", "why robots"),
        ([run(pages={"blocked": 2, "stored": 1})], "blocked", f"why blocked, {ONCE}"),
        ([run(pages={"blocked": 1, "stored": 1})], "ok", LAST),
        (twice(pages={"blocked": 9}), "blocked", f"why blocked, {TWICE}"),
        (twice(pages={"timeout": 1}), "slow", f"why timeout, {TWICE}"),
        (twice(pages={"timeout": 1, "stored": 1}), "ok", LAST),
        (twice(reason="stopped after 60 s"), "slow", f"stopped after 60 s, {TWICE}"),
        ([run(reason="stopped after 60 s")], "ok", LAST),
        (twice(outcome="failed", lists={}, reason="exit code 1"), "dead", f"exit code 1, {TWICE}"),
        (twice(outcome="interrupted", lists={}), "ok", LAST),
        # What robots.txt forbids is an answer.
        ([run(lists={"error": 1}), run(2, lists={"robots": 1})], "ok", LAST),
        ([run(lists={"empty_list": 1}, links=0)], "empty list", "why empty_list; it had 20 links before"),
        ([run(lists={"foreign_list": 1}, links=9)], "elsewhere", "why foreign_list"),
        ([run(links=10)], "ok", LAST),
        ([run(links=9)], "drift", FEWER),
        ([run(links=8), run(2, links=15)], "ok", LAST),
        ([run(links=7), run(2, links=15)], "drift", FEWER.replace("9", "7").replace("20", "15")),
        (
            [run(links=0), run(2), run(3, links=9)],
            "drift",
            "9 links on its lists, never fewer than 20 before",
        ),
        ([run(pages={"thin": 3, "stored": 2})], "thin", "3 of 5 pages refused: why thin"),
        ([run(pages={"thin": 3, "stored": 3})], "ok", LAST),
        (twice(pages={"thin": 1}), "ok", LAST),
        ([run(pages={"thin": 2}), run(2, pages={"thin": 1})], "thin", "3 of 3 pages refused: why thin"),
        ([*twice(pages={"thin": 1}), run(3, pages={"thin": 1})], "ok", LAST),
    ],
)
def test_a_status_begins_where_its_sign_is_beyond_chance(
    runs: list[RunStats], status: str, evidence: str
) -> None:
    assert assess_health(stats(*runs)) == HealthStatus(status, evidence)


def test_refused_pages_whose_reason_is_known_of_an_earlier_run_only_have_it() -> None:
    silent = RunStats("ok", NOW, lists={"listed": 1}, pages={"thin": 2}, reasons={"thin": ""})
    runs = [silent, run(2, pages={"thin": 1})]
    assert assess_health(stats(*runs)).evidence == "3 of 3 pages refused: why thin"
    assert assess_health(stats(silent, silent)).evidence == "4 of 4 pages refused: "


def test_a_list_that_never_had_a_link_had_none_before() -> None:
    empty = [run(lists={"empty_list": 1}, links=0)]
    assert assess_health(SourceStats(NOW, empty)).evidence == "why empty_list; it never had one"


@pytest.mark.parametrize(("lists", "status"), [(LEAST_LISTS, "ok"), (LEAST_LISTS + 1, "drift")])
def test_a_few_lists_are_no_past(lists: int, status: str) -> None:
    runs = [run(links=9), *(run(hours, links=20) for hours in range(2, lists + 1))]
    assert assess_health(SourceStats(NOW, runs, last_new=NOW)).status == status


@pytest.mark.parametrize(("runs", "status"), [(2, "ok"), (3, "drift")])
def test_one_list_of_several_that_fails_three_times_is_drift(runs: int, status: str) -> None:
    lacking = [run(hours, lists={"listed": hours, "not_found": 3}, links=20) for hours in range(1, runs + 1)]
    for health in (assess_health(SourceStats(NOW, lacking, last_new=NOW)), assess_health(stats(*lacking))):
        assert health.status == status
    if status == "drift":
        since = "3 runs in a row since 2026-11-22 05:00"
        assert health.evidence == f"3 of 4 lists: why not_found, {since}"


@pytest.mark.parametrize(
    ("missing", "lost", "evidence"),
    [
        (2, 0, "the newest 2 articles have no author; 99% had one"),
        (0, 2, LOST),
        (
            1,
            2,
            f"the newest article has no author; 99% had one, and {LOST}",
        ),
    ],
)
def test_a_lost_field_is_named_with_how_usual_it_was(missing: int, lost: int, evidence: str) -> None:
    newest = [BARE] * missing + [WHOLE] * (10 - missing)
    refetched = [GONE] * lost + [STILL] * 48
    health = assess_health(stats(GOOD, newest=newest, refetched=refetched))
    assert health == HealthStatus("drift", evidence)


def test_nothing_is_said_of_new_articles_where_too_few_are_known() -> None:
    few = stats(GOOD, newest=[BARE] * 3, past=[], refetched=[GONE] * 2 + [STILL] * 48)
    assert assess_health(few).evidence == LOST


@pytest.mark.parametrize(("older", "status"), [(LEAST_PAST - 1, "ok"), (LEAST_PAST, "drift")])
def test_a_field_of_a_few_articles_is_no_usual_one(older: int, status: str) -> None:
    lacking = stats(GOOD, newest=[BARE] * 3 + [WHOLE] * 7, past=[WHOLE] * (older - 7))
    assert assess_health(lacking).status == status
    lost = stats(GOOD, refetched=[GONE] * 3 + [STILL] * older)
    assert assess_health(lost).status == status


@pytest.mark.parametrize(("length", "status"), [(300, "ok"), (299, "drift"), (1200, "ok"), (1201, "drift")])
def test_texts_of_half_and_twice_the_usual_length_are_still_usual(length: int, status: str) -> None:
    newest = [ArticleFields(ALL, length)] * 5
    past = [ArticleFields(ALL, 600)] * LEAST_PAST
    health = assess_health(stats(GOOD, newest=newest, past=past))
    assert health.status == status
    if status == "drift":
        assert health.evidence == f"the newest 5 articles have {length} characters; 600 was usual"
    assert assess_health(stats(GOOD, newest=newest[1:], past=past)).status == "ok"
    assert assess_health(stats(GOOD, newest=newest, past=past[1:])).status == "ok"


@pytest.mark.parametrize(("length", "status"), [(50, "ok"), (49, "drift"), (6000, "ok"), (6001, "drift")])
def test_a_length_that_one_article_in_five_has_is_usual_and_that_of_one_in_twenty_is_not(
    length: int, status: str
) -> None:
    past = [ArticleFields(ALL, size) for size in (9, *[100] * 3, *[600] * 12, *[3000] * 3, 90_000)]
    newest = [ArticleFields(ALL, length)] * 5
    assert assess_health(stats(GOOD, newest=newest, past=past)).status == status


@pytest.mark.parametrize(
    ("silence", "expected", "status"),
    [
        (timedelta(days=1), 5.3, "quiet"),
        (timedelta(days=1), 5.29, "ok"),
        (timedelta(hours=23, minutes=59), 5.3, "ok"),
    ],
)
def test_a_day_without_five_articles_that_were_expected_is_quiet(
    silence: timedelta, expected: float, status: str
) -> None:
    health = assess_health(stats(GOOD, last_new=NOW - silence, expected=expected))
    assert health.status == status
    if status == "quiet":
        assert health.evidence == "nothing new for 1.0 days; 10.0 a day before"


def test_what_is_said_of_304s_stands_behind_all_else() -> None:
    ignored = "its 304 responses are ignored, as one was wrong on 2026-11-22 08:00"
    health = assess_health(stats(failed("error"), unreliable_304=NOW))
    assert health.evidence == f"{LAST}; the last crawl failed (possibly temporary); {ignored}"


def test_a_source_of_which_little_is_known() -> None:
    assert assess_health(SourceStats(NOW)) == HealthStatus("new", "not crawled yet")
    assert assess_health(SourceStats(NOW, [run()])) == HealthStatus("ok", "no problems")
    assert assess_health(SourceStats(NOW, [run(), run(2)])) == HealthStatus("quiet", "nothing new yet")
