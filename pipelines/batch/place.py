"""Places the articles of parts: learns the frames of all sites, then stores in the order of publication.

The order does not depend on the files, so neither do the duplicates and stories that are found.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from shopwire.pipelines.article import Article, Processed
from shopwire.pipelines.batch.frames import find_frames_by_site, select_learned
from shopwire.pipelines.batch.parts import PartRow, read_remarks, read_row
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.extraction.site_boilerplate import (
    load_line_counts,
    load_site_boilerplate,
    remove_boilerplate,
    save_boilerplate,
)
from shopwire.pipelines.store_article import StoreResult, store_imported_page
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.page import Page
from shopwire.storage.addresses.aliases import is_known
from shopwire.storage.database import Store
from shopwire.storage.writer import StoreWriter

# Parts that are open at once: a process may open some thousand files.
MOST_OPEN: Final = 200
IN_RANGE: Final = """
SELECT id, source, url, seen, fetched FROM (
    SELECT *, coalesce(date(seen), '0001-01-01') AS day FROM pages) WHERE day >= ? AND day < ?
"""
# An address that several files have is stored as it was fetched last.
IN_ORDER: Final = """
SELECT part, id FROM (
    SELECT part, id, url, seen, row_number() OVER (PARTITION BY url ORDER BY fetched DESC, part, id) AS newest
    FROM places)
WHERE newest = 1 ORDER BY julianday(seen), url
"""


class Parts:
    """The parts of one import, and the order of their pages."""

    def __init__(self, paths: Sequence[Path], since: str = "", until: str = "9999-12-32") -> None:
        """Open the parts, with their pages from one date up to another. Raises `sqlite3.Error` for one that
        cannot be read."""
        self._paths = paths
        # The one that was used last is the last one.
        self._opened: dict[int, sqlite3.Connection] = {}
        # A temporary database of SQLite, on the disk if it is large.
        self._index = sqlite3.connect("")
        try:
            self._fill_index(since, until)
        except sqlite3.Error:
            self._close()
            raise

    def _fill_index(self, since: str, until: str) -> None:
        self._index.execute("CREATE TABLE places (part, id, source, url, seen, fetched)")
        for number in range(len(self._paths)):
            self._index.executemany(
                f"INSERT INTO places VALUES ({number}, ?, ?, ?, ?, ?)",
                self._open(number).execute(IN_RANGE, [since, until]),
            )

    def _open(self, number: int) -> sqlite3.Connection:
        opened = self._opened.pop(number, None)
        if opened is None:
            if len(self._opened) == MOST_OPEN:
                self._opened.pop(next(iter(self._opened))).close()
            opened = sqlite3.connect(f"{self._paths[number].absolute().as_uri()}?immutable=1", uri=True)
        self._opened[number] = opened
        return opened

    def count(self) -> int:
        """Return how many pages there are, each address once."""
        return int(self._index.execute("SELECT count(DISTINCT url) FROM places").fetchone()[0])

    def list_months(self) -> list[str]:
        """Return the months in which there are pages, in UTC and such as `2026-11`."""
        months = "SELECT DISTINCT substr(coalesce(date(seen), '0001-01-01'), 1, 7) FROM places ORDER BY 1"
        return [month for (month,) in self._index.execute(months)]

    def list_remarks(self) -> Iterator[tuple[str, bool]]:
        """Yield what was to be said of the files, and whether a record was rejected."""
        for number in range(len(self._paths)):
            yield from read_remarks(self._open(number))

    def read_by_site(self) -> Iterator[PartRow]:
        """Yield each page, by site and then in the order of publication."""
        rows = self._index.execute(
            "SELECT part, id FROM places ORDER BY source, julianday(seen), url, fetched"
        )
        for part, number in rows:
            yield read_row(self._open(part), number)

    def read_in_order(self, every: int = 1) -> Iterator[PartRow]:
        """Yield each page once, or one in so many, in the order of publication."""
        for part, number in islice(self._index.execute(IN_ORDER), 0, None, every):
            yield read_row(self._open(part), number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        with ExitStack() as stack:
            for connection in (self._index, *self._opened.values()):
                stack.callback(connection.close)


def learn_frames(store: Store, parts: Parts) -> int:
    """Store which lines are boilerplate of their site, counted over all parts and what was stored before;
    return their number."""
    learned = 0
    # What is stored was counted when it was stored.
    texts = (
        (row.source, row.result.text)
        for row in parts.read_by_site()
        if isinstance(row.result, Article) and not is_known(store, row.url)
    )
    for site, frames in find_frames_by_site(texts):
        lines = select_learned(frames, load_line_counts(store, site))
        with store.writing():
            save_boilerplate(store, site, lines)
        learned += len(lines)
    return learned


def place_parts(store: Store, parts: Parts, workers: WorkerPool) -> Iterator[StoreResult]:
    """Yield the result of each page once it is stored, after `learn_frames`.

    Pages that are stored already are skipped, so an interrupted call can be repeated.
    """
    with closing(StoreWriter(store.path)) as writer:
        analyzed = workers.analyze_all(_clean_new(store, parts))
        yield from writer.write_all(
            partial(_place, row=row, is_new=is_new, analyzed=one) for (row, is_new), one in analyzed
        )


def _clean_new(store: Store, parts: Parts) -> Iterator[tuple[tuple[PartRow, bool], Article | None]]:
    """Yield each page without the boilerplate of its site and whether it is new, with its article."""
    for row in parts.read_in_order():
        is_new = not is_known(store, row.url)
        result = row.result
        if is_new and isinstance(result, Article):
            result = clean_article(store, result)
        article = result if is_new and isinstance(result, Article) else None
        yield (row._replace(result=result), is_new), article


def clean_article(store: Store, article: Article) -> Article:
    """Return an article without known boilerplate of its site, which stored articles lost as well."""
    boilerplate = load_site_boilerplate(store, article.source)
    text, markdown = remove_boilerplate(article.text, article.markdown, boilerplate)
    if text == article.text:
        return article
    return replace(article, text=text, text_hash=hash_text(text), markdown=markdown)


def _place(store: Store, row: PartRow, is_new: bool, analyzed: Processed | None) -> StoreResult:
    page = Page(row.url, row.source, b"", datetime.fromisoformat(row.fetched))
    result, analysis = (analyzed.result, analyzed.analysis) if analyzed else (row.result, None)
    return store_imported_page(store, page, result if is_new else None, analysis, row.size)
