"""The base class of all sources: what comes of requests for pages, and how feeds and sitemaps are read."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.http.failures import describe_failure, find_response
from shopwire.spiders.http.retry import read_retry_after
from shopwire.spiders.list_requests import ListRequests, get_header
from shopwire.spiders.lists.entries import ListEntry
from shopwire.spiders.lists.list_dates import ListDates, build_list_dates
from shopwire.spiders.lists.read_list import read_list
from shopwire.spiders.lists.reading import ListedLink, ListedList, ListReading
from shopwire.spiders.page import FetchResult, Listed, Page
from shopwire.storage.crawl_log.outcomes import Outcome

DEEPEST_INDEX = 3
ONE_DAY = timedelta(days=1)


class Source(ListRequests):
    """A source of pages. Subclasses set attributes; see `CONTRIBUTING.md`.

    Arguments of `scrapy crawl NAME -a ...`: `since=2026-11-01` skips pages with an earlier date on their
    list, `limit=50` ends the crawl after 50 new pages.
    """

    title: str = ""
    home: str = ""
    language: str = "zh"
    # Hosts of its pages in addition to that of `home`.
    hosts: tuple[str, ...] = ()
    # A regular expression that matches the URL of an article in a feed or sitemap.
    pages: str = ""

    def __init__(self, since: str = "", limit: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dates: ListDates = build_list_dates(self.language, self.home)
        self.since = _parse_since(since, self.dates)
        self.pages_left = _parse_limit(limit)
        host = urlsplit(self.home).hostname or ""
        names = {host, *self.hosts, *self.aliases, *self.aliases.values()}
        # Not `allowed_domains`: Scrapy would drop a redirect to another site without a record.
        self.own_hosts = tuple(name.removeprefix("www.") for name in names if name)

    def read_entries(self, response: Response, depth: int = 0) -> Iterator[ListedLink | ListedList]:
        """Yield the pages of a feed or sitemap that match `pages`, and the lists of an index.

        Raises `UnreadableListError` if there is none, with the reason.
        """
        others = matching = 0
        for entry in read_list(response.body, get_header(response, "Content-Type")):
            if entry.is_list:
                if depth < DEEPEST_INDEX and (url := self.resolve_url(entry.urls[0], response)):
                    yield ListedList(url, depth + 1, self.dates.read(entry.updated), entry.rank)
            elif any(re.search(self.pages, url) for url in entry.urls):
                matching += 1
                yield self._build_link(entry)
            else:
                others += 1
        if others and not matching:
            reason = f"{others} addresses, none of which matches `pages`: {self.pages}"
            raise UnreadableListError(Outcome.EMPTY_LIST, sanitize_line(reason))

    def _build_link(self, entry: ListEntry) -> ListedLink:
        published = sanitize_line(entry.published)
        modified = self.dates.read(entry.updated) or self.dates.read(entry.published)
        listed = Listed(entry.title, entry.author, published, modified)
        return ListedLink(entry.urls[0], listed, entry.urls[1:], rank=entry.rank)

    def request_further_list(self, listed: ListedList, reading: ListReading) -> Request | None:
        """Return a request for a list of an index; None if it was requested already, or is too old."""
        is_old = self.since and listed.modified and listed.modified + ONE_DAY < self.since
        if is_old or listed.url in self.requested_lists:
            return None
        self.requested_lists.add(listed.url)

        def read(response: Response) -> Iterator[ListedLink | ListedList]:
            return self.read_entries(response, listed.depth)

        return self.request_list(listed.url, "sitemap", read, reading)

    def parse_page(self, response: Response, name: str, listed: Listed) -> Iterator[Page | FetchResult]:
        """Yield the page, as the server sent it."""
        if not self.is_own(response.url):
            reason = f"redirects to another site: {response.url}"
            yield FetchResult(name, self.name, "page", datetime.now(UTC), Outcome.ELSEWHERE, reason)
            return
        yield Page(
            url=get_canonical_url(response.url, self.aliases),
            source=self.name,
            body=response.body,
            fetched=datetime.now(UTC),
            content_type=get_header(response, "Content-Type"),
            listed=listed,
            requested=name,
        )

    def report_failure(self, kind: str, failure: Failure) -> Iterator[FetchResult]:
        """Yield the result of a request that failed."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, reason, status = describe_failure(failure.value)
        self.crawl.is_unsettled = True
        url = request.cb_kwargs.get("name") or request.url
        error = failure.value
        response = find_response(error)
        rest = read_retry_after(response) if response is not None else None
        yield FetchResult(url, self.name, kind, datetime.now(UTC), outcome, reason, status, rest=rest)


def _parse_since(since: str, dates: ListDates) -> datetime | None:
    if not since:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise ValueError(f"since={since}: not a date such as 2026-11-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=dates.zone)


def _parse_limit(limit: str) -> int:
    if not limit:
        return -1
    if not limit.isdigit() or int(limit) == 0:
        raise ValueError(f"limit={limit}: not a number above 0")
    return int(limit)
