"""An article's earlier words and its counts are kept, and young ones are looked at again."""

from datetime import timedelta
from typing import Any

import pytest

from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.spiders.page import FetchResult
from shopwire.storage.crawl_log.ledger import begin_run, finish_run
from shopwire.storage.database import Store
from shopwire.storage.versions import AGES, SAMPLE, SIGHTS, readable_diff, to_revisit
from tests.support.makers import FETCHED, a_page, an_article

URL = "https://blog.example/1"


def test_a_diff_reads_like_one() -> None:
    old, new = "one\ntwo\nthree\nfour", "one\ntwo\n3\nfour"
    assert readable_diff(old, new).split("\n")[1:] == [" two", "-three", "+3", " four"]


def test_a_changed_article_keeps_what_it_was_and_an_unchanged_one_nothing(store: Store) -> None:
    for text in ("The sale begins on Monday.", "The sale begins on Monday.", "It is off."):
        store_page(store, a_page(URL), an_article(URL, text), None)
    (version,) = store.rows("SELECT * FROM versions")
    assert version["text"] == "The sale begins on Monday."
    assert "-The sale begins on Monday.\n+It is off." in version["diff"]


def test_counts_are_kept_over_time_as_far_as_the_page_shows_them(store: Store) -> None:
    seen = [(10, None, 0), (480, 3, 25), (None, None, None)]
    for hours, (views, comments, likes) in enumerate(seen):
        page = a_page(URL, fetched=FETCHED + timedelta(hours=hours))
        store_page(store, page, an_article(URL, views=views, comments=comments, likes=likes), None)
    rows = store.rows("SELECT views, comments, likes FROM counts ORDER BY at")
    assert [tuple(row) for row in rows] == seen[:2]


MINUTE = timedelta(minutes=1)


def read(
    store: Store, url: str, age: timedelta = timedelta(0), run: int | None = None, **more: Any
) -> None:
    """An article is read, so long after `FETCHED`."""
    page = a_page(url, requested=url, fetched=FETCHED + age, archived_in="a.warc.gz#0")
    store_page(store, page, an_article(url, **more), run)


def crawl(store: Store, pages: int) -> None:
    """A run that reads so many new pages."""
    run = begin_run(store, "blog")
    for number in range(pages):
        url = f"https://blog.example/{run}-{number}"
        read(store, url, run=run, text=f"The sale of {url} has begun.")
    finish_run(store, run, 0, "finished")


@pytest.fixture
def busy(store: Store) -> Store:
    """A store of a source whose last run has read new pages."""
    crawl(store, SIGHTS)
    return store


def due(store: Store, age: timedelta) -> list[str]:
    return [visit.url for visit in to_revisit(store, "blog", FETCHED + age, 50)]


@pytest.mark.parametrize(
    ("age", "visits", "expected"),
    [
        (AGES[0] - MINUTE, [], 0),
        (AGES[0], [], 1),
        (AGES[0], [AGES[0] - MINUTE], 1),
        (AGES[0] + MINUTE, [AGES[0]], 0),
        (AGES[1], [AGES[0]], 1),
        (AGES[1], [], 1),
        (AGES[1] + MINUTE, [AGES[1]], 0),
        (timedelta(days=10), [], 0),
    ],
)
def test_a_young_article_is_due_at_its_ages(
    busy: Store, age: timedelta, visits: list[timedelta], expected: int
) -> None:
    for visit in (timedelta(0), *visits):
        read(busy, URL, visit, likes=1)
    assert due(busy, age).count(URL) == expected


def test_a_page_that_is_gone_is_not_asked_for_at_every_run(busy: Store) -> None:
    read(busy, URL, likes=1)
    gone = FetchResult(URL, "blog", "page", FETCHED + AGES[0], "not_found", "404")
    store_fetch_result(busy, gone, None)
    assert due(busy, AGES[0] + MINUTE) == []


def test_articles_without_counts_are_looked_at_again_once_and_some_sooner(busy: Store) -> None:
    urls = [f"https://blog.example/{number}" for number in range(2 * SAMPLE)]
    for url in urls:
        read(busy, url, text=f"Number {url}.")
    sooner = due(busy, AGES[0])
    assert len(sooner) == 2
    for url in sooner:
        read(busy, url, AGES[0], text=f"Number {url}.")
    assert due(busy, AGES[0] + MINUTE) == []
    assert set(due(busy, AGES[1])) >= set(urls)


@pytest.mark.parametrize("read_before", range(SIGHTS + 2))
def test_two_runs_together_read_as_many_pages_as_show_a_layout(
    store: Store, read_before: int
) -> None:
    crawl(store, 5)
    crawl(store, read_before)
    visits = due(store, timedelta(days=10))
    assert len(set(visits)) == max(0, SIGHTS - read_before)


def test_pages_take_turns_and_those_with_an_author_come_first(store: Store) -> None:
    urls = [f"https://blog.example/turn-{number}" for number in range(4)]
    for url in urls:
        read(store, url, text=url, author="" if url == urls[2] else "A. Writer")
    crawl(store, 0)
    for expected in (urls[:2], [urls[3], urls[0]], [urls[1], urls[3]]):
        assert due(store, timedelta(days=10)) == expected
        for url in expected:
            store_fetch_result(
                store, FetchResult(url, "blog", "page", FETCHED, "timeout", "late"), None
            )


def test_a_crawl_without_a_past_looks_at_nothing_again(store: Store) -> None:
    assert due(store, timedelta(days=10)) == []


def test_what_a_page_no_longer_shows_is_remembered_and_named(store: Store) -> None:
    fields = {
        "author": "A. Writer",
        "origin": "Trade Weekly",
        "published": "2026-11-20T08:00+00:00",
        "published_from": "meta",
    }
    read(store, URL, **fields)
    day = {"published": "2026-11-20", "published_from": "address"}
    for change in ({}, {"author": ""}, day, {"origin": "", "published": ""}):
        read(store, URL, **{**fields, **change})
    assert [row["lost"] for row in store.rows("SELECT lost FROM fetches ORDER BY id")] == [
        None,
        "",
        "author",
        "time, usual dateline",
        "date, origin, time",
    ]
    row = store.row("SELECT author, origin, published, published_from FROM articles")
    assert dict(row or {}) == fields


@pytest.mark.parametrize(
    ("shown", "expected", "lost"),
    [
        ("2026-11-20", "2026-11-20T00:30+08:00", "time"),
        ("2026-11-19", "2026-11-20T00:30+08:00", "time"),
        ("2026-11-18", "2026-11-18", ""),
        ("2026-11-22", "2026-11-22", ""),
    ],
)
def test_a_time_stays_only_on_the_day_that_its_page_shows(
    store: Store, shown: str, expected: str, lost: str
) -> None:
    """Else a wrong date could never be put right by a page that shows bare days."""
    for published in ("2026-11-20T00:30+08:00", shown):
        read(store, URL, published=published)
    row = store.row("SELECT published, lost FROM articles, fetches ORDER BY fetches.id DESC")
    assert tuple(row or ()) == (expected, lost)


def test_what_an_article_never_had_is_not_lost(store: Store) -> None:
    for _ in range(2):
        read(store, URL)
    assert [row["lost"] for row in store.rows("SELECT lost FROM fetches ORDER BY id")] == [None, ""]
