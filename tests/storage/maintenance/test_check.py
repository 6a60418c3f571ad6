"""`find_problems` names what is damaged, and only that."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, find_body
from shopwire.storage.database import Store, open_to_read
from shopwire.storage.maintenance.check import find_problems
from tests.support.makers import FETCHED, a_page, an_article

TEXT = "Sellers said on Monday that the fee for a parcel will rise."


@pytest.fixture
def archive(store: Store) -> Path:
    """The archive of a store with three articles, one of them a copy, and one fetched again unchanged."""
    folder = store.path.parent / "archive"
    with ArchiveWriter(folder, "2026-11/blog-1") as writer:
        for number, text in enumerate([TEXT, TEXT, "Another report."], start=1):
            url = f"https://blog.example/{number}"
            page = a_page(url, requested=url)
            raw = ArchivedPage(page.url, page.source, FETCHED, page.content_type, page.body)
            place = writer.write(raw)
            article = an_article(url, text, title="淘宝 fees")
            store_page(store, a_page(url, requested=url, archived_in=place), article, None)
        again = writer.write(raw, find_body(folder, place, raw))
    store_page(store, a_page(url, requested=url, archived_in=again, body_in=place), article, None)
    return folder


def check(store: Store, archive: Path) -> list[str]:
    with open_to_read(store.path) as reader:
        return list(find_problems(reader, archive))


def test_a_sound_store_has_no_problems(store: Store, archive: Path) -> None:
    assert check(store, archive) == []
    with store.writing():
        store.update_article(1, {"title": "Other title", "text": "Other text."})
    assert check(store, archive) == []


DAMAGES = [
    ("UPDATE articles SET text = replace(text, 'Monday', 'monday') WHERE id = 1", "text: article 1 "),
    ("UPDATE articles SET title = 'x' WHERE id = 3", "text: article 3 "),
    ("UPDATE daily_counts SET articles = 7", "counts: articles per day and language: 2026-11-22 en is 7"),
    ("UPDATE facet_counts SET articles = 7 WHERE field = 'story'", "counts: articles per language"),
    ("UPDATE mentions SET articles = 7", "counts: mentions per day: 2026-11-22 Taobao is 7"),
    ("UPDATE stories SET articles = 7 WHERE id = 1", "counts: articles per story: 1 is 7"),
    ("INSERT INTO fingerprints VALUES (1, 99)", "references: fingerprints has article 99"),
    ("DELETE FROM articles_fts_docsize WHERE id = 2", "index: article 2 cannot be searched"),
    (
        "INSERT INTO articles_fts (rowid, title, text) VALUES (9, 'a', 'b')",
        "index: article 9 is in the",
    ),
    ("UPDATE articles_fts_data SET block = zeroblob(40) WHERE id > 100", "index: "),
    ("INSERT INTO erasures VALUES ('a#1')", "archive: a#1 is still to be erased"),
    ("UPDATE fetches SET archived_in = 'none.warc.gz#0' WHERE id = 1", "archive: none.warc.gz: no such file"),
    ("UPDATE fetches SET body_in = NULL WHERE id = 4", "archive: the body of 2026-11/blog-1.warc.gz#"),
    (
        "PRAGMA foreign_keys = OFF; DELETE FROM sources",
        "references: row 1 of articles",
    ),
]


@pytest.mark.fault("42e", "Damage to texts, counts, references, index, archive", "`shopwire check` names it")
@pytest.mark.parametrize(("sql", "problem"), DAMAGES)
def test_each_damage_is_named(store: Store, archive: Path, sql: str, problem: str) -> None:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.executescript(sql)
    found = check(store, archive)
    assert [line for line in found if line.startswith(problem)], found


def test_a_byte_that_changes_in_the_file_or_the_archive_is_named(store: Store, archive: Path) -> None:
    store.close()
    path = archive / "2026-11/blog-1.warc.gz"
    for file, wanted, flipped in ((store.path, b"Another report", 0), (path, b"\x1f\x8b", 200)):
        data = bytearray(file.read_bytes())
        data[data.index(wanted) + flipped] ^= 0x20
        file.write_bytes(data)
    found = check(store, archive)
    assert [line.partition(":")[0] for line in found] == ["text", "archive"]
