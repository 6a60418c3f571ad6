"""Imports the pages of WARC files (ISO 28500), such as those of CC-NEWS, as if they had been crawled."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import BinaryIO

from shopwire.pipelines.batch.read_pages import Report, read_pages
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.pipelines.store_article import StoreResult, store_imported_page
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.page import Page
from shopwire.storage.addresses.aliases import is_known
from shopwire.storage.database import Store
from shopwire.storage.writer import StoreWriter


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
