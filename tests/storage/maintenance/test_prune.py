"""What the retention deletes, and what later crawls need."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter
from shopwire.storage.configuration.options import Retention
from shopwire.storage.crawl_log.fetches import find_last_fetch, record_fetch
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from shopwire.storage.maintenance import prune
from shopwire.storage.maintenance.check import find_problems
from shopwire.storage.maintenance.erase import erase_pending
from shopwire.storage.maintenance.prune import prune_store
from shopwire.storage.timestamps import format_time
from tests.support.makers import a_page, an_article

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OLD, NEW = NOW - timedelta(days=40), NOW - timedelta(days=5)
URL = "https://blog.example/1"


def keep_page(store: Store, at: datetime, text: str, url: str = URL) -> None:
    name = f"{at:%Y-%m}/blog-{at:%Y%m%dT%H%M%S}-1"
    page = a_page(url, text.encode(), fetched=at, requested=url)
    with ArchiveWriter(store.path.parent / "archive", name) as writer:
        place = writer.write(ArchivedPage(url, "blog", at, page.content_type, page.body))
    page = a_page(url, text.encode(), fetched=at, requested=url, archived_in=place)
    article = an_article(url, text, fetched=format_time(at), views=len(text))
    store_page(store, page, article, begin_run(store, "blog"))
    finish_run(store, 1, 0, "finished")


@pytest.fixture
def archive(store: Store) -> Path:
    """The archive of a store with one article fetched twice, and one of old times only."""
    keep_page(store, OLD, "The first text.")
    keep_page(store, NEW, "The second text of it.")
    keep_page(store, OLD, "Another one.", "https://blog.example/2")
    with store.writing():
        dead = {"source": "blog", "kind": "page", "url": "https://blog.example/dead", "reason": "no"}
        record_fetch(store, {**dead, "at": format_time(OLD), "outcome": "error"})
        for day in range(60):
            row = {"source": "blog", "kind": "feed", "url": "https://blog.example/feed", "reason": ""}
            at = format_time(NOW - timedelta(days=60 - day))
            record_fetch(store, {**row, "at": at, "outcome": "listed"})
    return store.path.parent / "archive"


def list_archive(archive: Path) -> list[str]:
    return sorted(path.name for path in archive.glob("*/*"))


def test_without_a_retention_nothing_is_deleted(store: Store, archive: Path) -> None:
    assert not any(prune_store(store, archive, Retention(), NOW).values())


def test_old_archived_pages_go_and_no_row_names_them(store: Store, archive: Path) -> None:
    assert prune_store(store, archive, Retention(archive_days=30), NOW)["archived files"] == 1
    erase_pending(store, archive)
    assert list_archive(archive) == ["blog-20261117T000000-1.warc.gz"]
    assert list(find_problems(store, archive)) == []
    places = [row["archived_in"] for row in store.rows("SELECT archived_in FROM articles ORDER BY id")]
    assert places == ["2026-11/blog-20261117T000000-1.warc.gz#0", ""]


def test_the_oldest_archived_pages_go_where_space_is_short(
    store: Store, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 10**6 - 10})()
    monkeypatch.setattr(prune.shutil, "disk_usage", lambda _: usage)
    assert prune_store(store, archive, Retention(free_megabytes=1), NOW)["archived files"] == 1
    usage.free = 10**6
    assert prune_store(store, archive, Retention(free_megabytes=1), NOW)["archived files"] == 0


def test_old_rows_of_the_log_go_but_for_what_later_crawls_need(store: Store, archive: Path) -> None:
    last = find_last_fetch(store, "https://blog.example/2")
    prune_store(store, archive, Retention(archive_days=30), NOW)
    pruned = prune_store(store, archive, Retention(log_days=30, version_days=30), NOW)
    assert (pruned["versions"], pruned["counts"], pruned["fetches"]) == (0, 2, 31)
    assert find_last_fetch(store, "https://blog.example/2") == last
    assert find_last_fetch(store, "https://blog.example/dead") is None
    rows = store.rows("SELECT outcome FROM fetches WHERE url = ? ORDER BY id", URL)
    assert [row["outcome"] for row in rows] == ["stored", "updated"]
    erase_pending(store, archive)
    assert list(find_problems(store, archive)) == []
