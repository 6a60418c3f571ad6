"""Imports the pages of WARC files (ISO 28500), such as those of CC-NEWS, as if they had been crawled."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import BinaryIO

from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.pipelines.store_article import StoreResult, store_imported_page
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.decoding.parser_limits import LARGEST_PAGE
from shopwire.spiders.page import Page, restore_known
from shopwire.storage.addresses.aliases import is_known
from shopwire.storage.archive import LISTED_HEADER, read_listed
from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.warc.records import LARGEST_HEAD, Record, RecordError, read_records
from shopwire.storage.warc.web_page import read_web_page
from shopwire.storage.writer import StoreWriter

# Records that are made of a page which is in another record, perhaps of another file.
DERIVED_TYPES = ("revisit", "conversion", "continuation")

Report = Callable[[str], None]


def import_pages(store: Store, file: BinaryIO, reject: Report, remark: Report) -> Iterator[StoreResult]:
    """Yield the result of each page of a WARC file once it is stored.

    Pages that are stored already are skipped, so an interrupted import can be started again. `reject` is
    called with a sentence for each record whose page cannot be stored, `remark` for other oddities; the
    records behind are read all the same.
    """
    with closing(StoreWriter(store.path)) as writer, WorkerPool(analyzes=True) as workers:
        processed = workers.process_all(
            _list_new_pages(store, file, reject, remark),
            lambda page: load_site_boilerplate(store, page.source),
        )
        yield from writer.write_all(
            partial(
                store_imported_page,
                page=page,
                result=one.result if one else None,
                analysis=one.analysis if one else None,
            )
            for page, one in processed
        )


def _list_new_pages(
    store: Store, file: BinaryIO, reject: Report, remark: Report
) -> Iterator[tuple[Page, Page | None]]:
    """Yield the pages of a file, each a second time unless it is stored already."""
    for page in read_pages(file, reject, remark):
        yield page, None if is_known(store, page.url) else page


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
