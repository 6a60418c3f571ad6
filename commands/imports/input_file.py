"""Opens what is imported: a file, or standard input."""

import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import GzipFile
from pathlib import Path
from typing import BinaryIO, cast

import click
import rich.progress

from shopwire.storage.warc.records import PREFIX
from shopwire.storage.warc.stream import GZIP

STANDARD_INPUT = Path("-")
WARC_SUFFIXES = (".warc", ".warc.gz")


@contextmanager
def open_input(file: Path) -> Iterator[io.BufferedReader]:
    """Yield the content of a file, `-` for standard input; on a terminal with a progress bar.

    A pipe cannot be read twice and has no size, so nothing is counted ahead and no bar is shown for one.
    Raises `click.UsageError` if standard input is closed.
    """
    if file == STANDARD_INPUT:
        if sys.stdin is None:
            raise click.UsageError("standard input is closed; name a FILE")
        reader = _buffer(sys.stdin.buffer)
        yield reader
        # Otherwise standard input would be closed with it.
        reader.detach()
    elif not file.is_file():
        with file.open("rb") as pipe:
            yield pipe
    else:
        hidden = not sys.stderr.isatty()
        with rich.progress.open(file, "rb", description=file.name, disable=hidden) as tracked:
            yield _buffer(tracked)


def _buffer(stream: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def is_warc(reader: io.BufferedReader, name: str) -> bool:
    """Return whether this is a WARC file by its first bytes; where these are damaged, by its name."""
    text = _peek(reader).lstrip()
    if text.startswith((PREFIX, b"{")):
        return text.startswith(PREFIX)
    return name.lower().endswith(WARC_SUFFIXES)


def is_text(reader: io.BufferedReader) -> bool:
    """Return whether the first bytes can be those of a text in UTF-8."""
    return b"\0" not in _peek(reader)


def _peek(reader: io.BufferedReader) -> bytes:
    """Return the first bytes of a file, unpacked if they are gzip data; none if these are damaged."""
    head = reader.peek(1024)[:1024]
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 1024)
    except zlib.error:
        return b""


def list_lines(reader: io.BufferedReader, reject: Callable[[str], None]) -> Iterator[bytes]:
    """Yield the lines of a file that may be gzip data; call `reject` with a sentence where it is damaged."""
    if not reader.peek(len(GZIP)).startswith(GZIP):
        yield from reader
        return
    try:
        yield from GzipFile(fileobj=reader)
    except (OSError, EOFError, zlib.error) as error:
        reject(f"damaged gzip data: {error}; what follows is not imported")
