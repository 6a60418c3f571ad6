"""The connection of a crawl to the store: its run in the crawl log, and its writer."""

import asyncio
import logging
import sqlite3
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.http import Response
from scrapy.utils.misc import load_object

from shopwire.spiders.workers.crawl_pool import CrawlPool
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.configuration.options import Limits
from shopwire.storage.crawl_log.conditional_requests import Validators, mark_unreliable, save_validators
from shopwire.storage.crawl_log.events import WRONG_304, add_event
from shopwire.storage.crawl_log.fetches import has_fetches, has_unsettled_pages, record_fetch
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import (
    FINISHED,
    LIMITED,
    begin_run,
    declare_source,
    finish_run,
    has_runs,
    is_last_run_complete,
)
from shopwire.storage.database import Store
from shopwire.storage.paths import get_store_path
from shopwire.storage.timestamps import format_now
from shopwire.storage.writer import StoreWriter

logger = logging.getLogger(__name__)
NO_REQUESTS = "no requests: the source declares no feed, sitemap or list"
STORING = "shopwire.pipelines.item_pipelines.StoreArticle"


def is_recorded(spider: Spider | None) -> bool:
    """Return whether a crawl belongs into the crawl log: that of a source, which has a `title`, a `home` and
    a `language`, unless one of Scrapy's commands uses its spider for a request of its own."""
    # `scrapy shell` creates the spider later; `fetch` and `parse` replace its first requests.
    if spider is None or type(spider).start.__module__.startswith("scrapy.commands."):
        return False
    return all(isinstance(getattr(spider, name, None), str) for name in ("title", "home", "language"))


