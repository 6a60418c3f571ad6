"""Which articles match a watch."""

from datetime import timedelta

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.configuration.options import Watch
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.watches.matches import (
    FIRST_SINCE,
    count_recent,
    find_last_before,
    list_matches,
    list_recent,
)
from tests.support.makers import FETCHED, a_page, an_article

TEXTS = {
    "Taobao opens in Seoul": ("blog", "en", "Taobao opened an office in Seoul on Monday, its first there."),
    "淘宝在首尔开设办公室": ("zh", "zh", "淘宝周一在首尔开设了第一家办公室,负责韩国卖家的招商工作。"),
    "Temu cuts its fees": ("blog", "en", "Temu cut the fees of its sellers by half for the winter season."),
    "Etsy tests a new search": ("other", "en", "Etsy tests a search that reads pictures of handmade goods."),
}


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing():
        for name in ("zh", "other"):
            declare_source(store, name, name, f"https://{name}.example/", "en")
    for number, (title, (source, language, text)) in enumerate(TEXTS.items()):
        url = f"https://{source}.example/{number}"
        article = an_article(url=url, source=source, title=title, text=text, language=language)
        store_page(store, a_page(url, source=source), article, None)
    return store


@pytest.mark.parametrize(
    ("watch", "words"),
    [
        (Watch(words="淘宝"), ["淘宝", "Taobao"]),
        (Watch(words='"淘宝"'), ["淘宝"]),
        (Watch(words="office -Seoul"), []),
        (Watch(words="!?"), []),
        (Watch(entities=("淘宝",)), ["淘宝", "Taobao"]),
        (Watch(entities=("TEMU", "Etsy")), ["Etsy", "Temu"]),
        (Watch(sources=("blog",)), ["Temu", "Taobao"]),
        (Watch(sources=("blog", "other"), language="en", words="Etsy OR Temu"), ["Etsy", "Temu"]),
        (Watch(language="zh"), ["淘宝"]),
        (Watch(least_sources=2), ["淘宝", "Taobao"]),
        (Watch(least_sources=3), []),
    ],
)
def test_all_that_a_watch_asks_for_must_hold(filled: Store, watch: Watch, words: list[str]) -> None:
    found = [one.title for one in list_matches(filled.db.conn, watch, 0, 99)]
    assert len(found) == len(words)
    assert all(title.startswith(word) for title, word in zip(found, words, strict=True))
    now = FETCHED + timedelta(hours=1)
    told = list_recent(filled.db.conn, watch, now, 7)
    assert count_recent(filled.db.conn, watch, now, 7) == (len(told), told[0].id if told else 0)


def test_a_copy_is_no_match_of_its_own(filled: Store) -> None:
    text = TEXTS["Temu cuts its fees"][2]
    copy = an_article(url="https://other.example/copy", source="other", title="Temu fees", text=text)
    store_page(filled, a_page(copy.url, source="other"), copy, None)
    assert len(list_matches(filled.db.conn, Watch(words="Temu"), 0, 99)) == 1


def test_a_watch_for_stories_tells_each_story_once(filled: Store) -> None:
    found = list_matches(filled.db.conn, Watch(language="en"), 0, 99)
    with filled.writing():
        filled.db.execute("UPDATE articles SET story_id = ? WHERE id IN (?, ?)", [1, 1, 3])
        filled.db.execute("UPDATE stories SET sources = 2 WHERE id = 1")
    watch = Watch(language="en", least_sources=2)
    now = FETCHED + timedelta(hours=1)
    assert len(found) == 3
    assert [one.id for one in list_recent(filled.db.conn, watch, now, 7)] == [1]
    assert count_recent(filled.db.conn, watch, now, 7) == (1, 1)


def test_old_articles_are_left_out(filled: Store) -> None:
    db, watch = filled.db.conn, Watch(words="Temu")
    assert len(list_recent(db, watch, FETCHED + timedelta(days=6), 7)) == 1
    assert list_recent(db, watch, FETCHED + timedelta(days=8), 7) == []
    assert count_recent(db, watch, FETCHED + timedelta(days=8), 7) == (0, 0)
    assert find_last_before(db, FETCHED, 7) == 0


def test_where_recent_articles_begin_is_read_from_an_index(filled: Store) -> None:
    steps = [row["detail"] for row in filled.rows(f"EXPLAIN QUERY PLAN {FIRST_SINCE}", "2026")]
    assert [step for step in steps if "articles_fetched" not in step] == []
