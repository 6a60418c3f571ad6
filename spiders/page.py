"""What a request returns: a page, or a result without one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from w3lib.html import remove_tags, replace_entities

from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.timestamps import assume_utc

LONGEST_LINE = 300
# No article is larger than this.
LARGEST_PAGE = 8 * 1024 * 1024
# The clocks of servers go wrong by hours; what is later, or older than the web, is no date of a page.
TOMORROW = timedelta(days=1)
OLDEST = datetime(1991, 1, 1, tzinfo=UTC)


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


def listed_then(said: Mapping[str, str]) -> Listed:
    """What a list said of a page, as it was archived with the page."""
    return Listed(said.get("title", ""), said.get("author", ""), said.get("published", ""))


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document, as the server sent it.

    `url` is where the body came from (after redirects) and `requested` what was asked for, both in
    canonical form, `body` the decompressed bytes in whatever charset, `content_type` the header as
    sent, `fetched` a time with zone, `archived_in` the place of the raw page once it has one.
    """

    url: str
    source: str
    body: bytes = field(repr=False)
    fetched: datetime
    content_type: str = "text/html"
    listed: Listed = field(default_factory=Listed)
    requested: str = ""
    archived_in: str = ""


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The result of a request that returned no page, for the crawl log.

    `kind` is what was requested (`feed`, `sitemap`, `listing`, `page`), `reason` a sentence for people,
    `size` the bytes of the body, `links` how many links a list had, `rest` the seconds of a Retry-After.
    """

    url: str
    source: str
    kind: str
    at: datetime
    outcome: Outcome
    reason: str
    status: int | None = None
    size: int | None = None
    links: int | None = None
    rest: float | None = None


def one_line(text: str, most: int = LONGEST_LINE) -> str:
    """What a stranger wrote, as a line that can be stored and logged: no control characters, no lone
    surrogates, one space between words, cut to `most` characters."""
    plain = "".join(char if char.isprintable() else " " for char in text[: 2 * most])
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def without_tags(html: str) -> str:
    """A title that may hold tags and entities, as a plain line."""
    # Cut first: with many a `<` and no `>`, looking for tags takes the square of the length.
    return one_line(replace_entities(remove_tags(html[: 4 * LONGEST_LINE])))


def moment(text: str) -> datetime | None:
    """A date of a feed or sitemap (RFC 822 or ISO 8601) as a time with zone, UTC where it has none.

    None when it is in no such form, in the future or older than the web: then what was written is
    for those to understand who can read the page as well.
    """
    text = text[:100].strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
    found = assume_utc(found)
    return found if OLDEST <= found <= datetime.now(UTC) + TOMORROW else None
