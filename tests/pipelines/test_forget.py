"""What is forgotten leaves the store as if it had never been in it, and does not come back."""

import json
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from shopwire.pipelines.forget import forget_source, forget_url
from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, find_body
from shopwire.storage.crawl_log.forgotten import delete_forgotten, is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.reextraction import find_last_place
from shopwire.storage.crawl_log.runs import begin_run, declare_source, finish_run
from shopwire.storage.database import Store
from shopwire.storage.maintenance.check import find_problems
from shopwire.storage.maintenance.erase import erase_pending
from tests.pipelines.prose import SALE, WAREHOUSE
from tests.support.makers import FETCHED, a_page, an_article

# A report, a copy of it with a changed sentence, an exact copy elsewhere, and another report.
ARTICLES = {
    "https://blog.example/1": ("blog", SALE),
    "https://mirror.example/1": ("mirror", SALE + "\nThis line was added by the mirror."),
    "https://other.example/1": ("other", SALE),
    "https://other.example/2": ("other", WAREHOUSE),
}
# Ids, times and hashes differ between two stores; `terms` counts, as the order of articles changes weights.
COMPARED = {
    "articles": "SELECT url, (SELECT url FROM articles AS c WHERE c.id = a.canonical_id) FROM articles AS a",
    "copies": "SELECT (SELECT url FROM articles WHERE id = article_id), "
    "(SELECT url FROM articles WHERE id = of_id), kind FROM copies",
    "stories": "SELECT articles, sources, title FROM stories",
    "terms": "SELECT term, articles FROM terms",
    "named": "SELECT (SELECT url FROM articles WHERE id = article_id), name FROM named",
    "mentions": "SELECT * FROM mentions",
    "fetches": "SELECT url, outcome, kind FROM fetches",
    "sources": "SELECT name FROM sources",
    "facet_counts": "SELECT field, within, articles FROM facet_counts WHERE field <> 'story'",
    "daily_counts": "SELECT * FROM daily_counts",
    "lines": "SELECT hash, site, clusters FROM lines WHERE clusters > 0",
    "runs": "SELECT source FROM runs",
}


def fill(store: Store, articles: dict[str, tuple[str, str]]) -> None:
    with store.writing():
        for name in dict.fromkeys(source for source, _ in articles.values()):
            declare_source(store, name, name, f"https://{name}.example/", "en")
    for url, (source, text) in articles.items():
        run = begin_run(store, source)
        name = f"2026-11/{source}-20261122T080000-{run}"
        with ArchiveWriter(store.path.parent / "archive", name) as writer:
            place = writer.write(ArchivedPage(url, source, FETCHED, "text/html", text.encode()))
        page = a_page(url, text.encode(), source=source, requested=url, archived_in=place)
        article = an_article(url, text, source=source, title=f"Title of {url}", published="2026-11-20")
        store_page(store, page, article, run)
        finish_run(store, run, 0, "finished")


def describe(store: Store) -> dict[str, list[Any]]:
    return {name: sorted(map(tuple, store.rows(sql)), key=str) for name, sql in COMPARED.items()}


def forget(store: Store, name: str) -> None:
    archive = store.path.parent / "archive"
    store.db.execute("PRAGMA secure_delete = ON")
    with store.writing():
        if name.startswith("https"):
            forget_url(store, name)
        else:
            forget_source(store, name, archive)
    erase_pending(store, archive)
    assert list(find_problems(store, archive)) == []


def build_store_without(folder: Path, name: str) -> dict[str, list[Any]]:
    folder.mkdir()
    with Store(folder / "shopwire.db") as store:
        fill(store, {url: one for url, one in ARTICLES.items() if name not in (url, one[0])})
        return describe(store)


@pytest.mark.fault("48d", "An article or a source that is taken down", "no trace of it, in no table")
@pytest.mark.parametrize("name", [*ARTICLES, "blog", "mirror", "other"])
def test_a_store_is_as_if_it_had_never_had_it(tmp_path: Path, name: str) -> None:
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, ARTICLES)
        forget(store, name)
        found = describe(store)
    expected = build_store_without(tmp_path / "without", name)
    # A run of a source that goes on is not deleted with one of its articles.
    if name.startswith("https"):
        for table in ("runs", "sources"):
            del found[table], expected[table]
    assert found == expected


