"""A resolver that refuses private addresses."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

LOOPBACK_SETTING = "SHOPWIRE_ALLOW_LOOPBACK"


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, at the moment of the connection.

    That covers every spelling of an address (decimal, hexadecimal), names that point to a private one,
    also only at a second look (DNS rebinding), and the targets of redirects. The setting
    `SHOPWIRE_ALLOW_LOOPBACK` allows this machine's own address; names below `.localhost` resolve to it
    (RFC 6761, 6.3). Behind a proxy, the proxy resolves.
    """

    allow_loopback = False
    # Refused addresses by name: Twisted loses the message of an error on its way to the crawl log.
    refused: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Create the resolver of the process. Called by Scrapy."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool(LOOPBACK_SETTING)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Return the address of a host. Fails with `DNSLookupError` if it is not public."""
        if self.allow_loopback and (name == "localhost" or name.endswith(".localhost")):
            return defer.succeed("127.0.0.1")
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        parsed = ip_address(address)
        is_public = parsed.is_global and not parsed.is_multicast
        if is_public or (self.allow_loopback and parsed.is_loopback):
            return address
        self.refused[name] = address
        raise DNSLookupError(f"{name} resolves to {address}, which is not public")
