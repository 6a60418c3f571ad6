"""robots.txt as RFC 9309 has it, with Crawl-delay."""

import asyncio
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object

from shopwire.spiders.decoding.robots_groups import reduce_robots
from shopwire.spiders.http.failures import RobotsUnavailableError
from shopwire.spiders.http.private_api import set_slot_delay
from shopwire.spiders.workers.crawl_pool import CrawlPool

# The rest is not read: RFC 9309, 2.5 asks for 500 KiB at least, and five megabytes take a second to parse.
LARGEST_ROBOTS = 512 * 1024
# Bytes, and seconds of CPU time. More than this is reduced in a worker, as reading each line takes a while.
SMALL_ROBOTS, DEADLINE = 32 * 1024, 10.0
# Seconds. A longer Crawl-delay would stretch a crawl over days.
LONGEST_CRAWL_DELAY = 60.0
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500


class RobotsMiddleware(RobotsTxtMiddleware):
    """Obeys the robots.txt of each host, which it fetches once.

    A server error (5xx), 429, no answer, or more than `DOWNLOAD_MAXSIZE` disallows all URLs. Any other
    status than 200, and content that is no robots.txt (HTML), allows all.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, RobotParser | RobotsUnavailableError] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._pool = CrawlPool.join(crawler)

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules of the request's host. Raise `RobotsUnavailableError` if there are none.

        Scrapy's own method lets requests pass that wait while another one fetches robots.txt: since it
        awaits a Deferred that has a callback already (pull request scrapy#6802), they get None.
        """
        host = urlparse_cached(request).netloc
        async with self._locks.setdefault(host, asyncio.Lock()):
            if host not in self._rules:
                self._rules[host] = await self._fetch_rules(request)
        rules = self._rules[host]
        if isinstance(rules, RobotsUnavailableError):
            raise rules.with_traceback(None)
        return rules

    async def _fetch_rules(self, request: Request) -> RobotParser | RobotsUnavailableError:
        url, settings = urlparse_cached(request), self.crawler.settings
        robots_request = Request(
            f"{url.scheme}://{url.netloc}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(robots_request)
            if response.status >= SERVER_ERROR or response.status == TOO_MANY_REQUESTS:
                return RobotsUnavailableError(response)
            rules = await self._parse_rules(read_robots(response))
        except Exception as error:  # noqa: BLE001 - whatever went wrong: no rules, no permission
            unavailable = RobotsUnavailableError()
            unavailable.__cause__ = error
            return unavailable
        delay = rules.crawl_delay(self._get_agent())
        if delay:
            longest = min(delay, LONGEST_CRAWL_DELAY)
            set_slot_delay(self.crawler, robots_request, max(settings.getfloat("DOWNLOAD_DELAY"), longest))
        return rules

    def _get_agent(self) -> str:
        settings = self.crawler.settings
        return str(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])

    async def _parse_rules(self, body: bytes) -> RobotParser:
        """Return the rules for us. Raises `LostWorkError`."""
        agent = self._get_agent()
        if len(body) <= SMALL_ROBOTS:
            return self._build_parser(reduce_robots(body, agent))
        reduced = await self._pool.run_async(DEADLINE, reduce_robots, body, agent)
        # All rules for one agent take half a second at most; a thread lets other requests go on meanwhile.
        return await asyncio.to_thread(self._build_parser, reduced)

    def _build_parser(self, body: bytes) -> RobotParser:
        parser: RobotParser = load_object(self.crawler.settings["ROBOTSTXT_PARSER"])
        rules = parser.from_crawler(self.crawler, body)
        # The first question has the parser sort its rules.
        rules.allowed("https://host.invalid/", self._get_agent())
        return rules


def read_robots(response: Response) -> bytes:
    """Return the rules in UTF-8, cut to `LARGEST_ROBOTS` bytes; empty if the status is not 200."""
    body = response.body[:LARGEST_ROBOTS] if response.status == 200 else b""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", "replace").encode()
    return body
