"""A server that responds with 304 although a list has changed is detected and no longer trusted."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.page import FetchResult
from shopwire.storage.crawl_log.conditional_requests import (
    MOST_HIDDEN,
    Validators,
    estimate_articles_per_day,
    load_validators,
    mark_unreliable,
    save_validators,
)
from shopwire.storage.crawl_log.events import WRONG_304, list_newest_events
from shopwire.storage.database import Store

URL = "https://blog.example/feed"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
A_FETCH = {
    "source": "blog",
    "kind": "page",
    "url": "https://blog.example/new",
    "at": NOW.isoformat(),
    "outcome": "stored",
    "reason": "",
}


@pytest.mark.parametrize("per_day", [0.1, 1, 20])
def test_proof_is_wanted_as_soon_as_a_304_may_hide_something(per_day: float) -> None:
    known = Validators('"a"', at=NOW - DAY * MOST_HIDDEN / per_day, was_unchanged=True)
    assert known.needs_full_read(NOW, per_day * 1.01)
    assert not known.needs_full_read(NOW, per_day * 0.99)


def test_the_first_304_after_a_list_is_believed() -> None:
    assert not Validators('"a"', at=NOW - DAY).needs_full_read(NOW, 100)


def test_a_list_never_read_in_full_wants_no_proof() -> None:
    assert not Validators().needs_full_read(NOW, 100)


@pytest.mark.parametrize(("articles", "days", "per_day"), [(40, 10, 4), (28, 60, 1), (0, 0, 1)])
def test_the_pace_of_a_source_is_that_of_its_last_weeks(
    store: Store, articles: int, days: int, per_day: float
) -> None:
    """The content of its lists when they were first read is no evidence."""
    span = timedelta(days=days)
    with store.writing():
        store.db.execute("UPDATE sources SET first_crawled = ?", [(NOW - span).isoformat()])
        for moment in [NOW - span] * 20 + [NOW - span * n / 100 for n in range(articles)]:
            store.insert("fetches", {**A_FETCH, "at": moment.isoformat()})
    assert estimate_articles_per_day(store, "blog", NOW) == pytest.approx(per_day, rel=0.15)


def test_distrust_outlives_the_next_validators(store: Store) -> None:
    with store.writing():
        save_validators(store, URL, Validators('"a"'))
        assert load_validators(store, URL).can_be_sent()
        mark_unreliable(store, URL)
        save_validators(store, URL, Validators('"b"'))
    assert not load_validators(store, URL).can_be_sent()


class Blog(FeedSource):
    name = "blog"
    home = "https://blog.example/"
    feeds = [URL]


FEED = b"<rss><channel><item><link>https://blog.example/new</link></item></channel></rss>"


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blog]:
    """A spider whose feed was last read in full two days ago, and then answered 304."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    spider = Blog()
    spider.crawl = CrawlSession()
    asyncio.run(spider.crawl.open_run(spider))
    with spider.crawl.store.writing():
        save_validators(spider.crawl.store, URL, Validators('"a"'))
        spider.crawl.store.db.execute(
            "UPDATE validators SET at = ?", [(datetime.now(UTC) - 2 * DAY).isoformat()]
        )
        attempt = {**A_FETCH, "kind": "feed", "url": URL, "outcome": "unchanged"}
        spider.crawl.store.insert("fetches", attempt)
    yield spider
    asyncio.run(spider.crawl.close_run(spider, "finished"))


def answered(request: Request, status: int, body: bytes = b"") -> list[object]:
    """What a spider makes of an answer."""
    assert request.callback is not None
    request.meta["download_latency"] = 0.1  # as Scrapy puts it down
    response = Response(request.url, status, headers={"ETag": '"a"'}, body=body, request=request)
    return asyncio.run(collect(request.callback(response)))


async def collect(found: AsyncIterator[object] | Iterator[object]) -> list[object]:
    return [item async for item in found] if isinstance(found, AsyncIterator) else list(found)


async def the_list(spider: Blog) -> Request:
    (request,) = [request async for request in spider.start()]
    return request


def test_a_304_that_hid_something_new_is_the_last_one_believed(blog: Blog) -> None:
    asked = asyncio.run(the_list(blog))
    assert asked.headers[b"If-None-Match"] == b'"a"'
    unchanged, proof = answered(asked, 304)
    assert isinstance(unchanged, FetchResult)
    assert isinstance(proof, Request)
    assert not any(name.startswith(b"If-") for name in proof.headers)
    assert "download_latency" not in proof.meta
    page, listed, once_more = answered(proof, 200, FEED)
    assert isinstance(page, Request)
    assert isinstance(listed, FetchResult)
    assert isinstance(once_more, Request)
    assert once_more.headers[b"If-None-Match"] == b'"a"'
    (admitted,) = answered(once_more, 304)
    assert isinstance(admitted, FetchResult)
    assert "wrong 304 confirmed" in admitted.reason
    asyncio.run(blog.crawl.close_run(blog, "finished"))
    blog.crawl = CrawlSession()
    asyncio.run(blog.crawl.open_run(blog))
    assert b"If-None-Match" not in asyncio.run(the_list(blog)).headers
    (event,) = list_newest_events(blog.crawl.store, 1)
    assert (event["kind"], event["source"]) == (WRONG_304, "blog")
    assert URL in event["text"]


def test_a_list_that_changed_after_its_304_is_believed_still(blog: Blog) -> None:
    _, proof = answered(asyncio.run(the_list(blog)), 304)
    assert isinstance(proof, Request)
    *_, once_more = answered(proof, 200, FEED)
    assert isinstance(once_more, Request)
    (attempt,) = answered(once_more, 200, FEED)
    assert isinstance(attempt, FetchResult)
    assert attempt.outcome == "listed"
    assert not blog.crawl.unreliable_lists


def test_a_304_that_hid_nothing_is_believed_again(blog: Blog) -> None:
    _, proof = answered(asyncio.run(the_list(blog)), 304)
    assert isinstance(proof, Request)
    with blog.crawl.store.writing():
        blog.crawl.store.insert("fetches", A_FETCH)
    (listed,) = answered(proof, 200, FEED)
    assert isinstance(listed, FetchResult)
    assert listed.reason == "1 links, 0 new"
    assert blog.crawl.unreliable_lists == set()
