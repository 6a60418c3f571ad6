"""Copies the store while it is read and written."""

import sqlite3
from pathlib import Path

from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError


def write_backup(store: Store, path: Path) -> int:
    """Write the store as of now to one new file, without its write-ahead log. Return its articles.

    A copy of the file alone would lack what is still in the log. Writers go on meanwhile
    (https://sqlite.org/lang_vacuum.html#vacuuminto). Raises `StoreError` if the copy cannot be
    written, or is not sound, and `sqlite3.DatabaseError` if the store is damaged.
    """
    try:
        store.db.execute("VACUUM INTO ?", [str(path)])
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"cannot copy {store.path} to the folder {path.parent}: {error}; see that this folder can be "
            f"written, and has {store.path.stat().st_size / 1e6:,.1f} MB free"
        ) from error
    with Store(path, read_only=True) as copy:
        problems = [row[0] for row in copy.rows("PRAGMA quick_check")]
        if problems != ["ok"]:
            raise StoreError(f"the copy of {store.path} is damaged: {problems[0]}; check {path.parent}")
        row = copy.row("SELECT count(*) FROM articles")
        return int(row[0]) if row else 0
