"""A body comes out as a reader sees it, whatever the headers say of it."""

import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from shopwire.storage.warc.http_message import MOST_MEMBERS, decode_body, is_whole, parse_response
from shopwire.storage.warc.records import RecordError
from tests.support.warc_records import build_page, build_response, join_chunks

MOST = 1 << 20
PAGE = build_page()


def deflate_raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": deflate_raw,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def decode(body: bytes, **headers: str) -> bytes:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return decode_body(parse_response(build_response(body, fields)), MOST)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_packed_body_is_unpacked(coding: str) -> None:
    packed = PACKERS[coding](PAGE)
    assert decode(packed, Content_Encoding=coding) == PAGE
    assert decode(join_chunks(packed), Content_Encoding=coding, Transfer_Encoding="chunked") == PAGE
    assert decode(packed, Content_Encoding=coding, Content_Length=str(len(packed))) == PAGE


@pytest.mark.parametrize("coding", [*PACKERS, "compress", "utf-8", "identity", "none", "br, gzip", ""])
@pytest.mark.parametrize("page", [PAGE, b"\xef\xbb\xbf" + PAGE, b"\n \n" + PAGE, "电商".encode("gbk") * 300])
def test_a_body_that_was_unpacked_before_it_was_stored_is_taken_as_it_is(coding: str, page: bytes) -> None:
    assert decode(page, Content_Encoding=coding, Content_Length="90") == page
    assert decode(page, Content_Encoding=coding, Transfer_Encoding="chunked") == page


def test_a_body_packed_several_times_is_unpacked() -> None:
    assert decode(brotli.compress(gzip.compress(PAGE)), Content_Encoding="gzip, br") == PAGE
    assert decode(gzip.compress(gzip.compress(PAGE)), Content_Encoding="gzip") == PAGE
    assert decode(gzip.compress(PAGE)) == PAGE
    assert decode(gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])) == PAGE


@pytest.mark.parametrize("size", [b"1F4 ;a=b", b"00000000000001f4", b" 1f4"])
def test_chunks_are_joined_also_without_a_header(size: bytes) -> None:
    chunks = join_chunks(PAGE)
    for form in (chunks, chunks.replace(b"\r\n", b"\n"), chunks.replace(b"1f4\r\n", size + b"\r\n")):
        assert decode(form, Transfer_Encoding="chunked") == PAGE
        assert decode(form) == PAGE


def test_a_number_at_the_start_of_a_text_is_no_chunk() -> None:
    text = b"2026\r\n" + PAGE * 30
    assert decode(text) == text
    assert decode(text, Transfer_Encoding="chunked") == text


@pytest.mark.fault("47d", "A packed body in WARC that breaks off", "no page")
@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate", "br", "zstd"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_packed_body_that_breaks_off_is_no_body(coding: str, share: float) -> None:
    packed = PACKERS[coding](build_page(sentences=200))
    with pytest.raises(RecordError, match="breaks off"):
        decode(packed[: int(len(packed) * share)], Content_Encoding=coding)


@pytest.mark.parametrize("kept", [300, 700, -1, -3, -5, -7])
def test_chunks_that_break_off_are_no_body(kept: int) -> None:
    with pytest.raises(RecordError, match="breaks off"):
        decode(join_chunks(PAGE)[:kept].rstrip(b"0\r\n"), Transfer_Encoding="chunked")


def test_a_whole_chunk_shows_that_others_are_missing_also_without_a_header() -> None:
    with pytest.raises(RecordError, match="the last chunk is missing"):
        decode(join_chunks(PAGE)[:700])


@pytest.mark.fault("47c", "A body in WARC shorter than its Content-Length", "no page")
def test_a_body_shorter_than_its_length_breaks_off() -> None:
    with pytest.raises(RecordError, match="breaks off after 500 of"):
        decode(PAGE[:500], Content_Length=str(len(PAGE)))
    with pytest.raises(RecordError, match="breaks off after 500 of"):
        decode(PAGE[:500], Content_Length=f"{len(PAGE)}, {len(PAGE)}")
    assert decode(PAGE, Content_Length=str(len(PAGE))) == PAGE
    assert decode(PAGE, Content_Length="unknown") == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    with pytest.raises(RecordError, match="larger than 1,048,576 bytes"):
        decode(PACKERS[coding](bytes(300_000_000)), Content_Encoding=coding)


