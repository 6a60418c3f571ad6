"""What a request returns: a page, or a result without one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from shopwire.storage.crawl_log.outcomes import Outcome

if TYPE_CHECKING:
    # Workers import this module, and Scrapy would take 25 MB of each.
    from scrapy.http import Response

    from shopwire.storage.archive import ArchivedPage

FROM_FEED = "feed"
# The type of a page that `compose_html` has made.
COMPOSED = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Listed:
    """The fields of a page that a feed, sitemap or list contains; empty if it does not.

    `published` is the text as it was written, not parsed; `modified` is when the page last changed, or
    was published, with a time zone; `text` is the whole article as HTML.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    modified: datetime | None = None
    text: str = ""


def restore_listed(archived: Mapping[str, str]) -> Listed:
    """Return the fields of a page's list from the archive."""
    return Listed(archived.get("title", ""), archived.get("author", ""), archived.get("published", ""))


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document.

    `url` is the URL of the body after redirects and `requested` the requested one, both canonical; `body`
    is decompressed but not decoded; `content_type` is the header as sent; `fetched` has a time zone;
    `archived_in` is the location of the raw page in the archive, empty until it is there, `body_in` that of
    its body if it is in an older record; `text_from` is `feed` if the body is made of the text in a feed.
    `zone` is the one that its source names for times without one, `country_zone` that of the country of its
    source, both such as `Asia/Tokyo`.
    """

    url: str
    source: str
    body: bytes = field(repr=False)
    fetched: datetime
    content_type: str = "text/html"
    listed: Listed = field(default_factory=Listed)
    requested: str = ""
    archived_in: str = ""
    body_in: str = ""
    text_from: str = ""
    zone: str = ""
    country_zone: str = ""


# What is archived of a page besides the fields of its list.
ARCHIVED = ("text_from", "zone", "country_zone")


def format_known(page: Page) -> dict[str, str]:
    """Return what is known of a page besides its body, as it is archived."""
    listed = {name: getattr(page.listed, name) for name in ("title", "author", "published")}
    return listed | {name: value for name in ARCHIVED if (value := getattr(page, name))}


def restore_known(page: Page, archived: Mapping[str, str]) -> Page:
    """Return a page with what the archive knows of it."""
    known: dict[str, Any] = {name: archived.get(name, "") for name in ARCHIVED}
    return replace(page, listed=restore_listed(archived), **known)


def restore_page(raw: "ArchivedPage", requested: str) -> Page:
    """Return an archived page, with the canonical URL that was requested."""
    page = Page(raw.url, raw.source, raw.body, raw.fetched, raw.content_type, requested=requested)
    return restore_known(page, raw.listed)


def read_page(response: "Response", source: str) -> Page:
    """Return the page of a response, by its URL after redirects."""
    header = response.headers.get("Content-Type") or b"text/html"
    return Page(response.url, source, response.body, datetime.now(UTC), header.decode("latin-1"))


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


def compose_html(title: str, author: str, published: str, text: str) -> bytes:
    """Return a page with an article whose text is HTML, or plain lines."""
    values = {"author": author, "article:published_time": published}
    metas = "".join(
        f'<meta name="{name}" content="{escape(value)}">' for name, value in values.items() if value
    )
    body = text if "<" in text else "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    head = f'<head><meta charset="utf-8"><title>{escape(title)}</title>{metas}</head>'
    html = f"<!DOCTYPE html><html>{head}<body><article><h1>{escape(title)}</h1>{body}</article></body></html>"
    return html.encode("utf-8", "replace")


def build_feed_page(refused: Page) -> Page | None:
    """Return the page of an article whose own page is refused, made of the text in its feed; None if the
    feed has none."""
    listed, url = refused.listed, refused.requested or refused.url
    if not listed.text:
        return None
    body = compose_html(listed.title, listed.author, listed.published, listed.text)
    return replace(refused, url=url, requested=url, body=body, content_type=COMPOSED, text_from=FROM_FEED)
