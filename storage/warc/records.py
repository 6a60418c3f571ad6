"""The records of a WARC file (ISO 28500), one after the other, also those behind damaged ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from shopwire.storage.warc.stream import CHUNK, MemberStream

PREFIX = b"WARC/"
VERSION = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
VERSION_AT_END = re.compile(rb"(?<=[^a-zA-Z0-9])WARC/\d+\.\d+[ \t]*\r?\n\Z")
# More digits than any file has bytes; Python takes long to read thousands of them.
LENGTH = re.compile(r"[0-9]{1,15}")
# Bytes of the head of a record.
LARGEST_HEAD = 1 << 20


class RecordError(Exception):
    """Raised for a record that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. The names of `headers` are in lower case, `offset` is in bytes of the file.

    `block` is what follows the headers, cut if the record is longer than the reader's limit. `fault` says why
    the record cannot be used, "" if it can; other fields may be empty then.
    """

    offset: int
    headers: Mapping[str, str]
    block: bytes = b""
    is_cut: bool = False
    fault: str = ""


def read_records(file: BinaryIO, most: int) -> Iterator[Record]:
    """Yield the records of a file, packed with gzip or not, with up to `most` bytes of each block.

    A record that cannot be read has a `fault`; reading goes on with the next record that begins with a
    version line, so that a damaged record costs no other one. Memory is bounded for any file.
    """
    stream = MemberStream(file)
    follows_fault = False
    while True:
        offset = stream.offset
        line = stream.read_line()
        if VERSION.fullmatch(line):
            record = _read_record(stream, offset, most)
            follows_fault = bool(record.fault)
            yield record
        elif line.strip():
            if begins := VERSION_AT_END.search(line):
                # Zeros, for example, that a power cut has left, have no end of a line.
                stream.put_back(line[begins.start() :])
            # What is left of a record whose fault was reported is not reported again.
            if not follows_fault:
                yield Record(offset, {}, fault="no record begins here")
            follows_fault = True
        elif not line:
            if stream.damage and not follows_fault:
                yield Record(offset, {}, fault=stream.damage)
            follows_fault = bool(stream.damage)
            if not stream.next_member():
                return


def _read_record(stream: MemberStream, offset: int, most: int) -> Record:
    try:
        headers = _read_headers(stream)
    except RecordError as error:
        return Record(offset, {}, fault=str(error))
    length = headers.get("content-length", "")
    if not LENGTH.fullmatch(length):
        return Record(offset, headers, fault=f"its Content-Length is no number of bytes: {length[:40]!r}")
    remaining = stream.count_remaining()
    if remaining is not None and int(length) > remaining:
        return Record(offset, headers, fault=f"it ends {int(length) - remaining:,} bytes before its length")
    block, missing = _read_block(stream, int(length), most)
    if missing:
        # A wrong length may have taken other records for a part of this one.
        fault = f"it ends {missing:,} bytes before its length{stream.damage and ': '}{stream.damage}"
        stream.put_back(block + b"\n")
        return Record(offset, headers, fault=fault)
    end = _read_empty_lines(stream)
    fault = stream.damage
    # Where two empty lines follow, as they must, the length is right, whatever comes behind.
    if len(end) < 2 and not stream.starts_with(PREFIX) and not stream.is_at_end():
        fault = "it does not end where its length says"
    if fault:
        stream.put_back(b"".join([block, *end]))
    return Record(offset, headers, block, int(length) > most, fault)


def _read_headers(stream: MemberStream) -> dict[str, str]:
    """Return the headers up to the empty line; of a repeated header the first value."""
    lines: list[str] = []
    size = 0
    while True:
        line = stream.read_line()
        if not line:
            raise RecordError(f"it ends within its headers{stream.damage and ': '}{stream.damage}")
        size += len(line)
        if size > LARGEST_HEAD:
            raise RecordError(f"its headers are larger than {LARGEST_HEAD:,} bytes")
        if not line.strip():
            return parse_headers(lines)
        lines.append(decode_line(line))


def decode_line(line: bytes) -> str:
    """Return a header line as text: UTF-8, as WARC has it, or else Latin-1, as HTTP had it."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def parse_headers(lines: list[str]) -> dict[str, str]:
    """Return headers by their names in lower case. A line that begins with a blank continues the one before.

    Of a repeated header the first value counts.
    """
    unfolded: list[str] = []
    for line in lines:
        if line[0] in " \t" and unfolded:
            unfolded[-1] += f" {line.strip()}"
        else:
            unfolded.append(line.strip())
    headers: dict[str, str] = {}
    for line in unfolded:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _read_block(stream: MemberStream, length: int, most: int) -> tuple[bytes, int]:
    """Return up to `most` bytes of a block, and how many bytes of it are missing."""
    parts: list[bytes] = []
    kept = 0
    left = length
    while left:
        data = stream.read(min(CHUNK, left))
        if not data:
            break
        left -= len(data)
        if kept < most:
            parts.append(data[: most - kept])
            kept += len(parts[-1])
    return b"".join(parts), left


def _read_empty_lines(stream: MemberStream) -> list[bytes]:
    """Return the empty lines that come next."""
    lines: list[bytes] = []
    while line := stream.read_line():
        if line.strip():
            stream.put_back(line)
            break
        lines.append(line)
    return lines
