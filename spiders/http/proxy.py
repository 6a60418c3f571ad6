"""Requests through the proxy that the configuration names.

Variables of the environment name none: they are often set for other programs, and a proxy reaches addresses
that we refuse.
"""

import base64
import logging
from typing import Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.httpobj import urlparse_cached

from shopwire.spiders.http.failures import RefusedError
from shopwire.spiders.http.resolver import LOOPBACK_SETTING, PROXY_SETTING, is_public_host

logger = logging.getLogger(__name__)


class ProxyMiddleware:
    """Sends each request through the proxy of the setting `SHOPWIRE_PROXY`, whose own address may be private.

    The proxy resolves names, so only a host that is written as an address, or that is this machine by its
    name, can be refused here.
    """

    def __init__(self, url: str, allow_loopback: bool) -> None:
        parts = urlsplit(url)
        self.proxy = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self.allow_loopback = allow_loopback
        self.authorization = b""
        if parts.username is not None:
            words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.authorization = b"Basic " + base64.b64encode(words.encode())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the middleware. Raises `NotConfigured` without a proxy."""
        url = crawler.settings.get(PROXY_SETTING) or ""
        if not url:
            if unused := {"http", "https"}.intersection(getproxies()):
                logger.info("%s_proxy is not used; `proxy` in shopwire.toml names a proxy", min(unused))
            raise NotConfigured
        return cls(url, crawler.settings.getbool(LOOPBACK_SETTING))

    def process_request(self, request: Request) -> None:
        """Name the proxy in the request. Raises `RefusedError` for a host that is not public."""
        host = urlparse_cached(request).hostname or ""
        if not is_public_host(host, self.allow_loopback):
            raise RefusedError(f"{host} is not public, so the proxy is not asked for it")
        request.meta["proxy"] = self.proxy
        if self.authorization:
            request.headers["Proxy-Authorization"] = self.authorization
