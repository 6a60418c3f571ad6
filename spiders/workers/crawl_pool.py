"""The pool of processes that all crawls of one process share."""

from typing import ClassVar

from scrapy import signals
from scrapy.crawler import Crawler

from shopwire.spiders.workers.killable_pool import KillablePool


class CrawlPool:
    """Holds the pool; it is closed when the last of the crawls that have joined it ends."""

    pool: ClassVar[KillablePool] = KillablePool()
    crawlers: ClassVar[set[Crawler]] = set()

    @classmethod
    def join(cls, crawler: Crawler) -> KillablePool:
        """Return the pool, which stays open for as long as the crawl runs."""

        def leave() -> None:
            cls.crawlers.discard(crawler)
            if not cls.crawlers:
                cls.pool.close()

        if crawler not in cls.crawlers:
            cls.crawlers.add(crawler)
            # Scrapy holds receivers by weak references, and there is no other reference to this one.
            crawler.signals.connect(leave, signals.spider_closed, weak=False)
        return cls.pool
