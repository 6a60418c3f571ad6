"""Scrapy's settings, as far as they differ from Scrapy's defaults; each with its reason.

Those for polite and safe requests are in `http/addon.py`.
"""

import os

from scrapy.settings import default_settings

from shopwire.spiders.http.resolver import LOOPBACK_SETTING

BOT_NAME = "shopwire"
SPIDER_MODULES = ["shopwire.spiders.chinese", "shopwire.spiders.english"]
NEWSPIDER_MODULE = "shopwire.spiders"

# An honest name with a place to complain: operators who run a crawl put their own contact here.
CONTACT = os.environ.get("SHOPWIRE_CONTACT", "https://github.com/shopwire/shopwire")
USER_AGENT = f"shopwire/0.1 (+{CONTACT})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",  # default "en": Chinese portals answer by it
}

ADDONS = {"shopwire.spiders.http.addon.HttpAddon": 100}
# `http/addon.py` turns it off, but to find that out Scrapy would load it, and aiohttp with it.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if name != "scrapy.extensions.remote_control.RemoteControl"
}
EXTENSIONS = {
    "shopwire.spiders.crawl_session.Crawl": 0,
}
SPIDER_MIDDLEWARES = {"shopwire.spiders.revisit.Revisit": 10}
ITEM_PIPELINES = {
    "shopwire.pipelines.item_pipelines.ArchivePage": 100,
    "shopwire.pipelines.item_pipelines.ProcessPage": 200,
    "shopwire.pipelines.item_pipelines.StoreArticle": 300,
}

# One request at a time and a second between two is what a reader does; default 8 and 0.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
RETRY_TIMES = 2
# A feed's pages are read in its order; the newest ones come first.
DEPTH_PRIORITY = 0

# For sources on this machine; every other private address stays refused.
SHOPWIRE_ALLOW_LOOPBACK = os.environ.get(LOOPBACK_SETTING, "") == "1"

# Scrapy makes so many tasks for each response, whatever comes of it; a page is one item. Default 100.
CONCURRENT_ITEMS = 4
# Bytes of pages between their download and their commit: pages in the queue of the writer, which
# commits some together, must not keep the workers waiting for new ones. Default 5 MB.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16_000_000

LOG_LEVEL = "INFO"
# Refused pages are in the crawl log with their reason; in the log of the process they are noise.
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
