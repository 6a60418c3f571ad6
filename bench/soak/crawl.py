"""Run crawls on simulated time. The sources are arguments so that the process list shows them."""

import scrapy.core.downloader.handlers.http11  # noqa: F401
import tests.newsroom.spiders  # noqa: F401
import time_machine
from scrapy.cmdline import execute

import shopwire.pipelines.extract_article
import shopwire.pipelines.item_pipelines  # noqa: F401
from bench.soak.warm import fork_on_order
from bench.soak.world import read_clock

# A site on this machine that does not respond within three seconds hangs.
SETTINGS = {"DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 1, "LOG_LEVEL": "WARNING"}


def main() -> None:
    """Fork a crawl of a source on each order."""
    source = fork_on_order()
    changes = [word for name, value in SETTINGS.items() for word in ("-s", f"{name}={value}")]
    with time_machine.travel(read_clock()(), tick=True):
        execute(["scrapy", "crawl", source, *changes])
