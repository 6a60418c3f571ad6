"""Erases records and files of the archive that were taken down or are older than the retention.

What is to be erased is first written to `erasures`, in the transaction that deletes its rows: an
interrupted erasure is completed by the next one.
"""

import os
import uuid
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from shopwire.storage.archive import resolve_archive_path
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError

GZIP_MAGIC = b"\x1f\x8b\x08"
# RFC 1952, 2.3: deflate, no flags, no time, no extra flags, Unix.
GZIP_HEADER = GZIP_MAGIC + b"\x00\x00\x00\x00\x00\x00\x03"
GZIP_TRAILER_LENGTH = 8
# RFC 1951, 3.2.4: the header of a stored block, and what one may hold.
BLOCK_HEADER_LENGTH, LONGEST_BLOCK = 5, 65535
RECORD = (
    "WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Date: {date}\r\n"
    "Content-Type: text/plain\r\nContent-Length: {length:010}\r\n\r\n"
)
RECORD_END = b"\r\n\r\n"
CHUNK = 1 << 16


def add_erasures(store: Store, places: Iterable[str]) -> None:
    """Store that these records (`file#offset`) and files are to be erased. Call inside `store.writing()`."""
    store.db.conn.executemany("INSERT OR IGNORE INTO erasures VALUES (?)", [(place,) for place in places])


def erase_pending(store: Store, archive: Path) -> int:
    """Erase what `erasures` names and delete its rows. Return how many records and files there were.

    Raises `OSError` if a file cannot be changed, and `StoreError` without an archive; the rest stays pending.
    """
    pending = [row["place"] for row in store.rows("SELECT place FROM erasures ORDER BY place")]
    if pending and not archive.is_dir():
        raise StoreError(
            f"the archive {archive} is not there, and {len(pending)} of its records or files are still to be "
            "erased: mount it, or create an empty folder if it is lost, then run `shopwire prune`"
        )
    erased = 0
    for place in pending:
        name, is_record, offset = place.partition("#")
        path = resolve_archive_path(archive, name)
        erased += path.exists()
        if not is_record:
            path.unlink(missing_ok=True)
        elif path.exists():
            erase_record(path, int(offset))
        with store.writing():
            store.db.execute("DELETE FROM erasures WHERE place = ?", [place])
    return erased


def erase_record(path: Path, offset: int) -> None:
    """Overwrite the record at an offset by an empty one of the same length, so that the places of the
    others stay valid; a record too short for that is cut off."""
    with path.open("r+b") as file:
        length = _find_end(file, offset) - offset
        placeholder = build_placeholder(length)
        file.seek(offset)
        if placeholder:
            file.write(placeholder)
        else:
            file.truncate()
        file.flush()
        os.fsync(file.fileno())


def build_placeholder(length: int) -> bytes:
    """Return a gzip member of exactly this length that holds a WARC record of spaces; empty if that is too
    short for one."""
    blocks = max(1, -(-length // (LONGEST_BLOCK - BLOCK_HEADER_LENGTH)))
    size = length - len(GZIP_HEADER) - GZIP_TRAILER_LENGTH - BLOCK_HEADER_LENGTH * blocks
    values = {"id": uuid.uuid4(), "date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    spaces = size - len(RECORD.format(**values, length=0)) - len(RECORD_END)
    if spaces < 0:
        return b""
    data = RECORD.format(**values, length=spaces).encode("ascii") + b" " * spaces + RECORD_END
    step = -(-size // blocks)
    parts = [data[start : start + step] for start in range(0, size, step)]
    body = b"".join(_store_block(part, is_last=number == len(parts)) for number, part in enumerate(parts, 1))
    return GZIP_HEADER + body + zlib.crc32(data).to_bytes(4, "little") + size.to_bytes(4, "little")


def _store_block(data: bytes, is_last: bool) -> bytes:
    length = len(data).to_bytes(2, "little")
    return bytes([is_last]) + length + bytes(byte ^ 0xFF for byte in length) + data


def _find_end(file: BinaryIO, offset: int) -> int:
    """Return where the gzip member at an offset ends; of a damaged one, where the next record begins."""
    file.seek(offset)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        while chunk := file.read(CHUNK):
            member.decompress(chunk)
            if member.eof:
                return file.tell() - len(member.unused_data)
    except zlib.error:
        return _find_next_record(file, offset + 1)
    return file.tell()


def _find_next_record(file: BinaryIO, start: int) -> int:
    """Return the next offset at which a record can be read, else the end of the file."""
    file.seek(start)
    data = file.read()
    at = data.find(GZIP_MAGIC)
    while at >= 0:
        try:
            if zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data[at:], 5) == b"WARC/":
                return start + at
        except zlib.error:
            pass
        at = data.find(GZIP_MAGIC, at + 1)
    return start + len(data)
