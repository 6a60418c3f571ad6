"""The nouns that leave this room: a page, or an attempt that brought none."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed, sitemap or listing said of a page before anybody fetched it.

    Empty where it said nothing. `published` is the text as it stood there, not yet understood;
    `modified` is when the page last changed, or was published, with zone.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document, as the server sent it.

    `url` is where the body came from (after redirects) and `requested` what was asked for, both in
    canonical form, `body` the decompressed bytes in whatever charset, `content_type` the header as
    sent, `fetched` a time with zone, `archived_in` the place of the raw page once it has one.
    """

    url: str
    source: str
    body: bytes
    fetched: datetime
    content_type: str = "text/html"
    listed: Listed = field(default_factory=Listed)
    requested: str = ""
    archived_in: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a request that brought no page, for the ledger.

    `kind` is what was asked for (`feed`, `sitemap`, `listing`, `page`), `outcome` one word of the
    ledger's, `reason` a sentence for people.
    """

    url: str
    source: str
    kind: str
    at: datetime
    outcome: str
    reason: str
    status: int | None = None
    size: int | None = None
