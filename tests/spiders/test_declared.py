"""A source that declares too little says what it lacks."""

import asyncio
from pathlib import Path

import pytest

from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.feed import FeedSource
from shopwire.storage.database import Store


class Blog(FeedSource):
    name = "blog"
    home = "https://blog.example/"


def test_a_crawl_that_asks_for_nothing_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    crawl = CrawlSession()
    asyncio.run(crawl.open_run(Blog()))
    asyncio.run(crawl.close_run(Blog(), "finished"))
    with Store(tmp_path / "shopwire.db") as store:
        run = store.row("SELECT outcome FROM runs")
        fetch = store.row("SELECT url, outcome, reason FROM fetches")
    assert run is not None
    assert fetch is not None
    assert run["outcome"] == "failed"
    assert tuple(fetch)[:2] == (Blog.home, "error")
    assert "declares no feed" in fetch["reason"]
