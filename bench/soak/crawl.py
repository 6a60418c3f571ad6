"""The crawls, which live in the world's time; their names are given so that they can be told by them."""

import os

import scrapy.core.downloader.handlers.http11  # noqa: F401
import time_machine
from scrapy.cmdline import execute

import shopwire.pipelines.extract_article
import shopwire.pipelines.item_pipelines
import shopwire.spiders.newsroom  # noqa: F401
from bench.soak.warm import fork_on_order
from bench.soak.world import clock_of_environment

# A site on this machine that has not answered in three seconds will not.
SETTINGS = {"DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 1, "LOG_LEVEL": "WARNING"}


def main() -> None:
    """Crawl a source each time that one is ordered."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "shopwire.spiders.settings"
    source = fork_on_order()
    changes = [word for name, value in SETTINGS.items() for word in ("-s", f"{name}={value}")]
    with time_machine.travel(clock_of_environment()(), tick=True):
        execute(["scrapy", "crawl", source, *changes])
