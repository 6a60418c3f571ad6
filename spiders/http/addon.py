"""Politeness and safety as one Scrapy add-on: what Scrapy 2.19 leaves open, closed.

robots.txt is obeyed without the concurrency leak of Scrapy 2.14 to 2.19, its Crawl-delay and a
server's Retry-After are honoured, no request reaches a private address, however it is spelled, and
neither body nor headers of an answer grow without end.
"""

import asyncio
import logging
import time
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet import defer
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from shopwire.spiders.http.failures import RefusedError, RobotsUnknownError
from shopwire.spiders.page import LARGEST_PAGE

LOOPBACK_SETTING = "SHOPWIRE_ALLOW_LOOPBACK"
MIDDLEWARES = "DOWNLOADER_MIDDLEWARES_BASE"
# What follows is not read (RFC 9309, 2.5 wants 500 KiB at least); five megabytes take a second.
LARGEST_ROBOTS = 512 * 1024
# A robots.txt that asks for more than a minute between two requests would keep a crawl for days.
LONGEST_CRAWL_DELAY = 60.0
# How long a crawl waits for a server that asked it to; beyond, the page is left for another run.
LONGEST_RETRY_AFTER = 120.0
# What 429 and 503 without a Retry-After come to, doubled with each try.
USUAL_RETRY_AFTER = 5.0
TOO_MANY, UNAVAILABLE, SERVER_ERROR = 429, 503, 500
HANDLER = "shopwire.spiders.http.download_handler.BoundedHandler"

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
    # A refresh in the page is no redirect of the server's, and a way round its checks.
    "METAREFRESH_ENABLED": False,
    # What was given up is in the ledger with its reason; on the log it would look like our own fault.
    "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
    "COOKIES_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
}


class Hardening:
    """The add-on: `ADDONS = {"shopwire.spiders.http.addon.Hardening": 100}`."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """What holds for the process: its resolver."""
        settings.set("TWISTED_DNS_RESOLVER", PublicResolver, "addon")

    def update_settings(self, settings: Settings) -> None:
        """What holds for each crawl."""
        for name, value in SETTINGS.items():
            settings.set(name, value, "addon")
        settings.replace_in_component_priority_dict(MIDDLEWARES, RobotsTxtMiddleware, PoliteRobots)
        settings.replace_in_component_priority_dict(MIDDLEWARES, RetryMiddleware, PatientRetry)


class PoliteRobots(RobotsTxtMiddleware):
    """Obeys robots.txt as RFC 9309 has it, also when many requests ask for it at once.

    A server that fails to give one (5xx, 429, no answer, more than `DOWNLOAD_MAXSIZE`) forbids all;
    one that says that there is none (other statuses) or gives something else (HTML) allows all.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._locks: dict[str, asyncio.Lock] = {}
        self._unknown: dict[str, tuple[str, Response | None, Exception | None]] = {}
        # Scrapy's own line is a traceback; the ledger has the reason at each page it costs.
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a host. Raises `RobotsUnknownError` when it fails to give them.

        One at a time for each host: in Scrapy 2.14 to 2.19 those who wait for the first answer get
        None, which means that everything is allowed.
        """
        host = urlparse_cached(request).netloc
        async with self._locks.setdefault(host, asyncio.Lock()):
            parser = await super().robot_parser(request)
        if host in self._unknown:
            message, response, cause = self._unknown[host]
            raise RobotsUnknownError(message, response) from cause
        return parser

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= SERVER_ERROR or response.status == TOO_MANY:
            message = f"its robots.txt was answered with {response.status}, which forbids all"
            self._unknown[netloc] = (message, response, None)
            self._parsers[netloc] = None
            return
        body = response.body[:LARGEST_ROBOTS] if response.status == 200 else b""
        if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            body = body.decode("utf-16", "replace").encode()
        await super()._parse_robots(response.replace(body=body), netloc, request)
        self._slow_down(netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unknown[netloc] = ("its robots.txt could not be had, which forbids all", None, exc)
        self._parsers[netloc] = None

    def _slow_down(self, netloc: str, request: Request) -> None:
        """Obey Crawl-delay, which Scrapy reads and ignores."""
        parser = self._parsers[netloc]
        agent = self._robotstxt_useragent or self._default_useragent
        wanted = parser.crawl_delay(agent) if isinstance(parser, RobotParser) else None
        if not wanted or self.crawler.engine is None:
            return
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        own = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        delay = max(own, min(wanted, LONGEST_CRAWL_DELAY))
        # Both the slot in use and the one that is made anew after it was idle; without jitter, which
        # would halve some of the pauses.
        downloader.per_slot_settings[key] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
        slot = downloader.slots.get(key)
        if slot is not None:
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0.0


class PatientRetry(RetryMiddleware):
    """Retries as Scrapy does, but lets a host rest for as long as it asks with 429 or 503.

    A host that asks for more than `LONGEST_RETRY_AFTER` is not asked again in this crawl.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._usual = settings.getfloat("SHOPWIRE_USUAL_RETRY_AFTER", USUAL_RETRY_AFTER)
        self._rests_until: dict[str, float] = {}

    async def process_request(self, request: Request) -> None:
        """Wait until the host has rested; raises `RefusedError` when that takes too long."""
        host = urlparse_cached(request).netloc
        while (rest := self._rests_until.get(host, 0.0) - time.monotonic()) > 0:
            if rest > LONGEST_RETRY_AFTER:
                raise RefusedError(f"{host} asks to be left alone for {rest:,.0f} s")
            await asyncio.sleep(rest)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Note how long the host wants to rest; a rest that is too long for us is no retry."""
        if response.status in (TOO_MANY, UNAVAILABLE):
            rest = retry_after(response)
            if rest is None:
                rest = self._usual * 2 ** request.meta.get("retry_times", 0)
            host = urlparse_cached(request).netloc
            self._rests_until[host] = max(self._rests_until.get(host, 0.0), time.monotonic() + rest)
            if rest > LONGEST_RETRY_AFTER:
                return response
        return super().process_response(request, response)


def retry_after(response: Response) -> float | None:
    """Seconds a server asks to wait (RFC 9110, 10.2.3: a number or a date); None without a say."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, at the moment of the connection.

    Every way to spell an address comes through here (decimal, hex, a name that points inward, one
    that changes its mind after a check), as do the targets of redirects. With the setting
    `SHOPWIRE_ALLOW_LOOPBACK` this machine's own address is open as well, and names below
    `.localhost` mean it (RFC 6761, 6.3). Behind a proxy it is the proxy that resolves.
    """

    allow_loopback = False
    # Address by name. Twisted loses the message of the error on its way to the ledger.
    refused: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Scrapy's way in."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool(LOOPBACK_SETTING)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of a host. Fails with `DNSLookupError` when it is not public."""
        if self.allow_loopback and (name == "localhost" or name.endswith(".localhost")):
            return defer.succeed("127.0.0.1")
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        parsed = ip_address(address)
        public = parsed.is_global and not parsed.is_multicast
        if public or (self.allow_loopback and parsed.is_loopback):
            return address
        self.refused[name] = address
        raise DNSLookupError(f"{name} is at {address}, which is not a public address")
