"""What a worker must know of a source: the rows of the store that a crawl reads, for a store of its own.

With these rows in a fresh store, a crawl asks for the pages for which it would ask beside the whole store.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from shopwire.storage.archive import ArchivedPage, ArchiveError, ArchiveWriter, read_archived_page
from shopwire.storage.cluster.wire import WireError
from shopwire.storage.crawl_log.conditional_requests import RATE_WINDOW
from shopwire.storage.crawl_log.outcomes import NEW, RETRIED, format_sql_list
from shopwire.storage.crawl_log.revisits import REVISITS_PER_CRAWL, find_pages_to_revisit
from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_time

# Characters of a text in these rows.
LONGEST_VALUE: Final = 100_000
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)

SOURCES = "SELECT name, title, home, language, first_crawled FROM sources WHERE name IN {names}"
LAST_RUN = """
SELECT id, source, started, finished, outcome, reason, known, pid FROM runs
WHERE source = :source AND finished IS NOT NULL ORDER BY id DESC LIMIT 1
"""
# Of each URL the last fetch; all fetches of one that is to be requested again, as they are counted; new
# articles of the weeks from which the rate of the source is estimated; all fetches of revisited articles.
FETCHES = f"""
SELECT source, kind, url, at, outcome, '' AS reason, status, modified,
       CASE WHEN article_id IN (SELECT value FROM json_each(:revisited)) THEN article_id END AS article_id
FROM fetches AS fetch
WHERE source IN {{names}} AND kind <> 'import' AND (
    id = (SELECT max(id) FROM fetches WHERE url = fetch.url AND (kind = 'page') = (fetch.kind = 'page'))
    OR (SELECT outcome FROM fetches WHERE url = fetch.url ORDER BY id DESC LIMIT 1)
        IN {format_sql_list(RETRIED)}
    OR (at > :recent AND outcome IN {format_sql_list(NEW)})
    OR article_id IN (SELECT value FROM json_each(:revisited)))
"""
# Addresses of articles that were never requested themselves, with the last fetch of the article.
ADDRESSES = """
SELECT fetch.source, fetch.kind, address.url, fetch.at, fetch.outcome, '', fetch.status,
       fetch.modified, NULL
FROM (SELECT id, url FROM articles WHERE source IN {names} UNION
      SELECT article_id, aliases.url FROM aliases JOIN articles ON articles.id = article_id
      WHERE source IN {names}) AS address
JOIN fetches AS fetch
    ON fetch.id = (SELECT max(id) FROM fetches WHERE article_id = address.id AND kind = 'page')
WHERE NOT EXISTS (SELECT 1 FROM fetches WHERE url = address.url AND kind = 'page')
"""
VALIDATORS = """
SELECT url, etag, last_modified, at, wrong FROM validators WHERE url IN
    (SELECT DISTINCT url FROM fetches WHERE source = :source AND kind <> 'page')
