"""The noun that leaves this room."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed, sitemap or listing said of a page before anybody fetched it.

    Empty where it said nothing. `published` is the text as it stood there, not yet understood.
    """

    title: str = ""
    author: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document, as the server sent it.

    `url` is where the body came from (after redirects), `body` the decompressed bytes in whatever
    charset, `content_type` the header as sent, `fetched` a time with zone.
    """

    url: str
    source: str
    body: bytes
    fetched: datetime
    content_type: str = "text/html"
    listed: Listed = field(default_factory=Listed)
