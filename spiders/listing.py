"""Sources with neither feed nor sitemap: lists are pages of links."""

from collections.abc import AsyncIterator
from functools import partial

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import Source
from shopwire.spiders.lists.json_values import has_page_number, set_page_number
from shopwire.spiders.readers.link_reader import LinkReader
from shopwire.spiders.readers.list_asked import ListAsked
from shopwire.spiders.readers.list_body import ListReader


class ListingSource(Source):
    """Reads `lists` of links, page after page until one has no new links.

    `links` and `next_page` are CSS or XPath expressions (see `readers/link_reader.py`); they select
    elements with an `href`, or attributes. `titled` and `dated` select title and time within a link, where
    it has more text than its title. `{page}` in `lists` is the number of the page, from 1.
    """

    lists: list[str] = []
    links: str = ""
    titled: str = ""
    dated: str = ""
    next_page: str = ""
    most_pages: int = 5

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each first page."""
        for url in self.lists:
            yield self._request_page_of_list(url, 1)

    def _request_page_of_list(self, template: str, number: int) -> Request:
        follow = partial(self._request_next, number=number, template=template)
        asked = ListAsked(
            "listing",
            set_page_number(template, number),
            self.build_reader(),
            follow=follow,
            is_numbered=number > 1 and has_page_number(template),
        )
        return self.request_list(asked)

    def build_reader(self) -> ListReader:
        """Return what reads the lists of this source."""
        return LinkReader(self.dates, self.links, self.titled, self.dated, self.next_page)

    def _request_next(self, named: str, response: Response, number: int, template: str) -> Request | None:
        """Return the request for the next list: the one that is `named`, else that of the next number."""
        if number >= self.most_pages:
            return None
        if named:
            url = self.next_list_url(named, response)
            return self._request_page_of_list(url, number + 1) if url else None
        if has_page_number(template):
            return self._request_page_of_list(template, number + 1)
        return None
