"""What is kept of each day is what counting the articles would give."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from shopwire.pipelines.keep import keep
from shopwire.storage import groups
from shopwire.storage.groups import Link
from shopwire.storage.migrations import migrations
from shopwire.storage.store import Store
from tests.makers import a_page, an_article
from tests.storage.test_migrations import ARTICLE, SOURCE

COUNTED = "SELECT day, language, articles FROM daily_counts ORDER BY day, language"
COUNTING = """
SELECT day, language, count(*) FROM articles WHERE canonical_id = id GROUP BY day, language
ORDER BY day, language
"""


def redate(store: Store) -> None:
    store.update_article(1, {"published": "2026-11-09"})


def lose_the_date(store: Store) -> None:
    store.update_article(2, {"published": None})


def translate(store: Store) -> None:
    store.update_article(1, {"language": "zh"})


def make_a_copy(store: Store) -> None:
    groups.unite(store, 2, {1: Link(0.9, {})})


def remove(store: Store) -> None:
    store.db.execute("DELETE FROM articles WHERE id = 3")


@pytest.mark.parametrize("change", [redate, lose_the_date, translate, make_a_copy, remove])
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
        groups.part(store, 1)
    assert counted(store) == before


def three_articles(store: Store) -> None:
    texts = ("Parcels reached buyers in nine days.", "Sellers paid no fee in March.", "Snow fell.")
    for number, text in enumerate(texts, start=1):
        url = f"https://blog.example/{number}"
        dated = an_article(url, text, published=f"2026-11-0{number}")
        keep(store, a_page(url), dated, None)
    assert len(counted(store)) == 3


def counted(store: Store) -> list[tuple[str, str, int]]:
    kept = [tuple(row) for row in store.rows(COUNTED)]
    assert kept == [tuple(row) for row in store.rows(COUNTING)]
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
        assert counted(store) == [("2026", "en", 1)]
