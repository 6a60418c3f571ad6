"""Sources with a feed: RSS, Atom or JSON Feed."""

from collections.abc import AsyncIterator

from scrapy import Request

from shopwire.spiders.base import Source


class FeedSource(Source):
    """Reads `feeds`, and fetches every page they list: feeds rarely contain the whole article."""

    feeds: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each feed."""
        for url in self.feeds:
            yield self.request_entries(url, "feed")
