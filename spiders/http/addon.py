"""Scrapy add-on that makes requests obey robots.txt and stay safe; it sets what Scrapy 2.19 leaves open."""

from typing import Any

from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.settings import BaseSettings, Settings

from shopwire.spiders.decoding.parser_limits import LARGEST_PAGE
from shopwire.spiders.http.check_pages import CheckPagesMiddleware
from shopwire.spiders.http.packed_bodies import PackedBodiesMiddleware
from shopwire.spiders.http.proxy import ProxyMiddleware
from shopwire.spiders.http.redirect_cookies import RedirectCookiesMiddleware
from shopwire.spiders.http.resolver import PublicResolver
from shopwire.spiders.http.retry import RetryAfterMiddleware
from shopwire.spiders.http.robots import RobotsMiddleware

MIDDLEWARES = "DOWNLOADER_MIDDLEWARES_BASE"
HANDLER = "shopwire.spiders.http.download_handler.SafeDownloadHandler"

SETTINGS: dict[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    # Code execution over localhost HTTP, and a Python prompt over telnet: both on by default.
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    # A redirect must not reach the disk or another protocol.
    "DOWNLOAD_HANDLERS": {
        "http": HANDLER,
        "https": HANDLER,
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    # The default is 1 GiB; this bounds every decompression bomb.
    "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
    "DOWNLOAD_TIMEOUT": 30,  # default 180
    "DOWNLOAD_VERIFY_CERTIFICATES": True,  # default False
    "REDIRECT_MAX_TIMES": 5,  # default 20
    # A refresh in a page would pass by the checks of a redirect.
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,  # except for `RedirectCookiesMiddleware`
    "REFERRER_POLICY": "no-referrer",
}


class HttpAddon:
    """The add-on: `ADDONS = {"shopwire.spiders.http.addon.HttpAddon": 100}`."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Set what holds for the process: its resolver."""
        settings.set("TWISTED_DNS_RESOLVER", PublicResolver, "addon")

    def update_settings(self, settings: Settings) -> None:
        """Set what holds for each crawl."""
        for name, value in SETTINGS.items():
            settings.set(name, value, "addon")
        replace = settings.replace_in_component_priority_dict
        replace(MIDDLEWARES, CookiesMiddleware, RedirectCookiesMiddleware)
        replace(MIDDLEWARES, RobotsTxtMiddleware, RobotsMiddleware)
        replace(MIDDLEWARES, HttpProxyMiddleware, ProxyMiddleware)
        replace(MIDDLEWARES, RetryMiddleware, RetryAfterMiddleware)
        replace(MIDDLEWARES, HttpCompressionMiddleware, PackedBodiesMiddleware)
        # Between the retries (550) and the decompression (590).
        settings.setdefault_in_component_priority_dict(MIDDLEWARES, CheckPagesMiddleware, 570)
