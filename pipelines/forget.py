"""Takes down an article or a whole source, so that nothing of it is left and nothing brings it back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shopwire.pipelines.deduplication.deduplicate import withdraw_article
from shopwire.pipelines.deduplication.fingerprint_index import delete_keys
from shopwire.pipelines.stories.assign_story import (
    assign_story,
    delete_from_story,
    hand_over_profile,
    leave_story,
)
from shopwire.storage.crawl_log.forgotten import add_forgotten, delete_fetches
from shopwire.storage.database import Store
from shopwire.storage.maintenance.erase import add_erasures
from shopwire.storage.text.site import find_site

# Tables whose rows belong to one article each.
ARTICLE_TABLES = ("aliases", "named", "figures", "counts", "versions", "watch_deliveries")
# Tables whose rows belong to one source each, in the order of their deletion, with its column.
SOURCE_TABLES = (
    ("runs", "source"),
    ("events", "source"),
    ("health", "source"),
    ("schedule", "source"),
    ("lines", "site"),
    ("sources", "name"),
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many articles and rows of the crawl log were deleted."""

    articles: int
    fetches: int


def forget_url(store: Store, url: str) -> Forgotten:
    """Delete the article at a canonical URL, or that was requested by it, with all that belongs to it.

    The archived pages are only marked: call `erase_pending` afterwards. Call inside `store.writing()`.
    """
    articles = [
        row["id"]
        for row in store.rows(
            "SELECT id FROM articles WHERE url = ?1 UNION SELECT article_id FROM aliases WHERE url = ?1 "
            "UNION SELECT article_id FROM fetches WHERE url = ?1 AND article_id IS NOT NULL",
            url,
        )
    ]
    marks = ", ".join("?" * len(articles))
    of_article = f"url = ? OR article_id IN ({marks})"
    urls = {url, *_select(store, f"SELECT url FROM fetches WHERE {of_article}", url, *articles)}
    for table, column in (("articles", "id"), ("aliases", "article_id")):
        urls |= set(_select(store, f"SELECT url FROM {table} WHERE {column} IN ({marks})", *articles))
    return _forget(store, articles, sorted(urls), url)


def forget_source(store: Store, source: str, archive: Path) -> Forgotten:
    """Delete a source with all its articles and its crawl log.

    Pages of its site do not come back under another name either, unless another source has the same site or
    it was only imported. As `forget_url` in all else.
    """
    articles = [row["id"] for row in store.rows("SELECT id FROM articles WHERE source = ?", source)]
    urls = _select(
        store,
        "SELECT url FROM articles WHERE source = ?1 UNION SELECT url FROM fetches WHERE source = ?1 "
        "UNION SELECT aliases.url FROM aliases JOIN articles ON id = article_id WHERE source = ?1",
        source,
    )
    if site := _find_own_site(store, source):
        add_forgotten(store, "site", [site], source)
    add_erasures(store, _list_own_files(archive, source))
    add_forgotten(store, "source", [source], source)
    found = _forget(store, articles, urls, source)
    rest = delete_fetches(store, "source = ?", source)
    for table, column in SOURCE_TABLES:
        store.db.execute(f"DELETE FROM {table} WHERE {column} = ?", [source])
    return Forgotten(found.articles, found.fetches + rest)


def _forget(store: Store, articles: list[int], urls: list[str], name: str) -> Forgotten:
    """Delete articles and all rows of these URLs, and store that they must not come back because of the
    name."""
    before = _count_fetches(store)
    places = []
    for url in urls:
        places += _list_places(store, "url", url)
    for article in articles:
        places += _select(
            store, "SELECT archived_in FROM articles WHERE id = ? AND archived_in <> ''", article
        )
        places += _list_places(store, "article_id", article)
    add_erasures(store, places)
    add_forgotten(store, "url", urls, name)
    delete_articles(store, articles)
    for url in urls:
        delete_fetches(store, "url = ?", url)
        store.db.execute("DELETE FROM validators WHERE url = ?", [url])
    if articles:
        store.merge_search_index()
    return Forgotten(len(articles), before - _count_fetches(store))


def _list_places(store: Store, column: str, value: object) -> list[str]:
    """Return the places of the archived pages of some fetches, and those of their bodies."""
    places = "SELECT {0} FROM fetches WHERE {1} = ?1 AND {0} <> ''"
    sql = " UNION ".join(places.format(place, column) for place in ("archived_in", "body_in"))
    return _select(store, sql, value)


def _find_own_site(store: Store, source: str) -> str:
    """Return the site of a source that was crawled and shares it with no other; otherwise an empty string."""
    if store.row("SELECT 1 FROM runs WHERE source = ? LIMIT 1", source) is None:
        return ""
    sites = {row["name"]: find_site(row["home"]) for row in store.rows("SELECT name, home FROM sources")}
    own = sites.pop(source, "")
    return "" if own in sites.values() else own


def _list_own_files(archive: Path, source: str) -> list[str]:
    """Return the names of the archived files that hold pages of one source only."""
    own = re.compile(rf"{re.escape(source)}-\d{{8}}T\d{{6}}-\d+\.warc\.gz")
    return [
        str(path.relative_to(archive)) for path in archive.glob("**/*.warc.gz") if own.fullmatch(path.name)
    ]


def _count_fetches(store: Store) -> int:
    row = store.row("SELECT count(*) FROM fetches")
    return int(row[0]) if row else 0


def _select(store: Store, sql: str, *values: object) -> list[str]:
    return [row[0] for row in store.rows(sql, *values)]


def delete_articles(store: Store, articles: Sequence[int]) -> None:
    """Delete articles; their duplicates and the stories they were in stay as they would be without them.

    Call inside `store.writing()`. Raises `LookupError` for an unknown article.
    """
    delete_keys(store, articles)
    for article in articles:
        _delete_article(store, article)


def _delete_article(store: Store, article: int) -> None:
    found = withdraw_article(store, article)
    heir = found.canonical if found.canonical != article else None
    if heir is not None:
        hand_over_profile(store, heir, article)
    for other, former_member in found.reevaluated:
        if former_member is not None:
            leave_story(store, other, former_member)
    delete_from_story(store, article, heir)
    for other, _ in found.reevaluated:
        assign_story(store, other)
    for table in ARTICLE_TABLES:
        store.db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article])
    delete_fetches(store, "article_id = ?", article)
    store.delete_article(article)
