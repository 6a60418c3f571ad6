"""The crawl of `bench.hostile_lists`, in a process of its own: nine healthy sources and a hostile one.

Prints milliseconds as JSON, the 99th percentile and the longest: the delay of the event loop, and the CPU
time that it took between two turns, which other programs on the machine do not lengthen.
"""

import asyncio
import json
import sys
from time import monotonic, thread_time
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from shopwire.commands.common.source_registry import load_settings
from shopwire.spiders.api import ApiSource
from shopwire.spiders.base import Source
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.sitemap import SitemapSource
from shopwire.spiders.user_sources.detected_source import DetectedSource

HEALTHY = 9
KINDS: dict[str, tuple[type[Source], dict[str, Any]]] = {
    "robots": (FeedSource, {"feeds": ["/feed"]}),
    "feeds": (FeedSource, {"feeds": ["/attack"]}),
    "sitemaps": (SitemapSource, {"sitemaps": ["/attack"]}),
    "links": (ListingSource, {"lists": ["/attack"], "links": "a"}),
    "detected": (DetectedSource, {"lists": ["/attack"]}),
    "rows": (ApiSource, {"lists": ["/attack"], "link": "/page/{id}"}),
}
LISTS = ("feeds", "sitemaps", "lists")


def build_source(name: str, kind: str, port: str) -> type[Source]:
    """Return a source on a host of its own."""
    base, attributes = KINDS[kind]
    home = f"http://{name}.localhost:{port}"
    values = {key: [home + one for one in all_] if key in LISTS else all_ for key, all_ in attributes.items()}
    return type(name, (base,), {"name": name, "title": name, "home": f"{home}/", "language": "en", **values})


def main() -> None:
    """Crawl, and print the delay of the event loop."""
    kind, port = sys.argv[1:]
    settings = load_settings({"LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0.2})
    process = AsyncCrawlerProcess(settings)
    lags: list[float] = []
    busy: list[float] = []
    watching: list[asyncio.Task[None]] = []

    async def watch_loop() -> None:
        while True:
            before, used = monotonic(), thread_time()
            await asyncio.sleep(0.01)
            lags.append(1000 * (monotonic() - before - 0.01))
            busy.append(1000 * (thread_time() - used))

    def begin() -> None:
        if not watching:
            watching.append(asyncio.get_running_loop().create_task(watch_loop()))

    sources = [build_source("evil", kind, port)]
    sources += [build_source(f"good{number}", "robots", port) for number in range(HEALTHY)]
    for source in sources:
        crawler = process.create_crawler(source)
        crawler.signals.connect(begin, signals.spider_opened, weak=False)
        process.crawl(crawler)
    process.start()
    report = {}
    for name, values in (("delay", lags), ("busy", busy)):
        values.sort()
        report |= {f"{name}_p99": values[int(len(values) * 0.99)], f"{name}_longest": values[-1]}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
