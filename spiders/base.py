"""What all sources have in common: asking for lists and pages, and saying what became of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from shopwire.spiders.canonical_url import canonical_url
from shopwire.spiders.crawl_session import Crawl
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.http.failures import describe_failure, find_response
from shopwire.spiders.http.retry import read_retry_after
from shopwire.spiders.page import FetchResult, Listed, Page
from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    estimate_articles_per_day,
    load_validators,
)
from shopwire.storage.crawl_log.fetches import find_last_fetch
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.timestamps import assume_utc

NOT_MODIFIED = 304
# More links than this on one list, or lists in one crawl, are somebody's mistake or malice.
MOST_LINKS = 2000
MOST_LISTS = 200


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a list: where the page is, and what was said of it."""

    url: str
    listed: Listed = field(default_factory=Listed)


Found = Request | Page | FetchResult
Read = Callable[[Response], Iterable[Link | Request]]


class Source(Spider):
    """A source of pages. Subclasses set attributes; see `CONTRIBUTING.md`.

    Arguments of `scrapy crawl NAME -a ...`: `since=2026-11-01` leaves out what its list dates
    earlier, `limit=50` ends after so many new pages.
    """

    # What a source says of itself.
    title: str = ""
    home: str = ""
    language: str = "zh"
    # Other names of the same host: {"m.example.com": "www.example.com"}.
    aliases: dict[str, str] = {}
    # Hosts besides `home`'s from which pages may come.
    hosts: tuple[str, ...] = ()

    # The tie to the store, made when the crawl opens.
    crawl: Crawl

    def __init__(self, since: str = "", limit: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.since = _day(since)
        self.left = _count(limit)
        self.asked: set[str] = set()
        self.lists_asked: set[str] = set()
        host = urlsplit(self.home).hostname or ""
        names = {host, *self.hosts, *self.aliases, *self.aliases.values()}
        # Not `allowed_domains`: Scrapy would drop a redirect to elsewhere without a word.
        self.own_hosts = tuple(name.removeprefix("www.") for name in names if name)

    def ask_list(self, url: str, kind: str, read: Read, **request: Any) -> Request:
        """A request for a list, which the server may answer with 304 if it has not changed.

        `read` gives the links of a response, and requests for further lists.
        """
        known = load_validators(self.crawl.store, url)
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        conditions = {name: value for name, value in headers.items() if value}
        if not known.can_be_sent():
            conditions = {}
        return Request(
            url,
            callback=partial(self._list, kind, url, read),
            errback=partial(self.failed, kind),
            headers={**request.pop("headers", {}), **conditions},
            meta={"handle_httpstatus_list": [NOT_MODIFIED]},
            dont_filter=True,
            **request,
        )

    def _list(
        self,
        kind: str,
        asked: str,
        read: Read,
        response: Response,
        unchanged: Request | None = None,
    ) -> Iterator[Found]:
        """What a list says. It is read in full to prove a 304 right that was the answer to `unchanged`."""
        report = partial(FetchResult, asked, self.name, kind, datetime.now(UTC), status=response.status)
        if response.status == NOT_MODIFIED:
            # Asked first: the crawl log must not have this 304 yet.
            wants_proof = self._wants_proof(asked, datetime.now(UTC))
            yield report(Outcome.UNCHANGED, "the server says that nothing has changed")
            if wants_proof:
                read_in_full = partial(self._list, kind, asked, read, unchanged=response.request)
                yield unconditional(response, read_in_full)
            return
        self.lists_asked.add(asked)
        try:
            found = list(islice(read(response), MOST_LINKS))
        except UnreadableListError as error:
            self.crawl.unsettled = True
            yield report(error.outcome, str(error), size=len(response.body))
            return
        further = [item for item in found if isinstance(item, Request)]
        pages = [self.ask_page(item, response) for item in found if isinstance(item, Link)]
        new = [request for request in pages if request is not None]
        yield from new
        yield from further
        if not found:
            yield report(Outcome.EMPTY_LIST, "there is no link on it", size=len(response.body), links=0)
            return
        words = f"{len(pages)} links, {len(new)} new"
        yield report(Outcome.LISTED, words, size=len(response.body), links=len(pages))
        if unchanged is not None and new:
            yield again(unchanged, partial(self._admit, kind, asked))
        self.crawl.validators[asked] = Validators(
            _header(response, "ETag"), _header(response, "Last-Modified")
        )

    def _admit(self, kind: str, asked: str, response: Response) -> Iterator[FetchResult]:
        """A list that has changed since its 304, asked once more in the words that the 304 answered: it may
        have changed in between, but no honest server says so again."""
        report = partial(FetchResult, asked, self.name, kind, datetime.now(UTC), status=response.status)
        if response.status == NOT_MODIFIED:
            self.crawl.distrusted.add(asked)
            yield report(Outcome.UNCHANGED, "304 was wrong, and is again: none will be believed")
        else:
            yield report(Outcome.LISTED, "it has changed since its 304", size=len(response.body))

    def _wants_proof(self, asked: str, now: datetime) -> bool:
        store = self.crawl.store
        return load_validators(store, asked).needs_full_read(
            now, estimate_articles_per_day(store, self.name, now)
        )

    def further(self, link: str, response: Response) -> str:
        """Where a further list is that a list names; empty when it was asked for, or there are too many:
        some sites have a list for every day of all years."""
        if len(self.lists_asked) >= MOST_LISTS:
            return ""
        url = self.address(link, response)
        if url in self.lists_asked:
            return ""
        self.lists_asked.add(url)
        return url

    def ask_page(self, link: Link, response: Response) -> Request | None:
        """A request for a page, unless it is known, elsewhere, too old, or over the limit."""
        url, name = self._named(link, response)
        if not name or name in self.asked or self._too_old(link):
            return None
        self.asked.add(name)
        if not self._wanted(name, link.listed.modified):
            self.crawl.known += 1
            return None
        if self.left == 0:
            self.crawl.unsettled = self.crawl.limited = True
            return None
        self.left -= 1
        return Request(
            url,
            callback=self.page,
            errback=partial(self.failed, "page"),
            cb_kwargs={"name": name, "listed": link.listed},
            # `asked` knows what was asked for; Scrapy's filter would drop a redirect without a word.
            dont_filter=True,
        )

    def goes_on(self, links: Iterable[Link], response: Response) -> bool:
        """Whether the list behind one with these links is worth asking for: some page of these was
        never asked for, or the last run broke off."""
        return self.crawl.resumes or any(self._is_new(link, response) for link in links)

    def _is_new(self, link: Link, response: Response) -> bool:
        _, name = self._named(link, response)
        new = bool(name) and name not in self.asked
        return new and find_last_fetch(self.crawl.store, name) is None

    def _named(self, link: Link, response: Response) -> tuple[str, str]:
        """Address and canonical name of a link; no name when it leads elsewhere, or nowhere."""
        url = self.address(link.url, response)
        name = canonical_url(url, self.aliases)
        itself = name == canonical_url(response.url, self.aliases)
        return url, name if name and not itself and self.is_own(name) else ""

    @staticmethod
    def address(link: str, response: Response) -> str:
        """Where a link on a list leads; empty when that is no address of the web."""
        try:
            url = safe_url_string(response.urljoin(link.strip()))
        except ValueError:
            return ""
        return url if canonical_url(url) else ""

    def is_own(self, url: str) -> bool:
        """Whether a page is of this source's site: feeds carry paid links to elsewhere."""
        host = urlsplit(url).hostname or ""
        return any(host == own or host.endswith(f".{own}") for own in self.own_hosts)

    def _too_old(self, link: Link) -> bool:
        modified = link.listed.modified
        return bool(self.since and modified and modified < self.since)

    def _wanted(self, name: str, modified: datetime | None) -> bool:
        last = find_last_fetch(self.crawl.store, name)
        if last is None or last.is_due(datetime.now(UTC), modified):
            return True
        if not last.is_settled:
            self.crawl.unsettled = True
        return False

    def page(self, response: Response, name: str, listed: Listed) -> Iterator[Page | FetchResult]:
        """The page itself, as the server sent it."""
        if not self.is_own(response.url):
            reason = f"it leads to another site: {response.url}"
            yield FetchResult(name, self.name, "page", datetime.now(UTC), Outcome.ELSEWHERE, reason)
            return
        yield Page(
            url=canonical_url(response.url, self.aliases),
            source=self.name,
            body=response.body,
            fetched=datetime.now(UTC),
            content_type=_header(response, "Content-Type"),
            listed=listed,
            requested=name,
        )

    def failed(self, kind: str, failure: Failure) -> Iterator[FetchResult]:
        """What became of a request that was not answered, or not with success."""
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, reason, status = describe_failure(failure.value)
        self.crawl.unsettled = True
        url = request.cb_kwargs.get("name") or request.url
        error = failure.value
        response = find_response(error)
        rest = read_retry_after(response) if response is not None else None
        yield FetchResult(url, self.name, kind, datetime.now(UTC), outcome, reason, status, rest=rest)


def unconditional(response: Response, read: Callable[[Response], Iterator[Found]]) -> Request:
    """The request for a whole list that the server has just answered with 304."""
    asked = response.request
    assert asked is not None
    headers = {name: value for name, value in asked.headers.items() if not name.startswith(b"If-")}
    return again(asked, read).replace(headers=headers)


def again(asked: Request, read: Callable[[Response], Iterator[Any]]) -> Request:
    """The same request once more."""
    # Not the meta of the response: Scrapy has put down there how that one fared.
    return asked.replace(callback=read, meta={"handle_httpstatus_list": [NOT_MODIFIED]})


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def _day(since: str) -> datetime | None:
    if not since:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise ValueError(f"since={since}: not a day such as 2026-11-01") from error
    return assume_utc(moment)


def _count(limit: str) -> int:
    if not limit:
        return -1
    if not limit.isdigit() or int(limit) == 0:
        raise ValueError(f"limit={limit}: not a number above 0")
    return int(limit)
