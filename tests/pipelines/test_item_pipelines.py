"""The pool as a crawl uses it: when it starts, and many pages in hand at once."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from shopwire.pipelines.analyze_article import analyze_text
from shopwire.pipelines.article import Processed, Refusal
from shopwire.pipelines.item_pipelines import ArchivePage, ProcessedPage
from shopwire.pipelines.store_article import store_page
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.crawl_session import STORING, CrawlSession
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.workers.crawl_pool import CrawlPool
from shopwire.spiders.workers.killable_pool import KillablePool
from shopwire.storage.archive import read_archived_page
from shopwire.storage.crawl_log.outcomes import Outcome
from tests.pipelines.prose import SALE, WAREHOUSE
from tests.support.makers import FETCHED, a_page, an_article

SETTINGS = {"ITEM_PIPELINES": {STORING: 300}}


class Blog(FeedSource):
    name = "blog"
    home = "https://blog.example/"


class Counted(KillablePool):
    """Counts how often it was started, and starts nothing."""

    started = 0

    def start(self) -> None:
        """Count."""
        self.started += 1


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """The pool of all crawls."""
    counted = Counted()
    monkeypatch.setattr(CrawlPool, "pool", counted)
    monkeypatch.setattr(CrawlPool, "crawlers", set())
    return counted


def test_the_pool_starts_early_only_where_new_pages_are_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pool: Counted
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    for _ in range(2):
        crawler = Crawler(Blog, SETTINGS)
        crawler.spider = Blog()
        crawl = CrawlSession.from_crawler(crawler)
        asyncio.run(crawl.open_run(crawler.spider))
        asyncio.run(crawl.close_run(crawler.spider, "finished"))
        assert pool.started == 1
    # It is closed when the first crawl ends, whichever pipelines that has.
    assert len(CrawlPool.crawlers) == 1


def test_a_worker_analyzes_a_text_as_the_main_process_does() -> None:
    told = ("Sales rise", f"{SALE}\n{WAREHOUSE}", "en", "2026-11-20")
    with WorkerPool(processes=1) as workers:
        alone = workers.analyze(*told)
        workers.start()
        helped = workers.analyze(*told)
    assert helped is not alone
    assert helped.event == alone.event == analyze_text(*told).event
    assert helped.mentions == alone.mentions
    assert helped.text.keys.tolist() == alone.text.keys.tolist()


def test_an_unchanged_page_becomes_a_revisit_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    url = "https://blog.example/1"
    bodies = (b"<p>One", b"<p>One", b"<p>Two", b"<p>One")
    places: list[tuple[str, str]] = []
    for number, body in enumerate(bodies):
        crawler = Crawler(Blog, SETTINGS)
        crawler.spider = Blog()
        crawl = CrawlSession.from_crawler(crawler)
        asyncio.run(crawl.open_run(crawler.spider))
        step = ArchivePage(crawl)
        page = a_page(url, body, fetched=FETCHED + timedelta(minutes=number), requested=url)
        item = ProcessedPage(page, Processed(an_article(url, body.decode()), None))
        kept = asyncio.run(step.process_item(item)).page
        step.close_spider()
        store_page(crawl.store, kept, item.processed.result, crawl.run)
        asyncio.run(crawl.close_run(crawler.spider, "finished"))
        places.append((kept.archived_in, kept.body_in))
        assert read_archived_page(tmp_path / "archive", kept.archived_in).body == body
    assert len({place for place, _ in places}) == len(bodies)
    assert [body_in for _, body_in in places] == ["", places[0][0], "", ""]


def test_an_article_whose_analysis_takes_too_long_is_refused() -> None:
    long = an_article(text=f"{WAREHOUSE}\n" * 4000)
    with WorkerPool(processes=1, deadline=0.2) as workers:
        workers.start()
        (_, lost), (_, none) = workers.analyze_all([(1, long), (2, None)])
    assert none is None
    assert lost is not None
    assert lost.result == Refusal(long.url, Outcome.TIMEOUT, "parsing took longer than 0.2 s and was stopped")


def test_an_analysis_comes_with_its_article() -> None:
    short = an_article("https://blog.example/2", SALE)
    with WorkerPool(processes=1) as workers:
        ((_, analyzed),) = workers.analyze_all([(1, short)])
    assert analyzed is not None
    assert (analyzed.result, analyzed.analysis is None) == (short, False)


@pytest.mark.parametrize("pipelines", [{}, {"tests.pipelines.test_item_pipelines.Counted": 100}])
def test_a_crawl_whose_pages_would_not_be_stored_is_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pipelines: dict[str, int]
) -> None:
    """The next crawl would be told 304, and never ask for them."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    crawler = Crawler(Blog, {"ITEM_PIPELINES": pipelines})
    crawler.spider = Blog()
    with pytest.raises(RuntimeError, match=f"ITEM_PIPELINES lacks {STORING}"):
        CrawlSession.from_crawler(crawler)
    assert not (tmp_path / "shopwire.db").exists()
