"""Many pages of one crawl in hand at once."""

import asyncio
from pathlib import Path

import pytest

from shopwire.pipelines.article import Article
from shopwire.pipelines.learn import FIRST
from shopwire.pipelines.steps import Refined, RefinePage
from shopwire.spiders.crawl import Crawl
from shopwire.spiders.page import Attempt, Page
from tests.makers import a_page
from tests.pipelines.prose import SALE, WAREHOUSE

ARTICLE = "<title>Sales rise</title><div class=text><h1>Sales rise</h1>{}</div>"
AT_ONCE = 40


def articles() -> list[Page]:
    told = f"<p>{SALE}<p>{WAREHOUSE}"
    body = ARTICLE.format(told).encode()
    return [a_page(f"https://blog.example/{number}", body) for number in range(AT_ONCE)]


def refusals() -> list[Page]:
    return [a_page(f"https://blog.example/none/{number}", b"<p>") for number in range(FIRST)]


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
    step.close_spider()
    crawl.writer.close()
    crawl.store.close()
    results = [one.result for one in done if isinstance(one, Refined)]
    assert all(isinstance(result, Article) for result in results)
    lessons = sum(isinstance(result, Article) and bool(result.lesson) for result in results)
    assert FIRST <= lessons < AT_ONCE / 3
