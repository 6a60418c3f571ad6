"""A list that is requested."""

from collections.abc import Callable
from dataclasses import dataclass, field

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.lists.reading import ListReading
from shopwire.spiders.readers.list_body import ListReader

NOT_MODIFIED = 304
# How some sites answer for the page behind the last one.
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class ListAsked:
    """A list that is requested: its kind and URL, and what reads it.

    `reading` is that of the list that names this one. `follow` returns the request for the list that
    continues this one, by the URL that it names, which may be empty. `is_numbered` says that no list names
    this one: it is the page of the next number, if there is one.
    """

    kind: str
    url: str
    reader: ListReader
    reading: ListReading = field(default_factory=ListReading)
    follow: Callable[[str, Response], Request | None] | None = None
    is_numbered: bool = False

    @property
    def statuses(self) -> list[int]:
        """Return the HTTP statuses that say something of the list, besides those of success."""
        return [NOT_MODIFIED, *(GONE if self.is_numbered else ())]
