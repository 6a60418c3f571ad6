"""Parts: what was extracted from the pages of one file, before anything is known of their sites.

A part is an SQLite file, renamed when it is whole. Its name holds the version of the extraction, so that new
rules make new parts.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final, NamedTuple

from shopwire.pipelines.analyze_article import Processed
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import EXTRACTOR
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import parse_outcome
from shopwire.storage.timestamps import format_time

TABLES: Final = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    url TEXT NOT NULL, -- canonical, after redirects
    seen TEXT NOT NULL, -- when the article was published, or else fetched, in UTC
    fetched TEXT NOT NULL,
    size INTEGER NOT NULL, -- bytes of the page
    article TEXT, -- its fields as a JSON object, NULL where the page has none
    outcome TEXT, -- why it has none
    reason TEXT
);
CREATE TABLE remarks (sentence TEXT NOT NULL, is_rejected INTEGER NOT NULL);
"""
# Rows written in one transaction.
BATCH: Final = 500


class PartRow(NamedTuple):
    """One page of a part: its time in the order of storing, its bytes, and its result."""

    url: str
    source: str
    seen: str
    fetched: str
    size: int
    result: Article | Refusal


def name_part(file: Path) -> str:
    """Return the name of the part of a file, another one once the file or the extraction has changed."""
    state = file.stat()
    version = EXTRACTOR.replace(" ", "-")
    return f"{file.name}-{state.st_size}-{state.st_mtime_ns}-{version}.part"


def write_part(
    path: Path, processed: Iterable[tuple[Page, Processed | None]], remarks: Iterable[tuple[str, bool]]
) -> None:
    """Write a part with the results of pages, and then sentences about the file, each with whether a record
    was rejected. It appears under its name when it is whole."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as connection:
        # A part that is not whole is made anew.
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(TABLES)
        for number, (page, one) in enumerate(processed):
            if one is not None:
                _insert(connection, build_row(page, one))
            if number % BATCH == 0:
                connection.commit()
        connection.executemany("INSERT INTO remarks VALUES (?, ?)", remarks)
        connection.commit()
    unfinished.replace(path)


def build_row(page: Page, processed: Processed) -> PartRow:
    """Return the row of a page with its result."""
    result, fetched = processed.result, format_time(page.fetched)
    seen = result.published or fetched if isinstance(result, Article) else fetched
    return PartRow(page.url, page.source, seen, fetched, len(page.body), result)


def _insert(connection: sqlite3.Connection, row: PartRow) -> None:
    result = row.result
    article, outcome, reason = None, None, None
    if isinstance(result, Article):
        article = json.dumps(asdict(result), ensure_ascii=False)
    else:
        outcome, reason = str(result.outcome), result.reason
    connection.execute(
        "INSERT INTO pages (source, url, seen, fetched, size, article, outcome, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [row.source, row.url, row.seen, row.fetched, row.size, article, outcome, reason],
    )


def read_row(connection: sqlite3.Connection, number: int) -> PartRow:
    """Return a row of a part by its id. Raises `LookupError` if there is none."""
    row = connection.execute(
        "SELECT url, source, seen, fetched, size, article, outcome, reason FROM pages WHERE id = ?", [number]
    ).fetchone()
    if row is None:
        raise LookupError(f"a part has no page {number}")
    url, source, seen, fetched, size, article, outcome, reason = row
    result = restore_article(article) if article else Refusal(url, parse_outcome(outcome), reason)
    return PartRow(url, source, seen, fetched, size, result)


def restore_article(written: str) -> Article:
    """Return the article of a JSON object that a part has."""
    values = json.loads(written)
    return Article(**{**values, "tags": tuple(values["tags"])})


def read_remarks(connection: sqlite3.Connection) -> Iterator[tuple[str, bool]]:
    """Yield the sentences about the file of a part."""
    for sentence, is_rejected in connection.execute("SELECT sentence, is_rejected FROM remarks"):
        yield sentence, bool(is_rejected)
