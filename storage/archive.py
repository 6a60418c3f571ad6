"""Raw pages as WARC files, the standard of the web-archiving field (ISO 28500).

A page is named by its place, `folder/file.warc.gz#offset`: each record is a gzip member of its own, so a
killed crawl costs at most the record it was writing, and one page is read without the rest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Self

from isal import igzip
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from shopwire.storage.errors import StoreError

SOURCE_HEADER = "WARC-Shopwire-Source"
# What the source's list said of the page, as a JSON object; header lines are ASCII.
LISTED_HEADER = "WARC-Shopwire-Listed"

# ISA-L packs a page in a fifth of the time of zlib's level 3, to 4 % more bytes. warcio's own way, zlib's
# level 9, takes fifteen times as long and saves a seventh.
LEVEL = 2


class ArchiveError(Exception):
    """Raised when a place in the archive cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Archived:
    """One raw page as it lies in the archive; `listed` is what its source's list said of it."""

    url: str
    source: str
    fetched: datetime
    content_type: str
    body: bytes
    listed: Mapping[str, str] = field(default_factory=dict)


class ArchiveWriter:
    """Appends pages to one file of its own, made when the first page comes."""

    def __init__(self, folder: Path, name: str) -> None:
        """`folder` is the archive's, `name` the file's without suffix, such as `2026-11/ebrun-41`.

        Raises `ArchiveError` for a name that leads out of the folder.
        """
        self.name = f"{name}.warc.gz"
        self.path = _inside(folder, self.name)
        self._file: BinaryIO | None = None

    def write(self, page: Archived) -> str:
        """Append a page and flush it to the file; gives its place."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("ab")
        offset = self._file.tell()
        record = BytesIO()
        writer = WARCWriter(record, gzip=False)
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", page.content_type)], protocol="HTTP/1.1"
        )
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
        self._file.write(igzip.compress(record.getvalue(), LEVEL, mtime=0))
        self._file.flush()
        return f"{self.name}#{offset}"

    def close(self) -> None:
        """Close the file, if any page came."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def read_archived(folder: Path, place: str) -> Archived:
    """The page at a place that `ArchiveWriter.write` gave. Raises `ArchiveError`."""
    name, _, offset = place.partition("#")
    path = _inside(folder, name)
    try:
        with path.open("rb") as file:
            file.seek(int(offset))
            record = next(iter(ArchiveIterator(file, check_digests="raise")))
            body = record.content_stream().read()
            # A record cut short reads as a short body without a word; only its digest stays open.
            if not record.digest_checker.passed:
                raise ArchiveError(
                    f"{place}: is damaged in {folder}: the record's digest does not agree"
                )
            return Archived(
                url=record.rec_headers.get_header("WARC-Target-URI"),
                source=record.rec_headers.get_header(SOURCE_HEADER) or "",
                fetched=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                content_type=record.http_headers.get_header("Content-Type") or "",
                body=body,
                listed=json.loads(record.rec_headers.get_header(LISTED_HEADER) or "{}"),
            )
    except (OSError, ValueError, StopIteration, ArchiveLoadFailed) as error:
        raise ArchiveError(f"{place}: cannot be read from {folder}: {error!r}") from error


def make_folder(folder: Path) -> None:
    """Make sure that pages can be archived there. Raises `StoreError` when they cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreError(
            f"cannot write to the archive {folder}: {error.strerror}; "
            "check the permissions of the folder and the room on its disk"
        ) from error


def _inside(folder: Path, name: str) -> Path:
    """The path of a file of the archive. Raises `ArchiveError` when it lies elsewhere."""
    path = (folder / name.replace("\0", "")).resolve()
    if "\0" in name or not path.is_relative_to(folder.resolve()):
        raise ArchiveError(f"{name!r} points outside the archive {folder}")
    return path
