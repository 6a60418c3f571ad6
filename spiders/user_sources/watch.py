"""Pages that are watched for changes, such as the rules of a platform."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from html import escape

from lxml.html import HtmlElement, tostring
from scrapy import Request
from scrapy.http import Response, TextResponse

from shopwire.spiders.base import Source
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.listing import select_elements
from shopwire.spiders.page import FetchResult, Listed, Page
from shopwire.storage.crawl_log.outcomes import Outcome


class WatchSource(Source):
    """Fetches the pages `watch` in each crawl; a changed text is a new version of the article.

    `parts` is a CSS or XPath expression of the elements with the text, by default the page's main content:
    menus and counts that change must not look like a change of the rules.
    """

    watch: list[str] = []
    parts: str = ""

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each page."""
        for url in self.watch:
            name = get_canonical_url(url, self.aliases)
            # Not fetched once more by a revisit, which would read the whole page.
            self.requested_pages.add(name)
            yield Request(
                url,
                callback=self.parse_watched,
                errback=partial(self.report_failure, "page"),
                cb_kwargs={"name": name, "listed": Listed()},
                dont_filter=True,
            )

    def parse_watched(self, response: Response, name: str, listed: Listed) -> Iterator[Page | FetchResult]:
        """Yield the page with its parts only, or why it has none."""
        if not self.parts:
            yield from self.parse_page(response, name, listed)
            return
        try:
            body = select_parts(response, self.parts)
        except UnreadableListError as error:
            yield FetchResult(name, self.name, "page", datetime.now(UTC), error.outcome, str(error))
            return
        yield Page(
            url=name,
            source=self.name,
            body=body,
            fetched=datetime.now(UTC),
            content_type="text/html; charset=utf-8",
            listed=listed,
            requested=name,
        )


def select_parts(response: Response, expression: str) -> bytes:
    """Return a page of the selected elements below its title. Raises `UnreadableListError` if there is
    none."""
    if not isinstance(response, TextResponse):
        raise UnreadableListError(Outcome.BAD_HTML, "no text")
    check_list(response.text.encode("utf-8", "replace"))
    selected = [one.root for one in select_elements(response, expression)]
    parts = [tostring(one, encoding="unicode") for one in selected if isinstance(one, HtmlElement)]
    if not parts:
        raise UnreadableListError(Outcome.THIN, sanitize_line(f"no element matches `parts`: {expression}"))
    title = " ".join(response.css("title").xpath("string()").get("").split())
    head = f"<head><title>{escape(title)}</title></head>"
    page = f"<html>{head}<body><article><h1>{escape(title)}</h1>{''.join(parts)}</article></body></html>"
    return page.encode("utf-8", "replace")
