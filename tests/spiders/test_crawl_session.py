"""The crawl log records failures of our own code, disk and store."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
from scrapy.http import Request, Response

from shopwire.spiders import crawl_session as crawl_module
from shopwire.spiders.crawl_session import CrawlSession
from shopwire.storage.crawl_log.conditional_requests import Validators, load_validators
from shopwire.storage.database import Store
from tests.support.makers import a_page

LIST, PAGE = "https://blog.example/feed", "https://blog.example/1"
SPIDER = SimpleNamespace(name="blog", title="Blog", home="https://blog.example/", language="en")
RESPONSE = Response(PAGE, request=Request(PAGE))
FAILURE = SimpleNamespace(value=sqlite3.OperationalError("database or disk is full"))


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CrawlSession:
    """A crawl that has read its only list."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    opened = CrawlSession()
    opened.open_run(SPIDER)
    opened.validators[LIST] = Validators('"a"')
    return opened


def downloading(crawl: CrawlSession) -> None:
    crawl.record_error(FAILURE, RESPONSE, SPIDER)  # type: ignore[arg-type]


def storing(crawl: CrawlSession) -> None:
    crawl.record_item_error(a_page(PAGE), RESPONSE, SPIDER, FAILURE)  # type: ignore[arg-type]


def told_at_the_end(crawl: CrawlSession) -> Validators:
    """What the next crawl will send back."""
    path = crawl.store.path
    crawl.close_run(SPIDER, "finished")  # type: ignore[arg-type]
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
