"""The item pipelines of a crawl: process the page, archive it, store the article."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from shopwire.pipelines.article import Processed, Refusal
from shopwire.pipelines.extraction.site_boilerplate import get_kept_boilerplate
from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.pipelines.worker_pool import NO_LINES, WorkerPool
from shopwire.spiders.base import Source
from shopwire.spiders.crawl_session import CrawlSession, is_recorded
from shopwire.spiders.page import FetchResult, Page, build_feed_page, format_known
from shopwire.spiders.workers.crawl_pool import CrawlPool
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, find_body, name_archive_file
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.reextraction import find_last_place
from shopwire.storage.paths import get_archive_folder


@dataclass(frozen=True, slots=True)
class ProcessedPage:
    """A page with its result."""

    page: Page
    processed: Processed

    @property
    def url(self) -> str:
        """Return the URL of the page as the crawl log has it."""
        return self.page.requested or self.page.url


class CrawlPipeline:
    """An item pipeline with its crawl, None for one that is not recorded: of another project, for example.

    Items of other kinds than its own pass through it unchanged.
    """

    def __init__(self, crawl: CrawlSession | None) -> None:
        self.crawl = crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the pipeline, as Scrapy does. Raises `RuntimeError` for a source without our extension."""
        crawl = crawler.get_extension(CrawlSession)
        if crawl is None and isinstance(crawler.spider, Source) and is_recorded(crawler.spider):
            raise RuntimeError(
                "EXTENSIONS lacks shopwire.spiders.crawl_session.CrawlSession: see spiders/settings.py"
            )
        return cls(crawl)


class ProcessPage(CrawlPipeline):
    """Extracts and analyzes the article of a page in a worker process of the pool that all crawls share.

    In a crawl that is not recorded, the article is the item, and a page without one is dropped.
    """

    workers = WorkerPool(analyzes=True, pool=CrawlPool.pool)
    is_frozen = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the pipeline, and keep the pool open until its crawl ends."""
        CrawlPool.join(crawler)
        return super().from_crawler(crawler)

    def open_spider(self) -> None:
        """Spare the collector what is loaded by now."""
        if not ProcessPage.is_frozen:
            # It is never garbage. Later, garbage would be frozen as well.
            gc.freeze()
            ProcessPage.is_frozen = True

    async def process_item(self, item: Any) -> Any:
        """Return a page with its result, anything else unchanged. Raises `DropItem`."""
        if not isinstance(item, Page):
            return item
        lines = get_kept_boilerplate(self.crawl.store, item.source) if self.crawl else NO_LINES
        # The first page waits for the pool to start; downloads must not.
        future = await asyncio.to_thread(self.workers.submit, item, lines)
        processed = await asyncio.wrap_future(future)
        page = item
        if isinstance(processed.result, Refusal) and processed.result.outcome is Outcome.BLOCKED:
            # A check page, which comes with the status 200.
            of_feed = build_feed_page(item)
            if of_feed is not None:
                page = of_feed
                processed = await asyncio.wrap_future(self.workers.submit(page, lines))
        if self.crawl is not None:
            return ProcessedPage(page, processed)
        if isinstance(processed.result, Refusal):
            raise DropItem(f"{item.url}: {processed.result.outcome}: {processed.result.reason}")
        return processed.result

    async def close_spider(self) -> None:
        """Remove from stored articles the lines that this crawl has shown to be boilerplate of the site."""
        if self.crawl is not None:
            swept = self.crawl.writer.submit_alone(sweep_boilerplate, self.crawl.source, self.workers.analyze)
            await asyncio.wrap_future(swept)


class ArchivePage(CrawlPipeline):
    """Writes the raw page of an article to the archive before the article is stored.

    A refused page is not archived, or a site that sends nonsense would fill the disk; of a page that is the
    same as when it was archived last, only a revisit record is. Compression takes a while, so it is done in a
    thread of its own, one page after another.
    """

    writer: ArchiveWriter | None = None

    def __init__(self, crawl: CrawlSession | None) -> None:
        super().__init__(crawl)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")

    async def process_item(self, item: Any) -> Any:
        """Return a page of an article with its place in the archive, anything else unchanged."""
        if self.crawl is None or not isinstance(item, ProcessedPage):
            return item
        if isinstance(item.processed.result, Refusal):
            return item
        page, store = item.page, self.crawl.store
        if any(is_forgotten(store, url, page.source) for url in {page.url, item.url}):
            return item
        loop = asyncio.get_running_loop()
        last = find_last_place(store, item.url)
        archived = await loop.run_in_executor(self._thread, self._archive, page, last, self.crawl.run)
        return replace(item, page=archived)

    def _archive(self, page: Page, last: str, run: int) -> Page:
        """Return a page with its place; its body stays where it is `last` archived if nothing has changed."""
        known = format_known(page)
        raw = ArchivedPage(page.url, page.source, page.fetched, page.content_type, page.body, known)
        folder = get_archive_folder()
        body = find_body(folder, last, raw)
        if self.writer is None:
            self.writer = ArchiveWriter(folder, name_archive_file(page.source, page.fetched, run))
        place = self.writer.write(raw, body)
        return replace(page, archived_in=place, body_in=body.place if body else "")

    def close_spider(self) -> None:
        """Close the archive file."""
        self._thread.shutdown()
        if self.writer is not None:
            self.writer.close()


class StoreArticle(CrawlPipeline):
    """Stores a page or a fetch without one, with its row in the crawl log."""

    async def process_item(self, item: Any) -> Any:
        """Return the article of a page if it is new or has changed, an item of another kind unchanged.

        Raises `DropItem` for any other page, and for a list: these are only in the crawl log.
        """
        if self.crawl is None or not isinstance(item, ProcessedPage | FetchResult):
            return item
        run, writer = self.crawl.run, self.crawl.writer
        if isinstance(item, FetchResult):
            done = await asyncio.wrap_future(writer.submit(store_fetch_result, item, run))
            raise DropItem(f"{done.url}: {done.outcome}: {done.reason}")
        result, analysis = item.processed.result, item.processed.analysis
        done = await asyncio.wrap_future(writer.submit(store_page, item.page, result, run, analysis))
        if isinstance(result, Refusal) or done.outcome in (Outcome.KNOWN, Outcome.FORGOTTEN):
            raise DropItem(f"{done.url}: {done.outcome}: {done.reason}")
        return result
