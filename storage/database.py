"""The store: one SQLite file that several crawls, the daemon and Datasette share."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

from sqlite_utils import Database
from sqlite_utils.db import Table

from shopwire.storage.errors import StoreError
from shopwire.storage.schema.migrations import migrations
from shopwire.storage.search.full_text import index_article, unindex_article

# Copying or vacuuming a large store locks it for a minute, which must cost nobody a page.
BUSY_SECONDS = 150.0
# An article takes some seventy statements, many of them in several lengths; SQLite needs longer to compile
# one than to run it.
STATEMENTS = 512

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # A power cut may cost a WAL store its last commits, never its integrity; a killed process nothing.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32768",
    # An article touches some 200 pages, many of them those of the last one: copied back to the file more
    # rarely, they are copied less often. The log stays below 20 MB.
    "PRAGMA wal_autocheckpoint = 4000",
)
# What neither SQLite nor sqlite-utils puts into a database for its own ends.
FIRST_NAME = """
SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'
    AND tbl_name <> '_sqlite_migrations' ORDER BY rowid LIMIT 1
"""


class Store:
    """Opens, migrates and writes one store.

    Use `with store.writing():` round everything that belongs together; reads need nothing. A store
    belongs to the thread that works with it, but may be handed from one thread to another.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`, creating or migrating it. Raises `StoreError` when that cannot be done."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                path,
                timeout=BUSY_SECONDS,
                check_same_thread=False,
                cached_statements=STATEMENTS,
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the store {path}: {error}; check the folder") from error
        connection.row_factory = sqlite3.Row
        self.db = Database(connection)
        self._search_texts: list[Callable[[], None]] = []
        try:
            self._refuse_strangers()
            for pragma in PRAGMAS:
                connection.execute(pragma)
            self._migrate()
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(f"cannot use the store {path}: {error}; {advice(error)}") from error
        except StoreError:
            connection.close()
            raise

    def _refuse_strangers(self) -> None:
        strange = self.db.execute(FIRST_NAME).fetchone()
        if strange and not migrations.applied(self.db):
            raise StoreError(
                f"{self.path} is a database of something else (there is {strange[0]!r} in it); "
                "point SHOPWIRE_HOME at another folder"
            )

    def _migrate(self) -> None:
        ours = {step.name for step in migrations.pending(Database(memory=True))}
        newer = [step.name for step in migrations.applied(self.db) if step.name not in ours]
        if newer:
            raise StoreError(
                f"the store {self.path} was made by a newer shopwire (it has {newer[0]!r}); "
                "upgrade shopwire, or point SHOPWIRE_HOME at another folder"
            )
        if migrations.pending(self.db):
            with self.writing():
                migrations.apply(self.db)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of what happens inside is kept, or none. Inside of another one it is a
        part of that, and kept or not with all of it.

        `BEGIN IMMEDIATE`, because a deferred transaction that turns writer beside another writer
        fails at once and ignores the busy timeout. Raises `sqlite3.OperationalError` when another
        process holds the store for longer than `BUSY_SECONDS`.
        """
        connection = self.db.conn
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            for index in self._search_texts:
                index()
            # A full disk is noticed here: without the rollback no later transaction could begin.
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            self._search_texts.clear()

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """In here `writing` waits for nobody, but raises `sqlite3.OperationalError` at once."""
        usual = self.db.execute("PRAGMA busy_timeout").fetchone()[0]
        self.db.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self.db.execute(f"PRAGMA busy_timeout = {usual}")

    def table(self, name: str) -> Table:
        """The sqlite-utils table of that name."""
        return cast("Table", self.db[name])

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        return cast("sqlite3.Row | None", self.db.execute(sql, values).fetchone())

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self.db.execute(sql, values).fetchall()

    def insert(self, table: str, columns: Mapping[str, Any]) -> int:
        """Add one row; gives its id. (sqlite-utils' own insert looks at the schema each time.)"""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        cursor = self.db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", list(columns.values())
        )
        return cast("int", cursor.lastrowid)

    def insert_article(self, columns: Mapping[str, Any]) -> int:
        """Add an article that is its own canonical one, and its search text; gives the new id. Call
        inside `writing()`."""
        article_id = self.insert("articles", columns)
        self.db.execute("UPDATE articles SET canonical_id = id WHERE id = ?", [article_id])
        self._at_the_end(index_article, article_id, columns["title"], columns["text"])
        return article_id

    def update_article(self, article_id: int, columns: Mapping[str, Any]) -> None:
        """Replace columns of an article, keeping its search text in step. Call inside `writing()`."""
        old = self.row("SELECT title, text FROM articles WHERE id = ?", article_id)
        if old is None:
            raise LookupError(f"no article {article_id} in {self.path}")
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self.db.execute(
            f"UPDATE articles SET {assignments} WHERE id = ?",
            [*columns.values(), article_id],
        )
        title, text = columns.get("title", old["title"]), columns.get("text", old["text"])
        if (title, text) != (old["title"], old["text"]):
            self._at_the_end(unindex_article, article_id, old["title"], old["text"])
            self._at_the_end(index_article, article_id, title, text)

    def _at_the_end(
        self,
        change: Callable[[Database, int, str, str], None],
        article_id: int,
        title: str,
        text: str,
    ) -> None:
        """Change the search text of an article before the transaction is committed.

        The index keeps what is added in memory and writes it down before the next change of another
        table, so the texts of one transaction are added together.
        """
        self._search_texts.append(partial(change, self.db, article_id, title, text))

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def advice(error: sqlite3.Error) -> str:
    """What a person can do about an error of SQLite's."""
    message = str(error)
    if "not a database" in message:
        return "move the file away, or point SHOPWIRE_HOME at another folder"
    if "malformed" in message:
        return "restore a backup, or rebuild it from the archive with `shopwire reextract`"
    if "locked" in message:
        return f"another process held it for {BUSY_SECONDS:.0f} s: see `shopwire status`, then try again"
    if "readonly" in message or "unable to open" in message:
        return "check the permissions of the file and of its folder"
    if "full" in message or "I/O" in message:
        return "free some space; nothing that was committed is lost"
    return "check the file and its folder"
