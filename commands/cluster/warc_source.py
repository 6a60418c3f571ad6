"""Where workers find a WARC file: in the folder that all machines share, or below an address."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from urllib.parse import quote

import click
from urllib3 import PoolManager, Retry
from urllib3.exceptions import HTTPError

from shopwire.commands.cluster.shared_folder import resolve_shared
from shopwire.pipelines.batch.parts import name_part, name_part_of
from shopwire.storage.cluster.wire import WireError
from shopwire.storage.configuration.load import load_configuration

# Answers that say "later".
LATER: Final = (429, 500, 502, 503, 504)
# How often a request is repeated, with a longer pause each time, and how often a download is tried.
REQUESTS: Final = 6
DOWNLOADS: Final = 3
# Seconds until a server must have answered, or sent more.
PATIENCE: Final = 60.0
BLOCK: Final = 2**20


def find_file(folder: Path, name: str) -> str:
    """Return the name of a WARC file as workers are told it: its path in the folder that all machines share.

    A name of a list is a path from there, or one below the address of the configuration. Raises
    `click.UsageError` if no worker could read the file.
    """
    origin = load_configuration().cluster.warc_origin
    relative = name.removeprefix(_end(origin)) if origin else name
    if "://" in relative:
        raise click.UsageError(f"{name} is not below the warc_origin {origin or '(none is set)'}")
    try:
        path = resolve_shared(folder, relative)
    except WireError as error:
        raise click.UsageError(f"{name} is not in {folder}, where the workers could read it") from error
    if not origin and not path.is_file():
        raise click.UsageError(f"{name} is not in {folder}, and no warc_origin is set to fetch it from")
    return str(path.relative_to(folder))


def choose_part_name(folder: Path, name: str) -> str:
    """Return the name of the part of a file that `find_file` has found."""
    path = folder / name
    return name_part(path) if path.is_file() else name_part_of(path.name, name)


@contextmanager
def open_file(folder: Path, name: object) -> Iterator[BinaryIO]:
    """Yield the content of a WARC file; one that is not in the folder is fetched first.

    Raises `WireError` for a name that leads out of the folder, `OSError` if it cannot be read.
    """
    path = resolve_shared(folder, name)
    origin = load_configuration().cluster.warc_origin
    if path.is_file() or not origin:
        with path.open("rb") as file:
            yield file
        return
    with TemporaryFile(prefix="shopwire-warc-") as file:
        download(_end(origin) + quote(str(path.relative_to(folder))), file)
        file.seek(0)
        yield file


def download(url: str, file: BinaryIO, pause: float = 2.0) -> None:
    """Write what is at a URL into a file. Raises `OSError` if it does not come whole.

    `pause` is how many seconds are waited before the second request; then each time twice as long.
    """
    retries = Retry(REQUESTS, backoff_factor=pause, status_forcelist=LATER)
    with PoolManager(retries=retries, timeout=PATIENCE) as pool:
        for left in reversed(range(DOWNLOADS)):
            file.seek(0)
            file.truncate()
            try:
                _download_once(pool, url, file)
            except HTTPError as error:
                if not left:
                    raise OSError(f"{url} cannot be fetched: {error}") from error
                time.sleep(pause)
            else:
                return


def _download_once(pool: PoolManager, url: str, file: BinaryIO) -> None:
    answer = pool.request("GET", url, preload_content=False)
    try:
        if answer.status != 200:
            raise OSError(f"{url} cannot be fetched: it answers {answer.status}")
        file.writelines(answer.stream(BLOCK, decode_content=False))
    finally:
        answer.release_conn()


def _end(origin: str) -> str:
    return origin.rstrip("/") + "/"
