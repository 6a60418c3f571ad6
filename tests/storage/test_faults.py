"""Full disks, killed processes, concurrent writers: stored data stays, failures state their reason."""

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

import shopwire.storage.database
from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveError, ArchiveWriter, read_archived_page
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store, suggest_remedy
from shopwire.storage.errors import StoreError
from shopwire.storage.schema.migrations import STEP_NAMES, migrations
from tests.faults.crawl import ROOT, crawl
from tests.faults.responses import ANSWERS
from tests.faults.robots import ROBOTS
from tests.faults.server import fault_server
from tests.support.makers import FETCHED, a_page, an_article

SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"


def keep_one(store: Store, number: int, writer: str = "w") -> None:
    url = f"https://blog.example/{writer}/{number}"
    text = f"Parcel {number} of {writer} went to buyer {number * 7} for a price of {number * 13}."
    store_page(store, a_page(url=url), an_article(url=url, text=text), None)


def counts(store: Store) -> tuple[int, int]:
    row = store.row("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM fetches)")
    assert row is not None
    return row[0], row[1]


def check(store: Store) -> str:
    row = store.row("PRAGMA integrity_check")
    assert row is not None
    return str(row[0])


@pytest.mark.fault("42", "kill -9 while writing, 20 times", "0 corrupt, 0 lost, 0 doubled")
def test_a_killed_writer_loses_nothing_it_said_was_kept() -> None:
    command = [sys.executable, "-m", "tests.faults.killed_writer", "--trials", "20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert found.pop("trials") == 20
    assert found.pop("acknowledged") > 20
    del found["seconds"]
    assert set(found.values()) == {0}, found


@pytest.mark.fault(
    "43a", "Two writers and a reader, and a lock in between", "nobody fails, every read is whole"
)
def test_two_writers_and_a_reader() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.faults.concurrent_writers",
        "--seconds",
        "5",
        "--locked",
        "2",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    # One article each before the lock, and the one that waited for it.
    assert found["written"] >= 4
    assert found["reads"]
    assert found["writer_waited"] > 1
    assert (found["halves"], found["lost"], found["corrupt"]) == (0, 0, 0)


@pytest.mark.fault("43", "Locked store, freed in time", "the writer waits")
def test_a_writer_waits_for_a_lock(store: Store) -> None:
    with ThreadPoolExecutor(1) as pool, Store(store.path) as other:
        other.db.conn.execute("BEGIN IMMEDIATE")
        waiting = pool.submit(keep_one, store, 1)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        other.db.conn.rollback()
        waiting.result(timeout=60)
    assert counts(store) == (1, 1)


@pytest.mark.fault("43b", "Locked store, not freed", "an error, nothing half written")
def test_a_lock_that_is_not_freed_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shopwire.storage.database, "BUSY_SECONDS", 0.1)
    with Store(store.path) as impatient, store.writing():
        with pytest.raises(sqlite3.OperationalError, match="locked") as caught:
            keep_one(impatient, 1)
        assert "another process held it" in suggest_remedy(caught.value)
    assert counts(store) == (0, 0)


@pytest.mark.fault("41", "Disk full, then freed", "error, kept rows stay, writing goes on")
def test_a_full_disk_stops_writing_until_there_is_room(store: Store) -> None:
    keep_one(store, 0)
    pages = store.row("PRAGMA page_count")
    assert pages is not None
    store.db.conn.execute(f"PRAGMA max_page_count = {pages[0] + 2}")

    def fill() -> None:
        for number in range(1, 500):
            keep_one(store, number)

    with pytest.raises(sqlite3.OperationalError, match="full") as caught:
        fill()
    assert "free some space" in suggest_remedy(caught.value)
    kept, rows = counts(store)
    assert kept == rows >= 1
    store.db.conn.execute("PRAGMA max_page_count = 1000000")
    fill()
    assert counts(store)[0] == 500
    assert check(store) == "ok"


def _small_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.fault("41a", "Disk full in a crawl", "the next crawl has every page, once")
def test_a_crawl_on_a_full_disk_is_made_good_by_the_next(tmp_path: Path) -> None:
    with fault_server(ANSWERS, ROBOTS) as server:
        urls = [server.url(f"/article/{number}") for number in range(15)]
        crawl(tmp_path, urls[:1])
        # Pages written together take less space.
        room = (tmp_path / "shopwire.db").stat().st_size // 4
        crawl(tmp_path, urls, before=lambda: _small_files(room))
        with Store(tmp_path / "shopwire.db") as store:
            assert counts(store)[0] < 15
            # What has a row is tried again after ten minutes; an hour goes by.
            store.db.execute("UPDATE fetches SET at = '2026-01-01T00:00:00+00:00'")
            store.db.conn.commit()
        crawled = crawl(tmp_path, urls)
    with Store(tmp_path / "shopwire.db") as store:
        assert counts(store)[0] == 15
        assert check(store) == "ok"
    stored = [row["url"] for row in crawled.rows if row["outcome"] in ("stored", "copy")]
    assert sorted(stored) == sorted(set(stored))


