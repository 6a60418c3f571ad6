"""Sources with a feed: RSS, Atom or JSON Feed."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from lxml import etree
from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import Link, Source
from shopwire.spiders.page import Listed, moment, one_line, without_tags
from shopwire.spiders.xml import as_utf8, local_name, read_elements, words_in

# Where the formats keep the same: RSS 2.0, RSS 1.0 with Dublin Core, Atom 1.0 and 0.3.
PUBLISHED = ("published", "pubDate", "issued", "date", "created")
UPDATED = ("updated", "modified", *PUBLISHED)
AUTHOR = ("author", "creator")
# RSS 2.0 has `address (name)` there.
NAME_OF_ADDRESS = re.compile(r"\S+@\S+ \(([^()]+)\)")


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
    for entry in read_elements(as_utf8(response.body, content_type), "item", "entry"):
        url = _address(entry)
        if url:
            yield Link(url, _listed(entry))


def _address(entry: etree._Element) -> str:
    """Atom's `link` has an attribute, RSS's a text; some have nothing but a `guid`."""
    guid = ""
    for child in entry:
        name = local_name(child)
        if name == "link" and child.get("rel", "alternate") == "alternate":
            url = child.get("href", "").strip() or words_in(child)
            if url:
                return url
        elif name == "guid" and child.get("isPermaLink", "true") == "true":
            guid = words_in(child)
    return guid


def _listed(entry: etree._Element) -> Listed:
    children = {local_name(child): child for child in reversed(entry)}

    def first(*names: str) -> str:
        found = (words_in(children[name]) for name in names if name in children)
        return next((words for words in found if words), "")

    author = first(*AUTHOR)
    address = NAME_OF_ADDRESS.fullmatch(author)
    return Listed(
        title=without_tags(first("title")),
        author=without_tags(address[1] if address else author),
        published=one_line(first(*PUBLISHED, "updated", "modified")),
        modified=moment(first(*UPDATED)),
    )


def _json_feed(body: bytes) -> Iterator[Link]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
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
