"""Reads the entries of feeds and sitemaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.lists.entries import ListEntry
from shopwire.spiders.lists.list_dates import ListDates
from shopwire.spiders.lists.read_list import read_list
from shopwire.spiders.lists.reading import ListedLink, ListedList
from shopwire.spiders.page import Listed
from shopwire.spiders.readers.list_body import ListBody
from shopwire.storage.crawl_log.outcomes import Outcome

DEEPEST_INDEX = 3


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads the pages of a feed or sitemap that match `pages`, and the lists of an index.

    `depth` is how many indexes led here.
    """

    pages: str
    dates: ListDates
    depth: int = 0

    def read(self, body: ListBody) -> Iterator[ListedLink | ListedList]:
        """Yield pages and further lists. Raises `UnreadableListError` if there is none, with the reason."""
        others = matching = 0
        for entry in read_list(body.content, body.content_type):
            if entry.is_list:
                if self.depth < DEEPEST_INDEX:
                    modified = self.dates.read(entry.updated)
                    yield ListedList(entry.urls[0], self.depth + 1, modified, entry.rank)
            elif any(re.search(self.pages, url) for url in entry.urls):
                matching += 1
                yield self._build_link(entry)
            else:
                others += 1
        if others and not matching:
            reason = f"{others} addresses, none of which matches `pages`: {self.pages}"
            raise UnreadableListError(Outcome.EMPTY_LIST, sanitize_line(reason))

    def _build_link(self, entry: ListEntry) -> ListedLink:
        dated = self.dates.read(entry.published)
        published = sanitize_line(entry.published)
        modified = self.dates.read(entry.updated) or dated
        listed = Listed(entry.title, entry.author, published, modified, entry.text)
        others, categories = entry.urls[1:], entry.categories
        return ListedLink(entry.urls[0], listed, others, rank=entry.rank, categories=categories)