@pytest.mark.parametrize(
    ("block", "status", "payload"),
    [
        (b"HTTP/1.0 404\nServer: x\n\n<p>", 404, b"<p>"),
        (b"HTTP/2 200\r\n\r\n<p>", 200, b"<p>"),
        (b"\r\nHTTP/1.1  200 OK\r\nX: \xff\xfe\r\n more\r\n\r\n", 200, b""),
        (b"HTTP/1.1 301 Moved\r\nLocation: /", 301, b""),
    ],
)
def test_responses_are_parsed_as_servers_send_them(block: bytes, status: int, payload: bytes) -> None:
    message = parse_response(block)
    assert (message.status, message.payload) == (status, payload)


@pytest.mark.parametrize("block", [b"", b"<html>", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 twenty\r\n\r\n"])
def test_other_blocks_are_no_response(block: bytes) -> None:
    with pytest.raises(RecordError, match="no HTTP response"):
        parse_response(block)


@given(st.binary(max_size=200), st.sampled_from([*PACKERS, "gzip, br", ""]), st.booleans())
def test_no_body_raises_anything_else(body: bytes, coding: str, is_chunked: bool) -> None:
    headers = {"Content_Encoding": coding} | ({"Transfer_Encoding": "chunked"} if is_chunked else {})
    with suppress(RecordError):
        assert decode(body, **headers) or len(body) < 200


@pytest.mark.parametrize("coding", PACKERS)
@given(share=st.floats(0, 1, exclude_max=True))
def test_packed_data_is_whole_with_its_last_byte_only(coding: str, share: float) -> None:
    packed = PACKERS[coding](PAGE)
    assert is_whole(coding, packed, MOST)
    assert not is_whole(coding, packed[: max(1, int(share * len(packed)))], MOST)


def test_each_layer_must_be_whole() -> None:
    inner = gzip.compress(PAGE)
    assert is_whole("gzip, br", brotli.compress(inner), MOST)
    assert not is_whole("gzip, br", brotli.compress(inner[:-9]), MOST)


@pytest.mark.fault("47l", "A packed body of several members that breaks off", "no page")
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_each_member_must_be_whole(coding: str) -> None:
    first, second = PACKERS[coding](PAGE[:900]), PACKERS[coding](PAGE[900:])
    for padding in (b"", b"\0\0", b"padding"):
        assert decode(first + second + padding, Content_Encoding=coding) == PAGE
    for kept in (1, 3, 20, -1):
        assert not is_whole(coding, first + second[:kept], MOST)
    with pytest.raises(RecordError, match="breaks off after"):
        decode(first, Content_Encoding=coding, Content_Length=str(len(first + second)))


@pytest.mark.fault("2a", "A packed body of a great many empty members", "given up")
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_empty_members_is_given_up(coding: str) -> None:
    empty = PACKERS[coding](b"")
    assert is_whole(coding, empty * (MOST_MEMBERS - 1) + PACKERS[coding](PAGE), MOST)
    assert not is_whole(coding, empty * MOST_MEMBERS + PACKERS[coding](PAGE), MOST)


def test_a_changed_byte_is_noticed_by_the_checksum() -> None:
    packed = bytearray(gzip.compress(PAGE, compresslevel=0))
    packed[len(packed) // 2] ^= 1
    assert not is_whole("gzip", bytes(packed), MOST)


def test_data_of_an_unknown_coding_is_not_judged_and_too_large_data_is_an_error() -> None:
    assert is_whole("", PAGE, MOST)
    assert is_whole("aes128gcm", PAGE[:9], MOST)
    assert is_whole("gzip", gzip.compress(bytes(99)), 99)
    with pytest.raises(RecordError, match="larger than 98 bytes"):
        is_whole("gzip", gzip.compress(bytes(99)), 98)
