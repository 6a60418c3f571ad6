"""How much of the disk the store and its archive take."""

import shutil
from pathlib import Path


def measure_sizes(store: Path, archive: Path) -> dict[str, int]:
    """Return the bytes of the store with its log, of the archive, and those that are free on the disk."""
    files = (store, store.with_name(f"{store.name}-wal"))
    return {
        "store": sum(_get_size(path) for path in files),
        "archive": sum(_get_size(path) for path in archive.glob("**/*") if path.is_file()),
        "free": shutil.disk_usage(store.parent).free,
    }


def _get_size(path: Path) -> int:
    """Return the bytes of a file, 0 if it is gone by now."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
