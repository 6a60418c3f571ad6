"""Fetches known pages again: articles are corrected, their counts grow, and layouts change."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from shopwire.spiders.base import Source
from shopwire.spiders.page import Listed, restore_listed
from shopwire.storage.addresses.aliases import find_main_url
from shopwire.storage.archive import ArchiveError, read_archived_page
from shopwire.storage.crawl_log.revisits import REVISITS_PER_CRAWL, find_pages_to_revisit
from shopwire.storage.paths import get_archive_folder

logger = logging.getLogger(__name__)


class RevisitMiddleware:
    """A spider middleware: after the lists, requests the pages of `find_pages_to_revisit`.

    Not in a crawl with an argument (`limit`, `since`).
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the middleware. Called by Scrapy."""
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield the first requests of a crawl, then those of known pages."""
        async for request in start:
            yield request
        spider = self.crawler.spider
        # Without a session the crawl is not recorded.
        if (
            not isinstance(spider, Source)
            or not hasattr(spider, "crawl")
            or spider.pages_left >= 0
            or spider.since
        ):
            return
        if getattr(spider, "article_url", ""):
            # Its pages have no text; only its lists lead to it.
            return
        for visit in find_pages_to_revisit(
            spider.crawl.store, spider.name, datetime.now(UTC), REVISITS_PER_CRAWL
        ):
            url = find_main_url(spider.crawl.store, visit.url) or visit.url
            if url in spider.requested_pages:
                continue
            try:
                # An article may have its author or date from the list only.
                listed = restore_listed(read_archived_page(get_archive_folder(), visit.archived_in).listed)
            except ArchiveError as error:
                # The page is fetched all the same: the article and the layout may have changed.
                logger.warning("refetching without the title and date from its list: %s", error)
                listed = Listed()
            spider.requested_pages.add(url)
            yield Request(
                url,
                callback=spider.parse_page,
                errback=partial(spider.report_failure, "page"),
                cb_kwargs={"name": url, "listed": listed},
                # A crawl that is cut short has the new pages.
                priority=-1,
                dont_filter=True,
            )