"""
LINES = "SELECT hash, site, clusters FROM lines WHERE site = :source AND clusters >= 4"
PARTS = """
SELECT site, part, becomes, same, different FROM address_parts
WHERE site IN (SELECT value FROM json_each(:sites))
"""
FORGOTTEN = "SELECT kind, hash, because, at FROM forgotten"
REVISITED = """
SELECT id, url, source, author, fetched, views, comments, likes, archived_in FROM articles
WHERE id IN (SELECT value FROM json_each(:revisited))
"""
# Columns of an article that must not be NULL, and of which a crawl reads nothing.
UNREAD: Final = (
    "title",
    "editor",
    "published_from",
    "language",
    "origin",
    "tags",
    "image",
    "text",
    "extractor",
)

# In the order in which they can be stored.
TABLES: Final[Mapping[str, str]] = {
    "sources": SOURCES,
    "runs": LAST_RUN,
    "articles": REVISITED,
    "fetches": f"{FETCHES} UNION ALL {ADDRESSES} ORDER BY at",
    "validators": VALIDATORS,
    "lines": LINES,
    "address_parts": PARTS,
    "forgotten": FORGOTTEN,
}
NAMES: Final = "(SELECT value FROM json_each(:names))"


def pack_source(store: Store, source: str, at: datetime, archive: Path) -> dict[str, Any]:
    """Return the rows that a crawl of a source reads at a time, by table, each table with its columns first;
    and what the lists said about the pages that are to be requested again."""
    visits = {visit.url: visit for visit in find_pages_to_revisit(store, source, at, REVISITS_PER_CRAWL)}
    revisited = store.rows(
        "SELECT DISTINCT article_id FROM fetches WHERE url IN (SELECT value FROM json_each(?)) "
        "AND article_id IS NOT NULL",
        json.dumps(list(visits)),
    )
    values = {
        "source": source,
        "names": json.dumps(_list_sources_of_site(store, source)),
        "recent": format_time(at - RATE_WINDOW),
        "revisited": json.dumps([row["article_id"] for row in revisited]),
    }
    packed: dict[str, Any] = {}
    for table, sql in TABLES.items():
        if table == "address_parts":
            values["sites"] = json.dumps(sorted({find_site(url) for url in _list_urls(packed["fetches"])}))
        cursor = store.db.execute(sql.format(names=NAMES), values)
        packed[table] = [[column[0] for column in cursor.description], *map(list, cursor.fetchall())]
    places = {place for *_, place in packed["articles"][1:]}
    return {"tables": packed, "listed": {place: _read_listed(archive, place) for place in places}}


def _list_sources_of_site(store: Store, source: str) -> list[str]:
    """Return the sources that share a site, as one may know pages of the other."""
    homes = {row["name"]: find_site(row["home"]) for row in store.rows("SELECT name, home FROM sources")}
    return [name for name, site in homes.items() if site == homes.get(source)]


def _list_urls(rows: list[list[Any]]) -> Iterator[str]:
    column = rows[0].index("url")
    return (row[column] for row in rows[1:])


def _read_listed(archive: Path, place: str) -> dict[str, str]:
    try:
        return dict(read_archived_page(archive, place).listed)
    except ArchiveError:
        # The page is requested all the same, as beside the archive.
        return {}


def unpack_source(store: Store, packed: object, archive: Path) -> None:
    """Store what `pack_source` returned in an empty store, with the records of which it tells in an archive.

    Raises `WireError` for what it cannot have returned.
    """
    if not isinstance(packed, dict) or packed.keys() != {"tables", "listed"}:
        raise WireError("briefing: not an object of tables and what lists said")
    tables, listed = packed["tables"], packed["listed"]
    if not isinstance(tables, dict) or tables.keys() != TABLES.keys() or not _is_listed(listed):
        raise WireError("briefing: other tables than those of a source")
    with ArchiveWriter(archive, "briefing") as writer:
        places = {place: writer.write(_make_stub(said)) for place, said in listed.items()}
    try:
        with store.writing():
            for table in TABLES:
                for row in _read_rows(store, table, tables[table]):
                    store.insert(table, _complete_article(row, places) if table == "articles" else row)
    except sqlite3.IntegrityError as error:
        raise WireError(f"briefing: {error}") from error


def _is_listed(listed: object) -> bool:
    return isinstance(listed, dict) and all(
        isinstance(said, dict) and all(isinstance(one, str) for one in said.values())
        for said in listed.values()
    )


def _make_stub(listed: Mapping[str, str]) -> ArchivedPage:
    """Return an empty page with what its list said."""
    return ArchivedPage("http://briefing.invalid/", "briefing", LONG_AGO, "text/plain", b"", listed)


def _read_rows(store: Store, table: str, rows: object) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table by column. Raises `WireError`."""
    known = {row["name"] for row in store.rows("SELECT name FROM pragma_table_info(?)", table)}
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise WireError(f"briefing: {table} is no list of rows")
    columns = rows[0]
    if not all(isinstance(name, str) and name in known for name in columns):
        raise WireError(f"briefing: {table} has other columns")
    for row in rows[1:]:
        if len(row) != len(columns) or not all(map(_is_value, row)):
            raise WireError(f"briefing: a row of {table} is not as long as its columns, or holds no values")
        yield dict(zip(columns, row, strict=True))


def _is_value(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE
    return value is None or isinstance(value, int | float)


def _complete_article(row: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """Return an article with values for what a crawl does not read, and its place in the archive of the
    worker."""
    place = places.get(row.get("archived_in", ""), "")
    return {
        **row,
        **dict.fromkeys(UNREAD, ""),
        "text_hash": 0,
        "canonical_id": row.get("id"),
        "archived_in": place,
    }
