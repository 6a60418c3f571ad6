"""An article's earlier words and its counts are kept, and young ones are looked at again."""

from datetime import timedelta
from typing import Any

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from shopwire.storage.versions import format_diff
from tests.support.makers import FETCHED, a_page, an_article

URL = "https://blog.example/1"


def test_a_diff_reads_like_one() -> None:
    old, new = "one\ntwo\nthree\nfour", "one\ntwo\n3\nfour"
    assert format_diff(old, new).split("\n")[1:] == [" two", "-three", "+3", " four"]


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


def read(store: Store, **fields: Any) -> None:
    """The article is read with these fields."""
    store_page(store, a_page(URL), an_article(URL, **fields), None)


def test_what_a_page_no_longer_shows_is_remembered_and_named(store: Store) -> None:
    fields = {
        "author": "A. Writer",
        "origin": "Trade Weekly",
        "published": "2026-11-20T08:00+00:00",
        "published_from": "meta",
    }
    read(store, **fields)
    day = {"published": "2026-11-20", "published_from": "address"}
    for change in ({}, {"author": ""}, day, {"origin": "", "published": ""}):
        read(store, **{**fields, **change})
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
        read(store, published=published)
    row = store.row("SELECT published, lost FROM articles, fetches ORDER BY fetches.id DESC")
    assert tuple(row or ()) == (expected, lost)


def test_what_an_article_never_had_is_not_lost(store: Store) -> None:
    for _ in range(2):
        read(store)
    assert [row["lost"] for row in store.rows("SELECT lost FROM fetches ORDER BY id")] == [None, ""]
