"""Spiders for the tests: fetch given pages or lists, and report on their own process.

The report is one line of JSON on standard output at the end, see `crawl.Crawled`.
"""

import asyncio
import json
import os
import resource
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic, thread_time
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from shopwire.spiders.base import Source
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.lists.reading import ListedLink, Tally
from shopwire.spiders.sitemap import SitemapSource

listening: list[str] = []
listen = socket.socket.listen


def _listen(self: socket.socket, *backlog: int) -> None:
    if self.family != socket.AF_UNIX:
        listening.append("{}:{}".format(*self.getsockname()))
    listen(self, *backlog)


socket.socket.listen = _listen

# Names as a hostile name server resolves them: {"name": ["first address", "second address", ...]}.
answers: dict[str, list[str]] = json.loads(os.environ.get("PROBE_NAMES", "{}"))
look_up = socket.gethostbyname


def _answer(name: str) -> str:
    if name in answers:
        return answers[name].pop(0) if len(answers[name]) > 1 else answers[name][0]
    return look_up(name)


socket.gethostbyname = _answer


def peak_memory() -> int:
    """Return the peak memory of this process in bytes."""
    # On Linux, `getrusage` has the peak of the process that started this one, if that is larger.
    if (status := Path("/proc/self/status")).exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Probe(Source):
    """Fetches `urls`, a JSON list, as a source fetches pages; all at once, without a delay."""

    name = "probe"
    title = "Probe"
    custom_settings = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}

    def __init__(self, urls: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls: list[str] = json.loads(urls)
        self.at_start = 0
        self.lags: list[float] = []
        self.busy: list[float] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Probe":
        """Return a probe that reports when it is closed."""
        probe: Probe = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(probe.report, signals.spider_closed)
        return probe

    def is_own(self, url: str) -> bool:
        """Return whether a URL belongs to the source: all but those of one host."""
        return "elsewhere.example" not in url

    def begin(self) -> None:
        """Start the measurements."""
        self.at_start = peak_memory()
        self.watching = asyncio.get_running_loop().create_task(self.watch_loop())

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each page."""
        self.begin()
        nowhere = Response("http://nowhere.invalid/")
        for url in self.urls:
            page = self.accept_link(ListedLink(url), nowhere, Tally())
            if page and (request := self.build_page_request(page)):
                yield request

    async def watch_loop(self) -> None:
        """Record the delay of the event loop every hundredth of a second, and its CPU time meanwhile, which
        other programs do not lengthen."""
        while True:
            before, used = monotonic(), thread_time()
            await asyncio.sleep(0.01)
            self.lags.append(monotonic() - before - 0.01)
            self.busy.append(thread_time() - used)

    def report(self) -> None:
        """Print the report."""
        peak = peak_memory()
        lags, busy = sorted(self.lags) or [0.0], sorted(self.busy) or [0.0]
        report = {
            "listening": listening,
            "peak": peak,
            "grown": peak - self.at_start,
            "lag_p99": lags[int(len(lags) * 0.99)],
            "lag_max": lags[-1],
            "busy_p99": busy[int(len(busy) * 0.99)],
        }
        print(json.dumps(report), flush=True)


class Lists(Probe, SitemapSource, ListingSource):
    """Fetches lists: `feeds`, `sitemaps` and `listings` are JSON lists of URLs."""

    name = "lists"
    links = "ul.list a"
    next_page = "a.next"
    most_pages = 5
    pages = ""

    def __init__(self, feeds: str = "[]", sitemaps: str = "[]", listings: str = "[]", **kwargs: Any) -> None:
        super().__init__(urls="[]", **kwargs)
        self.feeds, self.sitemaps = json.loads(feeds), json.loads(sitemaps)
        self.listings = json.loads(listings)

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each list."""
        self.begin()
        for url in self.feeds:
            yield self.request_entries(url, "feed")
        for url in self.sitemaps:
            yield self.request_entries(url, "sitemap")
        for url in self.listings:
            yield self._request_page_of_list(url, 1)
