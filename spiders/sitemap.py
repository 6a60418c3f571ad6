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

from shopwire.spiders.base import Link, Source
from shopwire.spiders.decoding.charset import as_utf8
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.xml import LONGEST_VALUE, local_name, read_elements
from shopwire.spiders.page import Listed, moment, one_line, without_tags
from shopwire.storage.crawl_log.outcomes import Outcome

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
        for entry in read_sitemap(as_utf8(_unpacked(response.body))):
            if entry.is_index:
                if depth < DEEPEST_INDEX and (url := self.further(entry.location, response)):
                    yield self.ask_list(url, "sitemap", partial(self.read, depth=depth + 1))
            elif re.search(self.pages, entry.location):
                title, published = without_tags(entry.title), one_line(entry.published)
                modified = moment(entry.modified or entry.published)
                yield Link(entry.location, Listed(title, "", published, modified))


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(GZIP):
        return body
    try:
        return gunzip(body, max_size=LARGEST_BYTES)
    except ValueError as error:
        reason = f"unpacked, it is larger than {LARGEST_BYTES:,} bytes"
        raise UnreadableListError(Outcome.TOO_BIG, reason) from error
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise UnreadableListError(Outcome.ERROR, f"it is damaged gzip data: {error}") from error


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a sitemap (https://www.sitemaps.org/protocol.html), with its news extension."""

    location: str
    is_index: bool
    modified: str
    published: str
    title: str


def read_sitemap(body: bytes) -> Iterator[Entry]:
    """The entries of an XML sitemap in UTF-8; those before the first fault when it is malformed."""
    for element in read_elements(body, "url", "sitemap"):
        found: dict[str, str] = {}
        for part in element.iter("*"):
            found.setdefault(local_name(part), (part.text or "")[:LONGEST_VALUE].strip())
        if found.get("loc"):
            yield Entry(
                found["loc"],
                local_name(element) == "sitemap",
                found.get("lastmod", ""),
                found.get("publication_date", ""),
                found.get("title", ""),
            )
