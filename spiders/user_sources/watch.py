"""Pages that are watched for changes, such as the rules of a platform."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.base import Source
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.page import COMPOSED, FetchResult, Listed, Page
from shopwire.spiders.readers.list_body import build_list_body
from shopwire.spiders.readers.read_safely import read_safely
from shopwire.spiders.readers.watched_parts import select_parts


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

    async def parse_watched(
        self, response: Response, name: str, listed: Listed
    ) -> AsyncIterator[Page | FetchResult]:
        """Yield the page with its parts only, or why it has none."""
        if not self.parts:
            for item in self.parse_page(response, name, listed):
                yield item
            return
        try:
            body = await read_safely(self.pool, select_parts, build_list_body(response), self.parts)
        except UnreadableListError as error:
            yield FetchResult(name, self.name, "page", datetime.now(UTC), error.outcome, str(error))
            return
        yield self.build_page(name, body, COMPOSED, listed, name)
