"""What the retention deletes, and what later crawls need."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, find_body, read_archived_page
from shopwire.storage.configuration.options import Retention
from shopwire.storage.crawl_log.fetches import find_last_fetch, record_fetch
from shopwire.storage.crawl_log.reextraction import find_last_place
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
    folder = store.path.parent / "archive"
    with ArchiveWriter(folder, name) as writer:
        raw = ArchivedPage(url, "blog", at, page.content_type, page.body)
        body = find_body(folder, find_last_place(store, url), raw)
        page = replace(page, archived_in=writer.write(raw, body), body_in=body.place if body else "")
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
    assert prune_store(store, archive, Retention(archive_days=30), NOW)["archived file"] == 1
    erase_pending(store, archive)
    assert list_archive(archive) == ["blog-20261117T000000-1.warc.gz"]
    assert list(find_problems(store, archive)) == []
    places = [row["archived_in"] for row in store.rows("SELECT archived_in FROM articles ORDER BY id")]
    assert places == ["2026-11/blog-20261117T000000-1.warc.gz#0", ""]


@pytest.mark.fault("49b", "Less free on the disk than is to stay free", "the oldest archived pages go")
def test_the_oldest_archived_pages_go_where_space_is_short(
    store: Store, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 10**6 - 10})()
    monkeypatch.setattr(prune.shutil, "disk_usage", lambda _: usage)
    assert prune_store(store, archive, Retention(free_megabytes=1), NOW)["archived file"] == 1
    usage.free = 10**6
    assert prune_store(store, archive, Retention(free_megabytes=1), NOW)["archived file"] == 0


def test_old_rows_of_the_log_go_but_for_what_later_crawls_need(store: Store, archive: Path) -> None:
    last = find_last_fetch(store, "https://blog.example/2")
    prune_store(store, archive, Retention(archive_days=30), NOW)
    pruned = prune_store(store, archive, Retention(log_days=30, version_days=30), NOW)
    assert (pruned["version"], pruned["count"], pruned["log row"]) == (0, 2, 31)
    assert find_last_fetch(store, "https://blog.example/2") == last
    assert find_last_fetch(store, "https://blog.example/dead") is None
    rows = store.rows("SELECT outcome FROM fetches WHERE url = ? ORDER BY id", URL)
    assert [row["outcome"] for row in rows] == ["stored", "updated"]
    erase_pending(store, archive)
    assert list(find_problems(store, archive)) == []


def test_a_body_stays_while_a_page_that_was_archived_again_needs_it(store: Store) -> None:
    """The first of two unchanged fetches is older than the retention, then both are."""
    archive = store.path.parent / "archive"
    keep_page(store, OLD, "The same text.")
    keep_page(store, OLD + timedelta(hours=1), "Another text.", "https://blog.example/2")
    keep_page(store, NEW, "The same text.")
    for after, files in ((0, 2), (35, 0)):
        now = NOW + timedelta(days=after)
        prune_store(store, archive, Retention(archive_days=30), now)
        erase_pending(store, archive)
        assert len(list_archive(archive)) == files
        assert list(find_problems(store, archive)) == []
        last = find_last_place(store, URL)
        assert bool(last) is bool(files)
        if last:
            page = read_archived_page(archive, last)
            assert (page.body, page.fetched, bool(page.body_in)) == (b"The same text.", NEW, True)


def test_where_space_is_short_other_files_go_before_a_body_that_is_needed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = store.path.parent / "archive"
    keep_page(store, OLD, "The same text.")
    keep_page(store, OLD + timedelta(hours=1), "Another text.", "https://blog.example/2")
    keep_page(store, NOW - timedelta(hours=1), "The same text.")
    usage = type("Usage", (), {"free": 10**6 - 10})()
    monkeypatch.setattr(prune.shutil, "disk_usage", lambda _: usage)
    prune_store(store, archive, Retention(free_megabytes=1), NOW)
    erase_pending(store, archive)
    assert list_archive(archive) == ["blog-20261013T000000-1.warc.gz", "blog-20261121T230000-1.warc.gz"]
    assert list(find_problems(store, archive)) == []


def test_a_page_whose_body_was_pruned_meanwhile_has_no_place(store: Store, archive: Path) -> None:
    """A crawl archives a page, the retention reaches its body, and only then the page is stored."""
    places = {"archived_in": "new.warc.gz#0", "body_in": "old.warc.gz#0"}
    page = a_page(URL, b"text", fetched=NOW, requested=URL, **places)
    store_page(store, page, an_article(URL, "The second text of it."), None)
    row = store.rows("SELECT archived_in, body_in FROM fetches WHERE url = ? ORDER BY id", URL)[-1]
    assert tuple(row) == (None, None)
    assert list(find_problems(store, archive)) == []
