"""The base class of all sources: requests for lists and pages, and their results."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from shopwire.pipelines.article import COLUMNS
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.http.failures import describe_failure, find_response
from shopwire.spiders.http.retry import read_retry_after
from shopwire.spiders.page import FetchResult, Listed, Page, read_page
from shopwire.spiders.removed_pages import is_redirect_of_removed
from shopwire.storage.addresses.aliases import find_main_url, find_simple_url
from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    estimate_articles_per_day,
    load_validators,
)
from shopwire.storage.crawl_log.fetches import (
    LastFetch,
    find_last_fetch,
    find_last_fetch_of_article,
)
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.timestamps import assume_utc

NOT_MODIFIED = 304
# More links on one list, or more lists in one crawl, are a mistake of the site or an attack.
MAX_LINKS_PER_LIST = 2000
MAX_LISTS_PER_CRAWL = 200


@dataclass(frozen=True, slots=True)
class ListedLink:
    """One entry of a list: the URL of a page, and the fields that the list contains."""

    url: str
    listed: Listed = field(default_factory=Listed)


SpiderOutput = Request | Page | FetchResult
ListReader = Callable[[Response], Iterable[ListedLink | Request]]


class Source(Spider):
    """A source of pages. Subclasses set attributes; see `CONTRIBUTING.md`.

    Arguments of `scrapy crawl NAME -a ...`: `since=2026-11-01` skips pages with an earlier date on their
    list, `limit=50` ends the crawl after 50 new pages.
    """

    title: str = ""
    home: str = ""
    language: str = "zh"
    # Other names of the same host: {"m.example.com": "www.example.com"}.
    aliases: dict[str, str] = {}
    # Hosts of its pages in addition to that of `home`.
    hosts: tuple[str, ...] = ()

    # Set when the crawl opens.
    crawl: CrawlSession

    def __init__(self, since: str = "", limit: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.since = _parse_since(since)
        self.pages_left = _parse_limit(limit)
        self.requested_pages: set[str] = set()
        self.requested_lists: set[str] = set()
        host = urlsplit(self.home).hostname or ""
        names = {host, *self.hosts, *self.aliases, *self.aliases.values()}
        # Not `allowed_domains`: Scrapy would drop a redirect to another site without a record.
        self.own_hosts = tuple(name.removeprefix("www.") for name in names if name)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Let feed exports have the columns of `shopwire export`, unless the user names others."""
        super().update_settings(settings)
        fields = [name for name, column in COLUMNS.items() if column.export_type]
        settings.set("FEED_EXPORT_FIELDS", fields, priority="spider")

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Page]:
        """Yield the page of a response, for `scrapy parse`; crawls name other callbacks."""
        yield read_page(response, self.name)

    def request_list(self, url: str, kind: str, read: ListReader, **request: Any) -> Request:
        """Return a request for a list, conditional if possible (304 if it has not changed).

        `read` returns the links of a response, and requests for further lists.
        """
        known = load_validators(self.crawl.store, url)
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        conditions = {name: value for name, value in headers.items() if value}
        if not known.can_be_sent():
            conditions = {}
        return Request(
            url,
            callback=partial(self._read_list, kind, url, read),
            errback=partial(self.report_failure, kind),
            headers={**request.pop("headers", {}), **conditions},
            meta={"handle_httpstatus_list": [NOT_MODIFIED]},
            dont_filter=True,
            **request,
        )

    def _read_list(
        self, kind: str, url: str, read: ListReader, response: Response, unchanged: Request | None = None
    ) -> Iterator[SpiderOutput]:
        """Yield requests for the new pages of a list, and its result. `unchanged` is the request that was
        answered with the 304 that this full response is to verify."""
        report = partial(FetchResult, url, self.name, kind, datetime.now(UTC), status=response.status)
        if response.status == NOT_MODIFIED:
            # Before this result is yielded: the crawl log must not contain this 304 yet.
            needs_full_read = self._needs_full_read(url, datetime.now(UTC))
            yield report(Outcome.UNCHANGED, "HTTP status 304: not modified")
            if needs_full_read:
                read_in_full = partial(self._read_list, kind, url, read, unchanged=response.request)
                yield build_unconditional_request(response, read_in_full)
            return
        self.requested_lists.add(url)
        try:
            found = list(islice(read(response), MAX_LINKS_PER_LIST))
        except UnreadableListError as error:
            self.crawl.is_unsettled = True
            yield report(error.outcome, str(error), size=len(response.body))
            return
        further = [item for item in found if isinstance(item, Request)]
        pages = [self.request_page(item, response) for item in found if isinstance(item, ListedLink)]
        new = [request for request in pages if request is not None]
        yield from new
        yield from further
        if not found:
            yield report(Outcome.EMPTY_LIST, "no links found", size=len(response.body), links=0)
            return
        reason = f"{len(pages)} links, {len(new)} new"
        yield report(Outcome.LISTED, reason, size=len(response.body), links=len(pages))
        if unchanged is not None and new:
            yield refetch(unchanged, partial(self._confirm_wrong_304, kind, url))
        self.crawl.validators[url] = Validators(
            _get_header(response, "ETag"), _get_header(response, "Last-Modified")
        )

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
        url, name = self._resolve_link(link, response)
        if not name or name in self.requested_pages or self._is_too_old(link):
            return None
        self.requested_pages.add(name)
        if not self._is_wanted(name, link.listed.modified):
            self.crawl.known += 1
            return None
        if self.pages_left == 0:
            self.crawl.is_unsettled = self.crawl.is_limited = True
            return None
        self.pages_left -= 1
        return Request(
            url,
            callback=self.parse_page,
            errback=partial(self.report_failure, "page"),
            cb_kwargs={"name": name, "listed": link.listed},
            # We filter duplicates ourselves; Scrapy's filter would drop a redirect without a record.
            dont_filter=True,
        )

    def has_new_links(self, links: Iterable[ListedLink], response: Response) -> bool:
        """Return whether to request the next list: this one has links that were never requested, or the
        last run was interrupted."""
        return self.crawl.is_resuming or any(self._is_new(link, response) for link in links)

    def _is_new(self, link: ListedLink, response: Response) -> bool:
        _, name = self._resolve_link(link, response)
        new = bool(name) and name not in self.requested_pages
        return new and self._find_last_fetch(name) is None

    def _find_last_fetch(self, name: str) -> LastFetch | None:
        store = self.crawl.store
        return find_last_fetch(store, name) or find_last_fetch_of_article(store, name)

    def _resolve_link(self, link: ListedLink, response: Response) -> tuple[str, str]:
        """Return URL and canonical URL of a link, both those of the article if it is a known other address of
        one; the latter empty if it is invalid, of another site, or the list itself."""
        url = self.resolve_url(link.url, response)
        name = get_canonical_url(url, self.aliases)
        if not name or name == get_canonical_url(response.url, self.aliases) or not self.is_own(name):
            return url, ""
        simple = find_simple_url(self.crawl.store, name)
        main = find_main_url(self.crawl.store, simple)
        return (main, main) if main else (url, simple)

    @staticmethod
    def resolve_url(link: str, response: Response) -> str:
        """Return the absolute URL of a link; empty if it is not valid for HTTP."""
        try:
            # A query of an HTML page is in the charset of that page (https://url.spec.whatwg.org/#query-state).
            charset = response.encoding if isinstance(response, HtmlResponse) else "utf-8"
            url = _encode_url(response.urljoin(link.strip()), charset)
        except ValueError:
            return ""
        return url if get_canonical_url(url) else ""

    def is_own(self, url: str) -> bool:
        """Return whether a URL belongs to this source: feeds contain paid links to other sites."""
        host = urlsplit(url).hostname or ""
        return any(host == own or host.endswith(f".{own}") for own in self.own_hosts)

    def _is_too_old(self, link: ListedLink) -> bool:
        modified = link.listed.modified
        return bool(self.since and modified and modified < self.since)

    def _is_wanted(self, name: str, modified: datetime | None) -> bool:
        last = self._find_last_fetch(name)
        if last is None or last.is_due(datetime.now(UTC), modified):
            return True
        if not last.is_settled:
            self.crawl.is_unsettled = True
        return False

    def parse_page(self, response: Response, name: str, listed: Listed) -> Iterator[Page | FetchResult]:
        """Yield the page, as the server sent it."""
        if not self.is_own(response.url):
            reason = f"redirects to another site: {response.url}"
            yield FetchResult(name, self.name, "page", datetime.now(UTC), Outcome.ELSEWHERE, reason)
            return
        url = get_canonical_url(response.url, self.aliases)
        lists = (get_canonical_url(one, self.aliases) for one in (self.home, *self.requested_lists))
        if "redirect_urls" in response.meta and is_redirect_of_removed(url, name, lists):
            reason = f"removed: redirects to {response.url}"
            yield FetchResult(name, self.name, "page", datetime.now(UTC), Outcome.NOT_FOUND, reason)
            return
        yield Page(
            url=url,
            source=self.name,
            body=response.body,
            fetched=datetime.now(UTC),
            content_type=_get_header(response, "Content-Type"),
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


def _encode_url(url: str, charset: str) -> str:
    """Return a URL in ASCII; its query is encoded in a charset, in UTF-8 where that lacks a character."""
    try:
        return safe_url_string(url, charset)
    except UnicodeEncodeError:
        return safe_url_string(url)


def build_unconditional_request(
    response: Response, read: Callable[[Response], Iterator[SpiderOutput]]
) -> Request:
    """Return the request of a 304 response without its conditions, so that the server sends the list."""
    request = response.request
    assert request is not None
    headers = {name: value for name, value in request.headers.items() if not name.startswith(b"If-")}
    return refetch(request, read).replace(headers=headers)


def refetch(request: Request, read: Callable[[Response], Iterator[Any]]) -> Request:
    """Return the same request again, with another callback."""
    # Without its meta, in which Scrapy has recorded the previous download.
    return request.replace(callback=read, meta={"handle_httpstatus_list": [NOT_MODIFIED]})


def _get_header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def _parse_since(since: str) -> datetime | None:
    if not since:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise ValueError(f"since={since}: not a date such as 2026-11-01") from error
    return assume_utc(moment)


def _parse_limit(limit: str) -> int:
    if not limit:
        return -1
    if not limit.isdigit() or int(limit) == 0:
        raise ValueError(f"limit={limit}: not a number above 0")
    return int(limit)
