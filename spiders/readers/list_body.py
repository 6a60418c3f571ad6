"""The body of a list, and what reads it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from shopwire.spiders.decoding.stream import PACKED
from shopwire.spiders.lists.reading import ListedLink, ListedList, NextList

if TYPE_CHECKING:
    # Workers import this module, and Scrapy would take 25 MB of each.
    from scrapy.http import Response

ListItem = ListedLink | ListedList | NextList
# Bytes, and characters that begin a tag, an entity or a value. A shorter list is read in the process of the
# crawl, step by step: all readers take time in proportion to its length and to the number of these, so that
# it costs less than the start of a worker, which a source without news does not need.
SMALL_LIST, MOST_MARKS = 128 * 1024, 4_000
MARKS = (b"<", b"&", b"{", b"[")


@dataclass(frozen=True, slots=True)
class ListBody:
    """The body of a response with its URL and the header Content-Type."""

    url: str
    content: bytes = field(repr=False)
    content_type: str = ""

    @property
    def is_small(self) -> bool:
        """Return whether the list is surely read at little cost."""
        if len(self.content) > SMALL_LIST or self.content.startswith(PACKED):
            return False
        return sum(map(self.content.count, MARKS)) <= MOST_MARKS


def build_list_body(response: "Response") -> ListBody:
    """Return the body of a response."""
    return ListBody(response.url, response.body, get_header(response, "Content-Type"))


def get_header(response: "Response", name: str) -> str:
    """Return a header of a response, empty if it has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


class ListReader(Protocol):
    """Reads one list. A worker process must be able to take it, so it refers to neither spider nor store."""

    def read(self, body: ListBody) -> Iterator[ListItem]:
        """Yield what the list names, one at a time and each cut to a bounded length. Raises
        `UnreadableListError`."""