class CrawlBudget:
    """Ends a crawl that has used up its seconds, answers or megabytes: the rest is left to the next crawl.

    A site decides how much its lists name, and must not keep a crawl of all sources for days. The newest
    pages are requested first.
    """

    def __init__(self, crawler: Crawler, limits: Limits) -> None:
        self._crawler = crawler
        self._limits = limits
        self._answers = self._bytes = 0
        self._ending: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        for handler, signal in (
            (self._start, signals.spider_opened),
            (self._count_answer, signals.response_received),
            (self._count_bytes, signals.bytes_received),
            (self._stop, signals.spider_closed),
        ):
            # Scrapy holds receivers by weak references, and there is no other reference to this object.
            crawler.signals.connect(handler, signal, weak=False)

    def _start(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._limits.crawl_seconds, self._end)

    def _count_answer(self) -> None:
        self._answers += 1
        if self._answers >= self._limits.crawl_pages:
            self._end()

    def _count_bytes(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes >= self._limits.crawl_megabytes * 1_000_000:
            self._end()

    def _end(self) -> None:
        if self._ending is None and self._crawler.engine is not None:
            closing = self._crawler.engine.close_spider_async(reason=LIMITED)
            self._ending = asyncio.get_running_loop().create_task(closing)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def stop_when_started(crawler: Crawler) -> None:
    """End a crawl that is told to stop while its run begins. Scrapy notes that it was, and never ends it: its
    engine is not running yet."""

    async def stop() -> None:
        if not crawler.crawling and crawler.engine is not None:
            await crawler.engine.stop_async()

    crawler.signals.connect(stop, signals.engine_started, weak=False)


class CrawlSession:
    """A Scrapy extension: one run of one source. Other crawls run without it, and leave no store behind.

    `store` is for reading only; `writer` writes. `run` is the id of the run.
    """

    def __init__(self) -> None:
        self.store = Store(get_store_path())
        self.run = 0
        self.source = ""
        self.known = 0
        # Stored when the crawl has finished without a lost page, else not at all: a 304 next time would
        # hide the pages of the list that are still to be fetched.
        self.validators: dict[str, Validators] = {}
        # Lists that were answered with a wrong 304.
        self.unreliable_lists: set[str] = set()
        # Whether some page or list is to be fetched again.
        self.is_unsettled = False
        # Whether pages were left for another run because of the argument `limit`.
        self.is_limited = False
        # Whether the last run of the source was interrupted: then further lists may have new pages even
        # if all pages of a list are known.
        self.is_resuming = False
        self.writer = StoreWriter(get_store_path())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the session of a crawl, and connect it to its signals. Called by Scrapy.

        Raises `NotConfigured` for a crawl that is not recorded, `RuntimeError` for one whose pages would not
        be stored: the next crawl would take them for known.
        """
        if crawler.spider is None or not is_recorded(crawler.spider):
            raise NotConfigured
        pipelines = crawler.settings.get_component_priority_dict_with_base("ITEM_PIPELINES")
        if not any(load_object(one) is load_object(STORING) for one in pipelines):
            raise RuntimeError(f"ITEM_PIPELINES lacks {STORING}: see spiders/settings.py")
        session = cls()
        if not has_runs(session.store, crawler.spider.name):
            # New pages are certain: the workers load what they need while Scrapy starts and reads lists.
            CrawlPool.join(crawler).start()
        crawler.signals.connect(session.open_run, signals.spider_opened)
        crawler.signals.connect(session.record_error, signals.spider_error)
        crawler.signals.connect(session.record_item_error, signals.item_error)
        crawler.signals.connect(session.close_run, signals.spider_closed)
        CrawlBudget(crawler, load_configuration().limits)
        stop_when_started(crawler)
        return session

    async def open_run(self, spider: Any) -> None:
        """Begin the run, and set `crawl` of the spider."""
        spider.crawl = self
        self.source = spider.name
        if is_forgotten(self.store, source=spider.name):
            logger.error("%s was taken down; `shopwire forget --undo %s` allows it again", *[spider.name] * 2)
            raise CloseSpider("forgotten")
        # The store may be locked by other crawls of this process, which must not wait for it.
        begun = self.writer.submit_alone(self._begin, spider)
        await asyncio.wrap_future(begun)

    def _begin(self, store: Store, spider: Any) -> None:
        with store.writing():
            declare_source(store, spider.name, spider.title, spider.home, spider.language)
        self.is_resuming = not is_last_run_complete(store, spider.name)
        self.run = begin_run(store, spider.name)

    def record_error(self, failure: Any, response: Response | None, spider: Spider) -> None:
        """Record an error of our own code for its page, or for the crawl if it could not start."""
        self.is_unsettled = True
        url = (response.cb_kwargs.get("name") or response.url) if response else spider.name
        self._write_error(url, spider.name, failure.value)

    def record_item_error(self, item: Any, response: Response | None, spider: Spider, failure: Any) -> None:
        """Record an error of an item pipeline for its page."""
        self.is_unsettled = True
        url = getattr(item, "requested", "") or getattr(item, "url", spider.name)
        self._write_error(url, spider.name, failure.value)

    def _write_error(self, url: str, source: str, error: BaseException) -> None:
        reason = f"{type(error).__name__}: {error}"
        is_ours = isinstance(error, (OSError, sqlite3.Error))
        outcome = Outcome.TROUBLE if is_ours else Outcome.ERROR
        self.writer.submit(record_fetch, self._build_row("page", url, source, reason, outcome))

    def _build_row(
        self, kind: str, url: str, source: str, reason: str, outcome: Outcome = Outcome.ERROR
    ) -> dict[str, Any]:
        return {
            "run_id": self.run,
            "source": source,
            "kind": kind,
            "url": url,
            "at": format_now(),
            "outcome": outcome,
            "reason": reason,
        }

    async def close_run(self, spider: Any, reason: str) -> None:
        """End the run, if it could begin, after everything has been written."""
        try:
            if self.run:
                await asyncio.wrap_future(self.writer.submit_alone(self._end, spider, reason))
        finally:
            self.writer.close()
            self.store.close()

    def _end(self, store: Store, spider: Any, reason: str) -> None:
        has_no_requests = not (self.is_unsettled or has_fetches(store, self.run))
        if reason == FINISHED and has_no_requests:
            with store.writing():
                row = self._build_row("listing", spider.home, spider.name, NO_REQUESTS)
                record_fetch(store, row)
        if reason == FINISHED and not (self.is_unsettled or has_unsettled_pages(store, self.run)):
            with store.writing():
                for url, found in self.validators.items():
                    save_validators(store, url, found)
        with store.writing():
            for url in self.unreliable_lists:
                mark_unreliable(store, url)
                text = f"{url} answered 304 although it had new links: conditional requests disabled"
                add_event(store, datetime.now(UTC), WRONG_304, text, self.source)
        limited = reason == FINISHED and self.is_limited
        finish_run(store, self.run, self.known, LIMITED if limited else reason)
