"""Files that appear only when they are complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from shopwire.storage.paths import sync_folder


@contextmanager
def replace_when_complete(output: Path) -> Iterator[Path]:
    """Yield a temporary path, which replaces `output` if the block succeeds, and is deleted if it fails.

    Its content is on the disk before it replaces the file, so that a power cut leaves the old file or the
    new one. If `output` is a link, its target is replaced; a pipe or a device is written directly. Raises
    `OSError`.
    """
    if output.exists() and not output.is_file():
        yield output
        return
    output = Path(os.path.realpath(output))
    # Two exports at once must not write to one file, nor follow a link that somebody has prepared.
    number, name = mkstemp(prefix=".shopwire-", suffix=".partial", dir=output.parent)
    os.close(number)
    partial = Path(name)
    try:
        yield partial
        # Only now: some writers, such as DuckDB, put another file in its place.
        with partial.open("rb") as written:
            os.fchmod(written.fileno(), _get_mode(output))
            os.fsync(written.fileno())
        partial.replace(output)
        sync_folder(output.parent)
    finally:
        partial.unlink(missing_ok=True)


def _get_mode(output: Path) -> int:
    """Return the permissions of the file to replace, or those of a new file."""
    if output.exists():
        return output.stat().st_mode & 0o7777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
