"""Requests for lists, and for the newest pages that they name."""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.decoding.parser_limits import LARGEST_LIST, UnreadableListError
from shopwire.spiders.http.packed_bodies import STREAMED
from shopwire.spiders.lists.newest import Ranked
from shopwire.spiders.lists.reading import (
    MAX_LISTS_PER_CRAWL,
    ListedLink,
    ListedList,
    ListedPage,
    ListReading,
    NextList,
    Tally,
    run_in_slices,
)
from shopwire.spiders.page import FetchResult, Page
from shopwire.spiders.readers.list_asked import GONE, NOT_MODIFIED, ListAsked
from shopwire.spiders.readers.list_body import ListItem, build_list_body, get_header
from shopwire.spiders.readers.read_part import Choice, Key, get_link_key, read_part
from shopwire.spiders.readers.read_safely import read_safely
from shopwire.spiders.workers.crawl_pool import CrawlPool
from shopwire.spiders.workers.killable_pool import KillablePool
from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    estimate_articles_per_day,
    load_validators,
)
from shopwire.storage.crawl_log.outcomes import Outcome

# Kinds of lists that may be long.
LONG_KINDS = ("feed", "sitemap")
# What a repeated request for a list has of its meta; in the rest Scrapy has recorded the download.
LASTING_META = ("handle_httpstatus_list", "download_maxsize", "download_warnsize", STREAMED)

