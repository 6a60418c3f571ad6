"""A resolver that refuses private addresses."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import inet_aton
from typing import ClassVar, Self
from unicodedata import normalize
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

NAT64 = IPv6Network("64:ff9b::/96")
PROXY_SETTING = "SHOPWIRE_PROXY"
LOOPBACK_SETTING = "SHOPWIRE_ALLOW_LOOPBACK"
# Top-level names of private networks; a name without a dot is one too.
LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home", "intranet")


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, at the moment of the connection.

    That covers every spelling of an address (decimal, hexadecimal), names that point to a private one,
    also only at a second look (DNS rebinding), and the targets of redirects. The setting
    `SHOPWIRE_ALLOW_LOOPBACK` allows this machine's own address; names below `.localhost` resolve to it
    (RFC 6761, 6.3). Behind a proxy, the proxy resolves, see `proxy.py`.
    """

    allow_loopback = False
    # The host of the proxy, which may be private, as the operator has named it.
    proxy = ""
    # Refused addresses by name: Twisted loses the message of an error on its way to the crawl log.
    refused: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Create the resolver of the process. Called by Scrapy."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool(LOOPBACK_SETTING)
        resolver.proxy = urlsplit(crawler.settings.get(PROXY_SETTING) or "").hostname or ""
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Return the address of a host. Fails with `DNSLookupError` if it is not public."""
        if self.allow_loopback and (name == "localhost" or name.endswith(".localhost")):
            return defer.succeed("127.0.0.1")
        if name == self.proxy:
            return super().getHostByName(name, timeout)
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if is_public_address(ip_address(address), self.allow_loopback):
            return address
        self.refused[name] = address
        raise DNSLookupError(f"{name} resolves to {address}, which is not public")


def is_public_address(address: IPv4Address | IPv6Address, allow_loopback: bool = False) -> bool:
    """Return whether an address may be reached, also one that is written inside an IPv6 address."""
    inner = None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _find_translated(address)
    if inner is not None:
        return is_public_address(inner, allow_loopback)
    if address.is_loopback:
        return allow_loopback
    return address.is_global and not address.is_multicast


def is_public_host(host: str, allow_loopback: bool = False) -> bool:
    """Return whether a host may be public: a name other than `localhost`, or a public address in any
    spelling that `inet_aton` reads (decimal, hexadecimal, octal, short)."""
    name = normalize("NFKC", host).strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return allow_loopback
    try:
        return is_public_address(ip_address(name.partition("%")[0]), allow_loopback)
    except ValueError:
        pass
    try:
        return is_public_address(IPv4Address(inet_aton(name)), allow_loopback)
    except (OSError, UnicodeEncodeError):
        return bool(name)


def is_private_url(url: str, allow_loopback: bool = False) -> bool:
    """Return whether the host of a URL is one that only a private network has; names are not looked up."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    is_local_name = host.rpartition(".")[2] in LOCAL_NAMES or not {".", ":"} & set(host)
    return (is_local_name and not allow_loopback) or not is_public_host(host, allow_loopback)


def _find_translated(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that NAT64 reaches by an IPv6 address (RFC 6052, 2.1)."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
