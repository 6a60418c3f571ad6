"""One word for each kind of trouble, by what a source was before."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shopwire.scheduler.health import ACCIDENT, FIELDS, HealthStatus, assess_health
from shopwire.scheduler.source_stats import (
    NEWEST,
    PAST,
    ArticleFields,
    RefetchedArticle,
    RunStats,
    SourceStats,
)
from shopwire.storage.crawl_log.outcomes import Outcome

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ALL = frozenset(FIELDS)
AUTHOR = frozenset(("author",))
WHOLE, BARE = ArticleFields(ALL, 900), ArticleFields(ALL - AUTHOR, 900)
STILL, GONE, NEVER = (
    RefetchedArticle(ALL, frozenset()),
    RefetchedArticle(ALL, AUTHOR),
    RefetchedArticle(ALL - AUTHOR, frozenset()),
)
STATUSES = {
    "new",
    "ok",
    "quiet",
    "slow",
    "blocked",
    "empty list",
    "elsewhere",
    "drift",
    "thin",
    "dead",
    "robots",
}


def run(hours_ago: float = 1.0, outcome: str = "ok", **more: Any) -> RunStats:
    """A run whose outcomes have words of their own."""
    lists, pages = more.pop("lists", {"listed": 1}), more.pop("pages", {})
    reasons = {name: f"why {name}" for name in (*lists, *pages)}
    started = NOW - timedelta(hours=hours_ago)
    return RunStats(outcome, started, lists=lists, pages=pages, reasons=reasons, **more)


GOOD = run(links=20, pages={"stored": 3})
USUAL = [run(hours, links=20) for hours in range(2, 12)]


def stats(*runs: RunStats, **more: Any) -> SourceStats:
    """A source that was well before these runs."""
    values = {
        "newest": [WHOLE] * 10,
        "past": [WHOLE] * 100,
        "last_new": NOW,
        "per_day": 10.0,
        "rate": "9 a day",
    }
    return SourceStats(at=NOW, runs=[*runs, *USUAL], **{**values, **more})


def failed(outcome: str, hours_ago: float = 1.0) -> RunStats:
    return run(hours_ago, "failed", lists={outcome: 1})


@pytest.mark.parametrize(
    ("runs", "status", "evidence"),
    [
        ([GOOD], "ok", "9 a day, the last one on "),
        ([run(lists={"robots": 2})], "robots", "why robots"),
        ([failed("blocked")], "blocked", "1 run since"),
        ([run(pages={"blocked": 5})], "blocked", "why blocked"),
        ([failed("timeout"), failed("timeout")], "slow", "2 runs in a row"),
        ([failed("error"), failed("error")], "dead", "why error, 2 runs in a row"),
        ([run(lists={"not_found": 1})] * 2, "dead", "why not_found"),
        ([run(lists={"empty_list": 1}, links=0)], "empty list", "it had 20 links before"),
        ([run(lists={"foreign_list": 2}, links=20)], "elsewhere", "why foreign_list"),
        ([run(pages={"thin": 3, "stored": 1}, links=20)], "thin", "3 of 4 pages refused"),
        ([run(links=6)], "drift", "6 links on its lists, never fewer than 20"),
        # Known pages that are read again say nothing of a site whose lists are gone.
        ([run(lists={"blocked": 1}, pages={"known": 2})], "blocked", "1 run since"),
        ([run(lists={"timeout": 1}, pages={"known": 2})] * 2, "slow", "2 runs in a row"),
        ([run(lists={"error": 1}, pages={"known": 2})] * 2, "dead", "why error, 2 runs"),
        ([run(lists={"bad_html": 1}, pages={"known": 2})] * 2, "dead", "why bad_html"),
        ([run(pages={"error": 6}, links=20)] * 2, "dead", "12 of 12 pages refused: why error"),
        ([run(pages={"not_found": 6}, links=20)] * 2, "dead", "why not_found"),
        (
            [run(lists={"listed": 1, "not_found": 1}, links=20)] * 3,
            "drift",
            "1 of 2 lists: why not_found, 3 runs in a row",
        ),
    ],
)
def test_each_trouble_has_its_word_and_its_evidence(runs: list[RunStats], status: str, evidence: str) -> None:
    health = assess_health(stats(*runs))
    assert health.status == status
    assert evidence in health.evidence


@pytest.mark.parametrize("outcome", ["thin", "list_page", "bad_html", "too_big", "elsewhere"])
def test_a_source_whose_pages_are_all_refused_is_thin(outcome: str) -> None:
    runs = [run(hours, pages={outcome: 10}) for hours in range(1, 5)]
    stats = SourceStats(NOW, runs, last_new=NOW - timedelta(hours=20), per_day=5.0)
    assert assess_health(stats) == HealthStatus("thin", f"20 of 20 pages refused: why {outcome}")


@pytest.mark.parametrize(
    "runs",
    [
        [failed("error")],
        [failed("timeout")],
        [run(pages={"thin": 2, "stored": 1}, links=20)],
        [run(links=12)],
        [run(pages={"blocked": 1, "stored": 8}, links=20)],
        [run(lists={"unchanged": 1})],
        [run(lists={"listed": 1, "robots": 1}, links=20)],
        [run(lists={"listed": 1, "error": 1}, links=20)] * 2,
        [run(lists={"error": 1}, pages={"known": 2})],
        [run(pages={"stored": 4, "error": 2}, links=20)] * 2,
    ],
)
def test_what_happens_everywhere_now_and_then_is_no_trouble(runs: list[RunStats]) -> None:
    assert assess_health(stats(*runs)).status == "ok"


@pytest.mark.parametrize(
    ("missing", "lost", "past", "status"),
    [
        (2, 0, 100, "drift"),
        (2, 0, 3, "ok"),  # two of thirteen may be an accident
        (3, 0, 3, "drift"),
        (9, 0, 8, "ok"),  # too little is known of it
        (0, 2, 100, "drift"),
        (0, 2, 3, "ok"),
        (0, 9, 8, "ok"),
        (0, 1, 100, "ok"),
        (1, 0, 1000, "ok"),
        (1, 1, 100, "drift"),
    ],
)
def test_a_field_that_was_always_there_and_is_gone_is_drift(
    missing: int, lost: int, past: int, status: str
) -> None:
    """New articles that lack it and known ones that have lost it both count."""
    newest = [BARE] * missing + [WHOLE] * (NEWEST - missing)
    refetched = [GONE] * lost + [STILL] * (NEWEST - lost + past)
    health = assess_health(stats(GOOD, newest=newest, past=[WHOLE] * past, refetched=refetched))
    assert health.status == status
    if status == "drift":
        assert ("no author" in health.evidence) is bool(missing)
        assert (" lost " in health.evidence) is bool(lost)


def test_old_pages_that_keep_their_layout_do_not_hide_that_new_ones_have_another() -> None:
    newest = [BARE] * 3 + [WHOLE] * 7
    assert assess_health(stats(GOOD, newest=newest, refetched=[STILL] * 10)).status == "drift"


def test_what_never_had_a_field_says_nothing_of_its_loss() -> None:
    refetched = [GONE, NEVER, GONE, *[STILL] * 50]
    assert assess_health(stats(GOOD, refetched=refetched)).status == "drift"
    assert assess_health(stats(GOOD, refetched=[NEVER] * 50)).status == "ok"


def test_what_is_always_lost_when_it_is_read_again_is_not_missed() -> None:
    """Such as the place of a date that is relative ("20 minutes ago") only on recent articles."""
    for count in range(60):
        assert assess_health(stats(GOOD, refetched=[GONE] * count)).status == "ok"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.99, 1.0])
def test_where_a_field_is_there_as_often_as_ever_it_is_seldom_missed(share: float) -> None:
    """Each article may have it or not, and one in a hundred loses it before it is read again."""
    chance, articles, known, refetched = random.Random(0), 4000, [], []
    alarms, alarmed = 0, False
    for _ in range(articles):
        known = [WHOLE if chance.random() < share else BARE, *known][: NEWEST + PAST]
        for one in chance.sample(known[:NEWEST], min(2, len(known))):
            gone = GONE if chance.random() < 0.01 else STILL
            refetched = [gone if one is WHOLE else NEVER, *refetched][: NEWEST + PAST]
        newest, past = known[:NEWEST], known[NEWEST:]
        missed = assess_health(stats(GOOD, newest=newest, past=past, refetched=refetched)).status == "drift"
        alarms += missed and not alarmed
        alarmed = missed
    assert alarms <= ACCIDENT * articles


def test_a_field_that_was_seldom_there_is_not_missed() -> None:
    past = [WHOLE, *[BARE] * 9] * 10
    assert assess_health(stats(GOOD, newest=[BARE] * 10, past=past)).status == "ok"


@pytest.mark.parametrize("length", [120, 9000])
def test_texts_much_shorter_or_longer_than_ever_are_drift(length: int) -> None:
    newest = [ArticleFields(ALL, length)] * 5 + [WHOLE] * 5
    past = [ArticleFields(ALL, 600 + n) for n in range(100)]
    health = assess_health(stats(GOOD, newest=newest, past=past))
    assert (health.status, f"{length} characters" in health.evidence) == ("drift", True)


@pytest.mark.parametrize(
    ("expected", "days", "status"),
    [(20, 2, "quiet"), (9, 0.9, "ok"), (3, 3, "ok"), (6, 6, "quiet"), (3, 30, "ok")],
)
def test_quiet_is_silence_that_is_no_accident(expected: float, days: float, status: str) -> None:
    silent = stats(GOOD, expected=expected, last_new=NOW - timedelta(days=days))
    assert assess_health(silent).status == status


def test_a_server_whose_304s_are_not_believed_says_so() -> None:
    health = assess_health(stats(GOOD, unreliable_304=NOW - timedelta(days=3)))
    assert health.status == "ok"
    assert "its 304 responses are ignored, as one was wrong on 2026-11-19 08:00" in health.evidence


@pytest.mark.parametrize(("outcome", "status"), [("error", "dead"), ("timeout", "slow")])
def test_a_source_that_never_went_well_needs_no_second_failure(outcome: str, status: str) -> None:
    assert assess_health(SourceStats(NOW, [failed(outcome)])).status == status


def test_a_first_failure_is_not_called_a_success() -> None:
    assert "the last crawl failed" in assess_health(stats(failed("error"))).evidence


def test_a_source_that_was_never_crawled_is_new_and_one_without_articles_quiet() -> None:
    assert assess_health(SourceStats(NOW)).status == "new"
    assert assess_health(SourceStats(NOW, [run(), run(2)])).status == "quiet"


outcomes = some.sampled_from([one.value for one in Outcome])
counts = some.dictionaries(outcomes, some.integers(1, 50), max_size=4)


@given(
    some.lists(
        some.builds(
            run,
            some.floats(0, 100),
            some.sampled_from(("ok", "partial", "failed", "interrupted")),
            lists=counts,
            pages=counts,
            links=some.none() | some.integers(0, 50),
        ),
        max_size=12,
    ),
    some.lists(some.sampled_from((WHOLE, BARE)), max_size=30),
)
def test_every_history_has_one_word(runs: list[RunStats], articles: list[ArticleFields]) -> None:
    health = assess_health(SourceStats(NOW, runs, articles[:10], articles[10:]))
    assert health.status in STATUSES
    assert health.evidence
