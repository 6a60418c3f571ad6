"""Scrapy settings whose only sources are the newsroom's: `SCRAPY_SETTINGS_MODULE=tests.newsroom.settings`.

They leave out the real sources, which must not be crawled without a pause.
"""

from shopwire.spiders.settings import *  # noqa: F403

SPIDER_MODULES = ["tests.newsroom.spiders"]
SHOPWIRE_ALLOW_LOOPBACK = True
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 8
