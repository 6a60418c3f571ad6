"""Sources with a sitemap."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

from lxml import etree
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from shopwire.spiders.base import Link, Source
from shopwire.spiders.page import Listed

GZIP = b"\x1f\x8b"
LARGEST_BYTES = 32 * 1024 * 1024
DEEPEST_INDEX = 3


class SitemapSource(Source):
    """Reads `sitemaps` (indexes, gzip, news sitemaps) and fetches the pages that `pages` matches.

    A page we have is fetched again when its `lastmod` is later than our copy.
    """

    sitemaps: list[str] = []
    # A regular expression that the address of an article matches.
    pages: str = ""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each sitemap."""
        for url in self.sitemaps:
            yield self.ask_list(url, "sitemap", partial(self.read, depth=0))

    def read(self, response: Response, depth: int) -> Iterator[Link | Request]:
        """The pages of a sitemap, and requests for the sitemaps of an index."""
        body = response.body
        if body.startswith(GZIP):
            body = gunzip(body, max_size=LARGEST_BYTES)
        for entry in read_sitemap(body):
            if entry.is_index:
                if depth < DEEPEST_INDEX:
                    url = response.urljoin(entry.location)
                    yield self.ask_list(url, "sitemap", partial(self.read, depth=depth + 1))
            elif re.search(self.pages, entry.location):
                modified = _moment(entry.modified or entry.published)
                yield Link(entry.location, Listed(entry.title, "", entry.published, modified))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a sitemap (https://www.sitemaps.org/protocol.html), with its news extension."""

    location: str
    is_index: bool
    modified: str
    published: str
    title: str


def read_sitemap(body: bytes) -> Iterator[Entry]:
    """The entries of an XML sitemap; those before the first fault when it is malformed."""
    events = etree.iterparse(
        BytesIO(body), events=("end",), resolve_entities=False, no_network=True, recover=True
    )
    found: dict[str, str] = {}
    try:
        for _, element in events:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name in ("url", "sitemap"):
                if found.get("loc"):
                    yield Entry(
                        found["loc"],
                        name == "sitemap",
                        found.get("lastmod", ""),
                        found.get("publication_date", ""),
                        found.get("title", ""),
                    )
                found = {}
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
            elif name:
                found.setdefault(name, (element.text or "").strip())
    except etree.XMLSyntaxError:
        # What came before the fault has been read; an empty list is reported as one.
        return


def _moment(text: str) -> datetime | None:
    """A W3C date of a sitemap as a time with zone; None when it is none. A day counts from its start."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
