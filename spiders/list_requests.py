"""Requests for lists, and for the newest pages that they name."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from shopwire.spiders.canonical_url import get_canonical_url
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
from shopwire.spiders.lists.wrapped import list_wrapped_urls
from shopwire.spiders.page import FetchResult, Listed, Page
from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    estimate_articles_per_day,
    load_validators,
)
from shopwire.storage.crawl_log.fetches import find_last_fetch
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

    # Other names of the same host: {"m.example.com": "www.example.com"}.
    aliases: dict[str, str] = {}
    # Set when the crawl opens.
    crawl: CrawlSession
    since: datetime | None
    pages_left: int
    own_hosts: tuple[str, ...]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requested_pages: set[str] = set()
        self.requested_lists: set[str] = set()
        # Hashes of canonical URLs, as a sitemap may name 1,000,000 known pages.
        self.known_pages: set[int] = set()

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
            headers={**request.pop("headers", {}), **conditions},
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
        accept = partial(self._accept, response=response, tally=tally)
        reject = partial(self._reject, tally)
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
        if self._is_too_old(link):
            tally.old += 1
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
        yield from filter(None, map(self._build_request, reading.take_pages()))
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
    ) -> Iterator[FetchResult | Request]:
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

    def next_list_url(self, link: str, response: Response) -> str:
        """Return the URL of a further list that a list names; empty if it was requested already, or after
        `MAX_LISTS_PER_CRAWL`: some sites have a list for every day of all years."""
        if len(self.requested_lists) >= MAX_LISTS_PER_CRAWL:
            return ""
        url = self.resolve_url(link, response)
        if url in self.requested_lists:
            return ""
        self.requested_lists.add(url)
        return url

    def request_page(self, link: ListedLink, response: Response) -> Request | None:
        """Return a request for a page; None if it is known, of another site, too old, or over the limit."""
        page = None if self._is_too_old(link) else self._accept(link, response, Tally())
        return self._build_request(page) if page else None

    def _accept(self, link: ListedLink, response: Response, tally: Tally) -> ListedPage | None:
        """Return the page of a link, None if it is known, of another site, or the list itself."""
        url, name, host = self._resolve_link(link, response)
        if not name:
            tally.foreign.update([host] if host else [])
            return None
        tally.own += 1
        if name in self.requested_pages or hash(name) in self.known_pages:
            return None
        if not self._is_wanted(name, link.listed.modified):
            self.known_pages.add(hash(name))
            self.crawl.known += 1
            return None
        self.requested_pages.add(name)
        tally.new += 1
        return ListedPage(url, name, link.listed)

    def _reject(self, tally: Tally, page: ListedPage) -> None:
        """Leave a page that was accepted to the next crawl."""
        self.requested_pages.discard(page.name)
        tally.new -= 1

    def _build_request(self, page: ListedPage) -> Request | None:
        if self.pages_left == 0:
            self.crawl.is_unsettled = self.crawl.is_limited = True
            return None
        self.pages_left -= 1
        return Request(
            page.url,
            callback=self.parse_page,
            errback=partial(self.report_failure, "page"),
            cb_kwargs={"name": page.name, "listed": page.listed},
            # We filter duplicates ourselves; Scrapy's filter would drop a redirect without a record.
            dont_filter=True,
        )

    def has_new_links(self, links: Iterable[ListedLink], response: Response) -> bool:
        """Return whether to request the next list: this one has links that were never requested, or the
        last run was interrupted."""
        return self.crawl.is_resuming or any(self._is_new(link, response) for link in links)

    def _is_new(self, link: ListedLink, response: Response) -> bool:
        _, name, _ = self._resolve_link(link, response)
        new = bool(name) and name not in self.requested_pages
        return new and find_last_fetch(self.crawl.store, name) is None

    def _resolve_link(self, link: ListedLink, response: Response) -> tuple[str, str, str]:
        """Return URL and canonical URL of the first address of a link that is the source's own, or else of
        one that an address wraps.

        Both are empty without one. The third value is then the host of the first address, empty if that is
        invalid or the list itself.
        """
        itself = get_canonical_url(response.url, self.aliases)
        found = [self.resolve_url(url, response) for url in (link.url, *link.others)]
        wrapped = (self.resolve_url(inner, response) for url in found for inner in list_wrapped_urls(url))
        for number, url in enumerate(chain(found, wrapped)):
            name = get_canonical_url(url, self.aliases)
            if not name or not self.is_own(name):
                continue
            if number < len(found):
                return (url, name, "") if name != itself else ("", "", "")
            if name != itself and urlsplit(name).path.strip("/"):
                return url, name, ""
        return "", "", next((urlsplit(url).hostname or "" for url in found if url), "")

    @staticmethod
    def resolve_url(link: str, response: Response) -> str:
        """Return the absolute URL of a link; empty if it is not valid for HTTP."""
        try:
            url = safe_url_string(response.urljoin(link.strip()))
        except ValueError:
            return ""
        return url if get_canonical_url(url) else ""

    def is_own(self, url: str) -> bool:
        """Return whether a URL belongs to this source: feeds contain paid links to other sites."""
        host = urlsplit(url).hostname or ""
        return any(host == own or host.endswith(f".{own}") for own in self.own_hosts)

    def _is_too_old(self, link: ListedLink) -> bool:
        return bool(self.since and link.date and link.date < self.since)

    def _is_wanted(self, name: str, modified: datetime | None) -> bool:
        last = find_last_fetch(self.crawl.store, name)
        if last is None or last.is_due(datetime.now(UTC), modified):
            return True
        if not last.is_settled:
            self.crawl.is_unsettled = True
        return False

    def parse_page(self, response: Response, name: str, listed: Listed) -> Iterator[Page | FetchResult]:
        """Yield what came of a page."""
        raise NotImplementedError

    def report_failure(self, kind: str, failure: Failure) -> Iterator[FetchResult]:
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
