"""The search page: other names as chips, filters, order, pages, stories."""

import re
from html import unescape
from typing import Any

import feedparser
import pytest

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.datasette.pages import search_page
from shopwire.storage.search.full_text import search
from tests.storage.datasette.test_app import Get, build_getter, write


@pytest.fixture
def get(store: Store) -> Get:
    with store.writing():
        declare_source(store, "other", "Other", "https://other.example/", "en")
    write(
        store,
        {"title": "淘宝上线新频道", "text": "频道一", "language": "zh", "published": "2026-11-01"},
        {"title": "A court fines Taobao", "text": "over coupons", "published": "2026-11-08"},
        {"title": "Temu cuts fees", "text": "Taobao did not.", "published": "2026-11-02", "source": "other"},
        {"title": "Nothing of it", "text": "at all", "published": "2026-11-04"},
    )
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = NULL")
    return build_getter(store)


def find(get: Get, **args: Any) -> list[int]:
    page = get("/search", params=args).text
    hits = page.partition('<ol class="list hits">')[2].partition("</ol>")[0]
    return [int(number) for number in re.findall(r'<li><a href="/article/(\d+)"', hits)]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"q": "淘宝"}, {1, 2, 3}),
        ({"q": "Taobao"}, {1, 2, 3}),
        ({"q": '"Taobao"'}, {2, 3}),
        ({"q": "淘宝", "language": "zh"}, {1}),
        ({"q": "淘宝", "source": "other"}, {3}),
        ({"q": "Taobao", "entity": "temu"}, {3}),
        ({"q": "Taobao", "since": "2026-11-02"}, {2, 3}),
        ({"q": "Taobao", "since": "2026-11-02", "until": "2026-11-03"}, {3}),
        ({"q": "Taobao", "since": "soon", "sort": "x", "page": "-1"}, {1, 2, 3}),
        ({"q": "Taobao", "page": "2"}, set()),
        ({"q": ""}, set()),
    ],
)
def test_hits(get: Get, args: dict[str, str], expected: set[int]) -> None:
    assert set(find(get, **args)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("淘宝", [1, 3, 2]), ("Taobao", [2, 3, 1]), ("频道 淘宝 OR 天猫", [1]), ("Taobao -天猫", [2, 3, 1])],
)
def test_hits_with_the_words_as_typed_come_first(
    store: Store, get: Get, words: str, expected: list[int]
) -> None:
    assert find(get, q=words) == expected
    assert [row["id"] for row in search(store.db, words, 9)] == expected
    rows = get("/shopwire/search.json", params={"q": words, "_shape": "array"}).json()
    assert [row["id"] for row in rows] == expected


def test_all_ways_of_search_find_the_other_names(get: Get) -> None:
    rows = get("/shopwire/latest.json", params={"_search": "淘寶", "_shape": "array"}).json()
    assert {row["id"] for row in rows} == {1, 2, 3}
    rows = get("/shopwire/search.json", params={"q": "Taobao", "_shape": "array"}).json()
    assert {row["id"] for row in rows} == {1, 2, 3}
    feed = feedparser.parse(get("/shopwire/feed.atom", params={"q": "淘宝"}).content)
    assert len(feed.entries) == 3
    rows = get("/shopwire/articles_naming.json", params={"name": "淘寶", "_shape": "array"}).json()
    assert {row["id"] for row in rows} == {1, 2, 3}


def test_another_name_is_a_chip_that_can_be_removed(get: Get) -> None:
    page = get("/search", params={"q": "淘宝", "language": "en"}).text
    chips = {
        name: unescape(address)
        for address, name in re.findall(r'<a href="(/search[^"]*)" title="Search without ([^"]*)"', page)
    }
    assert set(chips) == {"Taobao", "手淘", "淘系"}
    assert "language=en" in chips["Taobao"]
    without = get(chips["Taobao"].replace("language=en", "")).text
    assert "/article/1" in without
    assert "/article/2" not in without
    assert "Search without" not in get("/search", params={"q": '"淘宝"'}).text


def test_the_newest_come_first_on_demand(get: Get) -> None:
    assert find(get, q="Taobao", sort="date") == [2, 3, 1]


def test_hits_are_on_pages(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_page, "PAGE_SIZE", 2)
    assert find(get, q="Taobao", sort="date") == [2, 3]
    page = get("/search", params={"q": "Taobao", "sort": "date"}).text
    (address,) = re.findall(r'rel="next" href="([^"]*)"', page)
    following = get(unescape(address)).text
    assert "/article/1" in following
    assert "Page 2 of 2" in following
    assert 'rel="next"' not in following


def test_hits_of_one_story_are_one(store: Store) -> None:
    write(
        store,
        {"title": "Taobao opens a warehouse in Hangzhou", "text": "It has room for nine million parcels."},
        {"title": "Coupons of Taobao end", "text": "Buyers must pay in full from next spring on."},
        {"title": "A film about Taobao", "text": "Its director grew up in a village of sellers."},
    )
    with store.writing():
        store.db.execute(
            "UPDATE articles SET story_id = (SELECT story_id FROM articles WHERE id = 1) WHERE id = 2"
        )
    get = build_getter(store)
    assert len(find(get, q="Taobao")) == 2
    assert "1 more of this story matches" in get("/search", params={"q": "Taobao"}).text


def test_a_story_is_shown_by_the_hit_that_has_the_words_as_typed(store: Store) -> None:
    titles = ("Taobao opens a warehouse", "淘宝开仓", "Taobao fills a warehouse")
    write(store, *({"title": title, "text": f"{title} {number}"} for number, title in enumerate(titles)))
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = (SELECT story_id FROM articles WHERE id = 1)")
    get = build_getter(store)
    assert find(get, q="淘宝") == [2]
    # No hit has this word: the last stored one.
    assert find(get, q="手淘") == [3]
