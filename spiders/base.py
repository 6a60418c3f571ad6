"""The base class of all sources: what comes of requests for pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from shopwire.pipelines.article import COLUMNS
from shopwire.spiders.arguments import parse_limit, parse_since
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.http.failures import CheckPageError, describe_failure, find_response
from shopwire.spiders.http.removed_pages import is_redirect_of_removed
from shopwire.spiders.http.retry import read_retry_after
from shopwire.spiders.list_requests import ListRequests
from shopwire.spiders.lists.list_dates import ListDates, build_list_dates
from shopwire.spiders.lists.reading import (
    MAX_LISTS_PER_CRAWL,
    ListedLink,
    ListedList,
    ListedPage,
    ListReading,
    Tally,
)
from shopwire.spiders.lists.subject import build_subject_pattern
from shopwire.spiders.lists.wrapped import list_wrapped_urls
from shopwire.spiders.page import FetchResult, Listed, Page, build_feed_page, read_page
from shopwire.spiders.readers.entry_reader import EntryReader
from shopwire.spiders.readers.list_asked import ListAsked
from shopwire.spiders.readers.list_body import get_header
from shopwire.storage.addresses.aliases import find_main_url, find_simple_url
from shopwire.storage.crawl_log.fetches import (
    LastFetch,
    find_last_fetch,
    find_last_fetch_of_article,
)
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.text.country_zones import find_country_zone
from shopwire.storage.text.site import is_on_hosts

# Statuses by which a site refuses its pages to programs, though not its feed.
REFUSING = (401, 403, 405)
ONE_DAY = timedelta(days=1)
TOPICS = ("trade", "retail", "logistics", "platform", "research", "tech", "business", "government")


class Source(ListRequests):
    """A source of pages. Subclasses set attributes; see `CONTRIBUTING.md`.

    Arguments of `scrapy crawl NAME -a ...`: `since=2026-11-01` skips pages with an earlier date on their
    list, `limit=50` ends the crawl after 50 new pages.
    """

    title: str = ""
    home: str = ""
    language: str = "zh"
    # An ISO 3166 code, or EU, SEA (south-east Asia), LATAM; and what it writes about, one of `TOPICS`.
    region: str = ""
    topic: str = ""
    # Whether a crawl of all sources includes it; a source that may not work any more is left out.
    on_by_default: bool = True
    # The zone of dates that show none, such as Asia/Tokyo; by default that of its language or country.
    zone: str = ""
    # Other names of the same host: {"m.example.com": "www.example.com"}.
    aliases: dict[str, str] = {}
    # Hosts of its pages in addition to that of `home`.
    hosts: tuple[str, ...] = ()
    # A regular expression that matches the URL of an article in a feed or sitemap.
    pages: str = ""
    # Which entries of a general list are wanted, by title and category: a regular expression, words, or True
    # for the words of e-commerce (see `lists/subject.py`).
    about: bool | str | list[str] = False

    def __init__(self, since: str = "", limit: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dates: ListDates = build_list_dates(self.language, self.home, self.zone, self.region)
        self.country_zone = self.name_country_zone()
        about = self.about
        self.subject = build_subject_pattern(tuple(about) if isinstance(about, list) else about)
        self.since = parse_since(since, self.dates)
        self.pages_left = parse_limit(limit)
        self.requested_pages: set[str] = set()
        # Hashes of canonical URLs, as a sitemap may name 1,000,000 known pages.
        self.known_pages: set[int] = set()
        self.own_hosts = self.list_own_hosts()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Let feed exports have the columns of `shopwire export`, unless the user names others."""
        super().update_settings(settings)
        fields = [name for name, column in COLUMNS.items() if column.export_type]
        settings.set("FEED_EXPORT_FIELDS", fields, priority="spider")

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Page]:
        """Yield the page of a response, for `scrapy parse`; crawls name other callbacks."""
        yield read_page(response, self.name)

    def request_entries(self, url: str, kind: str) -> Request:
        """Return the request for a feed or sitemap."""
        return self.request_list(ListAsked(kind, url, self.build_entry_reader()))

    def build_entry_reader(self, depth: int = 0) -> EntryReader:
        """Return what reads the feeds and sitemaps of this source, `depth` lists below the first."""
        return EntryReader(self.pages, self.dates, depth)

    def request_further_list(self, listed: ListedList, reading: ListReading) -> Request | None:
        """Return a request for a list of an index; None if it was requested already, or is too old."""
        is_old = self.since and listed.modified and listed.modified + ONE_DAY < self.since
        if is_old or listed.url in self.requested_lists:
            return None
        self.requested_lists.add(listed.url)
        reader = self.build_entry_reader(listed.depth)
        return self.request_list(ListAsked("sitemap", listed.url, reader, reading))

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

    def accept_link(self, link: ListedLink, response: Response, tally: Tally) -> ListedPage | None:
        """Return the page of a link, None if it is known, of another site, or the list itself; count it."""
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
        return ListedPage(url, name, link.listed, link.article)

    def reject_page(self, page: ListedPage, tally: Tally) -> None:
        """Leave a page that was accepted to the next crawl, and count it."""
        self.requested_pages.discard(page.name)
        tally.new -= 1

    def build_page_request(self, page: ListedPage) -> Request | None:
        """Return a request for a page; None over the limit."""
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

    def is_unseen(self, link: ListedLink, response: Response) -> bool:
        """Return whether the page of a link was never requested."""
        _, name, _ = self._resolve_link(link, response)
        new = bool(name) and name not in self.requested_pages
        return new and self._find_last_fetch(name) is None

    def _find_last_fetch(self, name: str) -> LastFetch | None:
        store = self.crawl.store
        return find_last_fetch(store, name) or find_last_fetch_of_article(store, name)

    def _resolve_link(self, link: ListedLink, response: Response) -> tuple[str, str, str]:
        """Return URL and canonical URL of the first address of a link that is the source's own, or else of
        one that an address wraps; both those of the article if it is a known other address of one.

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
                return (*self._find_article(url, name), "") if name != itself else ("", "", "")
            if name != itself and urlsplit(name).path.strip("/"):
                return *self._find_article(url, name), ""
        return "", "", next((urlsplit(url).hostname or "" for url in found if url), "")

    def _find_article(self, url: str, name: str) -> tuple[str, str]:
        """Return URL and canonical URL of a page without the parts that mean nothing on its site."""
        simple = find_simple_url(self.crawl.store, name)
        main = find_main_url(self.crawl.store, simple)
        return (main, main) if main else (url, simple)

    @staticmethod
    def resolve_url(link: str, response: Response) -> str:
        """Return the absolute URL of a link; empty if it is not valid for HTTP."""
        try:
            if isinstance(response, HtmlResponse):
                # Its queries are in the charset of the page (https://url.spec.whatwg.org/#query-state).
                url = _encode_url(response.urljoin(link.strip()), response.encoding)
            else:
                # Scrapy's `urljoin` decodes the body, to look for a `<base>`.
                url = _encode_url(urljoin(response.url, link.strip()), "utf-8")
        except ValueError:
            return ""
        return url if get_canonical_url(url) else ""

    @classmethod
    def name_country_zone(cls) -> str:
        """Return the zone of the country of this source, such as `Asia/Tokyo`; empty if it is unknown."""
        zone = find_country_zone(cls.home, cls.region, cls.language)
        return zone.key if zone else ""

    @classmethod
    def list_own_hosts(cls) -> tuple[str, ...]:
        """Return the hosts of this source, each with all hosts below it."""
        # Not `allowed_domains`: Scrapy would drop a redirect to another site without a record.
        names = {urlsplit(cls.home).hostname or "", *cls.hosts, *cls.aliases, *cls.aliases.values()}
        return tuple(name.removeprefix("www.") for name in names if name)

    def is_own(self, url: str) -> bool:
        """Return whether a URL belongs to this source: feeds contain paid links to other sites."""
        return is_on_hosts(url, self.own_hosts)

    def _is_wanted(self, name: str, modified: datetime | None) -> bool:
        if is_forgotten(self.crawl.store, name):
            return False
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
        yield self.build_page(url, response.body, get_header(response, "Content-Type"), listed, name)

    def build_page(self, url: str, body: bytes, content_type: str, listed: Listed, requested: str) -> Page:
        """Return a page of this source, fetched now."""
        return Page(
            url,
            self.name,
            body,
            datetime.now(UTC),
            content_type,
            listed,
            requested,
            zone=self.zone,
            country_zone=self.country_zone,
        )

    def report_failure(self, kind: str, failure: Failure) -> Iterator[Page | FetchResult]:
        """Yield the result of a request that failed; of a page that is refused, the text in its feed."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, reason, status = describe_failure(failure.value)
        is_refused = status in REFUSING or isinstance(failure.value, CheckPageError)
        if is_refused and (listed := request.cb_kwargs.get("listed")):
            name = request.cb_kwargs["name"]
            page = build_feed_page(self.build_page(name, b"", "", listed, name))
            if page is not None:
                yield page
                return
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
