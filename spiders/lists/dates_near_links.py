"""Finds the dates that pages of links show beside their links."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lxml.html import HtmlElement

from shopwire.spiders.lists.list_dates import ListDates

# How far above a link the element may be that also has its date, and how many of its texts are read.
MOST_LEVELS, MOST_TEXTS = 6, 30


class DatesNearLinks:
    """The dates beside the selected links of a page."""

    def __init__(self, elements: Sequence[HtmlElement], dates: ListDates) -> None:
        self._dates = dates
        # The links in each element, by their addresses: a picture and a title often link to one page.
        self._links: dict[HtmlElement, set[str]] = {}
        for element in elements:
            for above in (element, *element.iterancestors()):
                self._links.setdefault(above, set()).add(element.get("href", ""))

    def find(self, element: HtmlElement | None) -> datetime | None:
        """Return the date beside a link, None if it has none or is an attribute."""
        if element is None:
            return None
        found = (self._dates.find(text) for text in self._list_texts(element))
        return next(filter(None, found), None)

    def _list_texts(self, element: HtmlElement) -> Iterator[str]:
        """Yield the texts of the largest element that has no other link, then those behind it."""
        top = element
        for above in list(element.iterancestors())[:MOST_LEVELS]:
            if len(self._links.get(above, ())) > 1 or above.tag in ("body", "html"):
                break
            top = above
        yield from _list_short_texts(top)
        yield " ".join((top.tail or "").split())
        behind = top.getnext()
        if behind is not None and behind not in self._links:
            yield from _list_short_texts(behind)


def _list_short_texts(element: HtmlElement) -> Iterator[str]:
    """Yield the declared times in an element, then its texts."""
    for time in list(element.iter("time"))[:1]:
        yield time.get("datetime") or ""
    for number, text in enumerate(element.itertext()):
        if number == MOST_TEXTS:
            return
        if text := " ".join(text.split()):
            yield text
