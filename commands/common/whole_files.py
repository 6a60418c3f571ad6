"""Files that appear only when they are complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

import click

from shopwire.spiders.user_sources.source_file import FILE_NAME
from shopwire.storage.configuration.load import FILE
from shopwire.storage.paths import get_archive_folder, get_home, get_store_path, name_beside, sync_folder

# What SQLite writes beside a database (https://sqlite.org/tempfiles.html).
OWN_SUFFIXES = ("-wal", "-shm", "-journal")
OWN_NAMES = (FILE, FILE_NAME)


@contextmanager
def replace_when_complete(output: Path) -> Iterator[Path]:
    """Yield a temporary path, which replaces `output` if the block succeeds, and is deleted if it fails.

    Its content is on the disk before it replaces the file, so that a power cut leaves the old file or the
    new one. If `output` is a link, its target is replaced; a pipe or a device is written directly. Raises
    `OSError`, and `click.UsageError` for a file of the store itself.
    """
    if output.exists() and not output.is_file():
        yield output
        return
    output = Path(os.path.realpath(output))
    _refuse_own_file(output)
    # Two exports at once must not write to one file, nor follow a link that somebody has prepared.
    try:
        number, name = mkstemp(prefix=".shopwire-", suffix=".partial", dir=output.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(output)) from error
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
        for suffix in ("", *OWN_SUFFIXES):
            # A database that could not be written to its end has other files beside it.
            name_beside(partial, suffix).unlink(missing_ok=True)


def _refuse_own_file(output: Path) -> None:
    """Raise `click.UsageError` for a file that the store consists of, or that configures it."""
    store = get_store_path()
    own = [store, *(name_beside(store, suffix) for suffix in OWN_SUFFIXES)]
    own += [get_home() / name for name in OWN_NAMES]
    is_own = any(
        output == path.resolve() or (output.exists() and path.exists() and output.samefile(path))
        for path in own
    )
    if is_own or output.is_relative_to(get_archive_folder().resolve()):
        raise click.UsageError(f"{output} is a file of the store itself; choose another FILE")


def _get_mode(output: Path) -> int:
    """Return the permissions of the file to replace, or those of a new file."""
    if output.exists():
        return output.stat().st_mode & 0o7777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
