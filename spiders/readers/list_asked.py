"""A list that is requested."""

from collections.abc import Callable
from dataclasses import dataclass, field

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.lists.reading import ListReading
from shopwire.spiders.readers.list_body import ListReader


@dataclass(frozen=True, slots=True)
class ListAsked:
    """A list that is requested: its kind and URL, and what reads it.

    `reading` is that of the list that names this one. `follow` returns the request for the list that
    continues this one, by the URL that it names, which may be empty.
    """

    kind: str
    url: str
    reader: ListReader
    reading: ListReading = field(default_factory=ListReading)
    follow: Callable[[str, Response], Request | None] | None = None
