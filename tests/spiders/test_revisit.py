"""Known pages are looked at again, with what their list said of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from scrapy import Request

from shopwire.pipelines.store_article import store_page
from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.page import Listed
from shopwire.spiders.revisit import RevisitMiddleware
from shopwire.storage.archive import ArchivedPage, ArchiveWriter
from shopwire.storage.paths import get_archive_folder
from tests.support.makers import a_page, an_article

URL = "https://blog.example/1"
SAID = {"title": "A title", "author": "Li Ming", "published": "2026-11-10"}
FIRST = datetime.now(UTC) - timedelta(days=10)


class Blog(FeedSource):
    name = "blog"
    home = "https://blog.example/"
    feeds = ["https://blog.example/feed"]


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blog]:
    """A spider whose source has one article, which is in the archive."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    spider = Blog()
    spider.crawl = CrawlSession()
    asyncio.run(spider.crawl.open_run(spider))
    with ArchiveWriter(get_archive_folder(), "blog") as archive:
        place = archive.write(ArchivedPage(URL, "blog", FIRST, "text/html", b"<p>", SAID))
    page = a_page(URL, requested=URL, fetched=FIRST, archived_in=place)
    store_page(spider.crawl.store, page, an_article(URL), None)
    yield spider
    asyncio.run(spider.crawl.close_run(spider, "finished"))


def asked_again(spider: Blog) -> list[Request]:
    """What a crawl asks for that no list has named."""

    async def nothing() -> AsyncIterator[Any]:
        for request in ():
            yield request

    async def ask() -> list[Request]:
        middleware = RevisitMiddleware(mock.Mock(spider=spider))
        return [request async for request in middleware.process_start(nothing())]

    return asyncio.run(ask())


def test_a_page_is_read_with_what_its_list_said_of_it(blog: Blog) -> None:
    """Else an article whose author stands in the feed alone would lose it."""
    (request,) = asked_again(blog)
    assert request.url == URL
    assert request.cb_kwargs["listed"] == Listed(**SAID)


def test_a_page_that_a_list_has_named_is_not_asked_for_twice(blog: Blog) -> None:
    blog.requested_pages.add(URL)
    assert asked_again(blog) == []


@pytest.mark.parametrize("argument", [{"limit": "1"}, {"since": "2026-11-01"}])
def test_a_crawl_with_an_argument_is_for_that_alone(blog: Blog, argument: dict[str, str]) -> None:
    particular = Blog(**argument)
    particular.crawl = blog.crawl
    assert asked_again(particular) == []


def test_a_page_that_the_archive_has_lost_is_read_all_the_same(
    blog: Blog, caplog: pytest.LogCaptureFixture
) -> None:
    """Else a source whose archive was pruned would never be seen to drift."""
    (get_archive_folder() / "blog.warc.gz").unlink()
    with caplog.at_level(logging.WARNING):
        (request,) = asked_again(blog)
    assert (request.url, request.cb_kwargs["listed"]) == (URL, Listed())
    assert "without the title and date from its list" in caplog.text
