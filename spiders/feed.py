"""Sources with a feed: RSS, Atom or JSON Feed."""

import json
from calendar import timegm
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser
from scrapy import Request
from scrapy.http import Response
from w3lib.html import remove_tags, replace_entities

from shopwire.spiders.base import Link, Source
from shopwire.spiders.page import Listed


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
    headers = {
        "content-location": response.url,
        "content-type": (response.headers.get("Content-Type") or b"").decode("latin-1"),
    }
    for entry in feedparser.parse(response.body, response_headers=headers).entries:
        if entry.get("link"):
            yield Link(
                entry.link,
                Listed(
                    title=_plain(entry.get("title", "")),
                    author=_plain(entry.get("author", "")),
                    published=entry.get("published") or entry.get("updated") or "",
                    modified=_moment(entry.get("updated_parsed") or entry.get("published_parsed")),
                ),
            )


def _json_feed(body: bytes) -> Iterator[Link]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/ (feedparser does not read it)."""
    try:
        items = json.loads(body)["items"]
    except (ValueError, LookupError, TypeError):
        return
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            title, published = str(item.get("title", "")), str(item.get("date_published", ""))
            yield Link(item["url"], Listed(_plain(title), _author(item), published))


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else None
    return _plain(str(first.get("name", ""))) if isinstance(first, dict) else ""


def _moment(parsed: struct_time | None) -> datetime | None:
    """What feedparser made of a date, which is in UTC."""
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (OverflowError, ValueError):
        return None


def _plain(text: str) -> str:
    return " ".join(replace_entities(remove_tags(text)).split())
