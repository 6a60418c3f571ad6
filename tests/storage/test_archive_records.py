"""Records of the archive: as other programs read them, and damaged or unusual ones."""

import gzip
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from shopwire.storage import archive
from shopwire.storage.archive import (
    ArchivedBody,
    ArchivedPage,
    ArchiveError,
    ArchiveWriter,
    build_record,
    read_archived_page,
    read_record,
)
from shopwire.storage.warc.records import RecordError
from tests.storage.test_archive import PAGE, write_again


def test_a_page_is_a_response_record_of_its_server(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "new" / "archive", "2026-11/blog-1") as writer:
        writer.write(PAGE)
    packed = writer.path.read_bytes()
    # A gzip member says when it was written: nothing, so that one record is always the same bytes.
    assert packed[4:8] == bytes(4)
    with writer.path.open("rb") as file:
        ((record, payload),) = (
            (one, one.content_stream().read()) for one in ArchiveIterator(file, check_digests="raise")
        )
    header, served = record.rec_headers.get_header, record.http_headers
    assert (record.rec_type, record.rec_headers.protocol, payload) == ("response", "WARC/1.1", PAGE.body)
    assert (header("WARC-Target-URI"), header("WARC-Date")) == (PAGE.url, "2026-11-22T08:00:00Z")
    assert (served.protocol, served.statusline, served.headers) == (
        "HTTP/1.1", "200 OK", [("Content-Type", PAGE.content_type)]
    )  # fmt: skip


@pytest.mark.fault("46q", "An archived record cut after any byte", "an error of the archive and no other")
def test_a_record_cut_anywhere_is_an_error_of_the_archive(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(PAGE)
    path = tmp_path / "blog-1.warc.gz"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ArchiveError, match="blog-1"):
            read_archived_page(tmp_path, place)


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_changed_byte_never_changes_a_page(tmp_path: Path, flip: int) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(PAGE)
    path = tmp_path / "blog-1.warc.gz"
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
        # What a list said of the page is in no digest; the member's checksum covers it.
        with suppress(ArchiveError):
            assert read_archived_page(tmp_path, place) == PAGE


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ("[1]", "its WARC-Shopwire-Listed is no object of strings"),
        ('{"title": 7}', "its WARC-Shopwire-Listed is no object of strings"),
        ("null", "its WARC-Shopwire-Listed is no object of strings"),
        ("{", "JSONDecodeError"),
        ("[" * 100_000, ""),
    ],
)
def test_listed_fields_of_another_form_are_an_error(tmp_path: Path, listed: str, why: str) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(replace(PAGE, listed={}))
    path = tmp_path / "blog-1.warc.gz"
    record = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(record.replace(b"-Listed: {}", b"-Listed: " + listed.encode())))
    with pytest.raises(ArchiveError, match=f"blog-1.*{why}"):
        read_archived_page(tmp_path, place)


def test_a_record_from_elsewhere_has_its_body(tmp_path: Path) -> None:
    assert read_record(BytesIO(build_record(PAGE))) == PAGE
    with pytest.raises(RecordError, match=r"^it is a revisit record, without its body$"):
        read_record(BytesIO(build_record(PAGE, ArchivedBody("a", PAGE.fetched))))


@pytest.mark.parametrize(
    ("word", "becomes"), [(b"revisit", b"response"), (b"-Shopwire-Body", b"-Elsewhere-Body")]
)
def test_a_revisit_record_of_another_program_is_an_error(tmp_path: Path, word: bytes, becomes: bytes) -> None:
    _, second = write_again(tmp_path)
    path = tmp_path / "2026-12/blog-2.warc.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(word, becomes)))
    with pytest.raises(ArchiveError, match=r"blog-2.*: a revisit record has WARC-Shopwire-Body"):
        read_archived_page(tmp_path, second)


def test_a_record_that_is_larger_than_any_page_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(PAGE)
    monkeypatch.setattr(archive, "LARGEST_RECORD", 40)
    with pytest.raises(ArchiveError, match="is damaged: it is too large"):
        read_archived_page(tmp_path, place)


def test_a_record_of_which_no_list_said_anything_can_be_read(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(PAGE)
    path = tmp_path / "blog-1.warc.gz"
    lines = gzip.decompress(path.read_bytes()).split(b"\r\n")
    kept = [line for line in lines if not line.startswith(b"WARC-Shopwire-Listed")]
    path.write_bytes(gzip.compress(b"\r\n".join(kept)))
    assert read_archived_page(tmp_path, place) == replace(PAGE, listed={})


def drop_header(path: Path, name: str) -> None:
    """Leave a header out of the only record of a file."""
    head, end, block = gzip.decompress(path.read_bytes()).partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(f"{name}:".encode())]
    path.write_bytes(gzip.compress(b"\r\n".join(lines) + end + block))


def test_what_no_header_says_is_empty() -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n<p>One"
    head = f"WARC/1.1\r\nWARC-Date: 2026-11-22T08:00:00Z\r\nContent-Length: {len(block)}\r\n\r\n"
    record = BytesIO(head.encode() + block + b"\r\n\r\n")
    assert read_record(record) == ArchivedPage("", "", PAGE.fetched, "", b"<p>One")


def test_where_the_digest_of_a_record_is_missing_that_of_its_body_counts(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(PAGE)
    path = tmp_path / "blog-1.warc.gz"
    drop_header(path, "WARC-Block-Digest")
    assert read_archived_page(tmp_path, place) == PAGE
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"<p>", b"<b>")))
    with pytest.raises(ArchiveError, match="its payload digest does not agree"):
        read_archived_page(tmp_path, place)


def test_a_record_without_its_time_is_an_error(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        place = writer.write(PAGE)
    drop_header(tmp_path / "blog-1.warc.gz", "WARC-Date")
    with pytest.raises(ArchiveError, match="it has no WARC-Date"):
        read_archived_page(tmp_path, place)


def test_a_revisit_record_without_the_digest_of_its_body_is_an_error(tmp_path: Path) -> None:
    first, second = write_again(tmp_path)
    drop_header(tmp_path / "2026-12/blog-2.warc.gz", "WARC-Payload-Digest")
    with pytest.raises(ArchiveError, match=f"{first} is not its body"):
        read_archived_page(tmp_path, second)
