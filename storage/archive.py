"""The archive of raw pages: WARC files (ISO 28500).

The place of a page is `folder/file.warc.gz#offset`. Each record is a gzip member of its own, so that a
killed crawl loses at most the record it was writing, and one page can be read without the others.
"""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Self

from isal import igzip
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from shopwire.storage.errors import StoreError
from shopwire.storage.paths import sync_folder
from shopwire.storage.warc.http_message import parse_response
from shopwire.storage.warc.records import Record, RecordError, read_records
from shopwire.storage.warc.web_page import check_digests, parse_date

SOURCE_HEADER = "WARC-Shopwire-Source"
# What the list of the source said about the page, as a JSON object: header lines are ASCII.
LISTED_HEADER = "WARC-Shopwire-Listed"

# ISA-L compresses a page in a fifth of the time of zlib's level 3, to 4 % more bytes. zlib's level 9, which
# warcio uses, takes fifteen times as long and saves a seventh.
LEVEL = 2
# Bytes. We archive no larger page.
LARGEST_RECORD = 64 * 1024 * 1024
# Bytes read at once.
BLOCK = 65536
# The time at which a file begins, as its name has it.
BEGUN_FORMAT = "%Y%m%dT%H%M%S"


class ArchiveError(Exception):
    """Raised if a place in the archive cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One raw page; `listed` is what the list of its source said about it."""

    url: str
    source: str
    fetched: datetime
    content_type: str
    body: bytes
    listed: Mapping[str, str] = field(default_factory=dict)


def name_archive_file(source: str, fetched: datetime, run: int) -> str:
    """Return the name of the file of a run, without its ending, by the time of its first page."""
    return f"{fetched:%Y-%m}/{source}-{fetched:{BEGUN_FORMAT}}-{run}"


class ArchiveWriter:
    """Appends pages to one file, which is created with the first page."""

    def __init__(self, folder: Path, name: str) -> None:
        """Prepare the file `name` (without suffix, such as `2026-11/ebrun-41`) in the archive `folder`.

        Raises `ArchiveError` for a name that leads out of the folder.
        """
        self.name = f"{name}.warc.gz"
        self.path = resolve_archive_path(folder, self.name)
        self._file: BinaryIO | None = None

    def write(self, page: ArchivedPage) -> str:
        """Append a page, have it on the disk, and return the place of the page."""
        return self.append(build_record(page))

    def append(self, record: bytes) -> str:
        """Append a finished record, have it on the disk, and return its place."""
        is_first = self._file is None
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("ab")
        offset = self._file.tell()
        self._file.write(record)
        self._file.flush()
        # Rows name the place, and a row may outlive a power cut.
        os.fsync(self._file.fileno())
        if is_first:
            # The name of a new file is in its folder, and that of a new folder in the one above.
            for folder in (self.path.parent, *self.path.parent.parents[: self.name.count("/")]):
                sync_folder(folder)
        return f"{self.name}#{offset}"

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def build_record(page: ArchivedPage) -> bytes:
    """Return the record of a page, a gzip member."""
    record = BytesIO()
    writer = WARCWriter(record, gzip=False)
    headers = StatusAndHeaders("200 OK", [("Content-Type", page.content_type)], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=headers,
            warc_headers_dict={
                "WARC-Date": page.fetched.strftime("%Y-%m-%dT%H:%M:%SZ"),
                SOURCE_HEADER: page.source,
                LISTED_HEADER: json.dumps(page.listed),
            },
        )
    )
    return bytes(igzip.compress(record.getvalue(), LEVEL, mtime=0))


def read_archived_page(folder: Path, place: str) -> ArchivedPage:
    """Return the page at a place that `ArchiveWriter.write` returned. Raises `ArchiveError`."""
    name, _, offset = place.partition("#")
    path = resolve_archive_path(folder, name)
    try:
        with path.open("rb") as file:
            file.seek(int(offset))
            return read_record(file)
    except RecordError as error:
        raise ArchiveError(f"{place}: cannot be read from {folder}: it is damaged: {error}") from error
    except (OSError, ValueError, OverflowError, RecursionError, StopIteration) as error:
        raise ArchiveError(f"{place}: cannot be read from {folder}: {error!r}") from error


def read_raw_record(folder: Path, place: str) -> bytes:
    """Return the record at a place as it is in the file, a gzip member. Raises `ArchiveError`."""
    name, _, offset = place.partition("#")
    unpacked, parts = zlib.decompressobj(zlib.MAX_WBITS | 16), []
    try:
        with resolve_archive_path(folder, name).open("rb") as file:
            file.seek(int(offset))
            while not unpacked.eof and (part := file.read(BLOCK)):
                parts.append(part)
                unpacked.decompress(part)
    except (OSError, ValueError, OverflowError, zlib.error) as error:
        raise ArchiveError(f"{place}: cannot be read from {folder}: {error!r}") from error
    raw = b"".join(parts)
    return raw[: len(raw) - len(unpacked.unused_data)]


def is_archived(folder: Path, place: str, page: ArchivedPage) -> bool:
    """Return whether the archive has this page at a place, as it was fetched at another time."""
    try:
        return replace(read_archived_page(folder, place), fetched=page.fetched) == page
    except ArchiveError:
        return False


def read_record(file: BinaryIO) -> ArchivedPage:
    """Return the page of the next record, which `ArchiveWriter` wrote.

    Raises `RecordError`, `StopIteration` or `ValueError` if it is damaged.
    """
    record = next(read_records(file, LARGEST_RECORD))
    if record.fault or record.is_cut:
        raise RecordError(record.fault or "it is too large")
    message = parse_response(record.block)
    check_digests(record, message.payload)
    return ArchivedPage(
        url=record.headers.get("warc-target-uri", ""),
        source=record.headers.get(SOURCE_HEADER.lower(), ""),
        fetched=parse_date(record.headers.get("warc-date", "")),
        content_type=message.headers.get("content-type", ""),
        body=message.payload,
        listed=read_listed(record),
    )


def read_listed(record: Record) -> dict[str, str]:
    """Return what the list of its source said about the page of a record; nothing if the record is not ours.

    Raises `RecordError` or `ValueError` if it is damaged.
    """
    listed = json.loads(record.headers.get(LISTED_HEADER.lower(), "{}"))
    if not isinstance(listed, dict) or not all(isinstance(value, str) for value in listed.values()):
        raise RecordError(f"its {LISTED_HEADER} is no object of strings")
    return listed


def prepare_archive(folder: Path) -> None:
    """Create the folder of the archive. Raises `StoreError` if it cannot be created or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreError(
            f"cannot write to the archive {folder}: {error.strerror}; "
            "check the permissions of the folder and the free space on its disk"
        ) from error


def resolve_archive_path(folder: Path, name: str) -> Path:
    """Return the path of a file of the archive. Raises `ArchiveError` if it is outside."""
    path = (folder / name.replace("\0", "")).resolve()
    if "\0" in name or not path.is_relative_to(folder.resolve()):
        raise ArchiveError(f"{name!r} points outside the archive {folder}")
    return path
