"""The line as Scrapy runs it: archive, refine, keep. A few lines each; the work is done elsewhere."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

from scrapy.crawler import Crawler

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.learn import known_site
from shopwire.pipelines.store_article import Kept, keep, record
from shopwire.pipelines.sweep_boilerplate import sweep
from shopwire.pipelines.worker_pool import Workers
from shopwire.spiders.crawl_session import Crawl
from shopwire.spiders.page import Attempt, Page
from shopwire.storage.archive import Archived, ArchiveWriter
from shopwire.storage.paths import archive_folder


@dataclass(frozen=True, slots=True)
class Refined:
    """A page with what it came to."""

    page: Page
    result: Article | Refusal

    @property
    def url(self) -> str:
        """Of the page, for the ledger."""
        return self.page.requested or self.page.url


class Step:
    """A step knows its crawl."""

    def __init__(self, crawl: Crawl) -> None:
        self.crawl = crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        crawl = crawler.get_extension(Crawl)
        if crawl is None:
            raise RuntimeError(
                "EXTENSIONS lacks shopwire.spiders.crawl_session.Crawl: see spiders/settings.py"
            )
        return cls(crawl)


class ArchivePage(Step):
    """Puts the raw page away before anything can go wrong with it.

    Packing takes a while, so it is done in a thread of its own, one page after another.
    """

    writer: ArchiveWriter | None = None

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")

    async def process_item(self, item: Page | Attempt) -> Page | Attempt:
        """A page comes out with its place in the archive."""
        if not isinstance(item, Page):
            return item
        if self.writer is None:
            name = (
                f"{item.fetched:%Y-%m}/{item.source}-{item.fetched:%Y%m%dT%H%M%S}-{self.crawl.run}"
            )
            self.writer = ArchiveWriter(archive_folder(), name)
        listed = {
            "title": item.listed.title,
            "author": item.listed.author,
            "published": item.listed.published,
        }
        raw = Archived(item.url, item.source, item.fetched, item.content_type, item.body, listed)
        loop = asyncio.get_running_loop()
        return replace(
            item, archived_in=await loop.run_in_executor(self._thread, self.writer.write, raw)
        )

    def close_spider(self) -> None:
        """Close the file."""
        self._thread.shutdown()
        if self.writer is not None:
            self.writer.close()


class RefinePage(Step):
    """Turns a page into an article, in a process that can be killed.

    All crawls of one process share one pool; the last to end closes it.
    """

    workers = Workers(digests=True)
    users = 0

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl)
        self.studied = 0

    def open_spider(self) -> None:
        """One more crawl that may need the pool, or will."""
        if not RefinePage.users:
            # What is loaded by now stays, and need not be looked through again and again for garbage.
            gc.freeze()
        RefinePage.users += 1
        if self.crawl.is_first:
            self.workers.start()

    async def process_item(self, item: Page | Attempt) -> Refined | Attempt:
        """A page comes out with what it came to."""
        if not isinstance(item, Page):
            return item
        site = known_site(self.crawl.store, item, self.studied)
        self.studied += site.to_study
        # The first page waits for the pool to start; downloads must not.
        future = await asyncio.to_thread(self.workers.submit, item, site)
        result = await asyncio.wrap_future(future)
        if site.to_study and isinstance(result, Refusal):
            self.studied -= 1
        return Refined(item, result)

    async def close_spider(self) -> None:
        """Clean what is stored of the lines that this crawl has shown to be the site's frame. One crawl
        less; the pool ends with the last one."""
        swept = self.crawl.writer.submit_alone(sweep, self.crawl.source, self.workers.digest)
        try:
            await asyncio.wrap_future(swept)
        finally:
            RefinePage.users -= 1
            if not RefinePage.users:
                self.workers.close()


class KeepArticle(Step):
    """Stores what came, with its row in the ledger."""

    async def process_item(self, item: Refined | Attempt) -> Kept:
        """What became of it comes out, for progress displays and the log."""
        run, writer = self.crawl.run, self.crawl.writer
        if isinstance(item, Refined):
            kept = writer.submit(keep, item.page, item.result, run)
        else:
            kept = writer.submit(record, item, run)
        return await asyncio.wrap_future(kept)
