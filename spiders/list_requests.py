"""Requests for lists, and for the newest pages that they name."""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.decoding.parser_limits import LARGEST_LIST, UnreadableListError
from shopwire.spiders.http.packed_lists import STREAMED
from shopwire.spiders.lists.newest import OLDEST, Ranked
from shopwire.spiders.lists.reading import (
    MAX_LISTS_PER_CRAWL,
    ListedLink,
    ListedList,
    ListedPage,
    ListReading,
    Tally,
    run_in_slices,
)
from shopwire.spiders.lists.subject import is_about
from shopwire.spiders.page import FetchResult, Page
from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    estimate_articles_per_day,
    load_validators,
)
from shopwire.storage.crawl_log.outcomes import Outcome

NOT_MODIFIED = 304
# Kinds of lists that may be long.
LONG_KINDS = ("feed", "sitemap")
# What a repeated request for a list has of its meta; in the rest Scrapy has recorded the download.
LASTING_META = ("handle_httpstatus_list", "download_maxsize", "download_warnsize", STREAMED)

SpiderOutput = Request | Page | FetchResult
ListReader = Callable[[Response], Iterable[ListedLink | ListedList | Request]]


class ListRequests(Spider):
    """The part of a source that requests lists and chooses pages from them."""

    # Headers of the requests for its lists.
    headers: dict[str, str] = {}
    # Set when the crawl opens.
    crawl: CrawlSession
    # Matches the titles of the pages that are wanted; None: all are.
    subject: re.Pattern[str] | None
    since: datetime | None
    # How many pages may be requested; below 0 without a limit.
    pages_left: int

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requested_lists: set[str] = set()

    def request_list(
        self, url: str, kind: str, read: ListReader, reading: ListReading | None = None, **request: Any
    ) -> Request:
        """Return a request for a list, conditional if possible (304 if it has not changed).

        `read` returns the links of a response, and requests for further lists; `reading` is that of the list
        that names this one.
        """
        known = load_validators(self.crawl.store, url)
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        conditions = {name: value for name, value in headers.items() if value}
        if not known.can_be_sent():
            conditions = {}
        reading = reading or ListReading()
        meta: dict[str, Any] = {"handle_httpstatus_list": [NOT_MODIFIED]}
        if kind in LONG_KINDS:
            meta |= {STREAMED: True, "download_maxsize": LARGEST_LIST, "download_warnsize": 0}
        return Request(
            url,
            callback=partial(self._read_list, kind, url, read, reading),
            errback=partial(self._report_list_failure, kind, reading),
            headers={**request.pop("headers", {}), **self.headers, **conditions},
            meta=meta,
            dont_filter=True,
            **request,
        )

    async def _read_list(
        self,
        kind: str,
        url: str,
        read: ListReader,
        reading: ListReading,
        response: Response,
        unchanged: Request | None = None,
    ) -> AsyncIterator[SpiderOutput]:
        """Yield requests for the newest pages of a list, and its result. `unchanged` is the request that was
        answered with the 304 that this full response is to verify."""
        if response.status == NOT_MODIFIED:
            for item in self._pass_unchanged(kind, url, read, reading, response):
                yield item
            return
        self.requested_lists.add(url)
        tally = Tally(reading.links.left_out, reading.lists_left_out)
        further: list[Request] = []
        links = self._rank_links(read(response), reading, tally, further)
        accept = partial(self.accept_link, response=response, tally=tally)
        reject = partial(self.reject_page, tally=tally)
        await run_in_slices(reading.links.add_links(links, accept, reject))
        reading.sort_lists(MAX_LISTS_PER_CRAWL - len(self.requested_lists))
        requests = [*further, *self._continue(reading)]
        tally.count_left_out(reading)
        for request in requests:
            yield request
        yield self._report_list(kind, url, response, tally)
        if tally.error is not None or tally.is_empty:
            return
        if unchanged is not None and tally.new:
            yield refetch(unchanged, partial(self._confirm_wrong_304, kind, url))
        # A 304 would hide the links that were left out from the next crawl.
        if not (tally.left_out or tally.lists_left_out):
            self.crawl.validators[url] = Validators(
                get_header(response, "ETag"), get_header(response, "Last-Modified")
            )

    def _pass_unchanged(
        self, kind: str, url: str, read: ListReader, reading: ListReading, response: Response
    ) -> Iterator[SpiderOutput]:
        """Yield the result of a list that has not changed, then a request for it in full or what follows."""
        # Before this result is yielded: the crawl log must not contain this 304 yet.
        needs_full_read = self._needs_full_read(url, datetime.now(UTC))
        at, reason = datetime.now(UTC), "HTTP status 304: not modified"
        yield FetchResult(url, self.name, kind, at, Outcome.UNCHANGED, reason, status=response.status)
        if needs_full_read:
            read_in_full = partial(self._read_list, kind, url, read, reading, unchanged=response.request)
            yield build_unconditional_request(response, read_in_full)
        else:
            yield from self._continue(reading)

    def _report_list(self, kind: str, url: str, response: Response, tally: Tally) -> FetchResult:
        """Return the result of a list that was read."""
        report = partial(FetchResult, url, self.name, kind, datetime.now(UTC), status=response.status)
        size = len(response.body)
        if (error := tally.error) is not None:
            self.crawl.is_unsettled |= error.outcome is not Outcome.EMPTY_LIST
            links = 0 if error.outcome is Outcome.EMPTY_LIST else tally.links or None
            return report(error.outcome, str(error), size=size, links=links)
        if tally.is_empty:
            return report(Outcome.EMPTY_LIST, "no links found", size=size, links=0)
        host = urlsplit(response.url).hostname
        moved = f"moved to {host}: " if tally.is_foreign and host != urlsplit(url).hostname else ""
        outcome = Outcome.FOREIGN_LIST if tally.is_foreign else Outcome.LISTED
        return report(outcome, moved + tally.describe(self.since), size=size, links=tally.links)

    def _rank_links(
        self,
        found: Iterable[ListedLink | ListedList | Request],
        reading: ListReading,
        tally: Tally,
        further: list[Request],
    ) -> Iterator[Ranked[ListedLink] | None]:
        """Yield the links of a list that are not too old, up to an error; collect its further lists."""
        try:
            for item in found:
                yield self._rank_link(item, tally) if isinstance(item, ListedLink) else None
                if isinstance(item, Request):
                    further.append(item)
                elif isinstance(item, ListedList):
                    tally.lists += 1
                    reading.lists.append(item)
        except UnreadableListError as error:
            tally.error = error

    def _rank_link(self, link: ListedLink, tally: Tally) -> Ranked[ListedLink] | None:
        tally.links += 1
        if self.is_too_old(link):
            tally.old += 1
            return None
        if not is_about(self.subject, link.listed.title, link.categories):
            tally.off_subject += 1
            return None
        return Ranked(link, link.date or OLDEST, link.rank)

    def _continue(self, reading: ListReading) -> Iterator[Request]:
        """Yield requests for the pages that are certainly among the newest of a list and its further lists,
        then one for the newest of these lists, if it may have newer pages than those that are known."""
        reading.drop_needless_lists()
        following: Request | None = None
        while reading.lists and following is None:
            following = self.request_further_list(reading.lists[-1], reading)
            if following is None:
                reading.lists.pop()
        yield from filter(None, map(self.build_page_request, reading.take_pages()))
        if following is not None and self.pages_left == 0:
            self.crawl.is_unsettled = self.crawl.is_limited = True
            reading.leave_out_lists()
        elif following is not None:
            reading.lists.pop()
            yield following

    def request_further_list(self, listed: ListedList, reading: ListReading) -> Request | None:
        """Return a request for a list that another list names, None if it was requested already."""
        raise NotImplementedError(f"{type(self).__name__} reads no lists of lists")

    def _report_list_failure(
        self, kind: str, reading: ListReading, failure: Failure
    ) -> Iterator[SpiderOutput]:
        """Yield the result of a list that failed, and the requests that follow."""
        yield from self.report_failure(kind, failure)
        yield from self._continue(reading)

    def _confirm_wrong_304(self, kind: str, url: str, response: Response) -> Iterator[FetchResult]:
        """Yield the result of repeating the conditional request whose 304 hid new links. The list may have
        changed right after the first 304, but a second 304 is certainly wrong."""
        report = partial(FetchResult, url, self.name, kind, datetime.now(UTC), status=response.status)
        if response.status == NOT_MODIFIED:
            self.crawl.unreliable_lists.add(url)
            yield report(Outcome.UNCHANGED, "wrong 304 confirmed: no more conditional requests for this list")
        else:
            yield report(Outcome.LISTED, "the list changed between two requests", size=len(response.body))

    def _needs_full_read(self, url: str, now: datetime) -> bool:
        store = self.crawl.store
        return load_validators(store, url).needs_full_read(
            now, estimate_articles_per_day(store, self.name, now)
        )

    def is_too_old(self, link: ListedLink) -> bool:
        """Return whether a list says that a page is older than wanted."""
        raise NotImplementedError

    def accept_link(self, link: ListedLink, response: Response, tally: Tally) -> ListedPage | None:
        """Return the page of a link, None if it is not wanted, and count it."""
        raise NotImplementedError

    def reject_page(self, page: ListedPage, tally: Tally) -> None:
        """Leave a page that was accepted to the next crawl, and count it."""
        raise NotImplementedError

    def build_page_request(self, page: ListedPage) -> Request | None:
        """Return a request for a page; None over the limit."""
        raise NotImplementedError

    def report_failure(self, kind: str, failure: Failure) -> Iterator[Page | FetchResult]:
        """Yield the result of a request that failed."""
        raise NotImplementedError


def build_unconditional_request(response: Response, read: Callable[[Response], Any]) -> Request:
    """Return the request of a 304 response without its conditions, so that the server sends the list."""
    request = response.request
    assert request is not None
    headers = {name: value for name, value in request.headers.items() if not name.startswith(b"If-")}
    return refetch(request, read).replace(headers=headers)


def refetch(request: Request, read: Callable[[Response], Any]) -> Request:
    """Return the same request again, with another callback."""
    meta = {name: request.meta[name] for name in LASTING_META if name in request.meta}
    return request.replace(callback=read, meta=meta)


def get_header(response: Response, name: str) -> str:
    """Return a header of a response, empty if it has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""
