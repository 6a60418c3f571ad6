"""The pool as a crawl uses it: when it starts, and many pages in hand at once."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from shopwire.pipelines.analyze_article import digest
from shopwire.pipelines.article import Article
from shopwire.pipelines.item_pipelines import Refined, RefinePage
from shopwire.pipelines.learn import FIRST
from shopwire.pipelines.worker_pool import Workers
from shopwire.spiders.crawl_session import Crawl
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.page import Attempt, Page
from tests.pipelines.prose import SALE, WAREHOUSE
from tests.support.makers import a_page

ARTICLE = "<title>Sales rise</title><div class=text><h1>Sales rise</h1>{}</div>"
AT_ONCE = 40


def articles() -> list[Page]:
    told = f"<p>{SALE}<p>{WAREHOUSE}"
    body = ARTICLE.format(told).encode()
    return [a_page(f"https://blog.example/{number}", body) for number in range(AT_ONCE)]


def refusals() -> list[Page]:
    return [a_page(f"https://blog.example/none/{number}", b"<p>") for number in range(FIRST)]


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """What is loaded for the other tests is to be collected at the end."""
    yield
    gc.unfreeze()


class Blog(FeedSource):
    name = "blog"
    home = "https://blog.example/"


class Counted:
    """In place of the pool: counts how often it was started."""

    started = 0

    def start(self) -> None:
        self.started += 1

    def close(self) -> None:
        return

    digest = staticmethod(digest)


def test_the_pool_starts_early_only_where_new_pages_are_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    pool = Counted()
    monkeypatch.setattr(RefinePage, "workers", pool)
    for _ in range(2):
        crawler = Crawler(Blog)
        crawler.spider = Blog()
        crawl = Crawl.from_crawler(crawler)
        step = RefinePage(crawl)
        step.open_spider()
        crawl.opened(crawler.spider)
        asyncio.run(step.close_spider())
        crawl.closed(crawler.spider, "finished")
        assert pool.started == 1


def test_a_text_is_digested_by_a_process_as_it_is_here() -> None:
    told = ("Sales rise", f"{SALE}\n{WAREHOUSE}", "en", "2026-11-20")
    with Workers(processes=1) as workers:
        alone = workers.digest(*told)
        workers.start()
        helped = workers.digest(*told)
    assert helped is not alone
    assert helped.reading == alone.reading == digest(*told).reading
    assert helped.notes == alone.notes
    assert helped.wording.keys.tolist() == alone.wording.keys.tolist()


async def refined(step: RefinePage, pages: list[Page]) -> list[Refined | Attempt]:
    return await asyncio.gather(*map(step.process_item, pages))


def test_pages_that_come_at_once_are_not_all_studied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first of them is committed the store says of each that nothing is known of its site."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    crawl = Crawl()
    step = RefinePage(crawl)
    step.open_spider()
    asyncio.run(refined(step, refusals()))
    done = asyncio.run(refined(step, articles()))
    asyncio.run(step.close_spider())
    crawl.writer.close()
    crawl.store.close()
    results = [one.result for one in done if isinstance(one, Refined)]
    assert all(isinstance(result, Article) for result in results)
    lessons = sum(isinstance(result, Article) and bool(result.lesson) for result in results)
    assert FIRST <= lessons < AT_ONCE / 3
