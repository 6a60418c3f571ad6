"""The crawl log is summarized for scheduling and health."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from shopwire.commands.status import list_source_health
from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.scheduler import store_health
from shopwire.scheduler.health import HealthStatus, assess_health
from shopwire.scheduler.next_crawl import PROBE, PublishingRate, plan_next_crawl
from shopwire.scheduler.source_stats import (
    RefetchedArticle,
    SourceStats,
    read_article_times,
    read_history,
    read_source_stats,
)
from shopwire.scheduler.store_health import update_health
from shopwire.spiders.page import FetchResult
from shopwire.storage.crawl_log.events import (
    WRONG_304,
    add_event,
    list_newest_events,
    record_health,
)
from shopwire.storage.crawl_log.outcomes import HOST_NOT_FOUND, Outcome
from shopwire.storage.crawl_log.runs import begin_run, declare_source, finish_run
from shopwire.storage.crawl_log.schedule import LOST, STOPPED, add_failed_run, close_run
from shopwire.storage.database import Store
from shopwire.storage.layout_fields import DATELINE, RELATIVE
from shopwire.storage.timestamps import format_time
from tests.support.makers import a_page, an_article

NOW = datetime.now(UTC).replace(microsecond=0)
PRESENT = frozenset(("date", "time", "author"))


def attempt(outcome: str, **more: object) -> FetchResult:
    return FetchResult("https://blog.example/feed", "blog", "feed", NOW, outcome, "so", **more)  # type: ignore[arg-type]


def crawl(store: Store, *attempts: FetchResult, articles: int = 0) -> int:
    """A run that went well, with attempts and new articles."""
    run = begin_run(store, "blog")
    for one in attempts:
        store_fetch_result(store, one, run)
    for number in range(articles):
        url = f"https://blog.example/{run}-{number}"
        published = (NOW - timedelta(hours=number + 1)).isoformat(timespec="minutes")
        text = " ".join(f"{word}{number}" for word in ("sellers", "fees", "parcels", "rates", "sales"))
        article = an_article(url, text, published=published, author="A. Writer")
        store_page(store, a_page(url, fetched=NOW), article, run)
    finish_run(store, run, 0, "finished")
    return run


def test_a_history_has_moments_and_no_failures_when_all_is_well(store: Store) -> None:
    crawl(store, attempt("listed", links=20), articles=3)
    history = read_history(store, "blog", NOW)
    assert len(history.article_times) == 3
    assert history.article_times[-1] == (NOW - timedelta(hours=1)).replace(second=0)
    assert (history.failures, history.failing_since, history.is_cut_short) == (0, None, False)


def test_failures_count_until_a_run_went_well_and_retry_after_is_kept(store: Store) -> None:
    crawl(store, attempt("listed", links=20))
    for rest in (None, 7200.0):
        crawl(store, attempt("blocked", status=429, rest=rest))
    history = read_history(store, "blog", NOW)
    assert history.failures == 2
    assert history.rest == timedelta(hours=2)
    assert history.failing_since is not None


def test_a_year_of_failures_is_known_as_such(store: Store) -> None:
    crawl(store, attempt("listed", links=20))
    first = NOW - timedelta(days=100)
    with store.writing():
        store.db.execute("UPDATE runs SET started = finished = ?", [format_time(first)])
        for day in range(1, 91):
            at = first + timedelta(days=day)
            add_failed_run(store, "blog", at, 1, "no answer")
        add_failed_run(store, "blog", NOW, 1, STOPPED)
    history = read_history(store, "blog", NOW)
    assert history.failures >= 90
    assert history.failing_since == first + timedelta(days=1)
    assert plan_next_crawl(history, NOW, 0.5).wait == PROBE


@pytest.mark.parametrize(("published", "arrivals"), [(None, 1), ("2026-11-20T08:00+00:00", 4)])
def test_what_a_first_reading_finds_undated_is_no_arrival(
    store: Store, published: str | None, arrivals: int
) -> None:
    """However late it begins, however long it takes."""
    at = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    for hours, number in ((5, 1), (6, 2), (7, 3), (9, 4)):
        url = f"https://blog.example/{number}"
        seen = at + timedelta(hours=hours)
        article = an_article(url, f"Snow fell {number}.", published=published, fetched=format_time(seen))
        store_page(store, a_page(url, fetched=seen), article, None)
    with store.writing():
        store.db.execute("UPDATE sources SET first_crawled = ?", [format_time(at)])
        run = begin_run(store, "blog")
        close_run(store, run, at + timedelta(hours=8), "ok", "finished")
    assert len(read_article_times(store, "blog", at + timedelta(days=1))) == arrivals


def test_nobody_expects_articles_on_days_on_which_none_ever_come(store: Store) -> None:
    """Friday evening to Sunday morning is no silence where only working days bring news."""
    friday = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    days = [friday - timedelta(days=day, minutes=90 * part) for day in range(21) for part in range(5)]
    moments = sorted(day for day in days if day.weekday() < 5)
    rate = PublishingRate(moments, friday - timedelta(days=21), friday)
    assert rate.per_day == pytest.approx(3.6, rel=0.2)
    assert rate.count_expected(friday + timedelta(days=2)) < 3
    assert rate.count_expected(friday + timedelta(days=5)) > 6


@pytest.mark.parametrize("reason", [STOPPED, LOST])
def test_a_run_that_we_ended_says_nothing_about_its_source(store: Store, reason: str) -> None:
    run = crawl(store, attempt("listed", links=20))
    with store.writing():
        close_run(store, run, NOW, "interrupted", reason)
    assert read_source_stats(store, "blog", NOW).runs == []
    assert not read_history(store, "blog", NOW).is_cut_short


def test_facts_hold_runs_by_outcome_and_fields_of_the_newest_articles(store: Store) -> None:
    crawl(store, attempt("listed", links=20), articles=12)
    with store.writing():
        add_failed_run(store, "blog", NOW, 1, "exit code 1: no")
    found = read_source_stats(store, "blog", NOW)
    failed, good = found.runs
    assert (failed.outcome, failed.reason) == ("failed", "exit code 1: no")
    assert (good.lists, good.pages, good.links) == ({"listed": 1}, {"stored": 12}, 20)
    assert (len(found.newest), len(found.past)) == (10, 2)
    assert all(one.present == PRESENT | {"title", DATELINE} for one in found.newest)
    assert found.per_day > 5


def test_a_change_of_health_is_an_event_and_stands_in_the_view(store: Store) -> None:
    for status in ("ok", "ok", "blocked"):
        with store.writing():
            record_health(store, "blog", NOW, status, "as told")
    texts = [row["text"] for row in store.rows("SELECT text FROM events ORDER BY id")]
    assert texts == ["new → ok: as told", "ok → blocked: as told"]
    row = store.row("SELECT source, status, evidence, next_due FROM sources_health")
    assert tuple(row) == ("blog", "blocked", "as told", None)


def test_sources_health_says_what_is_judged_and_says_it_once(store: Store) -> None:
    shown = "SELECT status, evidence FROM sources_health"
    update_health(store, NOW)
    assert [tuple(row) for row in store.rows(shown)] == [("new", "not crawled yet")]
    crawl(store, attempt("listed", links=20), articles=3)
    for _ in range(2):
        update_health(store, NOW)
    (row,) = store.rows(shown)
    assert tuple(row) == ("ok", assess_health(read_source_stats(store, "blog", NOW)).evidence)
    (event,) = list_newest_events(store, 10)
    assert event["text"].startswith("new → ok: ")


def test_a_locked_store_is_not_waited_for_and_its_health_is_stored_later(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    crawl(store, attempt("listed", links=20), articles=3)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = update_health(store, NOW)
        (row,) = list_source_health(store, NOW)
        other.execute("ROLLBACK")
    assert told["blog"].status == row["status"] == "ok"
    assert "cannot store source health: database is locked" in caplog.text
    assert list_newest_events(store, 10) == []
    update_health(store, NOW)
    assert list_source_health(store, NOW) == [{**row, "since": format_time(NOW)}]
    assert store.row("SELECT status FROM sources_health")["status"] == "ok"


def test_a_verdict_that_came_meanwhile_is_not_undone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl(store, attempt("listed", links=20))

    def assess_while_it_is_crawled(known: SourceStats) -> HealthStatus:
        monkeypatch.undo()
        crawl(store, attempt("blocked", status=403))
        update_health(store, NOW)
        return assess_health(known)

    monkeypatch.setattr(store_health, "assess_health", assess_while_it_is_crawled)
    assert update_health(store, NOW)["blog"].status == "blocked"
    (event,) = list_newest_events(store, 10)
    assert event["text"].startswith("new → blocked: ")


def test_each_reading_of_a_known_page_tells_what_was_lost_but_for_imports(store: Store) -> None:
    crawl(store, articles=1)
    (url,) = (row["url"] for row in store.rows("SELECT url FROM articles"))
    known = {"author": "A. Writer", "published": NOW.isoformat(timespec="minutes")}
    run = begin_run(store, "blog")
    for fields in (known, {**known, "author": ""}):
        store_page(store, a_page(url, fetched=NOW), an_article(url, **fields), run)
    store_page(store, a_page(url), an_article(url), None)
    finish_run(store, run, 0, "finished")
    assert read_source_stats(store, "blog", NOW).refetched == [
        RefetchedArticle(PRESENT, frozenset(("author",))),
        RefetchedArticle(PRESENT, frozenset()),
    ]


@pytest.mark.parametrize(("moved", "status"), [(1, "ok"), (2, "drift")])
def test_dates_found_elsewhere_on_their_pages_are_a_changed_layout(
    store: Store, moved: int, status: str
) -> None:
    """Though nothing is lost: the feed has the date as well."""
    run = begin_run(store, "blog")
    store_fetch_result(store, attempt("listed", links=40), run)
    for number in range(40):
        url, place = f"https://blog.example/{number}", "listing" if number >= 40 - moved else "meta"
        published = (NOW - timedelta(hours=40 - number)).isoformat(timespec="minutes")
        text = f"The sale of lot {number} has begun."
        article = an_article(url, text, published=published, published_from=place)
        store_page(store, a_page(url, fetched=NOW), article, run)
    finish_run(store, run, 0, "finished")
    health = assess_health(read_source_stats(store, "blog", NOW))
    assert health.status == status
    assert ("no usual dateline" in health.evidence) is (status == "drift")


@pytest.mark.parametrize(("place", "status"), [("line", "drift"), ("line" + RELATIVE, "ok")])
def test_a_relative_time_that_became_a_day_is_no_loss(store: Store, place: str, status: str) -> None:
    """Every site that says 20 minutes ago says yesterday a day later."""
    urls = [f"https://blog.example/{number}" for number in range(4)]
    minute, day = NOW.isoformat(timespec="minutes"), f"{NOW:%Y-%m-%d}"
    for published in (minute, minute, minute, minute, day):
        run = begin_run(store, "blog")
        for url in urls:
            article = an_article(url, url, published=published, published_from=place)
            store_page(store, a_page(url, fetched=NOW), article, run)
        finish_run(store, run, 0, "finished")
    assert assess_health(read_source_stats(store, "blog", NOW)).status == status


def test_a_server_that_lied_is_known_by_its_event(store: Store) -> None:
    assert read_source_stats(store, "blog", NOW).unreliable_304 is None
    with store.writing():
        add_event(store, NOW, WRONG_304, "a 304 hid something new", "blog")
    assert read_source_stats(store, "blog", NOW).unreliable_304 == NOW


def lose_host(store: Store, source: str) -> None:
    run = begin_run(store, source)
    reason = f"robots.txt unavailable: all URLs disallowed ({HOST_NOT_FOUND})"
    feed = FetchResult(f"https://{source}.example/feed", source, "feed", NOW, Outcome.ERROR, reason)
    store_fetch_result(store, feed, run)
    finish_run(store, run, 0, "finished")


@pytest.mark.fault("51a", "No network at all", "no source is dead for it, and a new one stays new")
def test_without_a_network_no_source_is_dead(store: Store) -> None:
    with store.writing():
        declare_source(store, "other", "Other", "https://other.example/", "en")
    for _ in range(3):
        lose_host(store, "blog")
        lose_host(store, "other")
    assert {one.status for one in update_health(store, NOW).values()} == {"new"}
    assert list_newest_events(store, 10) == []


def test_a_host_that_is_lost_while_others_answer_is_dead(store: Store) -> None:
    with store.writing():
        declare_source(store, "other", "Other", "https://other.example/", "en")
    crawl(store, attempt("listed", links=20, status=200))
    for _ in range(2):
        lose_host(store, "other")
    assert update_health(store, NOW)["other"].status == "dead"


def test_the_host_of_an_only_source_is_dead(store: Store) -> None:
    for _ in range(2):
        lose_host(store, "blog")
    assert update_health(store, NOW)["blog"].status == "dead"


@pytest.mark.parametrize("outcomes", [(), ("trouble",)])
def test_a_run_that_could_read_nothing_for_reasons_of_our_own_leaves_a_source_new(
    store: Store, outcomes: tuple[str, ...]
) -> None:
    run = crawl(store, *map(attempt, outcomes))
    with store.writing():
        close_run(store, run, NOW, "interrupted", "shutdown")
    assert update_health(store, NOW)["blog"].status == "new"
