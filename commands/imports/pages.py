"""Imports the pages of WARC files (ISO 28500), such as those of CC-NEWS, as if they had been crawled."""

import sys
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

import rich.progress
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from shopwire.pipelines.analyze_article import Processed
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.pipelines.store_article import StoreResult, store_page
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.decoding.parser_limits import LARGEST_PAGE
from shopwire.spiders.page import Page
from shopwire.storage.addresses.aliases import is_known
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import declare_host
from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.writer import StoreWriter

GZIP = b"\x1f\x8b"
DIGESTS = ("WARC-Block-Digest", "WARC-Payload-Digest")


class BrokenFileError(Exception):
    """Raised by `import_pages` if a file is truncated or damaged; the message says where and why."""


def is_warc(file: Path) -> bool:
    """Return whether a file has the name of a WARC file."""
    return file.name.endswith((".warc", ".warc.gz"))


def import_pages(store: Store, file: Path) -> Iterator[StoreResult]:
    """Yield the result of each page of a WARC file once it is stored.

    Pages that are stored already are skipped, so an interrupted import can be started again. Raises
    `BrokenFileError` at the first damaged record; the pages before it are stored.
    """
    with closing(StoreWriter(store.path)) as writer, WorkerPool(analyzes=True) as workers:
        processed = workers.process_all(
            _list_new_pages(store, file), lambda page: load_site_boilerplate(store, page.source)
        )
        yield from writer.write_all(partial(_store_page, page=page, processed=one) for page, one in processed)


def _store_page(store: Store, page: Page, processed: Processed | None) -> StoreResult:
    if processed is None:
        return StoreResult(page.url, Outcome.KNOWN, "stored already")
    declare_host(store, page.source, page.url, language="")
    return store_page(store, page, processed.result, None, processed.analysis)


def _list_new_pages(store: Store, file: Path) -> Iterator[tuple[Page, Page | None]]:
    """Yield the pages of a file, each a second time unless it is stored already."""
    for page in read_pages(file):
        yield page, None if is_known(store, page.url) else page


def read_pages(file: Path) -> Iterator[Page]:
    """Yield the HTML pages of a WARC file: responses with status 200 up to `LARGEST_PAGE` bytes."""
    hidden = not sys.stderr.isatty()
    with rich.progress.open(file, "rb", description="pages", disable=hidden) as stream:
        records, last, end = ArchiveIterator(stream, check_digests=True), 0, 0
        try:
            for record in records:
                if page := _read_page(record):
                    yield page
                last = records.get_record_offset()
                end = last + records.get_record_length()
            _check_end(file, last, end)
        # warcio raises AttributeError for a record with a truncated header.
        except (ArchiveLoadFailed, EOFError, OSError, zlib.error, AttributeError) as error:
            raise BrokenFileError(
                f"{file}: cannot be read after byte {end:,}: {error}; the pages before are stored"
            ) from error


def _check_end(file: Path, last: int, end: int) -> None:
    """Raise `EOFError` if the last record is truncated or followed by trailing bytes.

    `last` and `end` are its offsets. warcio does not report a record truncated in its header.
    """
    with file.open("rb") as stream:
        stream.seek(last)
        rest = stream.read()
    if rest.startswith(GZIP):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        member.decompress(rest)
        is_complete = member.eof and not member.unused_data
    else:
        is_complete = not rest[end - last :].strip()
    if not is_complete:
        raise EOFError("truncated within a record")


def _read_page(record: ArcWarcRecord) -> Page | None:
    if record.rec_type != "response":
        return None
    body = record.content_stream().read(LARGEST_PAGE + 1)
    # A truncated record reads as a shorter body without an error; only its digest shows it.
    is_complete = len(body) <= LARGEST_PAGE
    digests = any(map(record.rec_headers.get_header, DIGESTS))
    if is_complete and digests and not record.digest_checker.passed:
        url = record.rec_headers.get_header("WARC-Target-URI")
        raise ArchiveLoadFailed(f"the record of {url} is damaged: wrong digest")
    http = record.http_headers
    if not is_complete or http is None or http.get_statuscode() != "200":
        return None
    content_type = http.get_header("Content-Type") or "text/html"
    url = get_canonical_url(record.rec_headers.get_header("WARC-Target-URI") or "")
    if "html" not in content_type.lower() or not url:
        return None
    fetched = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
    return Page(url, find_site(url), body, fetched, content_type)
