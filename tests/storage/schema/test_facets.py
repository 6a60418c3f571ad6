"""The stored counts of each day and facet equal a count of the articles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from shopwire.pipelines.deduplication import duplicate_groups
from shopwire.pipelines.deduplication.duplicate_groups import DuplicateLink
from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from shopwire.storage.datasette.stored_facets import ALL, COLUMNS
from shopwire.storage.schema.migrations import migrations
from tests.storage.schema.test_migrations import ARTICLE, SOURCE
from tests.support.makers import a_page, an_article

# What is kept, and what counting gives.
DAYS = (
    "SELECT day, language, articles FROM daily_counts",
    "SELECT day, language, count(*) FROM articles WHERE canonical_id = id GROUP BY day, language",
)
FACETS = "SELECT value, articles FROM facet_counts WHERE field = ? AND within = ?"
COUNTING = """
SELECT {field} AS value, count(*) FROM latest
WHERE value IS NOT NULL AND ? IN ('*', language) GROUP BY value
"""


def redate(store: Store) -> None:
    store.update_article(1, {"published": "2026-11-09"})


def lose_the_date(store: Store) -> None:
    store.update_article(2, {"published": None})


def translate(store: Store) -> None:
    store.update_article(1, {"language": "zh"})


def move(store: Store) -> None:
    store.update_article(1, {"source": "other", "platform": "Temu"})


def file_under_nothing(store: Store) -> None:
    store.update_article(2, {"platform": None})


def tell_another_story(store: Store) -> None:
    store.update_article(1, {"story_id": 2})


def translate_and_tell_another_story(store: Store) -> None:
    store.update_article(1, {"story_id": 3, "language": "zh"})


def tell_no_story(store: Store) -> None:
    store.update_article(1, {"story_id": None})


def make_a_copy(store: Store) -> None:
    duplicate_groups.merge_groups(store, 2, {1: DuplicateLink(0.9, {})})


def remove(store: Store) -> None:
    store.db.execute("DELETE FROM articles WHERE id = 3")


CHANGES = [
    redate,
    lose_the_date,
    translate,
    move,
    file_under_nothing,
    tell_another_story,
    translate_and_tell_another_story,
    tell_no_story,
    make_a_copy,
    remove,
]


@pytest.mark.parametrize("change", CHANGES)
def test_counts_follow_every_change(store: Store, change: Callable[[Store], None]) -> None:
    three_articles(store)
    before = counted(store)
    store.db.execute("PRAGMA foreign_keys = OFF")
    with store.writing():
        change(store)
    assert counted(store) != before


def test_what_is_no_copy_any_more_counts_again(store: Store) -> None:
    three_articles(store)
    before = counted(store)
    with store.writing():
        make_a_copy(store)
        duplicate_groups.leave_group(store, 1)
    assert counted(store) == before


def three_articles(store: Store) -> None:
    texts = ("Parcels reached buyers in nine days.", "Sellers paid Taobao nothing.", "Snow fell.")
    for number, text in enumerate(texts, start=1):
        url = f"https://blog.example/{number}"
        dated = an_article(url, text, published=f"2026-11-0{number}")
        store_page(store, a_page(url), dated, None)
    kept = counted(store)
    assert {row[-2] for row in kept} >= {"blog", "Taobao", "en", 1, 2, 3}


def counted(store: Store) -> set[tuple[str | int, ...]]:
    """What is kept: day or facet, language, value, number."""
    kept, counting = ({tuple(row) for row in store.rows(sql)} for sql in DAYS)
    assert kept == counting
    for field in COLUMNS:
        for within in (ALL, "zh", "en"):
            known = {tuple(row) for row in store.rows(FACETS, field, within)}
            rows = store.rows(COUNTING.format(field=field), within)
            assert known == {tuple(row) for row in rows}
            kept |= {(field, within, *row) for row in known}
    return kept


def test_what_was_stored_before_is_counted_too(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="counted_by_day")
    old.execute(SOURCE)
    old.execute(ARTICLE)
    old.execute("UPDATE articles SET canonical_id = id")
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        assert ("2026", "en", 1) in counted(store)
        assert ("language", "*", "en", 1) in counted(store)
