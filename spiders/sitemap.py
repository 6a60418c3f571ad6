"""Sources with a sitemap."""

from collections.abc import AsyncIterator

from scrapy import Request

from shopwire.spiders.base import Source


class SitemapSource(Source):
    """Reads `sitemaps` (also indexes, news sitemaps, texts, feeds, and those that a robots.txt names), and
    fetches the pages that match `pages`.

    A known page is fetched again if its `lastmod` is later than the last fetch.
    """

    sitemaps: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each sitemap."""
        for url in self.sitemaps:
            yield self.request_entries(url, "sitemap")
