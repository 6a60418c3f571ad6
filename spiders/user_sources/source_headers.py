"""Headers and cookies of one source, which no other site gets."""

from collections.abc import Iterator, Mapping
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from shopwire.spiders.base import Source
from shopwire.spiders.user_sources.check_values import ADDRESS_KEYS
from shopwire.storage.text.site import is_on_hosts

HEADERS_SETTING = "SHOPWIRE_SOURCE_HEADERS"


class SourceHeadersMiddleware:
    """A downloader middleware: adds the headers of a setting to what a source requests from its own hosts.

    Requests to other hosts, as after a redirect, go without: cookies and keys are for nobody else. Put it
    before `DefaultHeadersMiddleware`, so that they replace its headers.
    """

    def __init__(self, headers: Mapping[str, str], hosts: tuple[str, ...]) -> None:
        self.headers, self.hosts = headers, hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the middleware. Raises `NotConfigured` without such headers."""
        headers = crawler.settings.getdict(HEADERS_SETTING)
        if not headers or not isinstance(crawler.spider, Source):
            raise NotConfigured
        return cls(headers, tuple(_list_hosts(crawler.spider)))

    def process_request(self, request: Request) -> None:
        """Add the headers, or take them out of a request that a redirect has sent elsewhere."""
        is_own = is_on_hosts(request.url, self.hosts)
        for name, value in self.headers.items():
            if is_own:
                request.headers.setdefault(name, value)
            else:
                request.headers.pop(name, None)


def _list_hosts(source: Source) -> Iterator[str]:
    """Yield the hosts of a source, and those of the addresses that its owner has written down."""
    yield from source.list_own_hosts()
    for url in (url for key in ADDRESS_KEYS for url in getattr(source, key, ())):
        yield urlsplit(url).hostname or ""
    yield urlsplit(getattr(source, "article_url", "")).hostname or ""
