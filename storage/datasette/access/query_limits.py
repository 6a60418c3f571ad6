"""How much memory one query of a reader may take: Datasette itself limits time and rows only."""

import sqlite3
from typing import Any
from weakref import WeakKeyDictionary

# Bytes of one value, of the text of a query, of all values of a result, and of SQLite in this process.
LONGEST_VALUE, LONGEST_SQL, LARGEST_RESULT, LARGEST_HEAP = 8_000_000, 50_000, 32_000_000, 256_000_000
MOST_COLUMNS, DEEPEST_EXPRESSION = 500, 200
# KiB of pages that a connection keeps, of which there are four at most. In a store of a million articles the
# front page and a search read ten times as much as SQLite keeps by itself, 2,000.
PAGES_KEPT = 24_000
# Bytes of a pattern of LIKE and GLOB, which compare every place of a text with it and look at no time limit.
LONGEST_PATTERN = 500
TOO_LARGE = f"the result is larger than {LARGEST_RESULT:,} bytes: select fewer columns or rows"


def limit_connection(connection: sqlite3.Connection) -> None:
    """Set the limits of a connection (https://sqlite.org/security.html, 1.3 and 1.4)."""
    for limit, value in (
        (sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL),
        (sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, DEEPEST_EXPRESSION),
        (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN),
    ):
        connection.setlimit(limit, value)
    connection.execute(f"PRAGMA hard_heap_limit = {LARGEST_HEAP}")
    connection.execute(f"PRAGMA cache_size = -{PAGES_KEPT}")
    connection.row_factory = RowReader()


class RowReader:
    """A row factory that stops a query whose rows are too large together."""

    def __init__(self) -> None:
        self._sizes: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        """Return a row. Raises `sqlite3.OperationalError` if it is one too many."""
        size = self._sizes.get(cursor, 0) + sum(
            len(value) for value in values if isinstance(value, str | bytes)
        )
        self._sizes[cursor] = size
        if size > LARGEST_RESULT:
            raise sqlite3.OperationalError(TOO_LARGE)
        return sqlite3.Row(cursor, values)
