"""A raw page comes out of the archive as it went in."""

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    find_body,
    prepare_archive,
    read_archived_page,
)
from shopwire.storage.errors import StoreError

PAGE = ArchivedPage(
    "https://blog.example/1",
    "blog",
    datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    "text/html; charset=gb2312",
    "<p>淘宝".encode("gb18030") + b"\x00\xff",
    {"title": "淘宝\r\nWARC-Type: forged", "author": ""},
)


def test_pages_come_back_byte_for_byte(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "2026-11/blog-1") as writer:
        places = [writer.write(PAGE) for _ in range(3)]
    assert places[0] == "2026-11/blog-1.warc.gz#0"
    assert len(set(places)) == 3
    assert [read_archived_page(tmp_path, place) for place in places] == [PAGE] * 3


def test_a_page_is_on_the_disk_before_its_place_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []

    def note(file: int) -> None:
        found = os.fstat(file)
        synced.append((found.st_ino, found.st_size if stat.S_ISREG(found.st_mode) else 0))

    monkeypatch.setattr(os, "fsync", note)
    with ArchiveWriter(tmp_path, "2026-11/blog-1") as writer:
        sizes = [(writer.write(PAGE), writer.path.stat().st_size)[1] for _ in range(2)]
    file, folder = writer.path.stat().st_ino, writer.path.parent.stat().st_ino
    assert synced == [(file, sizes[0]), (folder, 0), (tmp_path.stat().st_ino, 0), (file, sizes[1])]


def test_a_file_that_was_closed_goes_on_where_it_ended(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "2026-11/blog-1")
    first, size = writer.write(PAGE), writer.path.stat().st_size
    for _ in range(2):
        writer.close()
    second = writer.write(LATER)
    writer.close()
    assert second == f"2026-11/blog-1.warc.gz#{size}"
    assert [read_archived_page(tmp_path, place) for place in (first, second)] == [PAGE, LATER]


