"""Reads the links of pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement
from parsel import Selector

from shopwire.spiders.decoding.charset import decode_bytes
from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.decoding.stream import unpack_body
from shopwire.spiders.decoding.xml import LONGEST_VALUE
from shopwire.spiders.lists.dates_near_links import DatesNearLinks
from shopwire.spiders.lists.list_dates import ListDates
from shopwire.spiders.lists.reading import ListedLink, NextList
from shopwire.spiders.page import Listed
from shopwire.spiders.readers.link_text import find_link_title, find_text_within, select_elements
from shopwire.spiders.readers.list_body import ListBody
from shopwire.spiders.readers.title_expression import find_title_expression
from shopwire.storage.crawl_log.outcomes import Outcome

# Control characters that no text has: a body with one is an image or an archive.
BINARY = frozenset(range(9))


@dataclass(frozen=True, slots=True)
class LinkReader:
    """Reads the links of a page; the fields are those of `ListingSource`."""

    dates: ListDates
    links: str = ""
    titled: str = ""
    dated: str = ""
    next_page: str = ""

    def read(self, body: ListBody) -> Iterator[ListedLink | NextList]:
        """Yield the links of a page, and the next list. Raises `UnreadableListError` without links."""
        yield from self.read_page(parse_list_page(body))

    def read_page(self, page: Selector) -> Iterator[ListedLink | NextList]:
        """Yield the links of a parsed page, and the next list. Raises `UnreadableListError`."""
        selected = _select_roots(page, self.links)
        if not selected:
            raise UnreadableListError(Outcome.EMPTY_LIST, f"no element matches `links`: {self.links}")
        found = list(_list_links(selected))
        elements = [element for _, element in found if element is not None]
        near = DatesNearLinks(elements, self.dates)
        titled = self.titled or find_title_expression(elements)
        for rank, (url, element) in enumerate(found):
            yield self._build_link(url, element, titled, near.find(element), -rank)
        if self.next_page:
            for url, _ in list(_list_links(_select_roots(page, self.next_page)))[:1]:
                yield NextList(url)

    def _build_link(
        self, url: str, element: HtmlElement | None, titled: str, at: datetime | None, rank: int
    ) -> ListedLink:
        if element is None:
            return ListedLink(url, at=at, rank=rank)
        title = find_text_within(element, titled) or find_link_title(element)
        published = find_text_within(element, self.dated)
        modified = self.dates.read(published) if published else None
        return ListedLink(url, Listed(title, "", published, modified), at=at, rank=rank)


def parse_list_page(body: ListBody) -> Selector:
    """Return the parsed page of a list. Raises `UnreadableListError` if no parser may read it."""
    text = decode_bytes(unpack_body(body.content), body.content_type)
    if not BINARY.isdisjoint(text[:LONGEST_VALUE].encode("utf-8", "replace")):
        raise UnreadableListError(Outcome.BAD_HTML, "no text")
    check_list(text.encode("utf-8", "replace"))
    is_xml = "xml" in body.content_type and "html" not in body.content_type
    return Selector(text, type="xml" if is_xml else "html", base_url=body.url)


def _select_roots(page: Selector, expression: str) -> list[HtmlElement | str]:
    """Return the elements, or the values of attributes, that an expression selects. Their selectors take as
    much memory as the page."""
    return [one.root for one in select_elements(page, expression)]


def _list_links(selected: Sequence[HtmlElement | str]) -> Iterator[tuple[str, HtmlElement | None]]:
    """Yield URL and element of the selected links; the element is None for a selected attribute."""
    for root in selected:
        if isinstance(root, str):
            yield root[:LONGEST_VALUE], None
        elif root.get("href"):
            yield root.get("href")[:LONGEST_VALUE], root
