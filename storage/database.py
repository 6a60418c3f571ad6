"""The store: one SQLite file that several crawls, the daemon and Datasette share."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

from sqlite_utils import Database
from sqlite_utils.db import Table

from shopwire.storage.errors import StoreError
from shopwire.storage.kept_rows import KeptRows
from shopwire.storage.paths import name_beside
from shopwire.storage.schema.checksum import COLUMNS as CHECKED
from shopwire.storage.schema.checksum import compute_checksum
from shopwire.storage.schema.migrations import STEP_NAMES, migrations
from shopwire.storage.search.full_text import index_article, merge_index, unindex_article

# Copying or vacuuming a large store locks it for a minute, in which no page must be lost.
BUSY_SECONDS = 150.0
# Storing an article takes about seventy statements, many of them in several lengths; SQLite needs longer to
# compile one than to run it.
STATEMENTS = 512
# Bytes. While a reader stays at one state of the store, everything written goes into the log.
LARGEST_LOG = 32 * 1024 * 1024

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # After a power cut the last commits may be lost, but the file is intact; a killed process loses nothing.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32768",
    # An article changes about 200 pages, mostly the same as the last one: with rarer checkpoints they are
    # copied to the file less often. The log stays below 20 MB.
    "PRAGMA wal_autocheckpoint = 4000",
    # When the readers have left, the next commit cuts the log to this size; it would stay as it is.
    f"PRAGMA journal_size_limit = {LARGEST_LOG}",
)
# Time and day of a new article, as the trigger `articles_time_old` sets them in a changed one: writing an
# article and its ten indexes again takes as long as writing it.
SEEN = "coalesce(:published, :fetched)"
TIME = f"iif(length({SEEN}) > 10, coalesce(strftime('%Y-%m-%dT%H:%M:%S+00:00', {SEEN}), {SEEN}), {SEEN})"
DAY = f"substr({SEEN}, 1, 10)"
PRIMARY_CODE = 0xFF
"""Mask of the primary code in an extended result code (https://sqlite.org/rescode.html)."""
# Errors of a reader that cannot create the index of the write-ahead log, for want of permission or space.
CANNOT_CREATE = frozenset(
    (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
)
# The first object of a database that neither SQLite nor sqlite-utils has created for itself.
FIRST_OBJECT = """
SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'
    AND tbl_name <> '_sqlite_migrations' ORDER BY rowid LIMIT 1
"""


class Store:
    """Opens, migrates and writes one store; `is_new` says that opening it has made it.

    Put all writes that belong together into one `with store.writing():`; reads need nothing. Only one
    thread may use a store at a time.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        """Open `path`; create or migrate it if necessary, unless `read_only`.

        Raises `StoreError` if it cannot be used.
        """
        self.path = path
        try:
            self.is_new = not path.exists()
            connection = _connect_to_read(path) if read_only else _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the store {path}: {error}; check the folder") from error
        connection.row_factory = sqlite3.Row
        self.db = Database(connection)
        self.kept = KeptRows(connection)
        self._search_updates: list[Callable[[], None]] = []
        try:
            self._refuse_other_database()
            self._refuse_newer_store()
            if not read_only:
                for pragma in PRAGMAS:
                    connection.execute(pragma)
                self._migrate()
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(f"cannot use the store {path}: {error}; {suggest_remedy(error)}") from error
        except StoreError:
            connection.close()
            raise

    def _refuse_other_database(self) -> None:
        other = self.db.execute(FIRST_OBJECT).fetchone()
        if other and not migrations.applied(self.db):
            raise StoreError(
                f"{self.path} is a database of something else (there is {other[0]!r} in it); "
                "point SHOPWIRE_HOME at another folder"
            )

    def _refuse_newer_store(self) -> None:
        newer = [step.name for step in migrations.applied(self.db) if step.name not in STEP_NAMES]
        if newer:
            raise StoreError(
                f"the store {self.path} was made by a newer shopwire (it has {newer[0]!r}); "
                "upgrade shopwire, or point SHOPWIRE_HOME at another folder"
            )

    def is_outdated(self) -> bool:
        """Return whether the store was made by an older version and has not been migrated."""
        return bool(migrations.pending(self.db))

    def _migrate(self) -> None:
        if self.is_outdated():
            with self.writing():
                migrations.apply(self.db)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one transaction: commit at its end, roll back on an error. A nested block is
        part of the outer transaction.

        It is `BEGIN IMMEDIATE` because a deferred transaction ignores the busy timeout when it becomes a
        writer while another process writes. Raises `sqlite3.OperationalError` if another process holds
        the store for longer than `BUSY_SECONDS`.
        """
        connection = self.db.conn
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            self.kept.drop_outdated()
            yield
            for index in self._search_updates:
                index()
            # This fails if the disk is full: without the rollback no later transaction could begin.
            connection.commit()
        except BaseException:
            connection.rollback()
            self.kept.drop()
            raise
        finally:
            self._search_updates.clear()

    @contextmanager
    def without_waiting(self) -> Iterator[None]:
        """Let `writing` raise `sqlite3.OperationalError` at once if another process holds the store."""
        timeout = self.db.execute("PRAGMA busy_timeout").fetchone()[0]
        self.db.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self.db.execute(f"PRAGMA busy_timeout = {timeout}")

    def table(self, name: str) -> Table:
        """Return the sqlite-utils table of that name."""
        return cast("Table", self.db[name])

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        return cast("sqlite3.Row | None", self.db.execute(sql, values).fetchone())

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        return self.db.execute(sql, values).fetchall()

    def insert(self, table: str, columns: Mapping[str, Any]) -> int:
        """Add one row and return its id. (sqlite-utils would read the schema each time.)"""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        cursor = self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(columns.values()))
        return cast("int", cursor.lastrowid)

    def insert_article(self, columns: Mapping[str, Any]) -> int:
        """Add an article that is its own canonical one, and its search text; return its id. Call inside
        `writing()`."""
        row = self.db.execute("SELECT coalesce(max(id), 0) + 1 FROM articles").fetchone()
        article_id = cast("int", row[0])
        checksum = compute_checksum(*(columns.get(name) for name in CHECKED))
        values = {**columns, "id": article_id, "canonical_id": article_id, "checksum": checksum}
        marks = ", ".join(f":{name}" for name in values)
        self.db.execute(
            f"INSERT INTO articles ({', '.join(values)}, time, day) VALUES ({marks}, {TIME}, {DAY})", values
        )
        self._defer_search_update(index_article, article_id, columns["title"], columns["text"])
        return article_id

    def update_article(self, article_id: int, columns: Mapping[str, Any]) -> None:
        """Replace columns of an article, and update its search text. Call inside `writing()`.

        Raises `LookupError` for an unknown article.
        """
        old = self._load_checked(article_id)
        new = {name: columns.get(name, old[name]) for name in CHECKED}
        changed = {**columns, "checksum": compute_checksum(*new.values())}
        assignments = ", ".join(f"{name} = ?" for name in changed)
        self.db.execute(f"UPDATE articles SET {assignments} WHERE id = ?", [*changed.values(), article_id])
        if (new["title"], new["text"]) != (old["title"], old["text"]):
            self._defer_search_update(unindex_article, article_id, old["title"], old["text"])
            self._defer_search_update(index_article, article_id, new["title"], new["text"])

    def delete_article(self, article_id: int) -> None:
        """Delete an article, to which no other row refers any more, and its search text. Call inside
        `writing()`.

        Raises `LookupError` for an unknown article.
        """
        old = self._load_checked(article_id)
        self.db.execute("DELETE FROM articles WHERE id = ?", [article_id])
        self._defer_search_update(unindex_article, article_id, old["title"], old["text"])

    def merge_search_index(self) -> None:
        """Rewrite the full-text index without what was deleted, which otherwise stays in it for a while. Call
        inside `writing()`; this reads the whole index."""
        self._search_updates.append(partial(merge_index, self.db))

    def _load_checked(self, article_id: int) -> sqlite3.Row:
        row = self.row(f"SELECT {', '.join(CHECKED)} FROM articles WHERE id = ?", article_id)
        if row is None:
            raise LookupError(f"no article {article_id} in {self.path}")
        return row

    def _defer_search_update(
        self, change: Callable[[Database, int, str, str], None], article_id: int, title: str, text: str
    ) -> None:
        """Change the search text of an article just before the commit.

        The index holds additions in memory until another table changes, so it is fastest to make all
        changes of the index together.
        """
        self._search_updates.append(partial(change, self.db, article_id, title, text))

    def close(self) -> None:
        """Close the file. If its log is large, empty it, unless another process is using it."""
        self.db.close()
        log = name_beside(self.path, "-wal")
        # The last connection to close deletes the log; a large one has grown while others were reading.
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            with closing(sqlite3.connect(self.path, timeout=0)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def open_to_read(path: Path) -> Store:
    """Return the store at a path, opened for reading only; one of an older version is migrated first.

    Raises `StoreError` if it cannot be used.
    """
    store = Store(path, read_only=True)
    if store.is_outdated():
        store.close()
        Store(path).close()
        store = Store(path, read_only=True)
    return store


def build_reading_uri(path: Path) -> str:
    """Return the URI that opens a store for reading, also in a folder that cannot be written.

    Even a reader of a store in WAL mode creates a file next to it, unless another process has done so
    (https://sqlite.org/wal.html#read_only_databases). Where that is impossible and nothing is in the
    write-ahead log, nobody writes to the store, so it can be read as a file that never changes.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    if read_file_state(path)[-1]:
        return uri
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & PRIMARY_CODE in CANNOT_CREATE:
            return f"{uri}&immutable=1"
    return uri


def read_file_state(path: Path) -> tuple[int, int, int]:
    """Return time of change (ns) and size of a store's file, and the size of its write-ahead log: while
    they stay the same, nobody writes. Raises `FileNotFoundError` without a store."""
    file, log = path.stat(), name_beside(path, "-wal")
    try:
        return file.st_mtime_ns, file.st_size, log.stat().st_size
    except FileNotFoundError:
        return file.st_mtime_ns, file.st_size, 0


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False, cached_statements=STATEMENTS)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    uri = build_reading_uri(path)
    return sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False, cached_statements=STATEMENTS
    )


def suggest_remedy(error: sqlite3.Error) -> str:
    """Return what a person can do about an error of SQLite."""
    message = str(error)
    if "not a database" in message:
        return "move the file away, or point SHOPWIRE_HOME at another folder"
    if "malformed" in message:
        return "restore a backup, or rebuild it from the archive with `shopwire reextract`"
    if "locked" in message:
        return f"another process held it for {BUSY_SECONDS:.0f} s: see `shopwire status`, then try again"
    if "unable to open" in message:
        return (
            "check the permissions of the file and of its folder; on a read-only volume, copy it with its "
            "-wal file to another one"
        )
    if "readonly" in message:
        return "check the permissions of the file and of its folder"
    if "full" in message or "I/O" in message:
        return "free some space; nothing that was committed is lost"
    return "check the file and its folder"
