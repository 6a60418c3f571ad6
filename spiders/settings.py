"""Scrapy settings that differ from the defaults, each with its reason.

Those for rate limits and safety are in `http/addon.py`.
"""

import sys

from scrapy.settings import default_settings

from shopwire.storage.configuration.load import ConfigurationError, load_configuration

try:
    _configuration = load_configuration()
except ConfigurationError as error:
    sys.exit(f"shopwire: {error}")

BOT_NAME = "shopwire"
SPIDER_MODULES = ["shopwire.spiders.sources"]
# Adds the user's own sources, of sources.toml beside the store.
SPIDER_LOADER_CLASS = "shopwire.spiders.user_sources.loader.SourceLoader"
NEWSPIDER_MODULE = "shopwire.spiders"

# Identifies the crawler; whoever runs it should set a contact of their own.
USER_AGENT = _configuration.user_agent
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",  # default "en": Chinese portals choose the language by it
}

ADDONS = {"shopwire.spiders.http.addon.HttpAddon": 100}
# Disabled in `http/addon.py`, but Scrapy would import it all the same, and aiohttp with it.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if name != "scrapy.extensions.remote_control.RemoteControl"
}
EXTENSIONS = {"shopwire.spiders.crawl_session.CrawlSession": 0}
# A project that builds on these settings sets the names without `_BASE` for middlewares of its own.
DOWNLOADER_MIDDLEWARES_BASE = {
    **default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    # Before `DefaultHeadersMiddleware` (400).
    "shopwire.spiders.user_sources.source_headers.SourceHeadersMiddleware": 390,
}
SPIDER_MIDDLEWARES_BASE = {
    **default_settings.SPIDER_MIDDLEWARES_BASE,
    "shopwire.spiders.revisit.RevisitMiddleware": 10,
}
ITEM_PIPELINES = {
    "shopwire.pipelines.item_pipelines.ProcessPage": 100,
    "shopwire.pipelines.item_pipelines.ArchivePage": 200,
    "shopwire.pipelines.item_pipelines.StoreArticle": 300,
}

# By default one request at a time, one second apart, as a reader does; Scrapy's defaults are 8 and 0.
CONCURRENT_REQUESTS_PER_DOMAIN = _configuration.crawler.concurrency
DOWNLOAD_DELAY = _configuration.crawler.delay
# By default Scrapy draws each pause from half to one and a half of the delay; ours are never shorter than it.
DOWNLOAD_DELAY_JITTER = 0.0
RETRY_TIMES = 2
# Fetch pages in the order in which they were requested, the newest first; default: the last request first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"

# Allows sources on this machine; other private addresses are always refused.
SHOPWIRE_ALLOW_LOOPBACK = _configuration.crawler.allow_loopback
SHOPWIRE_PROXY = _configuration.crawler.proxy

# Scrapy creates so many tasks for each response, and a page is one item. Default 100.
CONCURRENT_ITEMS = 4
# Bytes of pages between download and commit. The writer commits several pages together; with too small a
# limit the workers would wait for new pages meanwhile. Default 5 MB.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16_000_000

# Chinese in JSON files as it is, not as escapes; default None.
FEED_EXPORT_ENCODING = "utf-8"

LOG_LEVEL = "INFO"
# Failed requests, refused pages and lists are in the crawl log with their reason; in the log of the process
# they are noise.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
