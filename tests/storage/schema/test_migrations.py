"""What stood in a store of an earlier version is there after the upgrade."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from shopwire.storage.crawl_log.outcomes import WORKER_CRASHED
from shopwire.storage.database import Store
from shopwire.storage.schema.migrations import STEP_NAMES, hash_listener, migrations
from shopwire.storage.search.full_text import search
from tests.support.makers import an_article, store_article

SOURCE = "INSERT INTO sources (name, title, home, language, first_crawled) VALUES ('a','','','','')"
ARTICLE = """
INSERT INTO articles (url, source, title, author, editor, published_from, fetched, language, origin, tags,
    views, image, text, text_hash, extractor, archived_in)
VALUES ('https://a.example/1', 'a', '', '', '', '', '2026', 'en', '', '[]', 7, '', '', 1, '', '')
"""

# Numbers of articles that copy the first one, each with its source.
COPIES = ((2, "a"), (3, "b"), (4, "b"))


@pytest.mark.parametrize("step", STEP_NAMES[1:])
def test_a_store_of_any_earlier_version_is_migrated(tmp_path: Path, step: str) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before=step)
    for sql in (SOURCE, ARTICLE, "UPDATE articles SET canonical_id = id"):
        old.execute(sql)
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store, Store(tmp_path / "new.db") as new:
        assert store.row("SELECT url, views FROM articles")["url"] == "https://a.example/1"  # type: ignore[index]
        tables = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY 1, 2"
        assert list(map(tuple, store.rows(tables))) == list(map(tuple, new.rows(tables)))
        assert store.row("PRAGMA integrity_check")[0] == "ok"  # type: ignore[index]
        assert store.rows("PRAGMA foreign_key_check") == []


def test_counts_of_views_survive_beside_the_new_columns(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="reactions")
    for sql in (
        SOURCE,
        ARTICLE,
        "INSERT INTO counts (article_id, at, views) VALUES (1, '2026', 7)",
    ):
        old.execute(sql)
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        (counted,) = store.rows("SELECT * FROM counts")
        assert tuple(counted) == (1, "2026", 7, None, None)
        assert store.row("PRAGMA integrity_check")[0] == "ok"  # type: ignore[index]
        assert store.rows("PRAGMA foreign_key_check") == []


def test_figures_of_before_count_money_or_percent(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="figures_count")
    old.execute(SOURCE)
    old.execute(ARTICLE)
    for kind, unit in (("amount", "cny"), ("amount", ""), ("percent", "")):
        old.execute(
            "INSERT INTO figures (article_id, day, kind, value, unit, sentence) "
            "VALUES (1, '2026', ?, 1, ?, '')",
            [kind, unit],
        )
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        found = [tuple(row) for row in store.rows("SELECT counts, subject FROM figures ORDER BY id")]
        assert found == [("money", ""), ("", ""), ("percent", "")]


def test_addresses_of_webhooks_become_hashes_and_none_is_told_anew(tmp_path: Path) -> None:
    address = "https://hooks.example/services/T0/B0/s3cr3t"
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="listeners_by_hash")
    old.execute("INSERT INTO listeners (listener, event) VALUES (?, 7)", [address])
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        (row,) = store.rows("SELECT * FROM listeners")
        assert tuple(row) == (hash_listener(address), 7)
    assert all(b"s3cr3t" not in file.read_bytes() for file in tmp_path.iterdir())


def test_times_are_written_anew_in_one_zone(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="time_in_utc")
    for sql in (
        SOURCE,
        ARTICLE,
        "UPDATE articles SET published = '2026-05-12T08:00+08:00', canonical_id = id",
        ARTICLE.replace("/1'", "/2'"),
        "UPDATE articles SET published = '2026-05-12' WHERE id = 2",
    ):
        old.execute(sql)
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        rows = store.rows("SELECT time, day FROM articles ORDER BY id")
        assert [tuple(row) for row in rows] == [
            ("2026-05-12T00:00:00+00:00", "2026-05-12"),
            ("2026-05-12", "2026-05-12"),
        ]
        counted = store.rows("SELECT day, articles FROM daily_counts")
        assert [tuple(row) for row in counted] == [("2026-05-12", 1)]


def test_an_article_inserted_without_a_time_gets_one(store: Store) -> None:
    with store.writing():
        store.db.execute(SOURCE)
        store.db.execute(ARTICLE.replace("'2026'", "'2026-05-12T08:00:00+08:00'"))
    assert [tuple(row) for row in store.rows("SELECT time, day FROM articles")] == [
        ("2026-05-12T00:00:00+00:00", "2026-05-12")
    ]


def test_pages_whose_worker_crashed_are_still_found(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="worker_crashed")
    old.execute(SOURCE)
    for reason in ("parsing took its process down (exit code 9)", "a PDF"):
        old.execute(
            "INSERT INTO fetches (source, kind, url, at, outcome, reason) "
            "VALUES ('a', 'page', 'https://a.example/1', '2026', 'bad_html', ?)",
            [reason],
        )
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        reasons = [row["reason"] for row in store.rows("SELECT reason FROM fetches ORDER BY id")]
    assert reasons == [f"{WORKER_CRASHED} (exit code 9)", "a PDF"]


def test_the_markdown_of_earlier_articles_is_unknown(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="markdown")
    for sql in (SOURCE, ARTICLE, "UPDATE articles SET canonical_id = id"):
        old.execute(sql)
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        assert [row["markdown"] for row in store.rows("SELECT markdown FROM articles")] == [None]


def test_copies_of_one_publisher_count_once_after_the_upgrade(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="aliases_of_articles")
    for sql in (
        SOURCE,
        SOURCE.replace("'a'", "'b'"),
        ARTICLE,
        *(
            ARTICLE.replace("/1'", f"/{number}'").replace(" 'a',", f" '{source}',")
            for number, source in COPIES
        ),
        "UPDATE articles SET canonical_id = 1",
        *(f"INSERT INTO copies VALUES ({number}, 1, 'exact', 1.0, '{{}}')" for number, _ in COPIES),
    ):
        old.execute(sql)
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        assert [row["copies"] for row in store.rows("SELECT copies FROM latest")] == [1]
        assert store.rows("SELECT * FROM aliases") == []


def test_search_finds_articles_of_an_older_store_in_both_scripts(tmp_path: Path) -> None:
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before="search_both_scripts")
    for sql in (
        SOURCE,
        ARTICLE,
        "UPDATE articles SET canonical_id = id, title = '快遞新規', text = '電商'",
        "INSERT INTO articles_fts (rowid, title, text) VALUES (1, '快遞 遞新 新規 規', '電商 商')",
    ):
        old.execute(sql)
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        for words in ("快递", "快遞", "新规", "电商", "電商"):
            assert [row["id"] for row in search(store.db, words, 10)] == [1]
        with store.writing():
            store.update_article(1, {"title": "", "text": "退货"})
        assert search(store.db, "快递", 10) == []
        assert [row["id"] for row in search(store.db, "退貨", 10)] == [1]


def test_an_article_that_changes_its_day_is_counted_on_the_new_one_only(store: Store) -> None:
    with store.writing():
        store_article(store, an_article(published="2026-11-01", tags=("a",)))
    with store.writing():
        store_article(store, an_article(published="2026-11-02", text="Another text.", language="de"))
    assert [tuple(row) for row in store.rows("SELECT * FROM daily_counts")] == [("2026-11-02", "de", 1)]
