"""The paths of the store and the archive, and their folders."""

import os
from pathlib import Path

from shopwire.storage.errors import StoreError

HOME_VARIABLE = "SHOPWIRE_HOME"


def get_home() -> Path:
    """Return the folder of store and archive: `SHOPWIRE_HOME`, else the current folder."""
    return Path(os.environ.get(HOME_VARIABLE) or ".").expanduser()


def get_store_path() -> Path:
    """Return the path of the store."""
    return get_home() / "shopwire.db"


def find_store() -> Path:
    """Return the path of the store. Raises `StoreError` if it does not exist."""
    path = get_store_path()
    if not path.exists():
        raise StoreError(
            f"there is no store at {path.absolute()}; run `shopwire crawl` first, "
            "or point SHOPWIRE_HOME at the folder that has one"
        )
    if path.is_file() and not path.stat().st_size:
        raise StoreError(f"the store {path.absolute()} is empty; restore a backup, or run `shopwire crawl`")
    return path


def name_beside(store: Path, suffix: str) -> Path:
    """Return the path of what SQLite writes beside a store, such as `-wal`: where the file is, if `store` is
    a link to it."""
    file = store.resolve()
    return file.with_name(f"{file.name}{suffix}")


def get_archive_folder() -> Path:
    """Return the folder of the WARC files."""
    return get_home() / "archive"


def sync_folder(folder: Path) -> None:
    """Have the names of a folder's files on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
