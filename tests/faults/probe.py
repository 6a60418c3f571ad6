"""A source for the tests: asks for the pages it is told, and says what it noticed of its process.

Its last words are one line of JSON on standard output, see `crawl.Crawled`.
"""

import asyncio
import json
import os
import resource
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from functools import partial
from time import monotonic
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from shopwire.spiders.base import Link, Source
from shopwire.spiders.feed import read_feed
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.sitemap import SitemapSource

listening: list[str] = []
listen = socket.socket.listen


def _listen(self: socket.socket, *backlog: int) -> None:
    if self.family != socket.AF_UNIX:
        listening.append("{}:{}".format(*self.getsockname()))
    listen(self, *backlog)


socket.socket.listen = _listen

# A name server under somebody else's control: {"name": ["first answer", "second answer", ...]}.
answers: dict[str, list[str]] = json.loads(os.environ.get("PROBE_NAMES", "{}"))
look_up = socket.gethostbyname


def _answer(name: str) -> str:
    if name in answers:
        return answers[name].pop(0) if len(answers[name]) > 1 else answers[name][0]
    return look_up(name)


socket.gethostbyname = _answer


def peak_memory() -> int:
    """The most memory this process ever had, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Probe(Source):
    """Asks for `urls`, JSON lists, as a source asks for pages; all at once, without a pause."""

    name = "probe"
    title = "Probe"
    custom_settings = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}

    def __init__(self, urls: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls: list[str] = json.loads(urls)
        self.at_start = 0
        self.lags: list[float] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Probe":
        """Listens for the end."""
        probe: Probe = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(probe.last_words, signals.spider_closed)
        return probe

    def is_own(self, url: str) -> bool:
        """Every page is, but for those of one host."""
        return "elsewhere.example" not in url

    def begin(self) -> None:
        """Start to notice."""
        self.at_start = peak_memory()
        self.watching = asyncio.get_running_loop().create_task(self.watch_loop())

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each page."""
        self.begin()
        nowhere = Response("http://nowhere.invalid/")
        for url in self.urls:
            request = self.ask_page(Link(url), nowhere)
            if request is not None:
                yield request

    async def watch_loop(self) -> None:
        """Note by how much the event loop is late, every hundredth of a second."""
        while True:
            before = monotonic()
            await asyncio.sleep(0.01)
            self.lags.append(monotonic() - before - 0.01)

    def last_words(self) -> None:
        """Say what was noticed."""
        peak = peak_memory()
        lags = sorted(self.lags) or [0.0]
        said = {
            "listening": listening,
            "peak": peak,
            "grown": peak - self.at_start,
            "lag_p99": lags[int(len(lags) * 0.99)],
            "lag_max": lags[-1],
        }
        print(json.dumps(said), flush=True)


class Lists(Probe, SitemapSource, ListingSource):
    """The same for lists: `feeds`, `sitemaps` and `listings` are JSON lists of addresses."""

    name = "lists"
    links = "ul.list a"
    next_page = "a.next"
    most_pages = 5
    pages = ""

    def __init__(
        self, feeds: str = "[]", sitemaps: str = "[]", listings: str = "[]", **kwargs: Any
    ) -> None:
        super().__init__(urls="[]", **kwargs)
        self.feeds, self.sitemaps = json.loads(feeds), json.loads(sitemaps)
        self.listings = json.loads(listings)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each list."""
        self.begin()
        for url in self.feeds:
            yield self.ask_list(url, "feed", read_feed)
        for url in self.sitemaps:
            yield self.ask_list(url, "sitemap", partial(self.read, depth=0))
        for url in self.listings:
            yield self.ask_list(url, "listing", partial(self.read, number=1))

    def read(self, response: Response, **how_far: int) -> Iterator[Link | Request]:
        """As a sitemap source does, or a listing source."""
        kind = SitemapSource if "depth" in how_far else ListingSource
        return kind.read(self, response, **how_far)
