"""Sources with neither feed nor sitemap: lists are pages of links."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from typing import cast

from lxml.html import HtmlElement
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.selector import Selector, SelectorList

from shopwire.spiders.base import Source
from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.decoding.stream import PACKED, unpack_body
from shopwire.spiders.lists.dates_near_links import DatesNearLinks
from shopwire.spiders.lists.json_values import has_page_number, set_page_number
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.page import Listed
from shopwire.storage.crawl_log.outcomes import Outcome

XPATH_STARTS = ("/", "(", "./")


class ListingSource(Source):
    """Reads `lists` of links, page after page until one has no new links.

    `links` and `next_page` are CSS or XPath expressions (see `XPATH_STARTS`); they select elements with
    an `href`, or attributes. `titled` and `dated` select title and time within a link, where it has more
    text than its title. `{page}` in `lists` is the number of the page, from 1.
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
        read = partial(self.read, number=number, template=template)
        return self.request_list(set_page_number(template, number), "listing", read)

    def read(self, response: Response, number: int, template: str = "") -> Iterator[ListedLink | Request]:
        """Yield the links of a page, and a request for the next page if this one has new links."""
        if response.body.startswith(PACKED):
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
            self._build_listed_link(url, element, near.find(element), -rank)
            for rank, (url, element) in enumerate(_list_links(selected))
        ]
        continues = number < self.most_pages and self.has_new_links(found, response)
        yield from found
        if self.next_page and continues:
            for link, _ in _list_links(select_elements(response, self.next_page))[:1]:
                if url := self.next_list_url(link, response):
                    yield self._request_page_of_list(url, number + 1)
        elif continues and has_page_number(template):
            yield self._request_page_of_list(template, number + 1)

    def _build_listed_link(
        self, url: str, element: HtmlElement | None, at: datetime | None, rank: int
    ) -> ListedLink:
        if element is None:
            return ListedLink(url, at=at, rank=rank)
        title = find_text_within(element, self.titled) or find_link_title(element)
        published = find_text_within(element, self.dated)
        modified = self.dates.read(published) if published else None
        return ListedLink(url, Listed(title, "", published, modified), at=at, rank=rank)


def select_elements(response: TextResponse, expression: str) -> SelectorList:
    """Return what a CSS or XPath expression selects."""
    if expression.startswith(XPATH_STARTS):
        return response.xpath(expression)
    return response.css(expression)


def _list_links(selected: SelectorList) -> list[tuple[str, HtmlElement | None]]:
    """Return URL and element of the selected links; the element is None for a selected attribute."""
    found: list[tuple[str, HtmlElement | None]] = []
    for one in selected:
        root = one.root
        if isinstance(root, str):
            found.append((root, None))
        elif root.get("href"):
            found.append((root.get("href"), root))
    return found


def find_text_within(element: HtmlElement, expression: str) -> str:
    """Return the text of the first element that an expression selects within another; empty if none."""
    if not expression:
        return ""
    found = Selector(root=element)
    selected = found.xpath(expression) if expression.startswith(XPATH_STARTS) else found.css(expression)
    return join_text(selected[0].root) if selected else ""


def find_link_title(element: HtmlElement) -> str:
    """Return the text of a link, or its `title` attribute: the text may have a date behind the title, or cut
    it short."""
    text, declared = join_text(element), " ".join((element.get("title") or "").split())
    is_start = bool(declared) and text.startswith(declared)
    is_cut = declared.startswith(text.rstrip(".…")) and text.endswith(("...", "…"))
    return declared if is_start or is_cut else text


def join_text(element: HtmlElement | str) -> str:
    """Return the text of an element, or an attribute, in one line."""
    text = element if isinstance(element, str) else cast("str", element.text_content())
    return " ".join(text.split())
