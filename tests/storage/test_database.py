"""The store opens, migrates, refuses what it must, and keeps its promises between processes."""

import multiprocessing
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import LARGEST_LOG, Store
from shopwire.storage.errors import StoreError
from shopwire.storage.search.full_text import search
from tests.support.makers import an_article, store_article


def test_a_new_store_is_in_wal_mode_with_foreign_keys(store: Store) -> None:
    assert store.row("PRAGMA journal_mode")[0] == "wal"
    with pytest.raises(sqlite3.IntegrityError), store.writing():
        store.insert("runs", {"source": "nobody", "started": "now", "pid": 1})


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def half_written() -> None:
        with store.writing():
            declare_source(store, "half", "", "", "en")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_written()
    assert store.row("SELECT count(*) FROM sources WHERE name = 'half'")[0] == 0


def test_a_transaction_within_another_one_is_a_part_of_it(store: Store) -> None:
    def written_twice() -> None:
        with store.writing():
            with store.writing():
                declare_source(store, "inner", "", "", "en")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        written_twice()
    assert store.row("SELECT count(*) FROM sources WHERE name = 'inner'")[0] == 0


def test_an_article_that_is_changed_at_once_is_found_by_its_last_words(store: Store) -> None:
    with store.writing():
        kept = store_article(store, an_article(text="Parcels arrive late."))
        store_article(store, an_article(text="Parcels arrive early."))
    found = [[row["id"] for row in search(store.db, word, 9)] for word in ("late", "early")]
    assert found == [[], [kept.article_id]]


def test_a_failed_transaction_leaves_nothing_to_search(store: Store) -> None:
    def half_placed() -> None:
        with store.writing():
            store_article(store, an_article(text="Parcels arrive late."))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_placed()
    with store.writing():
        store_article(store, an_article(text="Parcels arrive early."))
    assert [row["text"] for row in search(store.db, "parcels", 9)] == ["Parcels arrive early."]


@pytest.mark.parametrize(
    ("published", "time"),
    [
        ("2026-11-12T00:30+08:00", "2026-11-11T16:30:00+00:00"),
        ("2026-11-12", "2026-11-12"),
        ("", "2026-11-20T08:00:00+00:00"),
    ],
)
def test_a_new_article_has_the_time_that_an_old_one_would_get(
    store: Store, published: str, time: str
) -> None:
    times = "SELECT time, day, language, articles FROM articles JOIN daily_counts USING (day, language)"
    with store.writing():
        store_article(store, an_article(published=published, fetched="2026-11-20T08:00:00+00:00"))
    stored = [tuple(row) for row in store.rows(times)]
    assert stored == [(time, (published or "2026-11-20")[:10], "en", 1)]
    with store.writing():
        store.db.execute("UPDATE articles SET published = published")
    assert [tuple(row) for row in store.rows(times)] == stored


def test_a_file_that_is_no_store_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    path.write_bytes(b"certainly not a database, " * 50)
    with pytest.raises(StoreError, match=r"shopwire\.db.*move the file away"):
        Store(path)


@pytest.mark.parametrize("what", ["TABLE bookmarks (url)", "VIEW bookmarks AS SELECT 1"])
def test_a_database_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path, what: str) -> None:
    path = tmp_path / "shopwire.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE {what}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"something else .*'bookmarks'.*another folder"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    with Store(path) as store, store.writing():
        store.db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('shopwire', 'of_next_year', '2027')"
        )
    with pytest.raises(StoreError, match=r"newer shopwire.*of_next_year.*upgrade"):
        Store(path)


def _open_and_write(path: Path, writer: int) -> None:
    with Store(path) as store:
        for number in range(25):
            with store.writing():
                count = store.row("SELECT count(*) FROM sources")[0]
                declare_source(store, f"w{writer}-{number}", str(count), "", "en")


def test_processes_open_and_write_one_new_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_open_and_write, args=(path, n)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with Store(path) as store:
        assert store.row("SELECT count(*) FROM sources")[0] == 75
        assert store.row("PRAGMA integrity_check")[0] == "ok"


def _write_a_large_log(store: Store) -> int:
    """Write so much while somebody reads that the log is larger than its limit; return its size."""
    log = store.path.with_name("shopwire.db-wal")
    number = 0
    while not log.exists() or log.stat().st_size < LARGEST_LOG + 1_000_000:
        number += 1
        with store.writing():
            declare_source(store, f"s{number}", "x" * 2_000_000, "", "en")
    return log.stat().st_size


def test_the_next_commit_cuts_the_log_when_a_long_reader_has_left(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    with Store(path) as store:
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sources").fetchone()
            grown = _write_a_large_log(store)
        for name in ("one", "two"):
            with store.writing():
                declare_source(store, name, "", "", "en")
        assert path.with_name("shopwire.db-wal").stat().st_size <= LARGEST_LOG < grown


def test_a_long_reader_empties_the_log_when_it_leaves(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    with Store(path) as store:
        with Store(path) as reader:
            reader.db.execute("BEGIN")
            reader.rows("SELECT count(*) FROM sources")
            _write_a_large_log(store)
        assert path.with_name("shopwire.db-wal").stat().st_size == 0


def test_a_log_that_somebody_reads_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shopwire.db"
    with Store(path) as store, closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sources").fetchone()
        grown = _write_a_large_log(store)
        Store(path).close()
        assert path.with_name("shopwire.db-wal").stat().st_size == grown
        assert reader.execute("SELECT count(*) FROM sources").fetchone() == (0,)
