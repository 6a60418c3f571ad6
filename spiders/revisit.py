"""Looks again at known pages: young articles are corrected and viewed, and layouts change."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from shopwire.spiders.base import Source
from shopwire.spiders.page import Listed, listed_then
from shopwire.storage.archive import ArchiveError, read_archived_page
from shopwire.storage.crawl_log.revisits import find_pages_to_revisit
from shopwire.storage.paths import get_archive_folder

logger = logging.getLogger(__name__)
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
        for visit in find_pages_to_revisit(spider.crawl.store, spider.name, datetime.now(UTC), MOST):
            if visit.url in spider.asked:
                continue
            try:
                # What its list said then belongs to the article as much as what its page says now.
                listed = listed_then(read_archived_page(get_archive_folder(), visit.archived_in).listed)
            except ArchiveError as error:
                # Its list may have said nothing, and a page that nobody looks at shows no layout.
                logger.warning("looked at again without what its list said: %s", error)
                listed = Listed()
            spider.asked.add(visit.url)
            yield Request(
                visit.url,
                callback=spider.page,
                errback=partial(spider.failed, "page"),
                cb_kwargs={"name": visit.url, "listed": listed},
                dont_filter=True,
            )
