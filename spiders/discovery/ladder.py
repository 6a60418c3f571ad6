"""The ladder of a discovery: from what a site declares to what its pages show.

Pure: it asks for URLs and is sent the answers; see `Step`. The first rung whose candidate passes the test
ends it. A site that refuses programs is named and left alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit
from zlib import crc32

from lxml.html import HtmlElement
from scrapy.http import TextResponse

from shopwire.spiders.discovery.answers import (
    FORBIDDING,
    GONE_STATUSES,
    Answer,
    Shape,
    find_refresh,
    find_wall,
    parse_page,
    recognize_shape,
)
from shopwire.spiders.discovery.candidate import Candidate, Discovery, Ending, Step, Verdict
from shopwire.spiders.discovery.cms_presets import PRESETS
from shopwire.spiders.discovery.list_candidates import list_page_candidates
from shopwire.spiders.discovery.page_feeds import (
    GUESSES,
    find_system,
    list_declared_feeds,
    list_feed_anchors,
    list_overview_feeds,
    list_system_feeds,
)
from shopwire.spiders.discovery.page_title import find_site_title
from shopwire.spiders.discovery.read_candidate import (
    read_entries,
    read_feed_candidate,
    read_sitemap_candidate,
)
from shopwire.spiders.discovery.sitemaps import choose_children, sort_sitemaps
from shopwire.spiders.lists.newest import OLDEST, read_numbers
from shopwire.spiders.lists.reading import ListedLink
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.text.site import find_site

MOST_SITEMAPS = 3
# The rungs of addresses that the site itself names.
ITSELF = "the address itself"
LINKED = "linked feed"
DECLARED = ("declared feed", LINKED)


class WallError(Exception):
    """Raised when a site refuses programs; the message says how."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user asks for: the URL; pages of links to read instead of what the site declares; the system
    that made it; words by which check pages are recognized; and whether only the URL itself is wanted, as
    the address of a search is."""

    url: str
    lists: Sequence[str]
    cms: str
    check_words: re.Pattern[str]
    is_exact: bool = False


Test = Callable[[Candidate], Step[Verdict]]


class Ladder:
    """One discovery. `climb` is its only step; the result is in `found`."""

    def __init__(self, wish: Wish, test: Test) -> None:
        self.wish = wish
        self.test = test
        self.found = Discovery()
        self.asked: set[str] = set()

    def climb(self) -> Step[Discovery]:
        """Ask for pages until a candidate has passed its test, or the site refuses us; return what was
        found."""
        try:
            return (yield from self._climb())
        except WallError as error:
            self.found.ending, self.found.reason = Ending.BLOCKED, str(error)
            return self.found

    def _climb(self) -> Step[Discovery]:
        answer = yield from self._ask(self.wish.url)
        if target := find_refresh(parse_page(answer), answer):
            answer = yield from self._ask(target)
        if self._is_forbidden(answer):
            return self.found
        url = answer.response.url if answer.response is not None else self.wish.url
        parts = urlsplit(url)
        self.found.home = f"{parts.scheme}://{parts.netloc}/"
        root = parse_page(answer)
        self.found.title = find_site_title(root, url)
        passed = yield from self._try_body(ITSELF, answer)
        if self.wish.lists and not answer.is_ok:
            yield from self._try_lists(None, url, self.wish.cms)
            return self.found
        if passed or not answer.is_ok or self.wish.is_exact:
            self.found.reason = self.found.reason or answer.describe()
            return self.found
        if root is not None and isinstance(answer.response, TextResponse):
            yield from self._try_page(root, url, answer.response.text)
        return self.found

    def _is_forbidden(self, answer: Answer) -> bool:
        """Return whether robots.txt forbids a page, and note it."""
        if answer.outcome is not Outcome.ROBOTS:
            return False
        self.found.ending, self.found.reason = Ending.ROBOTS, answer.reason
        return True

    def _try_page(self, root: HtmlElement, url: str, html: str) -> Step[bool]:
        """Try what a page leads to, rung by rung; return whether a candidate passed."""
        system = self.wish.cms or find_system(html)
        if system:
            self.found.tried.append(f"system: {system}")
        if self.wish.lists:
            return (yield from self._try_lists(root, url, system))
        feeds = [
            ("declared feed", list_declared_feeds(root, url)),
            (LINKED, list_feed_anchors(root, url)),
        ]
        if system:
            feeds.append((f"feed of {system}", list_system_feeds(system, html, url)))
        for rung, urls in feeds:
            for feed in urls:
                if (yield from self._try_url(rung, feed, is_guess=rung not in DECLARED)):
                    return True
        # A section of a site has its list on the page: sitemap and usual feeds are of the whole site.
        is_section = bool(urlsplit(url).path.strip("/"))
        if is_section and (yield from self._try_lists(root, url, system)):
            return True
        if (yield from self._try_sitemaps(url)) or (yield from self._try_guesses(url)):
            return True
        return not is_section and (yield from self._try_lists(root, url, system))

    def _try_url(self, rung: str, url: str, is_guess: bool = False) -> Step[bool]:
        """Try one address, once."""
        if url in self.asked:
            return False
        answer = yield from self._ask(url, is_guess)
        if answer.outcome is Outcome.ROBOTS and self.found.candidate is None:
            self.found.ending, self.found.reason = Ending.ROBOTS, f"robots.txt forbids {url}"
        shape = recognize_shape(answer)
        if shape in (Shape.HTML, Shape.OTHER):
            self.found.tried.append(f"{rung}: {url}: {answer.describe() or 'neither feed nor sitemap'}")
            overview = parse_page(answer) if rung == LINKED else None
            for feed in list_overview_feeds(overview, url) if overview is not None else ():
                if (yield from self._try_url("feed of an overview", feed)):
                    return True
            return False
        return (yield from self._try_body(rung, answer))

    def _try_body(self, rung: str, answer: Answer) -> Step[bool]:
        """Try what a body is: a feed, a sitemap, the newest children of an index."""
        shape = recognize_shape(answer)
        if shape in (Shape.FEED, Shape.WORDPRESS):
            return (yield from self._try_candidate(read_feed_candidate(rung, answer, shape)))
        if shape in (Shape.SITEMAP, Shape.NEWS_SITEMAP):
            return (yield from self._try_candidate(read_sitemap_candidate(rung, answer, shape)))
        if shape is Shape.SITEMAP_INDEX and answer.response is not None:
            for child in choose_children(read_entries(answer)):
                below = yield from self._ask(child)
                kind = recognize_shape(below)
                if kind in (Shape.SITEMAP, Shape.NEWS_SITEMAP):
                    candidate = read_sitemap_candidate(rung, below, kind)
                    if read_numbers(child):
                        # The next one has another number.
                        attributes = {**candidate.attributes, "sitemaps": [answer.url]}
                        candidate = replace(candidate, attributes=attributes)
                    if (yield from self._try_candidate(candidate)):
                        return True
        return False

    def _try_sitemaps(self, url: str) -> Step[bool]:
        """Try the sitemaps of robots.txt, else the usual one."""
        robots = yield from self._ask(urljoin(url, "/robots.txt"), is_guess=True)
        declared = sort_sitemaps(one.urls[0] for one in read_entries(robots) if one.is_list)
        for sitemap in declared[:MOST_SITEMAPS] or [urljoin(url, "/sitemap.xml")]:
            rung = "sitemap of robots.txt" if declared else "usual sitemap"
            if (yield from self._try_url(rung, urljoin(url, sitemap), is_guess=not declared)):
                return True
        return False

    def _try_guesses(self, url: str) -> Step[bool]:
        """Try usual addresses of feeds, if the site says of a page that is not there that it is not."""
        nonsense = yield from self._ask(urljoin(url, f"/no-such-page-{crc32(url.encode()):08x}"), True)
        if nonsense.response is None or nonsense.response.status not in GONE_STATUSES:
            self.found.tried.append(
                "usual feeds: not tried, the site answers for pages that it does not have"
            )
            return False
        for path in GUESSES:
            if (yield from self._try_url("usual feed", urljoin(url, path), is_guess=True)):
                return True
        return False

    def _try_lists(self, root: HtmlElement | None, url: str, system: str) -> Step[bool]:
        """Try the links of the page, or those of the pages that the user has named."""
        pages: Iterable[tuple[HtmlElement, str]] = [(root, url)] if root is not None else []
        if self.wish.lists:
            answer = yield from self._ask(self.wish.lists[0])
            if self._is_forbidden(answer):
                return False
            listed = parse_page(answer)
            pages = [(listed, self.wish.lists[0])] if listed is not None else []
        preset = system if system in PRESETS else ""
        for page, address in pages:
            lists = list(self.wish.lists) or [address]
            for candidate in list_page_candidates(page, address, lists, preset):
                if (yield from self._try_candidate(candidate)):
                    return True
        return False

    def _try_candidate(self, candidate: Candidate) -> Step[bool]:
        """Test a candidate, and keep the best result so far."""
        place = next(
            str(urls[0]) for key in ("feeds", "sitemaps", "lists") if (urls := candidate.attributes.get(key))
        )
        if not candidate.links:
            self.found.tried.append(f"{candidate.rung}: {place}: {candidate.lack or 'no links in it'}")
            if candidate.lack and not self.found.reason:
                self.found.reason = f"{place}: {candidate.lack}"
            return False
        verdict = yield from self.test(candidate)
        result = "; ".join(filter(None, (verdict.reason or "passed", candidate.lack)))
        self.found.tried.append(f"{candidate.rung}: {place}: {result}")
        # Of candidates that fail, the first is the best: the rungs are in the order of their worth.
        if verdict.ending is Ending.ADDED or self.found.candidate is None:
            self.found.candidate, self.found.verdict = candidate, verdict
            self.found.ending, self.found.reason = verdict.ending, verdict.reason
        if verdict.ending is Ending.ADDED and candidate.rung != ITSELF:
            self.found.reason = describe_foreign(candidate.links, self.found.home)
        if verdict.ending is Ending.BLOCKED:
            raise WallError(verdict.reason)
        return verdict.ending is Ending.ADDED

    def _ask(self, url: str, is_guess: bool = False) -> Step[Answer]:
        """Ask for a URL. Raises `WallError` if the site refuses us; that a guessed address is forbidden
        says nothing of the site."""
        self.asked.add(url)
        self.found.requests += 1
        answer = yield url
        status = answer.response.status if answer.response is not None else 0
        wall = "" if is_guess and status in FORBIDDING else find_wall(answer, self.wish.check_words)
        if wall:
            self.found.tried.append(f"{url}: {wall}: left alone")
            raise WallError(wall)
        return answer


def describe_foreign(links: Sequence[ListedLink], home: str) -> str:
    """Return on which other site links are; empty if one of them is on that of a front page."""
    sites = dict.fromkeys(find_site(link.url) for link in links)
    if not sites or find_site(home) in sites:
        return ""
    return f"its pages are on {next(iter(sites))}, not on {find_site(home)}"


def list_newest(links: Iterable[ListedLink], most: int) -> list[ListedLink]:
    """Return the newest links: by their dates, else by the order that the list has."""
    return sorted(links, key=lambda link: (link.date or OLDEST, link.rank), reverse=True)[:most]