SpiderOutput = Request | Page | FetchResult


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
    # Where long lists are read.
    pool: KillablePool = CrawlPool.pool

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requested_lists: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Create the spider. Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.pool = CrawlPool.join(crawler)
        return spider

    def request_list(self, asked: ListAsked, **request: Any) -> Request:
        """Return a request for a list, conditional if possible (304 if it has not changed)."""
        known = load_validators(self.crawl.store, asked.url)
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        conditions = {name: value for name, value in headers.items() if value}
        if not known.can_be_sent():
            conditions = {}
        meta: dict[str, Any] = {"handle_httpstatus_list": asked.statuses}
        if asked.kind in LONG_KINDS:
            meta |= {STREAMED: True, "download_maxsize": LARGEST_LIST, "download_warnsize": 0}
        return Request(
            asked.url,
            callback=partial(self._read_list, asked),
            errback=partial(self._report_list_failure, asked),
            headers={**request.pop("headers", {}), **self.headers, **conditions},
            meta=meta,
            dont_filter=True,
            **request,
        )

    async def _read_list(
        self, asked: ListAsked, response: Response, unchanged: Request | None = None
    ) -> AsyncIterator[SpiderOutput]:
        """Yield requests for the newest pages of a list, and its result. `unchanged` is the request that was
        answered with the 304 that this full response is to verify."""
        if response.status == NOT_MODIFIED:
            for item in self._pass_unchanged(asked, response):
                yield item
            return
        url, reading = asked.url, asked.reading
        self.requested_lists.add(url)
        tally = Tally(reading.links.left_out, reading.lists_left_out)
        await self._take_links(asked, response, tally)
        reading.sort_lists(MAX_LISTS_PER_CRAWL - len(self.requested_lists))
        requests = [*self._follow(asked, response, tally), *self._continue(reading)]
        tally.count_left_out(reading)
        for request in requests:
            yield request
        yield self._report_list(asked, response, tally)
        if tally.error is not None or tally.is_empty:
            return
        if unchanged is not None and tally.new:
            yield refetch(unchanged, partial(self._confirm_wrong_304, asked.kind, url))
        # A 304 would hide the links that were left out from the next crawl.
        if not (tally.left_out or tally.lists_left_out):
            self.crawl.validators[url] = Validators(
                get_header(response, "ETag"), get_header(response, "Last-Modified")
            )

    async def _take_links(self, asked: ListAsked, response: Response, tally: Tally) -> None:
        """Take the newest links of a list, and its further lists; a long list is read in a worker."""
        if response.status in GONE:
            tally.error = UnreadableListError(Outcome.EMPTY_LIST, f"HTTP status {response.status}")
            return
        body, choice, reading = build_list_body(response), Choice(self.since, self.subject), asked.reading
        if body.is_small:
            items = choice.choose(asked.reader.read(body), tally)
            await self._add_items(items, asked, response, tally)
            return
        before: Key | None = None
        while True:
            try:
                part = await read_safely(self.pool, read_part, body, asked.reader, choice, before)
            except UnreadableListError as error:
                tally.error = error
                return
            if before is None:
                tally.add_read(part.tally)
                tally.lists += part.lists_left_out
                reading.lists_left_out += part.lists_left_out
            await self._add_items(part.list_items(), asked, response, tally)
            if not part.left_out or reading.links.is_full:
                reading.links.left_out += part.left_out
                return
            before = part.oldest

    async def _add_items(
        self, items: Iterable[ListItem], asked: ListAsked, response: Response, tally: Tally
    ) -> None:
        accept = partial(self.accept_link, response=response, tally=tally)
        reject = partial(self.reject_page, tally=tally)
        ranked = self._rank_links(items, asked, response, tally)
        await run_in_slices(asked.reading.links.add_links(ranked, accept, reject))

    def _rank_links(
        self, items: Iterable[ListItem], asked: ListAsked, response: Response, tally: Tally
    ) -> Iterator[Ranked[ListedLink] | None]:
        """Yield the links of a list; collect its further lists, and note what decides about the next one."""
        for item in items:
            if isinstance(item, ListedLink):
                if asked.follow is not None and not tally.has_unseen:
                    tally.has_unseen = self.is_unseen(item, response)
                yield Ranked(item, *get_link_key(item))
                continue
            yield None
            if isinstance(item, NextList):
                tally.next_url = item.url
            elif url := self.resolve_url(item.url, response):
                tally.lists += 1
                asked.reading.lists.append(replace(item, url=url))

    def _follow(self, asked: ListAsked, response: Response, tally: Tally) -> Iterator[Request]:
        """Yield the request for the next list, if this one has links that were never requested, or the last
        run was interrupted."""
        # What is off the subject is never requested, so it does not show that the rest is known.
        is_new = tally.has_unseen or bool(tally.off_subject) or self.crawl.is_resuming
        if asked.follow is not None and tally.error is None and is_new:
            request = asked.follow(tally.next_url, response)
            if request is not None:
                yield request

    def _pass_unchanged(self, asked: ListAsked, response: Response) -> Iterator[SpiderOutput]:
        """Yield the result of a list that has not changed, then a request for it in full or what follows."""
        kind, url = asked.kind, asked.url
        # Before this result is yielded: the crawl log must not contain this 304 yet.
        needs_full_read = self._needs_full_read(url, datetime.now(UTC))
        at, reason = datetime.now(UTC), "HTTP status 304: not modified"
        yield FetchResult(url, self.name, kind, at, Outcome.UNCHANGED, reason, status=response.status)
        if needs_full_read:
            read_in_full = partial(self._read_list, asked, unchanged=response.request)
            yield build_unconditional_request(response, read_in_full)
        else:
            yield from self._continue(asked.reading)

    def _report_list(self, asked: ListAsked, response: Response, tally: Tally) -> FetchResult:
        """Return the result of a list that was read."""
        url = asked.url
        report = partial(FetchResult, url, self.name, asked.kind, datetime.now(UTC), status=response.status)
        size = len(response.body)
        if tally.is_empty:
            reason = str(tally.error or "no links found")
            if asked.is_numbered:
                return report(Outcome.LISTED, f"the end of the list: {reason}", size=size, links=0)
            return report(Outcome.EMPTY_LIST, reason, size=size, links=0)
        if tally.error is not None:
            self.crawl.is_unsettled = True
            return report(tally.error.outcome, str(tally.error), size=size, links=tally.links or None)
        host = urlsplit(response.url).hostname
        moved = f"moved to {host}: " if tally.is_foreign and host != urlsplit(url).hostname else ""
        outcome = Outcome.FOREIGN_LIST if tally.is_foreign else Outcome.LISTED
        return report(outcome, moved + tally.describe(self.since), size=size, links=tally.links)

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

    def _report_list_failure(self, asked: ListAsked, failure: Failure) -> Iterator[SpiderOutput]:
        """Yield the result of a list that failed, and the requests that follow."""
        yield from self.report_failure(asked.kind, failure)
        yield from self._continue(asked.reading)

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

    def is_unseen(self, link: ListedLink, response: Response) -> bool:
        """Return whether a page was never requested."""
        raise NotImplementedError

    @staticmethod
    def resolve_url(link: str, response: Response) -> str:
        """Return the absolute URL of a link; empty if it is not valid for HTTP."""
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
