"""The HTTP response of a WARC record: its status, its headers, and its body as a reader sees it."""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import brotli
from backports import zstd

from shopwire.storage.warc.records import LENGTH, RecordError, decode_line, parse_headers
from shopwire.storage.warc.stream import CHUNK, GZIP

STATUS = re.compile(rb"\s*HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b[^\n]*\n")
HEAD_END = re.compile(rb"\r?\n\r?\n")
# Some servers write it with leading zeros or blanks.
CHUNK_SIZE = re.compile(rb"[ \t]{0,16}([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
CHUNK_END = re.compile(rb"\r?\n")
CONTROL = rb"\x00-\x08\x0e-\x1a\x1c-\x1f\x7f"
# A body that was stored unpacked: markup, a byte order mark, or no control character in its first bytes.
TEXT = re.compile(rb"\s*<|\xef\xbb\xbf|\xff\xfe|\xfe\xff|[^%(c)b]{512}|[^%(c)b]{0,511}\Z" % {b"c": CONTROL})
ZSTD = b"\x28\xb5\x2f\xfd"
# How often one body may be packed.
MOST_LAYERS = 3
# Programs that write several members put some kB at least into each. Empty ones would take seconds.
MOST_MEMBERS = 10_000

# Returns the unpacked data, up to about so many bytes, and whether the packed data is complete.
Unpack = Callable[[bytes, int], tuple[bytes, bool]]


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A response as it was sent. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    payload: bytes


def parse_response(block: bytes) -> HttpMessage:
    """Return the response in the block of a record. Raises `RecordError` if it is none."""
    status = STATUS.match(block)
    if not status:
        raise RecordError("its block is no HTTP response")
    # From the line feed of the status line, as there may be no header.
    end = HEAD_END.search(block, status.end() - 1)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    lines = [decode_line(line) for line in head[status.end() :].split(b"\n") if line.strip()]
    return HttpMessage(int(status[1]), parse_headers(lines), payload)


def decode_body(message: HttpMessage, most: int) -> bytes:
    """Return the body without chunks and unpacked, whatever the headers say of it.

    Archives often have the headers of the server with a body that was decoded before it was stored, and some
    have packed bodies without the header. So the bytes decide. Raises `RecordError` if the body is damaged,
    broken off or larger than `most` bytes.
    """
    body, has_chunks = _join_chunks(message)
    declared = _list_codings(message.headers.get("content-encoding", ""))
    for name in reversed(declared[:MOST_LAYERS]):
        if unpacked := _try_unpack(name, body, most):
            body = unpacked
        elif name in UNPACKERS and not TEXT.match(body):
            raise RecordError(f"its body is damaged or breaks off: {name} data without its end")
    for _ in range(MOST_LAYERS):
        name = next((name for magic, name in MAGIC.items() if body.startswith(magic)), "")
        if not name:
            break
        unpacked = _try_unpack(name, body, most)
        if not unpacked:
            raise RecordError(f"its body is damaged or breaks off: {name} data without its end")
        body = unpacked
    if len(body) > most:
        raise RecordError(f"its body is larger than {most:,} bytes")
    if not has_chunks:
        _check_length(message)
    return body


def is_whole(coding: str, body: bytes, most: int) -> bool:
    """Return whether a body that is packed as a Content-Encoding says reaches the end of its data; True for a
    coding that is not known. Raises `RecordError` if it is larger than `most` bytes."""
    for name in reversed(_list_codings(coding)):
        if name not in UNPACKERS:
            break
        unpacked = _try_unpack(name, body, most)
        if unpacked is None:
            return False
        body = unpacked
    return True


def _list_codings(header: str) -> list[str]:
    return [name.strip().removeprefix("x-") for name in header.lower().split(",")]


def _check_length(message: HttpMessage) -> None:
    """Raise `RecordError` if less of the body is there than was sent."""
    size = len(message.payload)
    # Several equal lengths are one (RFC 9112, 6.3).
    length = message.headers.get("content-length", "").partition(",")[0].strip()
    # A body that was unpacked before it was stored is longer than its header says.
    if LENGTH.fullmatch(length) and size < int(length):
        raise RecordError(f"its body breaks off after {size:,} of {int(length):,} bytes")


def _join_chunks(message: HttpMessage) -> tuple[bytes, bool]:
    """Return the body without the sizes of its chunks (RFC 9112, 7.1), and whether it ended with the last.

    A body without chunks is returned as it is.
    """
    payload = message.payload
    parts: list[bytes] = []
    at = 0
    while size := CHUNK_SIZE.match(payload, at):
        start, length = size.end(), int(size[1], 16)
        if not length:
            return b"".join(parts), True
        parts.append(payload[start : start + length])
        end = CHUNK_END.match(payload, start + length)
        if not end:
            break
        at = end.end()
    # What begins with a number that is no size of a chunk is text.
    begins_with_part = bool(parts) and start + length >= len(payload)
    is_declared = "chunked" in message.headers.get("transfer-encoding", "").lower()
    if at > 0 or (is_declared and begins_with_part):
        raise RecordError("its body breaks off: the last chunk is missing")
    return payload, False


def _try_unpack(name: str, body: bytes, most: int) -> bytes | None:
    """Return the unpacked body, None if it is not packed in this way or breaks off.

    Raises `RecordError` if the result is larger than `most` bytes.
    """
    for unpack in UNPACKERS.get(name, ()):
        try:
            data, is_complete = unpack(body, most + 1)
        except (zlib.error, brotli.error, zstd.ZstdError):
            continue
        if len(data) > most:
            raise RecordError(f"its body is larger than {most:,} bytes")
        if is_complete:
            return data
    return None


class _Unpacker(Protocol):
    """What zlib and zstd unpack with."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _unpack_members(
    create: Callable[[], _Unpacker], magic: bytes, body: bytes, most: int
) -> tuple[bytes, bool]:
    """Return what the members of a body hold: gzip and zstd data may have several (RFC 1952, 2.2; RFC 8878,
    3.1). What follows them and is no beginning of another, such as zeros, is left out."""
    unpacker, unpacked, at, members = create(), bytearray(), 0, 1
    while at < len(body) and len(unpacked) < most:
        piece = body[at : at + CHUNK]
        unpacked += unpacker.decompress(piece, most - len(unpacked))
        at += len(piece) - len(unpacker.unused_data)
        if unpacker.eof and at < len(body):
            if not magic or not magic.startswith(body[at : at + len(magic)]):
                break
            unpacker, members = create(), members + 1
            if members > MOST_MEMBERS:
                break
    return bytes(unpacked), unpacker.eof


def _unpack_brotli(body: bytes, most: int) -> tuple[bytes, bool]:
    unpacker = brotli.Decompressor()
    return unpacker.process(body, output_buffer_limit=most), unpacker.is_finished()


UNPACKERS: Mapping[str, tuple[Unpack, ...]] = {
    "gzip": (partial(_unpack_members, partial(zlib.decompressobj, zlib.MAX_WBITS | 16), GZIP),),
    # Servers send both the zlib format, as RFC 9110 has it, and bare deflate data.
    "deflate": tuple(
        partial(_unpack_members, partial(zlib.decompressobj, window), b"")
        for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS)
    ),
    "br": (_unpack_brotli,),
    "zstd": (partial(_unpack_members, zstd.ZstdDecompressor, ZSTD),),
}
MAGIC: Mapping[bytes, str] = {GZIP: "gzip", ZSTD: "zstd"}
