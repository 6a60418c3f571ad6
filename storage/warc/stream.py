"""The content of a WARC file, unpacked in pieces."""

import io
import zlib
from typing import BinaryIO

GZIP = b"\x1f\x8b"
# The start of a member: the magic number, and the one method of RFC 1952.
MEMBER = GZIP + b"\x08"
CHUNK = 65_536
# Packed bytes of a member that are kept after they were unpacked: the data of the next member is unpacked as
# if it belonged to a member that breaks off, until it happens to be invalid.
KEPT = 2 * CHUNK


class MemberStream:
    """Reads a file that may be gzip, one member after the other, with bounded memory.

    A read ends at the end of a member, which no record goes beyond; `next_member` goes on. A file without
    gzip is a single member. `damage` says why the current member cannot be read on, "" if it can.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packed = file.read(CHUNK)
        self._position = (file.tell() if file.seekable() else len(self._packed)) - len(self._packed)
        self._buffer = b""
        self._at = 0
        self.is_gzip = self._packed.startswith(GZIP)
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._member_start = self._position
        self._unpacked = b""
        self._has_ended = False
        self.damage = ""

    @property
    def offset(self) -> int:
        """Return the position in the file, in bytes: that of the member, if the file is gzip."""
        return self._member_start if self.is_gzip else self._position - self._count_unread()

    def count_remaining(self) -> int | None:
        """Return how many bytes are left in the file, None if that is not known."""
        if self.is_gzip or not self._file.seekable():
            return None
        here = self._file.tell()
        end = self._file.seek(0, io.SEEK_END)
        self._file.seek(here)
        return end - self.offset

    def read(self, most: int) -> bytes:
        """Return up to `most` bytes, b"" only at the end of the member."""
        self._fill(1)
        return self._take(most)

    def read_line(self, most: int = CHUNK) -> bytes:
        """Return the bytes up to the next line feed, cut after about `most`; b"" at the end of the member."""
        parts: list[bytes] = []
        left = most
        while left > 0:
            self._fill(1)
            end = self._buffer.find(b"\n", self._at) + 1
            parts.append(self._take(end - self._at if end else left))
            left -= len(parts[-1])
            if end or not parts[-1]:
                break
        return b"".join(parts)

    def starts_with(self, prefix: bytes) -> bool:
        """Return whether these bytes come next in the member."""
        self._fill(len(prefix))
        return self._buffer.startswith(prefix, self._at)

    def is_at_end(self) -> bool:
        """Return whether the member ends here."""
        self._fill(1)
        return self._count_unread() == 0

    def put_back(self, data: bytes) -> None:
        """Put bytes back, to be read next."""
        self._buffer = data + self._buffer[self._at :]
        self._at = 0

    def _take(self, most: int) -> bytes:
        data = self._buffer[self._at : self._at + most]
        self._at += len(data)
        return data

    def _count_unread(self) -> int:
        return len(self._buffer) - self._at

    def next_member(self) -> bool:
        """Begin the next member, behind damaged data if need be; return False at the end of the file."""
        if not self.is_gzip:
            return False
        if self.damage:
            self._skip_to_member()
        self._skip_padding()
        if not self._packed:
            return False
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._member_start = self._position
        self._unpacked = b""
        self._has_ended = False
        self.damage = ""
        return True

    def _skip_to_member(self) -> None:
        """Go back in the damaged member, and on to the next bytes that look like the start of a member."""
        self._packed = self._unpacked + self._packed
        self._position -= len(self._unpacked)
        if self._position == self._member_start:
            self._drop(1)
        while True:
            found = self._packed.find(MEMBER)
            if found >= 0:
                self._drop(found)
                return
            self._drop(max(0, len(self._packed) - len(MEMBER) + 1))
            more = self._file.read(CHUNK)
            if not more:
                self._drop(len(self._packed))
                return
            self._packed += more

    def _skip_padding(self) -> None:
        """Drop zeros, with which some files are padded."""
        while not (rest := self._packed.lstrip(b"\0")):
            self._drop(len(self._packed))
            self._packed = self._file.read(CHUNK)
            if not self._packed:
                return
        self._drop(len(self._packed) - len(rest))

    def _drop(self, count: int) -> None:
        self._packed = self._packed[count:]
        self._position += count

    def _fill(self, wanted: int) -> None:
        """Have `wanted` bytes in the buffer, unless the member ends."""
        while self._count_unread() < wanted and not self._has_ended:
            self._packed = self._packed or self._file.read(CHUNK)
            if not self._packed:
                self._has_ended = True
                self.damage = "the file ends within it" if self.is_gzip else ""
            elif self.is_gzip:
                self._unpack()
            else:
                self._append(self._packed, b"")

    def _unpack(self) -> None:
        try:
            data = self._member.decompress(self._packed, CHUNK)
        except zlib.error as error:
            self._has_ended = True
            self.damage = f"its gzip data is damaged ({error})"
            return
        rest = self._member.unused_data or self._member.unconsumed_tail
        self._unpacked = (self._unpacked + self._packed[: len(self._packed) - len(rest)])[-KEPT:]
        self._append(data, rest)
        self._has_ended = self._member.eof

    def _append(self, data: bytes, rest: bytes) -> None:
        """Add unpacked data to the buffer; `rest` is what is left of the packed data."""
        self._buffer = self._buffer[self._at :] + data
        self._at = 0
        self._drop(len(self._packed) - len(rest))
