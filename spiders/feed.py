"""Sources with a feed: RSS, Atom or JSON Feed."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import feedparser
from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import MAX_LINKS_PER_LIST, ListedLink, Source
from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.feed_text import parse_feed_date, sanitize_line, strip_tags
from shopwire.spiders.decoding.parser_limits import check_list
from shopwire.spiders.page import Listed

# Root elements of feeds. What precedes them is not needed, and a document type with its entities may be an
# attack.
ROOTS = (b"<rss", b"<feed", b"<rdf:RDF", b"<RDF", b"<atom:feed")
ENTRY_ENDS = (b"</item>", b"</entry>", b"</atom:entry>")
# RSS 2.0 writes an author as `address (name)`.
NAME_OF_ADDRESS = re.compile(r"\S+@\S+ \(([^()]+)\)")
UTF8 = {"content-type": "application/xml; charset=utf-8"}


class FeedSource(Source):
    """Reads `feeds`, and fetches every page they list: feeds rarely contain the whole article."""

    feeds: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each feed."""
        for url in self.feeds:
            yield self.request_list(url, "feed", read_feed)


def read_feed(response: Response) -> Iterator[ListedLink]:
    """Yield the entries of a feed in their order; none if the body is not a feed."""
    if response.body.lstrip()[:1] == b"{":
        yield from _read_json_feed(response.body)
        return
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    body = convert_to_utf8(response.body, content_type)
    check_list(body)
    for entry in feedparser.parse(_cut_to_newest(body), response_headers=UTF8).entries:
        if entry.get("link"):
            yield ListedLink(entry.link, _build_listed(entry))


def _cut_to_newest(body: bytes) -> bytes:
    """Return a feed cut to its first `MAX_LINKS_PER_LIST` entries, without what precedes its root element.

    For 20,000 entries feedparser would block the crawl for five seconds.
    """
    starts = [at for at in map(body.find, ROOTS) if at >= 0]
    if not starts:
        return b""
    body = body[min(starts) :]
    for end in ENTRY_ENDS:
        pieces = body.split(end, MAX_LINKS_PER_LIST)
        if len(pieces) > MAX_LINKS_PER_LIST:
            return end.join(pieces[:-1]) + end
    return body


def _build_listed(entry: dict[str, Any]) -> Listed:
    address = NAME_OF_ADDRESS.fullmatch(entry.get("author", ""))
    # If `updated` is missing, feedparser returns `published` instead, with a warning.
    updated = entry["updated"] if "updated" in entry else ""  # noqa: SIM401
    published = sanitize_line(entry.get("published") or updated)
    return Listed(
        title=strip_tags(entry.get("title", "")),
        author=strip_tags(address[1] if address else entry.get("author", "")),
        published=published,
        modified=parse_feed_date(sanitize_line(updated) or published),
    )


def _read_json_feed(body: bytes) -> Iterator[ListedLink]:
    """Yield the entries of a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser cannot
    read."""
    try:
        items = json.loads(body)["items"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            published = sanitize_line(str(item.get("date_published") or ""))
            modified = parse_feed_date(str(item.get("date_modified") or published))
            title = strip_tags(str(item.get("title") or ""))
            yield ListedLink(item["url"], Listed(title, _get_json_author(item), published, modified))


def _get_json_author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else None
    return strip_tags(str(first.get("name", ""))) if isinstance(first, dict) else ""
