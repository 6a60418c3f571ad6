"""Pages of WARC files (ISO 28500), such as those of CC-NEWS, through the same line as crawled ones."""

import os
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import click
import rich.progress
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.keep import Kept, keep
from shopwire.pipelines.learn import known_site
from shopwire.pipelines.workers import Workers
from shopwire.spiders.canonical import canonical_url, site_of
from shopwire.spiders.page import LARGEST_PAGE, Page
from shopwire.storage.ledger import declare_host
from shopwire.storage.store import Store

# Pages in work at once, for each worker: enough that none waits, few enough to stay small.
AHEAD = 4
DIGESTS = ("WARC-Block-Digest", "WARC-Payload-Digest")


def is_warc(file: Path) -> bool:
    """Whether a file is named as WARC files are."""
    return file.name.endswith((".warc", ".warc.gz"))


def import_pages(store: Store, file: Path) -> Iterator[Kept]:
    """What became of each page of a WARC file, told once it is stored.

    An address that is stored already is not read again, so a broken off import may be begun anew.
    Raises `click.ClickException` where the file cannot be read on; what came before is kept.
    """
    with Workers(digests=True) as workers:
        ahead: deque[tuple[Page, Future[Article | Refusal]]] = deque()
        broken: click.ClickException | None = None
        try:
            for page in read_pages(file):
                if store.row("SELECT 1 FROM articles WHERE url = ?", page.url):
                    yield Kept(page.url, "known", "it is stored already")
                    continue
                ahead.append((page, workers.submit(page, known_site(store, page))))
                if len(ahead) >= AHEAD * (os.cpu_count() or 1):
                    yield _keep(store, *ahead.popleft())
        except click.ClickException as error:
            broken = error
        while ahead:
            yield _keep(store, *ahead.popleft())
        if broken:
            raise broken


def _keep(store: Store, page: Page, future: Future[Article | Refusal]) -> Kept:
    with store.writing():
        declare_host(store, page.source, page.url, language="")
    return keep(store, page, future.result(), None)


def read_pages(file: Path) -> Iterator[Page]:
    """The HTML pages of a WARC file: its answers with status 200, no larger than a crawl would take."""
    hidden = not sys.stderr.isatty()
    with rich.progress.open(file, "rb", description="pages", disable=hidden) as stream:
        try:
            for record in ArchiveIterator(stream, check_digests=True):
                if page := _page(record):
                    yield page
        except (ArchiveLoadFailed, EOFError, OSError) as error:
            raise click.ClickException(
                f"{file}: cannot be read on at byte {stream.tell():,}: {error}; "
                "what came before is kept"
            ) from error


def _page(record: ArcWarcRecord) -> Page | None:
    http = record.http_headers
    if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
        return None
    content_type = http.get_header("Content-Type") or "text/html"
    url = canonical_url(record.rec_headers.get_header("WARC-Target-URI") or "")
    if "html" not in content_type.lower() or not url:
        return None
    body = record.content_stream().read(LARGEST_PAGE + 1)
    if len(body) > LARGEST_PAGE:
        return None
    # A record cut short reads as a short body without a word; only its digest, where it has one, tells.
    if any(map(record.rec_headers.get_header, DIGESTS)) and not record.digest_checker.passed:
        raise ArchiveLoadFailed(f"the record of {url} is damaged: its digest does not agree")
    fetched = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
    return Page(url, site_of(url), body, fetched, content_type)
