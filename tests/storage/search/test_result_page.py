"""One page of hits: what each filter leaves, their order, and one hit for each story."""

from typing import Any

import pytest

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.search.full_text import build_match_query, build_typed_query, search
from shopwire.storage.search.result_page import build_page_query
from tests.support.makers import an_article, store_article

ARTICLES: tuple[dict[str, Any], ...] = (
    {"title": "淘宝上线新频道", "text": "频道一", "language": "zh", "published": "2026-11-01"},
    {"title": "Taobao is fined", "text": "over coupons of Temu", "published": "2026-11-08"},
    {"title": "Fees fall", "text": "Taobao keeps its own", "published": "2026-11-02", "source": "other"},
    {"title": "Taobao", "text": "Taobao", "published": "2026-11-02"},
    {"title": "Nothing of it", "text": "at all", "published": "2026-11-04"},
)


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with articles that belong to no story."""
    with store.writing():
        declare_source(store, "other", "Other", "https://other.example/", "en")
    for number, fields in enumerate(ARTICLES, start=1):
        with store.writing():
            store_article(store, an_article(f"https://blog.example/{number}", **fields))
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = NULL")
    return store


def find(
    store: Store, words: str, order: str = "relevance", most: int = 9, skip: int = 0, **filters: str
) -> list[dict[str, Any]]:
    match, typed = build_match_query(words), build_typed_query(words)
    sql = build_page_query(filters, order, match != typed)
    values = {"match": match, "typed": typed, "most": most, "skip": skip, **filters}
    return list(store.db.query(sql, values))


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {1, 2, 3, 4}),
        ({"language": "zh"}, {1}),
        ({"source": "other"}, {3}),
        ({"entity": "Temu"}, {2}),
        ({"since": "2026-11-02"}, {2, 3, 4}),
        ({"until": "2026-11-02"}, {1, 3, 4}),
        ({"after": "2"}, {3, 4}),
        ({"source": "blog", "language": "en", "since": "2026-11-02", "until": "2026-11-02"}, {4}),
    ],
)
def test_a_filter_leaves_the_hits_it_is_for(
    filled: Store, filters: dict[str, str], expected: set[int]
) -> None:
    for order in ("relevance", "date"):
        for words in ("淘宝", "Taobao"):
            assert set(ids(find(filled, words, order, **filters))) == expected


def test_hits_are_sorted_by_relevance_or_time(filled: Store) -> None:
    # One title is shorter than the other, and a title weighs more than a text.
    assert ids(find(filled, '"Taobao"')) == [4, 2, 3]
    assert ids(find(filled, "Taobao")) == [4, 2, 3, 1]
    # Those without the word as it was typed have one score: the last stored comes first.
    assert ids(find(filled, "淘宝")) == [1, 4, 3, 2]
    # Of one time the last stored.
    assert ids(find(filled, "Taobao", "date")) == [2, 4, 3, 1]


def test_hits_are_counted_on_each_page(filled: Store) -> None:
    for order, expected in (("relevance", [4, 2, 3, 1]), ("date", [2, 4, 3, 1])):
        pages = [find(filled, "Taobao", order, most=3, skip=skip) for skip in (0, 3)]
        assert [ids(page) for page in pages] == [expected[:3], expected[3:]]
        assert {row["total"] for page in pages for row in page} == {4}


@pytest.mark.parametrize(
    ("words", "order", "shown"), [('"Taobao"', "relevance", 4), ("淘宝", "relevance", 1), ("淘宝", "date", 2)]
)
def test_a_story_is_its_best_hit(filled: Store, words: str, order: str, shown: int) -> None:
    with filled.writing():
        filled.db.execute("UPDATE articles SET story_id = (SELECT max(id) FROM stories)")
    (row,) = find(filled, words, order)
    assert (row["id"], row["more"], row["total"]) == (shown, 2 if words.startswith('"') else 3, 1)
    assert row["title"] == ARTICLES[shown - 1]["title"]
    assert row["text"] == ARTICLES[shown - 1]["text"]


def test_the_best_articles_are_found_once_those_before_are_known(filled: Store) -> None:
    db = filled.db
    assert ids(search(db, "Taobao", 9)) == [4, 2, 3, 1]
    assert ids(search(db, "Taobao", 2)) == [4, 2]
    assert ids(search(db, "Taobao", 9, after=1)) == [4, 2, 3]
    assert ids(search(db, "Taobao", 9, since="2026-11-02")) == [4, 2, 3]
    assert ids(search(db, "Taobao", 9, 2, "2026-11-03")) == []
    assert ids(search(db, "淘宝", 9)) == [1, 4, 3, 2]
    assert search(db, "?!", 9) == []
