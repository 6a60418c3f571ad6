"""The crawl log records failures of our own code, disk and store."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from scrapy import signals
from scrapy.http import Request, Response
from scrapy.signalmanager import SignalManager

from shopwire.spiders import crawl_session as crawl_module
from shopwire.spiders.crawl_session import CrawlBudget, CrawlSession
from shopwire.storage.configuration.options import Limits
from shopwire.storage.crawl_log.conditional_requests import Validators, load_validators
from shopwire.storage.database import Store
from tests.support.crawling import environment
from tests.support.makers import a_page

LIST, PAGE = "https://blog.example/feed", "https://blog.example/1"
SPIDER = SimpleNamespace(name="blog", title="Blog", home="https://blog.example/", language="en")
RESPONSE = Response(PAGE, request=Request(PAGE))
# A crawl of a site that does not answer, which is told to stop before its engine runs.
STOPPED_EARLY = """
import asyncio
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

process = AsyncCrawlerProcess(get_project_settings())
crawler = process.create_crawler("newsroom_crown")
told = []

def stop():
    told.append(asyncio.ensure_future(process.stop()))

crawler.signals.connect(stop, signals.spider_opened)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("finish_reason"))
"""
FAILURE = SimpleNamespace(value=sqlite3.OperationalError("database or disk is full"))


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CrawlSession:
    """A crawl that has read its only list."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    opened = CrawlSession()
    asyncio.run(opened.open_run(SPIDER))
    opened.validators[LIST] = Validators('"a"')
    return opened


def downloading(crawl: CrawlSession) -> None:
    crawl.record_error(FAILURE, RESPONSE, SPIDER)  # type: ignore[arg-type]


def storing(crawl: CrawlSession) -> None:
    crawl.record_item_error(a_page(PAGE), RESPONSE, SPIDER, FAILURE)  # type: ignore[arg-type]


def told_at_the_end(crawl: CrawlSession) -> Validators:
    """What the next crawl will send back."""
    path = crawl.store.path
    asyncio.run(crawl.close_run(SPIDER, "finished"))  # type: ignore[arg-type]
    with Store(path) as store:
        return load_validators(store, LIST)


def test_a_list_whose_pages_came_may_be_answered_with_304(crawl: CrawlSession) -> None:
    assert told_at_the_end(crawl) == Validators('"a"')


@pytest.mark.parametrize("fail", [downloading, storing])
def test_a_list_of_which_an_error_cost_a_page_may_not(
    crawl: CrawlSession, fail: Callable[[CrawlSession], None]
) -> None:
    """Even if the disk is so full that the crawl log has no row of it."""
    with mock.patch.object(crawl_module, "record_fetch", side_effect=FAILURE.value):
        fail(crawl)
        assert told_at_the_end(crawl) == Validators()


def test_a_run_begins_and_ends_beside_who_has_locked_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    crawl = CrawlSession()

    async def wait_locked_out(step: Coroutine[Any, Any, None]) -> None:
        with Store(crawl.store.path) as other:
            with other.writing():
                waiting = asyncio.create_task(step)
                await asyncio.sleep(0)
                assert not waiting.done()
            await waiting

    asyncio.run(wait_locked_out(crawl.open_run(SPIDER)))
    run, path = crawl.run, crawl.store.path
    asyncio.run(wait_locked_out(crawl.close_run(SPIDER, "finished")))
    with Store(path) as store:
        assert store.rows("SELECT id FROM runs WHERE finished IS NOT NULL")[0]["id"] == run


class Engine:
    """In place of Scrapy's: notes why it was closed."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    async def close_spider_async(self, *, reason: str) -> None:
        self.reasons.append(reason)


def send_answers(limits: Limits, answers: int, size: int, pause: float = 0.0) -> list[str]:
    """Return why a crawl with these limits was closed after so many answers of `size` bytes."""
    crawler = SimpleNamespace(signals=SignalManager(), engine=Engine())

    async def run() -> None:
        CrawlBudget(crawler, limits)  # type: ignore[arg-type]
        crawler.signals.send_catch_log(signals.spider_opened)
        await asyncio.sleep(pause)
        for _ in range(answers):
            crawler.signals.send_catch_log(signals.bytes_received, data=bytes(size))
            crawler.signals.send_catch_log(signals.response_received)
        crawler.signals.send_catch_log(signals.spider_closed)
        await asyncio.sleep(pause)

    asyncio.run(run())
    return crawler.engine.reasons


@pytest.mark.parametrize(
    ("limits", "answers", "size", "pause", "reasons"),
    [
        (Limits(crawl_pages=3), 2, 1, 0.01, []),
        (Limits(crawl_pages=3), 5, 1, 0.01, ["limit"]),
        (Limits(crawl_megabytes=1), 3, 333_333, 0.01, []),
        (Limits(crawl_megabytes=1), 3, 333_334, 0.01, ["limit"]),
        (Limits(crawl_seconds=0), 0, 0, 0.01, ["limit"]),
        (Limits(crawl_seconds=1000), 0, 0, 0.01, []),
    ],
)
def test_a_crawl_ends_once_when_a_budget_is_used_up(
    limits: Limits, answers: int, size: int, pause: float, reasons: list[str]
) -> None:
    assert send_answers(limits, answers, size, pause) == reasons


def test_a_crawl_that_is_told_to_stop_while_its_run_begins_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STOPPED_EARLY]
    env = environment(tmp_path, 1)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["shutdown"], done.stderr
    with Store(tmp_path / "shopwire.db") as store:
        assert [row["reason"] for row in store.rows("SELECT * FROM runs")] == ["shutdown"]
