"""Records that are erased, and the others in the same file."""

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from shopwire.storage.archive import ArchivedPage, ArchiveWriter, read_archived_page
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance.erase import (
    add_erasures,
    build_placeholder,
    erase_pending,
    erase_record,
)

FETCHED = datetime(2026, 11, 22, tzinfo=UTC)


@given(st.integers(0, 400_000))
def test_a_placeholder_is_as_long_as_asked_and_can_be_read(length: int) -> None:
    placeholder = build_placeholder(length)
    if length < 250:
        assert placeholder in (b"", placeholder[:length])
        return
    assert len(placeholder) == length
    (record,) = ArchiveIterator(BytesIO(placeholder))
    assert record.rec_type == "metadata"


@pytest.mark.parametrize("erased", [0, 1, 2])
def test_the_other_records_of_a_file_stay_where_they_are(tmp_path: Path, erased: int) -> None:
    pages = [
        ArchivedPage(f"https://a.example/{n}", "a", FETCHED, "text/html", os.urandom(90_000 * n + 300))
        for n in range(3)
    ]
    with ArchiveWriter(tmp_path, "a") as writer:
        places = [writer.write(page) for page in pages]
    path = tmp_path / "a.warc.gz"
    erase_record(path, int(places[erased].partition("#")[2]))
    for number, place in enumerate(places):
        if number != erased:
            assert read_archived_page(tmp_path, place) == pages[number]
    with path.open("rb") as file:
        urls = [record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(file)]
    assert urls == [None if number == erased else page.url for number, page in enumerate(pages)]


def test_a_damaged_record_is_erased_up_to_the_next_one(tmp_path: Path) -> None:
    pages = [ArchivedPage(f"https://a.example/{n}", "a", FETCHED, "text/html", b"text" * 500) for n in (1, 2)]
    with ArchiveWriter(tmp_path, "a") as writer:
        places = [writer.write(page) for page in pages]
    path = tmp_path / "a.warc.gz"
    data = bytearray(path.read_bytes())
    data[40:60] = b"\xff" * 20
    path.write_bytes(data)
    erase_record(path, 0)
    assert read_archived_page(tmp_path, places[1]) == pages[1]
    assert b"\xff" * 20 not in path.read_bytes()


def test_pending_erasures_are_completed_by_the_next_call(store: Store, tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "a") as writer:
        place = writer.write(ArchivedPage("https://a.example/1", "a", FETCHED, "text/html", b"secret"))
    with store.writing():
        add_erasures(store, [place, "gone.warc.gz#7", "gone.warc.gz"])
    assert erase_pending(store, tmp_path) == 1
    assert erase_pending(store, tmp_path) == 0
    (record,) = ArchiveIterator(BytesIO((tmp_path / "a.warc.gz").read_bytes()))
    assert record.rec_type == "metadata"


def test_without_an_archive_nothing_counts_as_erased(store: Store, tmp_path: Path) -> None:
    """It may be a disk that is not mounted."""
    with store.writing():
        add_erasures(store, ["a.warc.gz#0", "b.warc.gz"])
    with pytest.raises(StoreError, match="is not there, and 2 of its"):
        erase_pending(store, tmp_path / "archive")
    assert len(store.rows("SELECT place FROM erasures")) == 2
    (tmp_path / "archive").mkdir()
    assert erase_pending(store, tmp_path / "archive") == 0
    assert store.rows("SELECT place FROM erasures") == []
