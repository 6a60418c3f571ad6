"""Where the store and the archive lie."""

import os
from pathlib import Path

HOME_VARIABLE = "SHOPWIRE_HOME"


def home() -> Path:
    """The folder that holds everything: `SHOPWIRE_HOME`, else the current folder."""
    return Path(os.environ.get(HOME_VARIABLE) or ".").expanduser()


def store_path() -> Path:
    """The SQLite file."""
    return home() / "shopwire.db"


def archive_folder() -> Path:
    """The folder of WARC files."""
    return home() / "archive"
