"""Write rows as an Excel workbook (.xlsx) with real dates and links; text is never a formula.

The limits are those of Excel: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shopwire.storage.text.characters import NOT_IN_XML, SURROGATES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header; the next sheet has those that follow."""
MOST_LINKS = 65_530
MOST_UNITS = 32_767
LONGEST_LINK = 2079
LARGEST_INTEGER = 2**53
FIRST_YEAR = 1900

DATES = frozenset(
    (
        *("atom_updated", "at", "day", "fetched", "finished", "first_crawled", "first_day", "first_seen"),
        *("last_article", "last_day", "last_seen", "last_success", "next_due", "published", "since"),
        *("started", "time", "updated", "week"),
    )
)
"""Columns whose text is a date where it has the form of one."""
LINKS = frozenset(("url", "home", "image", "atom_link"))
WIDE = frozenset(("title", "text", "markdown", "sentence", "evidence", "description", "atom_title"))
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")
WEB = re.compile("https?://", re.IGNORECASE)
UNWRITABLE = re.compile(f"[{NOT_IN_XML}{SURROGATES}]")
# Text that looks like a formula, a number or an address stays text.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_workbook(file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a header and the rows, whose values are in the order of `columns`. Return the number of rows.

    Times are in UTC, as Excel has no zones. What does not fit into a cell is cut off, with "…" at the end.
    Raises `OSError` if the file cannot be written.
    """
    output = _FailingOnceFile(file)
    book = Workbook(output, OPTIONS)
    formats = {
        "head": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "link": book.get_default_url_format(),
    }
    number = 0
    sheet = _add_sheet(book, columns, formats["head"])
    links = 0
    for number, row in enumerate(rows, start=1):
        line = (number - 1) % MOST_ROWS + 1
        if number > 1 and line == 1:
            sheet, links = _add_sheet(book, columns, formats["head"]), 0
        for column, (name, value) in enumerate(zip(columns, row, strict=True)):
            links += _write_cell(sheet, line, column, name, value, formats, links < MOST_LINKS)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from error
    if output.error:
        raise output.error
    return number


class _FailingOnceFile:
    """A file whose first error is kept, and all of whose later output is dropped.

    A ZIP archive writes its end when it is deleted, too, where an error prints a traceback.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._position = 0
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write data, unless there was an error. Return its length."""
        self._try(lambda: self._file.write(data))
        self._position += len(data)
        return len(data)

    def seek(self, position: int) -> int:
        """Go to a position, and return it."""
        self._try(lambda: self._file.seek(position))
        self._position = position
        return position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def flush(self) -> None:
        """Write what is still in memory, unless there was an error."""
        self._try(self._file.flush)

    def _try(self, action: Callable[[], object]) -> None:
        if self.error is None:
            try:
                action()
            except OSError as error:
                self.error = error


def _add_sheet(book: Workbook, columns: Sequence[str], head: Format) -> Worksheet:
    sheet: Worksheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for number, name in enumerate(columns):
        sheet.set_column(number, number, 60 if name in WIDE else 40 if name in LINKS else 16)
        sheet.write_string(0, number, name, head)
    return sheet


def _write_cell(
    sheet: Worksheet,
    line: int,
    column: int,
    name: str,
    value: Any,
    formats: dict[str, Format],
    may_link: bool,
) -> bool:
    """Write a value as what it is; returns whether the cell is a link."""
    if value is None or value == "":
        return False
    if isinstance(value, (bool, int, float)) and abs(value) <= LARGEST_INTEGER:
        sheet.write_number(line, column, value)
        return False
    text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", str(value))
    if name in DATES and (moment := _read_date(text)):
        sheet.write_datetime(line, column, moment, formats["time" if len(text) > 10 else "day"])
    elif name in LINKS and may_link and WEB.match(text) and len(text) <= LONGEST_LINK:
        return not sheet.write_url(line, column, text, formats["link"], text)
    else:
        sheet.write_string(line, column, _cut(text))
    return False


def _read_date(text: str) -> datetime | None:
    """Return a date that Excel can have, in UTC and without zone."""
    if not DATE.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= FIRST_YEAR else None


def _cut(text: str) -> str:
    """Return what fits into a cell, which is counted in units of UTF-16."""
    if len(text) * 2 <= MOST_UNITS or len(text.encode("utf-16-le")) <= MOST_UNITS * 2:
        return text
    return text.encode("utf-16-le")[: (MOST_UNITS - 1) * 2].decode("utf-16-le", "ignore") + "…"
