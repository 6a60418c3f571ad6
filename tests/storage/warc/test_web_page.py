"""The whole pages of a WARC file are found, and each record without one says why."""

import base64
import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest

from shopwire.storage.warc.records import RecordError, read_records
from shopwire.storage.warc.web_page import WebPage, parse_date, read_web_page
from tests.support.warc_records import (
    build_page,
    build_page_record,
    build_record,
    build_response,
    join_chunks,
    write_digest,
)

MOST = 1 << 20
PAGE = build_page()
BLOCK = build_response(PAGE)


def read(record: bytes) -> WebPage | None:
    (found,) = read_records(BytesIO(record), MOST)
    return read_web_page(found, MOST)


@pytest.mark.parametrize(
    "written",
    ["https://a.example/1", "<https://a.example/1>", "  <https://a.example/1> ", "HTTPS://a.example/1"],
)
def test_a_page_is_read_with_its_url(written: str) -> None:
    page = read(build_record(BLOCK, {"WARC-Target-URI": written}))
    assert page is not None
    assert page.url.lower() == "https://a.example/1"
    assert (page.body, page.content_type, page.remark) == (PAGE, "text/html; charset=utf-8", "")
    assert page.fetched == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "headers",
    [
        {"WARC-Type": "request"},
        {"WARC-Type": "revisit"},
        {"WARC-Type": "metadata"},
        {"WARC-Type": "warcinfo", "WARC-Target-URI": None},
        {"WARC-Type": "conversion", "Content-Type": "text/html"},
        {"WARC-Type": None},
        {"WARC-Type": "resource", "Content-Type": "image/png"},
        {"WARC-Target-URI": "dns:a.example", "Content-Type": "text/dns"},
        {"WARC-Target-URI": "urn:uuid:1"},
    ],
)
def test_records_of_other_kinds_are_passed_over(headers: dict[str, str | None]) -> None:
    assert read(build_record(BLOCK, headers)) is None


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", {}),
        ("301 Moved", {}),
        ("206 Partial Content", {}),
        ("200 OK", {"Content-Type": "image/png"}),
    ],
)
def test_responses_without_a_page_are_passed_over(status: str, headers: dict[str, str]) -> None:
    assert read(build_record(build_response(PAGE, headers, status))) is None
    # Nobody misses the rest of a picture.
    truncated = build_record(build_response(PAGE, headers, status), {"WARC-Truncated": "length"})
    assert read(truncated) is None


def test_a_resource_is_a_page_without_http() -> None:
    page = read(build_record(PAGE, {"WARC-Type": "resource", "Content-Type": "text/html"}))
    assert page is not None
    assert page.body == PAGE


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"WARC-Target-URI": None}, "no WARC-Target-URI"),
        ({"WARC-Target-URI": "<>"}, "no WARC-Target-URI"),
        ({"WARC-Date": None}, "no WARC-Date"),
        ({"WARC-Date": "yesterday"}, "no date of a page: 'yesterday'"),
        ({"WARC-Truncated": "disconnect"}, "WARC-Truncated: disconnect"),
        ({"WARC-Segment-Number": "1"}, "segment"),
        ({"WARC-Block-Digest": write_digest(b"other")}, "block digest does not agree"),
        ({"WARC-Payload-Digest": "SHA1:" + "A" * 32}, "payload digest does not agree"),
    ],
)
def test_a_page_that_cannot_be_used_is_named(headers: dict[str, str | None], says: str) -> None:
    with pytest.raises(RecordError, match=says):
        read(build_record(BLOCK, headers))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20T08:00:00.123456789Z", "2026-11-20T08:00:00+00:00"),
        ("20261120080000", "2026-11-20T08:00:00+00:00"),
        ("20261120T080000Z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20 08:00:00", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20t08:00:00z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20T16:00:00+08:00", "2026-11-20T16:00:00+08:00"),
        ("2026-11-20T08:00Z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20", "2026-11-20T00:00:00+00:00"),
    ],
)
def test_dates_are_read_in_every_form(written: str, expected: str) -> None:
    assert parse_date(written).isoformat() == expected


@pytest.mark.parametrize(
    "written",
    [
        "2026-13-20T08:00:00Z",
        "2026-11-31T08:00:00Z",
        "2026-11-20T25:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-11-20T08:00:00+99:99",
        "1763625600",
        "20261120080000123",
        "٢٠٢٦-11-20T08:00:00Z",
        "x" * 10_000,
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(RecordError, match="no date of a page"):
        parse_date(written)


@pytest.mark.parametrize(
    "digest",
    [
        write_digest(PAGE),
        write_digest(PAGE).replace("sha1", "SHA-1"),
        f"sha1:{hashlib.sha1(PAGE).hexdigest()}",
        f"sha256:{hashlib.sha256(PAGE).hexdigest().upper()}",
        f"sha256:{base64.b64encode(hashlib.sha256(PAGE).digest()).decode()}",
        f"md5:{base64.b32encode(hashlib.md5(PAGE).digest()).decode().rstrip('=').lower()}",
        # Such digests say nothing.
        "xxh3:0123456789abcdef",
        "sha1:",
        "sha1:tooshort",
        "B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A",
    ],
)
def test_digests_are_read_in_every_form(digest: str) -> None:
    page = read(build_record(BLOCK, {"WARC-Payload-Digest": digest}))
    assert page is not None
    assert page.remark == ""


def test_the_digest_of_the_decoded_body_is_right() -> None:
    block = build_response(join_chunks(PAGE), {"Transfer-Encoding": "chunked"})
    for content in (PAGE, join_chunks(PAGE), block):
        page = read(build_record(block, {"WARC-Payload-Digest": write_digest(content)}))
        assert page is not None
        assert (page.body, page.remark) == (PAGE, "")


def test_a_wrong_digest_beside_a_right_one_is_only_remarked() -> None:
    right, wrong = write_digest(BLOCK), write_digest(b"something else")
    page = read(build_record(BLOCK, {"WARC-Block-Digest": right, "WARC-Payload-Digest": wrong}))
    assert page is not None
    assert page.remark == "its payload digest does not agree"
    page = read(build_record(BLOCK, {"WARC-Block-Digest": wrong, "WARC-Payload-Digest": write_digest(PAGE)}))
    assert page is not None
    assert page.remark == "its block digest does not agree"
    with pytest.raises(RecordError, match="block and payload digest does not agree"):
        read(build_record(BLOCK, {"WARC-Block-Digest": wrong, "WARC-Payload-Digest": wrong}))


def test_a_page_larger_than_the_limit_is_named() -> None:
    (record,) = read_records(BytesIO(build_page_record(1)), 200)
    with pytest.raises(RecordError, match="larger than a page may be"):
        read_web_page(record, 200)
