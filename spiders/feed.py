"""Sources with a feed: RSS, Atom or JSON Feed."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import feedparser
from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import MOST_LINKS, Link, Source
from shopwire.spiders.decoding.charset import as_utf8
from shopwire.spiders.decoding.parser_limits import check_list
from shopwire.spiders.page import Listed, moment, one_line, without_tags

# The elements a feed begins with. What stands before them, a document type with its entities, is for
# nobody; an attack sits there.
ROOTS = (b"<rss", b"<feed", b"<rdf:RDF", b"<RDF", b"<atom:feed")
ENTRY_ENDS = (b"</item>", b"</entry>", b"</atom:entry>")
# RSS 2.0 has `address (name)` for an author.
NAME_OF_ADDRESS = re.compile(r"\S+@\S+ \(([^()]+)\)")
UTF8 = {"content-type": "application/xml; charset=utf-8"}


class FeedSource(Source):
    """Reads `feeds`, and fetches every page they name: feeds seldom carry the whole article."""

    feeds: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each feed."""
        for url in self.feeds:
            yield self.ask_list(url, "feed", read_feed)


def read_feed(response: Response) -> Iterator[Link]:
    """The entries of a feed, in its order; none when the body is no feed."""
    if response.body.lstrip()[:1] == b"{":
        yield from _json_feed(response.body)
        return
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    body = as_utf8(response.body, content_type)
    check_list(body)
    for entry in feedparser.parse(_newest(body), response_headers=UTF8).entries:
        if entry.get("link"):
            yield Link(entry.link, _listed(entry))


def _newest(body: bytes) -> bytes:
    """The first `MOST_LINKS` entries of a feed without what stands before its first element: for
    20,000 entries feedparser takes five seconds, in which nothing else happens."""
    starts = [at for at in map(body.find, ROOTS) if at >= 0]
    if not starts:
        return b""
    body = body[min(starts) :]
    for end in ENTRY_ENDS:
        pieces = body.split(end, MOST_LINKS)
        if len(pieces) > MOST_LINKS:
            return end.join(pieces[:-1]) + end
    return body


def _listed(entry: dict[str, Any]) -> Listed:
    address = NAME_OF_ADDRESS.fullmatch(entry.get("author", ""))
    # Asked for what is not there, feedparser answers `updated` with `published`, and a warning.
    updated = entry["updated"] if "updated" in entry else ""  # noqa: SIM401
    published = one_line(entry.get("published") or updated)
    return Listed(
        title=without_tags(entry.get("title", "")),
        author=without_tags(address[1] if address else entry.get("author", "")),
        published=published,
        modified=moment(one_line(updated) or published),
    )


def _json_feed(body: bytes) -> Iterator[Link]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/ (feedparser does not read it)."""
    try:
        items = json.loads(body)["items"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            published = one_line(str(item.get("date_published") or ""))
            modified = moment(str(item.get("date_modified") or published))
            title = without_tags(str(item.get("title") or ""))
            yield Link(item["url"], Listed(title, _author(item), published, modified))


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else None
    return without_tags(str(first.get("name", ""))) if isinstance(first, dict) else ""
