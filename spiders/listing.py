"""Sources with neither feed nor sitemap: lists are pages of links."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import cast

from lxml.html import HtmlElement
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.selector import SelectorList

from shopwire.spiders.base import Source
from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.decoding.stream import GZIP, unpack_body
from shopwire.spiders.lists.dates_near_links import DatesNearLinks
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.page import Listed
from shopwire.storage.crawl_log.outcomes import Outcome

XPATH_STARTS = ("/", "(", "./")


class ListingSource(Source):
    """Reads `lists` of links, page after page until one has no new links.

    `links` and `next_page` are CSS or XPath expressions (see `XPATH_STARTS`); they select elements with
    an `href`, or attributes.
    """

    lists: list[str] = []
    links: str = ""
    next_page: str = ""
    most_pages: int = 5

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each first page."""
        for url in self.lists:
            yield self.request_list(url, "listing", partial(self.read, number=1))

    def read(self, response: Response, number: int) -> Iterator[ListedLink | Request]:
        """Yield the links of a page, and a request for the next page if this one has new links."""
        if response.body.startswith(GZIP):
            response = HtmlResponse(response.url, body=unpack_body(response.body), request=response.request)
        if not isinstance(response, TextResponse):
            raise UnreadableListError(Outcome.EMPTY_LIST, "no text, so no links")
        # The parser reads the decoded text, not the body.
        check_list(response.text.encode("utf-8", "replace"))
        selected = select_elements(response, self.links)
        if not selected:
            raise UnreadableListError(Outcome.EMPTY_LIST, f"no element matches `links`: {self.links}")
        near = DatesNearLinks([one.root for one in selected if not isinstance(one.root, str)], self.dates)
        found = [
            ListedLink(url, Listed(title=title), at=near.find(element), rank=-number)
            for number, (url, title, element) in enumerate(_list_links(selected))
        ]
        continues = number < self.most_pages and self.has_new_links(found, response)
        yield from found
        if self.next_page and continues:
            for link, _, _ in _list_links(select_elements(response, self.next_page))[:1]:
                if url := self.next_list_url(link, response):
                    yield self.request_list(url, "listing", partial(self.read, number=number + 1))


def select_elements(response: TextResponse, expression: str) -> SelectorList:
    """Return what a CSS or XPath expression selects."""
    if expression.startswith(XPATH_STARTS):
        return response.xpath(expression)
    return response.css(expression)


def _list_links(selected: SelectorList) -> list[tuple[str, str, HtmlElement | None]]:
    """Return URL, text and element of the selected links; the element is None for a selected attribute."""
    found: list[tuple[str, str, HtmlElement | None]] = []
    for one in selected:
        root = one.root
        if isinstance(root, str):
            found.append((root, "", None))
        elif root.get("href"):
            found.append((root.get("href"), " ".join(cast("str", root.text_content()).split()), root))
    return found
