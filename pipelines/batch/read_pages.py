"""Reads the pages of WARC files (ISO 28500), such as those of CC-NEWS."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.decoding.parser_limits import LARGEST_PAGE
from shopwire.spiders.page import Page, restore_known
from shopwire.storage.archive import LISTED_HEADER, read_listed
from shopwire.storage.text.site import find_site
from shopwire.storage.warc.records import LARGEST_HEAD, Record, RecordError, read_records
from shopwire.storage.warc.web_page import read_web_page

# Records that are made of a page which is in another record, perhaps of another file.
DERIVED_TYPES = ("revisit", "conversion", "continuation")

Report = Callable[[str], None]


def read_pages(file: BinaryIO, reject: Report, remark: Report) -> Iterator[Page]:
    """Yield the HTML pages of a WARC file: whole responses with status 200 up to `LARGEST_PAGE` bytes."""
    derived: Counter[str] = Counter()
    for record in read_records(file, LARGEST_PAGE + LARGEST_HEAD):
        derived.update([record.headers.get("warc-type", "").lower()])
        try:
            page = _read_page(record, partial(_report_record, remark, record))
        except RecordError as error:
            _report_record(reject, record, f"{error}; not imported")
            continue
        if page:
            yield page
    for kind in DERIVED_TYPES:
        if derived[kind]:
            remark(f"{derived[kind]} records of type {kind} hold no page of their own")


def _read_page(record: Record, remark: Report) -> Page | None:
    """Return the page of a record, None if it has none. Raises `RecordError`."""
    found = read_web_page(record, LARGEST_PAGE)
    if found is None:
        return None
    url = get_canonical_url(found.url)
    if not url:
        raise RecordError("its WARC-Target-URI is no URL of a page")
    if found.remark:
        remark(found.remark)
    page = Page(url, find_site(url), found.body, found.fetched, found.content_type)
    try:
        return restore_known(page, read_listed(record))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"its {LISTED_HEADER} is no JSON: {error}") from error


def _report_record(report: Report, record: Record, reason: str) -> None:
    url = record.headers.get("warc-target-uri", "")
    report(f"byte {record.offset:,}: record of {url[:200] or 'an unknown page'}: {reason}")