@pytest.mark.fault("48a", "The bytes of what was taken down", "neither in the store nor in the archive")
def test_no_byte_of_it_is_left(tmp_path: Path) -> None:
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, {"https://blog.example/secret-1": ("blog", "Quillfeather spoke. " * 20), **ARTICLES})
        forget(store, "https://blog.example/secret-1")
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            assert b"quillfeather" not in data, path
            assert b"secret-1" not in data, path


def test_neither_the_body_nor_a_revisit_record_of_it_is_left(tmp_path: Path) -> None:
    url = "https://blog.example/1"
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, ARTICLES)
        with ArchiveWriter(tmp_path / "archive", "2026-11/blog-20261123T080000-9") as writer:
            raw = ArchivedPage(url, "blog", FETCHED, "text/html", SALE.encode())
            body = find_body(tmp_path / "archive", find_last_place(store, url), raw)
            assert body
            page = a_page(url, requested=url, archived_in=writer.write(raw, body), body_in=body.place)
        store_page(store, page, an_article(url, SALE), None)
        with store.writing():
            # The retention may have deleted the row of the first fetch.
            store.db.execute("UPDATE fetches SET archived_in = NULL WHERE archived_in = ?", [body.place])
            store.db.execute("UPDATE articles SET archived_in = '' WHERE archived_in = ?", [body.place])
        forget(store, url)
    for path in tmp_path.rglob("blog-*.warc.gz"):
        with path.open("rb") as file:
            assert [record.rec_type for record in ArchiveIterator(file)] == ["metadata"]


@pytest.mark.parametrize("name", ["https://blog.example/1", "blog"])
def test_it_does_not_come_back_until_it_is_allowed(tmp_path: Path, name: str) -> None:
    url = "https://blog.example/1"
    page = a_page(url, requested=url)
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, ARTICLES)
        forget(store, name)
        result = store_page(store, page, an_article(url, SALE), None)
        assert result.outcome == Outcome.FORGOTTEN
        assert store.rows("SELECT 1 FROM articles WHERE url = ?", url) == []
        assert store.rows("SELECT 1 FROM fetches WHERE url = ?", url) == []
        assert not is_forgotten(store, "https://other.example/1", "other")
        with store.writing():
            assert delete_forgotten(store, "url" if name == url else "source", name)
            declare_source(store, "blog", "Blog", "https://blog.example/", "en")
        assert store_page(store, page, an_article(url, SALE), None).outcome in (Outcome.STORED, Outcome.COPY)


@pytest.mark.fault("48e", "Another address of what was taken down", "not stored")
@pytest.mark.parametrize(
    "address", ["http://blog.example/1", "https://www.blog.example/1", "https://m.blog.example/1/"]
)
def test_it_does_not_come_back_at_another_address(tmp_path: Path, address: str) -> None:
    url = "https://blog.example/1"
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, ARTICLES)
        forget(store, url)
        page = a_page(address, requested=address)
        assert store_page(store, page, an_article(address, SALE), None).outcome == Outcome.FORGOTTEN
        for other in (
            "https://blog.example/10",
            "https://blog.example/1?page=2",
            "https://blog.example:81/1",
        ):
            assert not is_forgotten(store, other)
        with store.writing():
            assert delete_forgotten(store, "url", url)
        assert not is_forgotten(store, address)


def test_a_new_page_of_a_forgotten_site_is_refused_under_any_name(tmp_path: Path) -> None:
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, ARTICLES)
        forget(store, "blog")
        assert is_forgotten(store, "https://www.blog.example/new", "another name")


def test_a_manual_story_forgets_the_article_too(tmp_path: Path) -> None:
    with Store(tmp_path / "shopwire.db") as store:
        fill(store, ARTICLES)
        with store.writing():
            store.insert(
                "rulings",
                {"at": "", "ruling": "merge", "story_id": 1, "from_id": 2, "articles": json.dumps([1, 4])},
            )
        forget(store, "https://other.example/2")
        assert [row["articles"] for row in store.rows("SELECT articles FROM rulings")] == ["[1]"]
        forget(store, "https://blog.example/1")
        assert store.rows("SELECT 1 FROM rulings") == []
