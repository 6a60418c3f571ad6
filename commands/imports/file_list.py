"""Reads lists of WARC files, one name a line, such as `warc.paths.gz` of Common Crawl."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from shopwire.commands.imports.input_file import WARC_SUFFIXES, is_warc, open_input
from shopwire.storage.warc.stream import GZIP

# Bytes of the names in a list. A month of CC-NEWS has some 50 kB.
LARGEST_LIST = 64 * 1024 * 1024


def list_names(files: Sequence[Path]) -> Iterator[str]:
    """Yield the name of each WARC file: the absolute path of one that is given, and what lists name.

    Raises `click.UsageError` for a file that is neither a WARC file nor a list of such.
    """
    for file in files:
        if not file.is_file():
            raise click.UsageError(f"{file} is no file that can be read again")
        with open_input(file) as opened:
            if is_warc(opened, file.name):
                yield str(file.resolve())
                continue
        yield from read_list(file)


def read_list(file: Path) -> list[str]:
    """Return the names of WARC files in a text file, which may be gzip data. Raises `click.UsageError` for a
    file that has anything else."""
    try:
        with file.open("rb") as opened:
            is_packed = opened.read(len(GZIP)) == GZIP
        with gzip.open(file) if is_packed else file.open("rb") as opened:
            text = opened.read(LARGEST_LIST).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} is neither a WARC file nor a list of such: {error}") from error
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if not names or not all(name.lower().endswith(WARC_SUFFIXES) for name in names):
        raise click.UsageError(f"{file} is neither a WARC file nor a list of names of such")
    return names
