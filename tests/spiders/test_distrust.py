"""A server that answers 304 whatever is new is found out, and believed no more."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.crawl import Crawl
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.page import Attempt
from shopwire.storage.ledger import PROOF, Validators, distrust, remember_validators, validators
from shopwire.storage.store import Store

URL = "https://blog.example/feed"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("age", "expected"), [(PROOF, True), (PROOF / 2, False)])
def test_proof_is_wanted_now_and_then(age: timedelta, expected: bool) -> None:
    assert Validators('"a"', at=NOW - age).want_proof(NOW) is expected


def test_a_list_never_read_in_full_wants_no_proof() -> None:
    assert not Validators().want_proof(NOW)


def test_distrust_outlives_the_next_validators(store: Store) -> None:
    with store.writing():
        remember_validators(store, URL, Validators('"a"'))
        assert validators(store, URL).may_be_sent()
        distrust(store, URL)
        remember_validators(store, URL, Validators('"b"'))
    assert not validators(store, URL).may_be_sent()


class Blog(FeedSource):
    name = "blog"
    home = "https://blog.example/"
    feeds = [URL]


FEED = b"<rss><channel><item><link>https://blog.example/new</link></item></channel></rss>"


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blog]:
    """A spider whose feed was last read in full two days ago."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    spider = Blog()
    spider.crawl = Crawl()
    spider.crawl.opened(spider)
    with spider.crawl.store.writing():
        remember_validators(spider.crawl.store, URL, Validators('"a"'))
        spider.crawl.store.db.execute(
            "UPDATE validators SET at = ?", [(datetime.now(UTC) - 2 * PROOF).isoformat()]
        )
    yield spider
    spider.crawl.closed(spider, "finished")


def answered(request: Request, status: int, body: bytes = b"") -> list[object]:
    """What a spider makes of an answer."""
    assert request.callback is not None
    request.meta["download_latency"] = 0.1  # as Scrapy puts it down
    response = Response(request.url, status, headers={"ETag": '"a"'}, body=body, request=request)
    return list(request.callback(response))  # type: ignore[arg-type]


async def the_list(spider: Blog) -> Request:
    (request,) = [request async for request in spider.start()]
    return request


def test_a_304_that_hid_something_new_is_the_last_one_believed(blog: Blog) -> None:
    asked = asyncio.run(the_list(blog))
    assert asked.headers[b"If-None-Match"] == b'"a"'
    unchanged, proof = answered(asked, 304)
    assert isinstance(unchanged, Attempt)
    assert isinstance(proof, Request)
    assert not any(name.startswith(b"If-") for name in proof.headers)
    assert "download_latency" not in proof.meta
    page, listed = answered(proof, 200, FEED)
    assert isinstance(page, Request)
    assert isinstance(listed, Attempt)
    assert "304 was wrong" in listed.reason
    with blog.crawl.store.writing():
        distrust(blog.crawl.store, URL)
    assert b"If-None-Match" not in asyncio.run(the_list(blog)).headers


def test_a_304_that_hid_nothing_is_believed_again(blog: Blog) -> None:
    _, proof = answered(asyncio.run(the_list(blog)), 304)
    assert isinstance(proof, Request)
    with blog.crawl.store.writing():
        blog.crawl.store.insert(
            "fetches",
            {
                "source": "blog",
                "kind": "page",
                "url": "https://blog.example/new",
                "at": NOW.isoformat(),
                "outcome": "stored",
                "reason": "",
            },
        )
    (listed,) = answered(proof, 200, FEED)
    assert isinstance(listed, Attempt)
    assert listed.reason == "1 links, 0 new"
    assert blog.crawl.distrusted == set()
