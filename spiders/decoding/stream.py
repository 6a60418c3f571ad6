"""Slices of a body: unpacked, in UTF-8, and cut between tags, without ever holding the whole text."""

import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from itertools import chain

from shopwire.spiders.decoding.charset import convert_to_utf8, detect_codec
from shopwire.spiders.decoding.parser_limits import (
    LARGEST_PAGE,
    MOST_ATTRIBUTES,
    UnreadableListError,
    has_too_many_attributes,
)
from shopwire.storage.crawl_log.outcomes import Outcome

# The beginnings of gzip data, and of those in zlib format (RFC 1950) at its three usual levels.
PACKED = (b"\x1f\x8b", b"x\x01", b"x\x9c", b"x\xda")
# Tells zlib to find out which of the two formats it is.
ANY_FORMAT = zlib.MAX_WBITS | 32
# Bytes. A slice is parsed in a few milliseconds.
SLICE = 32 * 1024
# Bytes after decompression. A sitemap of 1,000,000 URLs with dates has a third of this.
LARGEST_UNPACKED = 256 * 1024 * 1024
# An application packs a body, the server packs it again, and only one of them says so.
MOST_LAYERS = 2
# Bytes. The charset of a body is detected from its beginning.
HEAD = 1024 * 1024
# Bytes. A tag or a text without any tag may be longer, but then it is cut.
LONGEST_PIECE = 1024 * 1024


def cut_slices(body: bytes) -> Iterator[bytes]:
    """Yield a body in slices of `SLICE` bytes."""
    for start in range(0, len(body), SLICE):
        yield body[start : start + SLICE]


def unpack(slices: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the slices of a body that may be packed up to `MOST_LAYERS` times, whatever its header says.

    A truncated body is read up to where it ends. Raises `UnreadableListError` for packed data that is
    damaged from the start, and after `LARGEST_UNPACKED` bytes.
    """
    for _ in range(MOST_LAYERS):
        slices = _unpack_layer(slices)
    total = 0
    for data in slices:
        total += len(data)
        if total > LARGEST_UNPACKED:
            reason = f"larger than {LARGEST_UNPACKED:,} bytes after decompression"
            raise UnreadableListError(Outcome.TOO_BIG, reason)
        yield data


def unpack_body(body: bytes) -> bytes:
    """Return a whole body unpacked, see `unpack`; up to `LARGEST_PAGE` bytes.

    Raises `UnreadableListError` for damaged gzip data and for a larger body.
    """
    unpacked = bytearray()
    for data in unpack(cut_slices(body)):
        unpacked += data
        if len(unpacked) > LARGEST_PAGE:
            reason = f"larger than {LARGEST_PAGE:,} bytes after decompression"
            raise UnreadableListError(Outcome.TOO_BIG, reason)
    return bytes(unpacked)


def _unpack_layer(slices: Iterable[bytes]) -> Iterator[bytes]:
    rest = iter(slices)
    first = next(rest, b"")
    if not first.startswith(PACKED):
        yield from chain([first], rest)
        return
    unpacker = zlib.decompressobj(ANY_FORMAT)
    is_empty = True
    for data in chain([first], rest):
        waiting = data
        while waiting:
            try:
                found = unpacker.decompress(waiting, SLICE)
            except zlib.error as error:
                if is_empty:
                    raise UnreadableListError(Outcome.ERROR, f"damaged gzip data: {error}") from error
                return
            if found:
                is_empty = False
                yield found
            waiting = unpacker.unconsumed_tail
            if unpacker.eof:
                # Several gzip files in one are one text (RFC 1952, 2.2); anything else is padding.
                waiting = unpacker.unused_data
                if not waiting.startswith(PACKED):
                    return
                unpacker = zlib.decompressobj(ANY_FORMAT)


def convert_slices_to_utf8(slices: Iterable[bytes], content_type: str = "") -> Iterator[bytes]:
    """Yield slices of text in UTF-8, without a byte order mark; the first `HEAD` bytes tell its charset.

    A shorter text is decoded as a whole, see `convert_to_utf8`.
    """
    rest = iter(slices)
    head = b""
    for data in rest:
        head += data
        if len(head) > HEAD:
            break
    else:
        yield from cut_slices(convert_to_utf8(head, content_type))
        return
    decoder = getincrementaldecoder(detect_codec(head, content_type))("replace")
    for data in chain(cut_slices(head), rest):
        yield decoder.decode(data).lstrip("\ufeff").replace("\0", "").encode()
    yield decoder.decode(b"", final=True).encode()


def cut_between_tags(slices: Iterable[bytes]) -> Iterator[bytes]:
    """Yield slices that end before a `<`, so that no tag and no entity is in two of them.

    Raises `UnreadableListError` for a tag that no parser may read.
    """
    held = b""
    for data in slices:
        end = data.rfind(b"<")
        if end < 0 and len(held) < LONGEST_PIECE:
            held += data
            continue
        end = end if end >= 0 else len(data)
        yield _check(held + data[:end])
        held = data[end:]
    yield _check(held)


def _check(data: bytes) -> bytes:
    if has_too_many_attributes(data):
        reason = f"a tag has more than {MOST_ATTRIBUTES:,} attributes"
        raise UnreadableListError(Outcome.BAD_HTML, reason)
    return data