def test_no_page_no_file(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "2026-11/blog-1"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_crawl_wrote_before_can_be_read(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "blog-1") as writer:
        first, second = writer.write(PAGE), writer.write(PAGE)
    path = tmp_path / "blog-1.warc.gz"
    path.write_bytes(path.read_bytes()[:-40])
    assert read_archived_page(tmp_path, first) == PAGE
    with pytest.raises(ArchiveError, match="is damaged"):
        read_archived_page(tmp_path, second)


@pytest.mark.fault("46m", "Paths in the name of a source", "no archive file outside its folder")
@pytest.mark.parametrize("name", ["../a", "2026-11/../../a", "/tmp/a", "a/../../../etc/a", "a\0b"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "archive"
    with pytest.raises(ArchiveError, match="outside"):
        ArchiveWriter(folder, name).write(PAGE)
    assert list(tmp_path.rglob("*.gz")) == []


def test_a_link_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "elsewhere", "a") as writer:
        place = writer.write(PAGE)
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "a.warc.gz").symlink_to(tmp_path / "elsewhere" / "a.warc.gz")
    with pytest.raises(ArchiveError, match="outside"):
        read_archived_page(folder, place)
    with pytest.raises(ArchiveError, match="outside"):
        ArchiveWriter(folder, "a")


@pytest.mark.fault("46n", "Paths in the address of a page", "its archive file alone is written")
def test_an_address_names_no_file(tmp_path: Path) -> None:
    page = replace(PAGE, url="https://a.example/../../../etc/passwd\0", source="../../a")
    with ArchiveWriter(tmp_path / "archive", "a") as writer:
        place = writer.write(page)
    assert read_archived_page(tmp_path / "archive", place).source == "../../a"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.warc.gz"]


@pytest.mark.parametrize("place", ["../secret.warc.gz#0", "/etc/passwd#0", "none.warc.gz#0", "x"])
def test_a_bad_place_is_an_error_that_names_it(tmp_path: Path, place: str) -> None:
    with pytest.raises(ArchiveError, match=place.partition("#")[0]):
        read_archived_page(tmp_path, place)


EARLIER = replace(PAGE, fetched=PAGE.fetched - timedelta(days=40))
LATER = replace(PAGE, listed={"title": "A new title"})


def write_again(folder: Path, later: ArchivedPage = LATER) -> tuple[str, str]:
    """Archive a page and in another file the same body; return both places."""
    with ArchiveWriter(folder, "2026-11/blog-1") as writer:
        writer.write(replace(EARLIER, body=b"another"))
        first = writer.write(EARLIER)
    with ArchiveWriter(folder, "2026-12/blog-2") as writer:
        return first, writer.write(later, find_body(folder, first, later))


def test_a_body_that_was_archived_before_is_a_revisit_record(tmp_path: Path) -> None:
    first, second = write_again(tmp_path)
    with (tmp_path / "2026-12/blog-2.warc.gz").open("rb") as file:
        (record,) = ArchiveIterator(file, check_digests="raise")
        payload = record.content_stream().read()
    with (tmp_path / "2026-11/blog-1.warc.gz").open("rb") as file:
        original = [(one.rec_headers, one.content_stream().read())[0] for one in ArchiveIterator(file)][1]
    header = record.rec_headers.get_header
    assert (record.rec_type, record.rec_headers.protocol, payload) == ("revisit", "WARC/1.1", b"")
    assert header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert header("WARC-Payload-Digest") == original.get_header("WARC-Payload-Digest")
    assert header("WARC-Refers-To-Target-URI") == original.get_header("WARC-Target-URI")
    assert header("WARC-Refers-To-Date") == original.get_header("WARC-Date") == "2026-10-13T08:00:00Z"
    assert header("WARC-Date") == "2026-11-22T08:00:00Z"
    assert read_archived_page(tmp_path, second) == replace(LATER, body_in=first)


def test_all_revisit_records_refer_to_the_record_with_the_body(tmp_path: Path) -> None:
    first, second = write_again(tmp_path)
    assert find_body(tmp_path, second, LATER) == ArchivedBody(first, EARLIER.fetched)


@pytest.mark.parametrize(
    "change", [{"body": b"changed"}, {"url": "https://blog.example/2"}, {"source": "other"}, {"body": b""}]
)
def test_another_body_address_or_source_is_archived_in_full(
    tmp_path: Path, change: dict[str, str | bytes]
) -> None:
    later = replace(LATER, **change)  # type: ignore[arg-type]
    _, second = write_again(tmp_path, later)
    assert read_archived_page(tmp_path, second) == later


def test_a_page_whose_last_record_is_lost_is_archived_in_full(tmp_path: Path) -> None:
    first, second = write_again(tmp_path)
    (tmp_path / "2026-11/blog-1.warc.gz").unlink()
    assert find_body(tmp_path, "", LATER) is None
    assert find_body(tmp_path, first, LATER) is None
    assert find_body(tmp_path, second, LATER) is None


def test_a_revisit_record_whose_body_is_gone_or_another_is_an_error(tmp_path: Path) -> None:
    first, second = write_again(tmp_path)
    path = tmp_path / "2026-11/blog-1.warc.gz"
    before = path.read_bytes()[: int(first.partition("#")[2])]
    revisit = build_record(PAGE, ArchivedBody("a", PAGE.fetched))
    for body in (build_record(replace(PAGE, body=b"changed")), revisit):
        path.write_bytes(before + body)
        with pytest.raises(ArchiveError, match=r"blog-2.*blog-1"):
            read_archived_page(tmp_path, second)
    path.write_bytes(before + build_record(PAGE))
    assert read_archived_page(tmp_path, second).body == PAGE.body
    path.unlink()
    with pytest.raises(ArchiveError, match="blog-1"):
        read_archived_page(tmp_path, second)


def test_an_archive_that_cannot_be_written_is_an_error_that_says_why(tmp_path: Path) -> None:
    prepare_archive(tmp_path / "new" / "archive")
    assert list((tmp_path / "new" / "archive").iterdir()) == []
    prepare_archive(tmp_path / "new" / "archive")
    (tmp_path / "file").write_text("")
    advice = "check the permissions of the folder and the free space on its disk"
    with pytest.raises(StoreError, match=f"^cannot write to the archive .*file: .*; {advice}$"):
        prepare_archive(tmp_path / "file")


def test_whether_a_folder_can_be_written_is_tried_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_on_full_disk(dir: Path) -> None:  # noqa: A002
        raise OSError(28, "No space left on device" if dir == tmp_path else "")

    monkeypatch.setattr(archive, "TemporaryFile", write_on_full_disk)
    with pytest.raises(StoreError, match="No space left on device"):
        prepare_archive(tmp_path)
