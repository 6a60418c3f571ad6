"""Where the store and the archive lie."""

import os
from pathlib import Path


def home() -> Path:
    """The folder that holds everything: `SHOPWIRE_HOME`, else the current folder."""
    return Path(os.environ.get("SHOPWIRE_HOME") or ".").expanduser()


def store_path() -> Path:
    """The SQLite file."""
    return home() / "shopwire.db"


def archive_folder() -> Path:
    """The folder of WARC files."""
    return home() / "archive"
