"""The answer to one request of a discovery, and what its body is.

Its bytes decide, as servers label feeds as HTML.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from scrapy.http import Response, TextResponse

from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.decoding.stream import convert_slices_to_utf8, cut_slices, unpack
from shopwire.storage.crawl_log.outcomes import Outcome

# Statuses by which a site refuses a program; 503 is what check pages are sent with.
WALL_STATUSES = frozenset((401, 403, 405, 406, 429, 451, 503))
# Of these, those by which a server also says that an address is not for everybody.
FORBIDDING = frozenset((401, 403, 405, 406))
GONE_STATUSES = frozenset((404, 410))
PROLOG = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*", re.DOTALL | re.IGNORECASE
)
ROOT = re.compile(rb"<(?:[\w-]+:)?([\w-]+)")
# An element; the declaration `xmlns:news` alone makes no news sitemap.
NEWS_ELEMENT = re.compile(rb"<(?:[\w-]+:)?publication_date\b")
LOGIN = re.compile(r"\b(?:log|sign)[_-]?(?:in|on)\b|\b(?:passport|sso|cas|oauth2?)\b", re.IGNORECASE)
REFRESH = re.compile(r"^\s*\d+\s*[;,]\s*url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
# A page with more visible text than this is no check page, whatever words are in it.
LONGEST_CHECK_PAGE = 1500
HEAD = 100_000
# Slices of a body in which its root and the first element of news are searched: two megabytes.
MOST_SLICES = 64


class Shape(StrEnum):
    """What a body is."""

    FEED = "feed"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news sitemap"
    SITEMAP_INDEX = "sitemap index"
    WORDPRESS = "WordPress posts"
    HTML = "page"
    OTHER = "other"


SHAPES = {
    b"rss": Shape.FEED,
    b"feed": Shape.FEED,
    b"rdf": Shape.FEED,
    b"sitemapindex": Shape.SITEMAP_INDEX,
    b"urlset": Shape.SITEMAP,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request: a response, or the outcome and reason of its failure."""

    url: str
    response: Response | None = None
    outcome: Outcome | None = None
    reason: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether there is a body with the status 200."""
        return self.response is not None and self.response.status == 200 and bool(self.response.body)

    def describe(self) -> str:
        """Return why the answer is of no use; empty if it is of use."""
        if self.response is None:
            return self.reason
        if self.response.status != 200:
            return f"HTTP status {self.response.status}"
        return "" if self.response.body else "an empty body"


def recognize_shape(answer: Answer) -> Shape:
    """Return what a body is."""
    if not answer.is_ok or answer.response is None:
        return Shape.OTHER
    content_type = get_content_type(answer.response)
    try:
        slices = convert_slices_to_utf8(unpack(cut_slices(answer.response.body)), content_type)
        body = b"".join(islice(slices, MOST_SLICES))
    except UnreadableListError:
        return Shape.OTHER
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _recognize_json(body)
    prolog = PROLOG.match(body[:HEAD])
    root = ROOT.match(body, prolog.end() if prolog else 0)
    name = root[1].lower() if root else b""
    shape = SHAPES.get(name, Shape.OTHER)
    if shape is Shape.SITEMAP and NEWS_ELEMENT.search(body):
        return Shape.NEWS_SITEMAP
    is_page = isinstance(answer.response, TextResponse) and shape is Shape.OTHER and bool(root)
    return Shape.HTML if is_page else shape


def _recognize_json(body: bytes) -> Shape:
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return Shape.OTHER
    if isinstance(found, dict):
        items = found.get("items")
        is_feed = "jsonfeed.org" in str(found.get("version", "")) and isinstance(items, list)
        return Shape.FEED if is_feed else Shape.OTHER
    first = found[0] if found else None
    is_posts = isinstance(first, dict) and isinstance(first.get("title"), dict) and "link" in first
    return Shape.WORDPRESS if is_posts else Shape.OTHER


def get_content_type(response: Response) -> str:
    """Return the header as sent."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def parse_page(answer: Answer) -> HtmlElement | None:
    """Return the tree of a page; None if it is none, or no parser may read it."""
    if recognize_shape(answer) is not Shape.HTML or not isinstance(answer.response, TextResponse):
        return None
    try:
        check_list(answer.response.text.encode("utf-8", "replace"))
    except UnreadableListError:
        return None
    root = answer.response.selector.root
    return root if isinstance(root, HtmlElement) else None


def find_refresh(root: HtmlElement | None, answer: Answer) -> str:
    """Return where a page without links sends its readers, on its own host; empty if it does not."""
    if root is None or answer.response is None or len(root.findall(".//a")) > 1:
        return ""
    url = answer.response.url
    for element in root.iter("meta"):
        found = REFRESH.search(element.get("content") or "")
        if found and (element.get("http-equiv") or "").lower() == "refresh":
            target = urljoin(url, found[1].strip())
            return target if urlsplit(target).netloc == urlsplit(url).netloc and target != url else ""
    return ""


def is_login(root: HtmlElement, answer: Answer) -> bool:
    """Return whether a page that another one has redirected to asks for a password."""
    url = answer.response.url if answer.response is not None else answer.url
    has_moved = urlsplit(url).path != urlsplit(answer.url).path
    return has_moved and bool(LOGIN.search(url) and root.xpath("//input[@type='password']"))


def find_wall(answer: Answer, check_words: re.Pattern[str]) -> str:
    """Return how a site refuses programs, empty if it does not: by a status, or by a short page with words
    such as `checking your browser`."""
    if answer.response is not None and answer.response.status in WALL_STATUSES:
        return f"HTTP status {answer.response.status}"
    if answer.outcome is Outcome.BLOCKED:
        return answer.reason
    root = parse_page(answer)
    if root is None:
        return ""
    if is_login(root, answer):
        return f"a login: it leads to {answer.response.url if answer.response is not None else answer.url}"
    parts = root.xpath("//text()[not(parent::script or parent::style or parent::noscript)]")
    text = " ".join(" ".join(map(str, parts)).split())
    found = check_words.search(text) if len(text) < LONGEST_CHECK_PAGE else None
    return f"a check page: “{found[0]}”" if found else ""
