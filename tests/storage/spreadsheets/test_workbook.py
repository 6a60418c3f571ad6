"""A workbook has dates, numbers, links and text, whatever the text looks like."""

import errno
import gc
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from shopwire.storage.spreadsheets import workbook
from shopwire.storage.spreadsheets.workbook import write_workbook


def read(tmp_path: Path, name: str, *values: Any) -> list[Cell]:
    """Write a column of values; returns its cells as another program reads them."""
    file = tmp_path / "rows.xlsx"
    with file.open("wb") as opened:
        assert write_workbook(opened, [name], [[value] for value in values]) == len(values)
    (sheet,) = load_workbook(file).worksheets
    return [row[0] for row in sheet.iter_rows(min_row=2, max_row=len(values) + 1)]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x.example")',
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "007",
        "12",
        "2026-11-01",
        "http://x.example",
    ],
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    (cell,) = read(tmp_path, "title", text)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("text", "moment", "form"),
    [
        ("2026-11-01", datetime.fromisoformat("2026-11-01"), "yyyy-mm-dd"),
        ("2026-11-01T08:30+08:00", datetime.fromisoformat("2026-11-01 00:30"), "yyyy-mm-dd hh:mm"),
        ("2026-11-01T08:30:15+00:00", datetime.fromisoformat("2026-11-01 08:30:15"), "yyyy-mm-dd hh:mm"),
    ],
)
def test_dates_are_dates_in_utc(tmp_path: Path, text: str, moment: datetime, form: str) -> None:
    (cell,) = read(tmp_path, "published", text)
    assert (cell.value, cell.number_format) == (moment, form)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1066-10-14", "0001-01-01T00:00+08:00"])
def test_what_is_no_date_of_excel_is_text(tmp_path: Path, text: str) -> None:
    (cell,) = read(tmp_path, "published", text)
    assert cell.value == text


def test_addresses_are_links_as_long_as_excel_allows(tmp_path: Path) -> None:
    long = f"https://x.example/{'a' * 2100}"
    first, second, third = read(tmp_path, "url", "https://x.example/1?a=b#c", "javascript:alert(1)", long)
    assert first.value == "https://x.example/1?a=b#c"
    assert first.hyperlink
    assert (second.value, second.hyperlink) == ("javascript:alert(1)", None)
    assert (third.value, third.hyperlink) == (long, None)


def test_numbers_are_numbers_as_far_as_excel_is_exact(tmp_path: Path) -> None:
    cells = read(tmp_path, "views", 7, 1.5, 2**53 + 1, None, "")
    assert [cell.value for cell in cells] == [7, 1.5, str(2**53 + 1), None, None]


def test_long_text_is_cut_and_odd_characters_are_replaced(tmp_path: Path) -> None:
    cells = read(tmp_path, "text", "\U0001f4e6" * 20_000, "淘" * 32_767, "a\x00b\ud800c\x1bd", "two\nlines")
    assert len(cells[0].value.encode("utf-16-le")) // 2 <= 32_767
    assert cells[0].value.endswith("\U0001f4e6…")
    assert cells[1].value == "淘" * 32_767
    assert cells[2].value == "a\ufffdb\ufffdc\ufffdd"
    assert cells[3].value == "two\nlines"


def test_the_header_is_frozen_and_a_full_sheet_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    monkeypatch.setattr(workbook, "MOST_LINKS", 1)
    file = tmp_path / "rows.xlsx"
    with file.open("wb") as opened:
        assert write_workbook(opened, ["url"], [[f"https://x.example/{number}"] for number in range(3)]) == 3
    first, second = load_workbook(file).worksheets
    for sheet in (first, second):
        assert sheet.freeze_panes == "A2"
        assert (sheet["A1"].value, sheet["A1"].font.bold) == ("url", True)
    assert [row[0].hyperlink is None for row in first.iter_rows(min_row=2)] == [False, True]
    assert second["A2"].value == "https://x.example/2"


class FullDisk(BytesIO):
    """A file that has no space left."""

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.fault("41c", "Disk full in an export to Excel", "an error, no traceback")
def test_a_full_disk_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        write_workbook(FullDisk(), ["url"], [])
    assert caught.value.errno == errno.ENOSPC
    # An archive that is collected writes its end; pytest fails where that is an error.
    del caught
    gc.collect()
