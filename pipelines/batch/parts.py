"""Parts: what was extracted from the pages of one file, before anything is known of their sites.

A part is an SQLite file that appears when it is whole. Its name holds the version of the extraction, so that
new rules make new parts.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, NamedTuple
from uuid import uuid4

from shopwire.pipelines.article import COLUMNS, EXTRACTOR, Article, Processed, Refusal
from shopwire.pipelines.batch.read_pages import read_pages
from shopwire.pipelines.worker_pool import WorkerPool
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
FOLDER: Final = "parts"
UNFINISHED: Final = ".unfinished"


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


def name_part_of(stem: str, content: str) -> str:
    """Return the name of the part of what these words describe, such as a file on another machine."""
    known = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{stem}-{known}-{EXTRACTOR.replace(' ', '-')}.part"


def extract_file(
    file: BinaryIO,
    name: str,
    path: Path,
    workers: WorkerPool,
    is_wanted: Callable[[Page], bool] = lambda _: True,
) -> None:
    """Write the part of a WARC file of this name, with the results of the pages that are wanted."""
    remarks: list[tuple[str, bool]] = []
    pages = read_pages(
        file,
        reject=lambda sentence: remarks.append((f"{name}: {sentence}", True)),
        remark=lambda sentence: remarks.append((f"{name}: {sentence}", False)),
    )
    wanted = ((page, page if is_wanted(page) else None) for page in pages)
    write_part(path, workers.process_all(wanted), remarks)


def write_part(
    path: Path, processed: Iterable[tuple[Page, Processed | None]], remarks: Iterable[tuple[str, bool]]
) -> None:
    """Write a part with the results of pages, and then sentences about the file, each with whether a record
    was rejected. It appears under its name when it is whole."""
    with TemporaryDirectory(prefix="shopwire-part-") as folder:
        # SQLite writes to a local disk: the folder of the part may be one that several machines share.
        written = Path(folder) / "part"
        _write_tables(written, processed, remarks)
        copy_whole(written, path)


def copy_whole(written: Path, path: Path) -> None:
    """Copy a file to a path where it appears when it is whole."""
    # Another worker may write the same part at the same time.
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}{UNFINISHED}")
    try:
        shutil.copyfile(written, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def delete_part(path: Path) -> None:
    """Delete a part, and what was left by those who were killed while they copied it."""
    for left in path.parent.glob(f"{escape(path.name)}.*{UNFINISHED}"):
        left.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _write_tables(
    path: Path, processed: Iterable[tuple[Page, Processed | None]], remarks: Iterable[tuple[str, bool]]
) -> None:
    with closing(sqlite3.connect(path)) as connection:
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
    """Return the article of a JSON object that a part has. Raises `ValueError` if it is none: a worker on
    another machine may have written it."""
    values = json.loads(written)
    if not isinstance(values, dict) or values.keys() != COLUMNS.keys():
        raise ValueError("a part has an article with other fields")
    for name, column in COLUMNS.items():
        if not _fits(values[name], column.export_type, name):
            raise ValueError(f"a part has an article whose {name} is wrong")
    return Article(**{**values, "tags": tuple(values["tags"])})


def _fits(value: object, export_type: str, name: str) -> bool:
    if name == "text_hash" or export_type == "BIGINT":
        return (value is None and name != "text_hash") or (type(value) is int and 0 <= value < 2**63)
    if export_type == "VARCHAR[]":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def read_remarks(connection: sqlite3.Connection) -> Iterator[tuple[str, bool]]:
    """Yield the sentences about the file of a part."""
    for sentence, is_rejected in connection.execute("SELECT sentence, is_rejected FROM remarks"):
        yield sentence, bool(is_rejected)
