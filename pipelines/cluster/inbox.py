"""Stores what workers have fetched, each thing once however often it comes, as if it had been crawled here.

A worker ships the page and not what it has read in it: the text is that of the rules and of the boilerplate
of this store, and of a worker nothing is believed that its page does not show.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from shopwire.pipelines.article import Processed, Refusal
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.pipelines.store_article import store_page
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.page import Page, format_known, restore_page
from shopwire.spiders.workers.killable_pool import LostWorkError
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, find_body, name_archive_file, read_record
from shopwire.storage.cluster.leases import find_lease_source
from shopwire.storage.cluster.wire import Ended, Fetched, Message, WireError
from shopwire.storage.crawl_log.conditional_requests import Validators, mark_unreliable, save_validators
from shopwire.storage.crawl_log.events import WRONG_304, add_event
from shopwire.storage.crawl_log.fetches import (
    find_article_fetched_later,
    is_fetch_recorded,
    record_fetch,
)
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import IN_STORE, Outcome
from shopwire.storage.crawl_log.reextraction import find_last_place
from shopwire.storage.crawl_log.runs import finish_run
from shopwire.storage.crawl_log.schedule import close_run, count_successful_pages
from shopwire.storage.database import Store
from shopwire.storage.warc.records import RecordError
from shopwire.storage.writer import StoreWriter

# Files of the archive that are open at once.
MOST_FILES = 128
# Of a worker that was cut off, whose crawl another one has repeated meanwhile.
OVERTAKEN = "came after a later fetch of this page"

logger = logging.getLogger(__name__)

IsOwn = Callable[[str, str], bool]


class Checked(NamedTuple):
    """A message that a crawl of ours can have sent, and the page of its record, None if it has none."""

    message: Fetched | Ended
    page: Page | None


class Inbox:
    """The one writer of a cluster. `is_own` returns whether a URL belongs to a source."""

    def __init__(self, path: Path, archive: Path, is_own: IsOwn, workers: WorkerPool) -> None:
        """Open the store. Raises `StoreError`."""
        self.archive, self.is_own, self.workers = archive, is_own, workers
        self._store = Store(path)
        self._writer = StoreWriter(path)
        self._files: dict[int, ArchiveWriter] = {}

    def check(self, message: Message) -> Checked:
        """Return a message with its page. Raises `WireError` for one that no crawl can have sent which this
        store has begun."""
        if not isinstance(message, Fetched | Ended):
            raise WireError("nothing to store")
        source = find_lease_source(self._store, message.run)
        if source != message.source:
            raise WireError(f"run {message.run} is no crawl of {message.source!r} by a worker")
        if isinstance(message, Ended):
            return Checked(message, None)
        page = read_fetched_page(message)
        for url in (message.url, *([page.url] if page else [])):
            if not self._is_expected(message, url):
                raise WireError(f"{url[:200]!r} is no {message.kind} of {message.source}")
        return Checked(message, page)

    def _is_expected(self, message: Fetched, url: str) -> bool:
        # An error of the crawl itself has no address but the name of its source.
        if url == message.source:
            return not message.record
        if message.kind != "page":
            return bool(get_canonical_url(url))
        return get_canonical_url(url) == url and self.is_own(message.source, url)

    def keep_all(self, checked: Iterable[Checked]) -> Iterator[Fetched | Ended]:
        """Yield each message once it is committed, in their order.

        What is stored already changes nothing. Raises `sqlite3.Error` if the store cannot be written.
        """
        fetched: list[tuple[Fetched, Page | None]] = []
        for message, page in checked:
            if isinstance(message, Fetched):
                fetched.append((message, page))
                continue
            yield from self._keep_fetched(fetched)
            yield self._end(message)
            fetched = []
        yield from self._keep_fetched(fetched)

    def _keep_fetched(self, fetched: Iterable[tuple[Fetched, Page | None]]) -> Iterator[Fetched]:
        processed = self.workers.process_all(
            self._select_new_pages(fetched), lambda page: load_site_boilerplate(self._store, page.source)
        )
        yield from self._writer.write_all(
            partial(_keep, message=message, page=self._archive(message, page, one), processed=one)
            for (message, page), one in processed
        )

    def _end(self, message: Ended) -> Ended:
        """Remove from stored articles what a crawl has shown to be boilerplate, then close its run."""
        # In this order: a writer that is killed in between is given the message again.
        try:
            self._writer.submit_alone(sweep_boilerplate, message.source, self.workers.analyze).result()
        except LostWorkError as error:
            logger.warning("boilerplate stays in articles of %s: %s", message.source, error)
        self._writer.submit(_close_run, message).result()
        self._close_file(message.run)
        return message

    def _close_file(self, run: int) -> None:
        """Close the file of a run in the archive, if there is one."""
        if run in self._files:
            self._files.pop(run).close()

    def _select_new_pages(
        self, fetched: Iterable[tuple[Fetched, Page | None]]
    ) -> Iterator[tuple[tuple[Fetched, Page | None], Page | None]]:
        for message, page in fetched:
            new = None if _is_kept(self._store, message) else page
            yield (message, new), new

    def _archive(self, message: Fetched, page: Page | None, processed: Processed | None) -> Page | None:
        """Return a page with its place in the archive, where a page that is refused or forgotten has none."""
        if page is None or processed is None:
            return page
        urls = (page.url, page.requested)
        if isinstance(processed.result, Refusal) or any(
            is_forgotten(self._store, url, page.source) for url in urls
        ):
            return page
        known = format_known(page)
        raw = ArchivedPage(page.url, page.source, page.fetched, page.content_type, page.body, known)
        body = find_body(self.archive, find_last_place(self._store, page.requested), raw)
        place = self._get_file(message.run, page).write(raw, body)
        return replace(page, archived_in=place, body_in=body.place if body else "")

    def _get_file(self, run: int, page: Page) -> ArchiveWriter:
        if run not in self._files:
            if len(self._files) >= MOST_FILES:
                # Of a crawl whose worker may be lost; another page of it makes another file.
                self._close_file(next(iter(self._files)))
            name = name_archive_file(page.source, page.fetched, run)
            self._files[run] = ArchiveWriter(self.archive, name)
        return self._files[run]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            for close in (
                self._store.close,
                self._writer.close,
                *(one.close for one in self._files.values()),
            ):
                stack.callback(close)


def read_fetched_page(message: Fetched) -> Page | None:
    """Return the page of a message, None if it has none. Raises `WireError` for a damaged record, and for one
    of another page than the message says."""
    if not message.record:
        if message.kind == "page" and message.outcome in IN_STORE:
            raise WireError(f"{message.url[:200]!r} is {message.outcome} without its page")
        return None
    try:
        raw = read_record(BytesIO(message.record))
    except (RecordError, ValueError, OverflowError, RecursionError, StopIteration) as error:
        raise WireError(f"a record that cannot be read: {error!r:.200}") from error
    modified = datetime.fromisoformat(message.modified) if message.modified else None
    if raw.source != message.source or raw.fetched != datetime.fromisoformat(message.at):
        raise WireError("a record of another source or time than its message")
    page = restore_page(raw, message.url)
    return replace(page, listed=replace(page.listed, modified=modified))


def _is_kept(store: Store, message: Fetched) -> bool:
    return is_fetch_recorded(store, message.url, message.at, message.kind)


def _keep(store: Store, message: Fetched, page: Page | None, processed: Processed | None) -> Fetched:
    if _is_kept(store, message):
        return message
    if page is None or processed is None:
        record_fetch(store, _build_row(message))
    elif (article := find_article_fetched_later(store, message.url, message.at)) is not None:
        overtaken = {"outcome": Outcome.KNOWN, "reason": OVERTAKEN, "article_id": article}
        record_fetch(store, _build_row(message) | overtaken)
    else:
        store_page(store, page, processed.result, message.run, processed.analysis)
    return message


def _build_row(message: Fetched) -> dict[str, object]:
    return {
        "run_id": message.run,
        "source": message.source,
        "kind": message.kind,
        "url": message.url,
        "at": message.at,
        "outcome": message.outcome,
        "reason": message.reason,
        "status": message.status,
        "bytes": message.size,
        "links": message.links,
        "rest": message.rest,
        "modified": message.modified,
    }


def _close_run(store: Store, message: Ended) -> None:
    """Close the run of a crawl, unless it is closed, as that of a worker which fell silent."""
    if store.row("SELECT 1 FROM runs WHERE id = ? AND finished IS NULL", message.run) is None:
        return
    now = datetime.now(UTC)
    if not message.is_complete:
        outcome = "interrupted" if count_successful_pages(store, message.run) else "failed"
        close_run(store, message.run, now, outcome, message.reason)
        return
    for url, etag, last_modified in message.validators:
        save_validators(store, url, Validators(etag, last_modified))
    for url in message.unreliable:
        mark_unreliable(store, url)
        text = f"{url} answered 304 although it had new links: conditional requests disabled"
        add_event(store, now, WRONG_304, text, message.source)
    finish_run(store, message.run, message.known, message.reason)
