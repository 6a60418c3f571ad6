"""The connection of a crawl to the store: its run in the crawl log, and its writer."""

import sqlite3
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    mark_unreliable,
    save_validators,
)
from shopwire.storage.crawl_log.events import WRONG_304, add_event
from shopwire.storage.crawl_log.fetches import has_fetches, has_unsettled_pages, record_fetch
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

ASKED_NOTHING = "nothing was asked for: the source names no feed, sitemap or list to read"


class Crawl:
    """A Scrapy extension: one run of one source.

    Reads go through `store` where they are needed, every write through `writer`. `run` is the row of
    this run.
    """

    def __init__(self) -> None:
        self.store = Store(get_store_path())
        self.run = 0
        self.source = ""
        # Whether the source was never crawled before: then it has new pages for certain.
        self.is_first = False
        self.known = 0
        # A list may be answered with 304 next time only if nothing on it is still wanted, so what its
        # server told us is kept at the very end, or never: of a page that an error of ours has cost
        # there may not even be a row.
        self.validators: dict[str, Validators] = {}
        # Lists of which a 304 was wrong.
        self.distrusted: set[str] = set()
        self.unsettled = False
        # Whether the limit left pages for another run.
        self.limited = False
        # Whether the last run of the source did not come to its end: then a list of nothing but known
        # pages does not mean that the lists behind it hold nothing new.
        self.resumes = False
        self.writer = StoreWriter(get_store_path())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        crawl = cls()
        if crawler.spider is not None:
            crawl.is_first = not has_runs(crawl.store, crawler.spider.name)
        crawler.signals.connect(crawl.opened, signals.spider_opened)
        crawler.signals.connect(crawl.failed, signals.spider_error)
        crawler.signals.connect(crawl.failed_item, signals.item_error)
        crawler.signals.connect(crawl.closed, signals.spider_closed)
        return crawl

    def opened(self, spider: Any) -> None:
        """Open the run, and give the spider its tie."""
        spider.crawl = self
        self.source = spider.name
        with self.store.writing():
            declare_source(self.store, spider.name, spider.title, spider.home, spider.language)
        self.resumes = not is_last_run_complete(self.store, spider.name)
        self.run = begin_run(self.store, spider.name)

    def failed(self, failure: Any, response: Response | None, spider: Spider) -> None:
        """Write down a page that an error of ours has cost, or the crawl when it could not begin."""
        self.unsettled = True
        url = (response.cb_kwargs.get("name") or response.url) if response else spider.name
        self._write_error(url, spider.name, failure.value)

    def failed_item(self, item: Any, response: Response | None, spider: Spider, failure: Any) -> None:
        """The same, where the error came later in the line."""
        self.unsettled = True
        url = getattr(item, "requested", "") or item.url
        self._write_error(url, spider.name, failure.value)

    def _write_error(self, url: str, source: str, error: BaseException) -> None:
        reason = f"{type(error).__name__}: {error}"
        is_ours = isinstance(error, (OSError, sqlite3.Error))
        outcome = Outcome.TROUBLE if is_ours else Outcome.ERROR
        self.writer.submit(record_fetch, self._error("page", url, source, reason, outcome))

    def _error(
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

    def closed(self, spider: Any, reason: str) -> None:
        """Close the run once everything is written."""
        self.writer.close()
        asked_nothing = not (self.unsettled or has_fetches(self.store, self.run))
        if reason == FINISHED and asked_nothing:
            with self.store.writing():
                nothing = self._error("listing", spider.home, spider.name, ASKED_NOTHING)
                record_fetch(self.store, nothing)
        if reason == FINISHED and not (self.unsettled or has_unsettled_pages(self.store, self.run)):
            with self.store.writing():
                for url, found in self.validators.items():
                    save_validators(self.store, url, found)
        with self.store.writing():
            for url in self.distrusted:
                mark_unreliable(self.store, url)
                words = f"a 304 of {url} hid something new: none will be believed"
                add_event(self.store, datetime.now(UTC), WRONG_304, words, self.source)
        limited = reason == FINISHED and self.limited
        finish_run(self.store, self.run, self.known, LIMITED if limited else reason)
        self.store.close()
