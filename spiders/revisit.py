"""Looks again at young articles: their text is corrected, their views grow."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from shopwire.spiders.base import Source
from shopwire.spiders.page import Listed
from shopwire.storage.versions import to_revisit

# A crawl is for what is new.
MOST = 20


class Revisit:
    """A spider middleware: after the lists, pages of `to_revisit`.

    A crawl with an argument (`limit`, `since`) was asked for something else, so it is left alone.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The start of a crawl, and what is to be looked at again."""
        async for request in start:
            yield request
        spider = self.crawler.spider
        if not isinstance(spider, Source) or spider.left >= 0 or spider.since:
            return
        for name in to_revisit(spider.crawl.store, spider.name, datetime.now(UTC), MOST):
            if name not in spider.asked:
                spider.asked.add(name)
                yield Request(
                    name,
                    callback=spider.page,
                    errback=partial(spider.failed, "page"),
                    cb_kwargs={"name": name, "listed": Listed()},
                    dont_filter=True,
                )
