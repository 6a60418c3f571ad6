"""Where the store and the archive lie."""

import os
from pathlib import Path

from shopwire.storage.errors import StoreError

HOME_VARIABLE = "SHOPWIRE_HOME"


def home() -> Path:
    """The folder that holds everything: `SHOPWIRE_HOME`, else the current folder."""
    return Path(os.environ.get(HOME_VARIABLE) or ".").expanduser()


def store_path() -> Path:
    """The SQLite file."""
    return home() / "shopwire.db"


def existing_store() -> Path:
    """The SQLite file, for whoever wants to read it. Raises `StoreError` when there is none."""
    path = store_path()
    if not path.exists():
        raise StoreError(
            f"there is no store at {path.absolute()}; run `shopwire crawl` first, "
            "or point SHOPWIRE_HOME at the folder that has one"
        )
    return path


def archive_folder() -> Path:
    """The folder of WARC files."""
    return home() / "archive"
