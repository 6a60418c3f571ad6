"""Copies the store while it is read and written."""

from pathlib import Path

from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError


def write_backup(store: Store, path: Path) -> int:
    """Write the store as of now to one new file, without its write-ahead log. Return its articles.

    A copy of the file alone would lack what is still in the log. Writers go on meanwhile
    (https://sqlite.org/lang_vacuum.html#vacuuminto). Raises `StoreError` if the copy is not sound, and
    `sqlite3.Error` if it cannot be written.
    """
    store.db.execute("VACUUM INTO ?", [str(path)])
    with Store(path, read_only=True) as copy:
        problems = [row[0] for row in copy.rows("PRAGMA quick_check")]
        if problems != ["ok"]:
            raise StoreError(f"the copy {path} of {store.path} is damaged: {problems[0]}; check the disk")
        row = copy.row("SELECT count(*) FROM articles")
        return int(row[0]) if row else 0
