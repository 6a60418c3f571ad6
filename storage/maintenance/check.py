"""Checks that the store and its archive are what was written."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from shopwire.storage.archive import ArchiveError, read_archived_page
from shopwire.storage.database import Store
from shopwire.storage.schema.checksum import COLUMNS as CHECKED
from shopwire.storage.schema.checksum import is_intact
from shopwire.storage.text.nouns import count_things

NO_PROBLEMS = "no problems"

Check = Callable[[Store], Iterator[str]]

# Of what SQLite finds, its own default, and in all.
MOST_OF_FILE, MOST_PROBLEMS = 100, 1000

# Each stored count next to the same count made again; a row is a name, the stored and the right number.
COUNTS = {
    "articles per day and language": """
        SELECT day || ' ' || language AS name, stored, counted FROM (
            SELECT day, language, sum(stored) AS stored, sum(counted) AS counted FROM (
                SELECT day, language, articles AS stored, 0 AS counted FROM daily_counts
                UNION ALL SELECT day, language, 0, count(*) FROM articles
                    WHERE canonical_id = id AND day IS NOT NULL GROUP BY 1, 2)
            GROUP BY 1, 2)
        WHERE stored <> counted
    """,
    "articles per language, source, platform and story": """
        WITH counted AS (SELECT language, source, platform, story_id FROM articles WHERE canonical_id = id),
        facets AS (
            SELECT 'language' AS field, language AS within, language AS value FROM counted
            UNION ALL SELECT 'source', language, source FROM counted
            UNION ALL SELECT 'platform', language, platform FROM counted
            UNION ALL SELECT 'story', language, CAST(story_id AS TEXT) FROM counted)
        SELECT field || ' ' || within || ' ' || value AS name, stored, counted FROM (
            SELECT field, within, value, sum(stored) AS stored, sum(counted) AS counted FROM (
                SELECT field, within, CAST(value AS TEXT) AS value, articles AS stored, 0 AS counted
                    FROM facet_counts
                UNION ALL SELECT field, within, value, 0, count(*) FROM facets
                    WHERE value IS NOT NULL GROUP BY 1, 2, 3
                UNION ALL SELECT field, '*', value, 0, count(*) FROM facets
                    WHERE value IS NOT NULL GROUP BY 1, 3)
            GROUP BY 1, 2, 3)
        WHERE stored <> counted
    """,
    "mentions per day": """
        SELECT day || ' ' || name AS name, stored, counted FROM (
            SELECT day, name, sum(stored) AS stored, sum(counted) AS counted FROM (
                SELECT day, name, articles AS stored, 0 AS counted FROM mentions
                UNION ALL SELECT day, name, 0, count(*) FROM named GROUP BY 1, 2)
            GROUP BY 1, 2)
        WHERE stored <> counted
    """,
    "articles per story": """
        SELECT id AS name, articles AS stored,
               (SELECT count(*) FROM articles WHERE story_id = stories.id) AS counted
        FROM stories WHERE stored <> counted
    """,
}
# References to articles that are not declared as foreign keys.
REFERENCES = (("fingerprints", "article"), ("facts", "article_id"))
NOT_INDEXED = "SELECT id FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize) ORDER BY id"
NOT_STORED = "SELECT id FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles) ORDER BY id"
PLACES = """
SELECT place, max(body_in) AS body_in FROM (
    SELECT archived_in AS place, '' AS body_in FROM articles WHERE archived_in <> ''
    UNION ALL SELECT archived_in, coalesce(body_in, '') FROM fetches WHERE archived_in IS NOT NULL)
GROUP BY place ORDER BY place
"""


def find_problems(
    store: Store, archive: Path, is_stopping: Callable[[], bool] = lambda: False
) -> Iterator[str]:
    """Yield a line for each problem of the store and of its archived pages; nothing is changed.

    Reads everything. Raises `sqlite3.OperationalError` if the store is locked or the check is interrupted.
    """
    checks: list[Check] = [*CHECKS, partial(_check_archive, archive=archive, is_stopping=is_stopping)]
    for check in checks:
        try:
            yield from check(store)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            yield f"file: {error}"


def list_problems(
    store: Store, archive: Path, is_stopping: Callable[[], bool] = lambda: False
) -> tuple[list[str], str]:
    """Return the first `MOST_PROBLEMS` problems, and how many there are in words, see `find_problems`."""
    found = list(islice(find_problems(store, archive, is_stopping), MOST_PROBLEMS))
    more = " or more" if len(found) == MOST_PROBLEMS else ""
    return found, f"{count_things(len(found), 'problem')}{more}" if found else NO_PROBLEMS


def _check_file(store: Store) -> Iterator[str]:
    """Yield what SQLite finds in the structure of the file (https://sqlite.org/pragma.html#pragma_integrity_check)."""
    for (line,) in store.rows(f"PRAGMA integrity_check({MOST_OF_FILE})"):
        if line != "ok":
            yield f"file: {line}"


def _check_references(store: Store) -> Iterator[str]:
    for table, row, parent, _ in store.rows("PRAGMA foreign_key_check"):
        yield f"references: row {row} of {table} refers to a row of {parent} that is missing"
    for table, column in REFERENCES:
        for (article,) in store.rows(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT id FROM articles)"
        ):
            yield f"references: {table} has article {article}, which is missing"


def _check_texts(store: Store) -> Iterator[str]:
    for row in store.db.execute(f"SELECT id, checksum, {', '.join(CHECKED)} FROM articles"):
        if not is_intact(dict(row)):
            yield f"text: article {row['id']} ({row['url']}) has changed since it was stored"


def _check_index(store: Store) -> Iterator[str]:
    for (article,) in store.rows(NOT_INDEXED):
        yield f"index: article {article} cannot be searched"
    for (article,) in store.rows(NOT_STORED):
        yield f"index: article {article} is in the full-text index only"
    yield from _check_index_structure(store.path)


def _check_index_structure(path: Path) -> Iterator[str]:
    """Yield what FTS5 finds in its index; that takes a connection that may write, but nothing is written
    (https://sqlite.org/fts5.html#the_integrity_check_command)."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    try:
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    except sqlite3.OperationalError:
        # The store is locked, or may not be written: the rows were compared all the same.
        return
    except sqlite3.DatabaseError as error:
        yield f"index: {error}"
    finally:
        connection.rollback()
        connection.close()


def _check_counts(store: Store) -> Iterator[str]:
    for counted, sql in COUNTS.items():
        for row in store.rows(sql):
            yield f"counts: {counted}: {row['name']} is {row['stored']}, but should be {row['counted']}"


def _check_erasures(store: Store) -> Iterator[str]:
    for (place,) in store.rows("SELECT place FROM erasures"):
        yield f"archive: {place} is still to be erased: run `shopwire prune`"


def _check_archive(store: Store, archive: Path, is_stopping: Callable[[], bool]) -> Iterator[str]:
    said = set()
    for place, body_in in store.db.execute(PLACES):
        if is_stopping():
            return
        try:
            page = read_archived_page(archive, place)
        except ArchiveError as error:
            if str(error) not in said:
                said.add(str(error))
                yield f"archive: {error}"
        else:
            if page.body_in != body_in:
                yield f"archive: the body of {place} is in {page.body_in!r}, but the store has {body_in!r}"


CHECKS: tuple[Check, ...] = (
    _check_file,
    _check_references,
    _check_texts,
    _check_index,
    _check_counts,
    _check_erasures,
)
