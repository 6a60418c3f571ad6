"""The archive of raw pages: WARC files (ISO 28500).

The place of a page is `folder/file.warc.gz#offset`. Each record is a gzip member of its own, so that a
killed crawl loses at most the record it was writing, and one page can be read without the others. A page
whose body was archived before is a revisit record (WARC 1.1, 6.7), which names the place of that body.
"""

import json
import os
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
from shopwire.storage.warc.digests import agrees, compute_digest
from shopwire.storage.warc.http_message import parse_response
from shopwire.storage.warc.records import Record, RecordError, read_records
from shopwire.storage.warc.web_page import check_digests, parse_date

SOURCE_HEADER = "WARC-Shopwire-Source"
# What the list of the source said about the page, as a JSON object: header lines are ASCII.
LISTED_HEADER = "WARC-Shopwire-Listed"
# The place of the record that holds the body of a revisit record; the headers of WARC name its time and URL.
BODY_HEADER = "WARC-Shopwire-Body"

# ISA-L compresses a page in a fifth of the time of zlib's level 3, to 4 % more bytes. zlib's level 9, which
# warcio uses, takes fifteen times as long and saves a seventh.
LEVEL = 2
# Bytes. We archive no larger page.
LARGEST_RECORD = 64 * 1024 * 1024
# The time at which a file begins, as its name has it.
BEGUN_FORMAT = "%Y%m%dT%H%M%S"


class ArchiveError(Exception):
    """Raised if a place in the archive cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One raw page; `listed` is what the list of its source said about it, `body_in` the place of its body if
    that is in another record."""

    url: str
    source: str
    fetched: datetime
    content_type: str
    body: bytes
    listed: Mapping[str, str] = field(default_factory=dict)
    body_in: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedBody:
    """A body in the archive: the place of its record, and when that was fetched."""

    place: str
    fetched: datetime


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

    def write(self, page: ArchivedPage, body: ArchivedBody | None = None) -> str:
        """Append a page, without its body if that is archived; have it on the disk, and return its place."""
        return self._append(build_record(page, body))

    def _append(self, record: bytes) -> str:
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


def build_record(page: ArchivedPage, body: ArchivedBody | None = None) -> bytes:
    """Return the record of a page, a gzip member; a revisit record if its body is in the archive."""
    record = BytesIO()
    writer = WARCWriter(record, gzip=False, warc_version="1.1")
    headers = StatusAndHeaders("200 OK", [("Content-Type", page.content_type)], protocol="HTTP/1.1")
    ours = {
        "WARC-Date": _format_date(page.fetched),
        SOURCE_HEADER: page.source,
        LISTED_HEADER: json.dumps(page.listed),
    }
    if body:
        made = writer.create_revisit_record(
            page.url,
            compute_digest(page.body),
            refers_to_uri=page.url,
            refers_to_date=_format_date(body.fetched),
            http_headers=headers,
            warc_headers_dict={**ours, BODY_HEADER: body.place},
        )
    else:
        payload = BytesIO(page.body)
        made = writer.create_warc_record(
            page.url, "response", payload, len(page.body), http_headers=headers, warc_headers_dict=ours
        )
    writer.write_record(made)
    return bytes(igzip.compress(record.getvalue(), LEVEL, mtime=0))


def _format_date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_archived_page(folder: Path, place: str) -> ArchivedPage:
    """Return the page at a place that `ArchiveWriter.write` returned, with its body, wherever that is.

    Raises `ArchiveError`.
    """
    record, page = _read_place(folder, place)
    if not page.body_in:
        return page
    _, original = _read_place(folder, page.body_in)
    if original.body_in or not agrees(record.headers.get("warc-payload-digest", ""), [original.body]):
        raise ArchiveError(f"{place}: cannot be read from {folder}: {page.body_in} is not its body")
    return replace(page, body=original.body)


def _read_place(folder: Path, place: str) -> tuple[Record, ArchivedPage]:
    name, _, offset = place.partition("#")
    path = resolve_archive_path(folder, name)
    try:
        with path.open("rb") as file:
            file.seek(int(offset))
            record = next(read_records(file, LARGEST_RECORD))
            return record, _read_page(record)
    except RecordError as error:
        raise ArchiveError(f"{place}: cannot be read from {folder}: it is damaged: {error}") from error
    except FileNotFoundError as error:
        # The same for all pages of the file, so that it need not be said for each.
        raise ArchiveError(f"{name}: no such file in {folder}, so none of its pages can be read") from error
    except (OSError, ValueError, OverflowError, RecursionError, StopIteration) as error:
        raise ArchiveError(f"{place}: cannot be read from {folder}: {error!r}") from error


def find_body(folder: Path, place: str, page: ArchivedPage) -> ArchivedBody | None:
    """Return where the body of a page is, if the page at a place, "" for none, is an earlier one of the same
    source and URL with this body; None if it is another or cannot be read."""
    if not place:
        return None
    try:
        last = read_archived_page(folder, place)
        if (last.url, last.source, last.body) != (page.url, page.source, page.body):
            return None
        if last.body_in:
            return ArchivedBody(last.body_in, read_archived_page(folder, last.body_in).fetched)
    except ArchiveError:
        return None
    return ArchivedBody(place, last.fetched)


def read_record(file: BinaryIO) -> ArchivedPage:
    """Return the page of the next record, which `build_record` made with its body.

    Raises `RecordError`, `StopIteration` or `ValueError` if it is damaged, or refers to another record.
    """
    page = _read_page(next(read_records(file, LARGEST_RECORD)))
    if page.body_in:
        raise RecordError("it is a revisit record, without its body")
    return page


def _read_page(record: Record) -> ArchivedPage:
    """Return the page of a record; of a revisit record without its body. Raises `RecordError` or
    `ValueError`."""
    if record.fault or record.is_cut:
        raise RecordError(record.fault or "it is too large")
    message = parse_response(record.block)
    body_in = record.headers.get(BODY_HEADER.lower(), "")
    if (record.headers.get("warc-type") == "revisit") is not bool(body_in):
        raise RecordError(f"a revisit record has {BODY_HEADER}, and no other record has")
    check_digests(record, message.payload)
    return ArchivedPage(
        url=record.headers.get("warc-target-uri", ""),
        source=record.headers.get(SOURCE_HEADER.lower(), ""),
        fetched=parse_date(record.headers.get("warc-date", "")),
        content_type=message.headers.get("content-type", ""),
        body=message.payload,
        listed=read_listed(record),
        body_in=body_in,
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
