"""Finds the cards of links on a page, and the dates that it shows beside them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice

from lxml.html import HtmlElement

from shopwire.spiders.lists.list_dates import ListDates

# How far above a link the element may be that also has its date, and how many of its texts are read.
MOST_LEVELS, MOST_TEXTS = 6, 30


class LinkCards:
    """The cards of links on a page: the largest element around each that has no other link."""

    def __init__(self, elements: Sequence[HtmlElement]) -> None:
        # The address of the first link in each element, and the elements with a link to another: a picture
        # and a title often link to one page.
        self._links: dict[HtmlElement, str] = {}
        self._crowded: set[HtmlElement] = set()
        for element in elements:
            self._add_link(element, element.get("href", ""))

    def _add_link(self, element: HtmlElement, address: str) -> None:
        """Note a link for its element and those above, but no more than two for each: an element that has
        them, or this one, has nothing above it that lacks them, so that deep pages take no longer."""
        for above in chain((element,), element.iterancestors()):
            first = self._links.get(above)
            if above in self._crowded or address == first:
                return
            if first is None:
                self._links[above] = address
            else:
                self._crowded.add(above)

    def has_link(self, element: HtmlElement) -> bool:
        """Return whether an element is one of the links, or has one."""
        return element in self._links

    def find_card(self, element: HtmlElement) -> HtmlElement:
        """Return the largest element around a link that has no other link, at least the link itself."""
        card = element
        for above in islice(element.iterancestors(), MOST_LEVELS):
            if above in self._crowded or above.tag in ("body", "html"):
                break
            card = above
        return card


class DatesNearLinks:
    """The dates beside the selected links of a page."""

    def __init__(self, elements: Sequence[HtmlElement], dates: ListDates) -> None:
        self._dates = dates
        self._cards = LinkCards(elements)

    def find(self, element: HtmlElement | None) -> datetime | None:
        """Return the date beside a link, None if it has none or is an attribute."""
        if element is None:
            return None
        found = (self._dates.find(text) for text in self._list_texts(element))
        return next(filter(None, found), None)

    def _list_texts(self, element: HtmlElement) -> Iterator[str]:
        """Yield the texts of the card of a link, then those behind it."""
        card = self._cards.find_card(element)
        yield from _list_short_texts(card)
        yield " ".join((card.tail or "").split())
        behind = card.getnext()
        if behind is not None and not self._cards.has_link(behind):
            yield from _list_short_texts(behind)


def _list_short_texts(element: HtmlElement) -> Iterator[str]:
    """Yield the declared times in an element, then its texts."""
    for time in islice(element.iter("time"), 1):
        yield time.get("datetime") or ""
    for number, text in enumerate(element.itertext()):
        if number == MOST_TEXTS:
            return
        if text := " ".join(text.split()):
            yield text