@pytest.mark.fault("41b", "Read-only store", "an error that names the permissions")
def test_a_read_only_store_says_so(store: Store) -> None:
    store.db.conn.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError, match="readonly") as caught:
        keep_one(store, 1)
    assert "permissions" in suggest_remedy(caught.value)
    store.db.conn.execute("PRAGMA query_only = OFF")
    keep_one(store, 1)
    assert counts(store) == (1, 1)


@pytest.fixture
def torn(store: Store, tmp_path: Path) -> Path:
    """A copy of a store as a power cut leaves it: 30 articles, all of them in the WAL."""
    store.db.conn.execute("PRAGMA wal_autocheckpoint = 0")
    for number in range(30):
        keep_one(store, number)
    folder = tmp_path / "torn"
    folder.mkdir()
    for name in ("shopwire.db", "shopwire.db-wal"):
        (folder / name).write_bytes((tmp_path / name).read_bytes())
    return folder / "shopwire.db"


@pytest.mark.fault("42a", "Corrupted WAL", "whole articles up to the fault, integrity ok")
@pytest.mark.parametrize("seed", range(6))
def test_a_corrupted_wal_costs_its_end_alone(torn: Path, seed: int) -> None:
    wal = torn.with_name("shopwire.db-wal")
    data, dice = bytearray(wal.read_bytes()), random.Random(seed)
    at = dice.randrange(len(data) // 4, len(data))
    if seed % 2:
        del data[at:]
    else:
        data[at : at + 64] = dice.randbytes(64)
    wal.write_bytes(data)
    with Store(torn) as store:
        assert check(store) == "ok"
        articles, fetches = counts(store)
        assert articles == fetches <= 30
        numbers = store.rows("SELECT url FROM articles ORDER BY id")
        assert [row["url"] for row in numbers] == [
            f"https://blog.example/w/{number}" for number in range(articles)
        ]


@pytest.mark.fault("42b", "Damaged store file", "refused with advice, never a wrong answer")
def test_a_damaged_file_is_refused(store: Store, tmp_path: Path) -> None:
    keep_one(store, 1)
    store.close()
    path = tmp_path / "shopwire.db"
    data = bytearray(path.read_bytes())
    data[100:4096] = os.urandom(3996)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="restore a backup, or rebuild it from the archive"):
        Store(path)


@pytest.mark.fault("42c", "Older schema, every version", "migrated to the newest")
@pytest.mark.parametrize("step", STEP_NAMES[1:])
def test_a_store_of_any_earlier_version_is_migrated(tmp_path: Path, step: str) -> None:
    with Store(tmp_path / "new.db") as new:
        newest = [tuple(row) for row in new.rows(SCHEMA)]
    old = Database(tmp_path / "old.db")
    migrations.apply(old, stop_before=step)
    old.execute("INSERT INTO sources (name, title, home, language, first_crawled) VALUES ('a','','','','')")
    old.conn.commit()
    old.close()
    with Store(tmp_path / "old.db") as store:
        assert [tuple(row) for row in store.rows(SCHEMA)] == newest
        assert [row["name"] for row in store.rows("SELECT name FROM sources")] == ["a"]


@pytest.mark.fault("46d", "Damaged archive file", "that page is an error, the others are read")
def test_a_damaged_record_costs_one_page(tmp_path: Path) -> None:
    pages = [
        ArchivedPage(f"https://a.example/{n}", "a", FETCHED, "text/html", os.urandom(500)) for n in range(3)
    ]
    with ArchiveWriter(tmp_path, "a") as writer:
        places = [writer.write(page) for page in pages]
    path = tmp_path / "a.warc.gz"
    data = bytearray(path.read_bytes())
    middle = int(places[1].partition("#")[2])
    data[middle + 300 : middle + 340] = os.urandom(40)
    path.write_bytes(data)
    assert read_archived_page(tmp_path, places[0]) == pages[0]
    assert read_archived_page(tmp_path, places[2]) == pages[2]
    with pytest.raises(ArchiveError, match=r"a\.warc\.gz"):
        read_archived_page(tmp_path, places[1])


@pytest.mark.fault("46e", "SQL in every field", "kept as text")
def test_hostile_text_stays_text(store: Store) -> None:
    hostile = "'); DROP TABLE articles;-- \x00 \x1b[31m <script>alert(1)</script> {{7*7}} ../../etc"
    page = a_page(url=f"https://blog.example/{hostile}")
    article = an_article(url=page.url, title=hostile, text=hostile, author=hostile, tags=(hostile,))
    with store.writing():
        declare_source(store, "blog", hostile, hostile, "en")
    store_page(store, page, article, None)
    row = store.row("SELECT title, text, author, tags FROM articles")
    assert row is not None
    assert (row["title"], row["text"], row["author"]) == (hostile, hostile, hostile)
    assert json.loads(row["tags"]) == [hostile]
