"""Every record of a file is read, or is named; none costs another one."""

import random
import tracemalloc
import zlib
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopwire.storage.warc.records import Record, read_records
from shopwire.storage.warc.stream import CHUNK
from tests.support.warc_records import (
    build_page,
    build_page_record,
    build_record,
    build_response,
    pack,
    pack_member,
)

MOST = 1 << 20
PAGES = [build_page_record(number) for number in range(1, 5)]
BLOCKS = [build_response(build_page(number)) for number in range(1, 5)]
LAYOUTS = {
    "plain": b"".join(PAGES),
    "a member for each record": pack(*PAGES),
    "one member": pack_member(b"".join(PAGES)),
    "two members": pack(PAGES[0] + PAGES[1], b"", PAGES[2] + PAGES[3]),
    "padded with zeros": pack(*PAGES) + bytes(100_000),
}


class Pipe(RawIOBase):
    """A stream that cannot be read twice, and gives a few bytes at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._data.read(min(len(buffer), 100))
        buffer[: len(part)] = part
        return len(part)


def read(data: bytes, most: int = MOST) -> list[Record]:
    return list(read_records(BytesIO(data), most))


def list_blocks(records: list[Record]) -> list[bytes]:
    return [record.block for record in records if not record.fault]


def list_faults(records: list[Record]) -> list[str]:
    return [record.fault for record in records if record.fault]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_of_any_layout_is_read(layout: str) -> None:
    for records in (read(LAYOUTS[layout]), list(read_records(BufferedReader(Pipe(LAYOUTS[layout])), MOST))):
        assert list_blocks(records) == BLOCKS
        assert list_faults(records) == []


def test_a_record_is_found_at_its_offset() -> None:
    for layout in ("plain", "a member for each record"):
        data = LAYOUTS[layout]
        offsets = [record.offset for record in read(data)]
        assert offsets[0] == 0
        for number, offset in enumerate(offsets):
            assert list_blocks(read(data[offset:])) == BLOCKS[number:]


@pytest.mark.fault("47a", "A WARC file cut after any byte", "what came before, and one fault")
@pytest.mark.parametrize("layout", ["plain", "a member for each record"])
def test_a_file_cut_anywhere_has_what_came_before_and_one_fault(layout: str) -> None:
    data = LAYOUTS[layout]
    offsets = [record.offset for record in read(data)]
    for length in range(1, len(data), 7):
        records = read(data[:length])
        whole = list_blocks(records)
        assert whole == BLOCKS[: len(whole)]
        ends = [*offsets[1:], len(data)]
        assert len(whole) >= sum(end <= length for end in ends)
        if length in offsets or (layout == "plain" and length + 4 in ends):
            continue
        # A plain record may lack the empty lines behind it.
        is_whole = layout == "plain" and any(end - 4 <= length <= end for end in ends)
        assert len(list_faults(records)) == (0 if is_whole else 1), length


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (PAGES[0].replace(b"Content-Length: ", b"Content-Length: 1"), "before its length"),
        (PAGES[0].replace(b"Content-Length: ", b"Content-Length: 12345678901234567890"), "no number"),
        (build_record(b"", {"Content-Length": None}), "no number"),
        (build_record(b"", {"Content-Length": "-5"}), "no number"),
        (build_record(b"", {"Content-Length": "٣"}), "no number"),
        (build_record(b"", {"Content-Length": "9" * 5000}), "no number"),
        (build_record(BLOCKS[0], {"Content-Length": "70"}), "does not end where its length says"),
        (b"\x1b[31mnothing of WARC\r\nat all\r\n", "no record begins here"),
        (b"WARC/1.0\r\nWARC-Type: response", "ends within its headers"),
        (b"WARC/1.0\r\n" + b"A: b\r\n" * 200_000, "headers are larger"),
        (b"WARC/1.0\r\nX: " + b"y" * 2_000_000, "headers are larger"),
    ],
)
@pytest.mark.parametrize("layout", ["plain", "members", "one member"])
def test_an_odd_record_is_named_and_costs_no_other(odd: bytes, says: str, layout: str) -> None:
    if layout == "members":
        records = read(pack(PAGES[1], odd, PAGES[2]))
    elif odd.endswith(b"\n"):
        data = PAGES[1] + odd + PAGES[2]
        records = read(data if layout == "plain" else pack_member(data))
    else:
        return
    assert list_blocks(records) == [BLOCKS[1], BLOCKS[2]]
    (fault,) = list_faults(records)
    assert says in fault


@pytest.mark.parametrize("position", [0, 3, 30, 300, -9, -5, -1])
def test_a_damaged_member_costs_one_record(position: int) -> None:
    members = [pack_member(page) for page in PAGES]
    damaged = bytearray(members[1])
    damaged[position] ^= 0xFF
    records = read(members[0] + bytes(damaged) + members[2] + members[3])
    assert list_blocks(records) == [BLOCKS[0], BLOCKS[2], BLOCKS[3]]
    assert len(list_faults(records)) == 1


def test_bytes_between_two_members_are_named() -> None:
    records = read(pack(PAGES[0]) + b"<html>an error page</html>" + pack(PAGES[1]))
    assert list_blocks(records) == BLOCKS[:2]
    assert len(list_faults(records)) == 1


@pytest.mark.fault("47m", "A WARC file with zeros between two records", "named; both are read")
@pytest.mark.parametrize("junk", [bytes(512), b"\xef\xbb\xbf", b"  ", b"junk WARC/2 "])
def test_bytes_before_a_record_cost_it_nothing(junk: bytes) -> None:
    records = read(PAGES[0] + junk + PAGES[1] + PAGES[2])
    assert list_blocks(records) == BLOCKS[:3]
    assert list_faults(records) == ["no record begins here"]
    assert records[2].offset == len(PAGES[0] + junk)


def test_a_record_that_breaks_off_ends_where_the_next_begins() -> None:
    records = read(pack(PAGES[0][:-200], PAGES[1]))
    assert list_blocks(records) == [BLOCKS[1]]
    assert "before its length" in list_faults(records)[0]


def test_headers_are_read_as_programs_write_them() -> None:
    (record,) = read(
        b"WARC/1.1\nwarc-type : metadata\nX-Long: one\n\ttwo\nX: \xe4\nX: b\nContent-Length: 0\n\n\n\n"
    )
    assert record.headers == {
        "warc-type": "metadata",
        "x-long": "one two",
        "x": "ä",
        "content-length": "0",
    }


@pytest.mark.fault("47e", "A WARC record much larger than its file", "the memory stays flat")
@pytest.mark.parametrize("is_packed", [True, False])
def test_a_huge_record_takes_no_memory(is_packed: bool) -> None:
    head = build_record(b"", {"Content-Length": "200000000"}).removesuffix(b"\r\n\r\n")
    data = head + bytes(200_000_000) + b"\r\n\r\n" + PAGES[1]
    stream = BytesIO(pack_member(data) if is_packed else data)
    del data
    tracemalloc.start()
    try:
        records = list(read_records(stream, MOST))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [record.is_cut for record in records] == [True, False]
    assert records[1].block == BLOCKS[1]
    assert peak < 8 * MOST


def test_many_put_back_lines_are_read_in_linear_time() -> None:
    lines = b"x\r\n" * 300_000
    records = read(build_record(lines, {"Content-Length": str(len(lines) - 10)}) + PAGES[1])
    assert list_blocks(records) == [BLOCKS[1]]


@given(st.binary(max_size=400), st.booleans(), st.integers(0, 900))
@example(b"WARC/1.0\r\n", True, 0)
def test_no_bytes_raise_anything(junk: bytes, packs: bool, at: int) -> None:
    data = PAGES[0][:at] + junk + PAGES[0][at:]
    records = read(zlib.compress(data, wbits=31)[:-3] + junk if packs else data)
    assert records


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.8])
def test_a_member_that_breaks_off_costs_none_behind_it_wherever_the_file_is_read(cut: float) -> None:
    """The next members are unpacked as if they belonged to it, and may begin in the part read before."""
    first, last, broken = (pack(page) for page in PAGES[:3])
    broken = broken[: int(cut * len(broken))]
    filler = random.Random(24).randbytes(CHUNK)
    for distance in range(0, 700, 9):
        size = CHUNK - len(broken) - distance
        padding = b"\x1f\x8b\x08" + filler[: max(0, size - 3)]
        records = read(padding + broken + first + last)
        assert list_blocks(records) == BLOCKS[:2], distance
