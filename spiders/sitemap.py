"""Sources with a sitemap."""

import re
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from shopwire.spiders.base import ListedLink, Source
from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.feed_text import parse_feed_date, sanitize_line, strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.xml import LONGEST_VALUE, get_local_name, read_elements
from shopwire.spiders.page import Listed
from shopwire.storage.crawl_log.outcomes import Outcome

GZIP = b"\x1f\x8b"
LARGEST_BYTES = 32 * 1024 * 1024
DEEPEST_INDEX = 3


class SitemapSource(Source):
    """Reads `sitemaps` (also indexes, gzip and news sitemaps), and fetches the pages that match `pages`.

    A known page is fetched again if its `lastmod` is later than the last fetch.
    """

    sitemaps: list[str] = []
    # A regular expression that matches the URL of an article.
    pages: str = ""

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each sitemap."""
        for url in self.sitemaps:
            yield self.request_list(url, "sitemap", partial(self.read, depth=0))

    def read(self, response: Response, depth: int) -> Iterator[ListedLink | Request]:
        """Yield the pages of a sitemap, and requests for the sitemaps of an index."""
        for entry in read_sitemap(convert_to_utf8(_unpack_gzip(response.body))):
            if entry.is_index:
                if depth < DEEPEST_INDEX and (url := self.next_list_url(entry.location, response)):
                    yield self.request_list(url, "sitemap", partial(self.read, depth=depth + 1))
            elif re.search(self.pages, entry.location):
                title, published = strip_tags(entry.title), sanitize_line(entry.published)
                modified = parse_feed_date(entry.modified or entry.published)
                yield ListedLink(entry.location, Listed(title, "", published, modified))


def _unpack_gzip(body: bytes) -> bytes:
    if not body.startswith(GZIP):
        return body
    try:
        return gunzip(body, max_size=LARGEST_BYTES)
    except ValueError as error:
        reason = f"larger than {LARGEST_BYTES:,} bytes after decompression"
        raise UnreadableListError(Outcome.TOO_BIG, reason) from error
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise UnreadableListError(Outcome.ERROR, f"damaged gzip data: {error}") from error


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One entry of a sitemap (https://www.sitemaps.org/protocol.html) with the news extension."""

    location: str
    is_index: bool
    modified: str
    published: str
    title: str


def read_sitemap(body: bytes) -> Iterator[SitemapEntry]:
    """Yield the entries of an XML sitemap in UTF-8; of a malformed one those before the first error."""
    for element in read_elements(body, "url", "sitemap"):
        found: dict[str, str] = {}
        for part in element.iter("*"):
            found.setdefault(get_local_name(part), (part.text or "")[:LONGEST_VALUE].strip())
        if found.get("loc"):
            yield SitemapEntry(
                found["loc"],
                get_local_name(element) == "sitemap",
                found.get("lastmod", ""),
                found.get("publication_date", ""),
                found.get("title", ""),
            )
