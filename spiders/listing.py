"""Sources with neither feed nor sitemap: pages of links."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import cast

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.selector import SelectorList

from shopwire.spiders.base import Link, Source
from shopwire.spiders.decoding.parser_limits import check_list
from shopwire.spiders.page import Listed

XPATH_STARTS = ("/", "(", "./")


class ListingSource(Source):
    """Reads `lists` of links, page after page until one brings nothing new.

    `links` and `next_page` are CSS, or XPath when they begin as XPath does; they name elements
    (whose `href` is taken) or attributes.
    """

    lists: list[str] = []
    links: str = ""
    next_page: str = ""
    most_pages: int = 5

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each first page."""
        for url in self.lists:
            yield self.ask_list(url, "listing", partial(self.read, number=1))

    def read(self, response: Response, number: int) -> Iterator[Link | Request]:
        """The links of a page, and a request for the next page while there is something new."""
        if not isinstance(response, TextResponse):
            return
        # As the parser sees it, not as it was sent.
        check_list(response.text.encode("utf-8", "replace"))
        found = [Link(url, Listed(title=title)) for url, title in _links(select(response, self.links))]
        goes_on = number < self.most_pages and self.goes_on(found, response)
        yield from found
        if self.next_page and goes_on:
            for link, _ in _links(select(response, self.next_page))[:1]:
                if url := self.further(link, response):
                    yield self.ask_list(url, "listing", partial(self.read, number=number + 1))


def select(response: TextResponse, expression: str) -> SelectorList:
    """What an expression of a source selects."""
    if expression.startswith(XPATH_STARTS):
        return response.xpath(expression)
    return response.css(expression)


def _links(selected: SelectorList) -> list[tuple[str, str]]:
    """Address and text of the selected links."""
    found = []
    for one in selected:
        root = one.root
        if isinstance(root, str):
            found.append((root, ""))
        elif root.get("href"):
            found.append((root.get("href"), " ".join(cast("str", root.text_content()).split())))
    return found
