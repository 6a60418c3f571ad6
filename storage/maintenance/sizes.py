"""How much of the disk the store and its archive take."""

import shutil
from pathlib import Path

from shopwire.storage.paths import name_beside


def measure_sizes(store: Path, archive: Path) -> dict[str, int]:
    """Return the bytes of the store with its log, of the archive, and those that are free on the disk;
    of two disks, on the one with less."""
    disks = (store.resolve().parent, *([archive] if archive.exists() else []))
    return {
        "store": sum(_get_size(path) for path in (store, name_beside(store, "-wal"))),
        "archive": sum(_get_size(path) for path in archive.glob("**/*") if path.is_file()),
        "free": min(shutil.disk_usage(folder).free for folder in disks),
    }


def _get_size(path: Path) -> int:
    """Return the bytes of a file, 0 if it is gone by now."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
