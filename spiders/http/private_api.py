"""All private API of Scrapy and Twisted that we use, each with the reason.

`pyproject.toml` allows only the releases that have been tested with it. No other file uses any: a test
checks that. Remove a part once its issue is closed in the oldest allowed release.
"""

import asyncio
from time import monotonic

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web._newclient import Request as ClientRequest
from twisted.web.iweb import IResponse

from shopwire.spiders.http.failures import HeadersTooLargeError

# By host: when the last request of any crawl of this process was sent or answered, on the monotonic clock. A
# crawl in another process may have ended just before this one began.
_last_used: dict[str, float] = {}
_begun = monotonic()

# Bytes; what Chrome and Firefox accept.
LARGEST_HEADERS = 256 * 1024


# Twisted limits the length of a header line but not their number, so that 20 MB of headers were accepted.
# Scrapy's issue is scrapy#355, its open pull request scrapy#7813; neither has a hook for one's own limit.
class LimitedProtocol(_LenientHTTP11ClientProtocol):
    """Closes the connection when too many bytes come before a body begins."""

    _bytes_before_body = 0

    def request(self, request: ClientRequest) -> Deferred[IResponse]:
        """Send a request, and count its response from zero."""
        self._bytes_before_body = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Pass the data on, unless the headers are too large."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._bytes_before_body += len(data)
            if self._bytes_before_body > LARGEST_HEADERS:
                error = HeadersTooLargeError(f"response headers exceed {LARGEST_HEADERS:,} bytes")
                self._giveUp(Failure(error))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class LimitedFactory(_LenientHTTP11ClientFactory):
    """Creates `LimitedProtocol` for each connection."""

    def buildProtocol(self, addr: IAddress | None) -> LimitedProtocol:  # noqa: N802
        """Return a new protocol. Called by Twisted."""
        return LimitedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def limit_headers(handler: HTTP11DownloadHandler) -> None:
    """Make a download handler use `LimitedProtocol`."""
    handler._pool._factory = LimitedFactory


# Scrapy parses Crawl-delay but does not obey it (issue scrapy#892). The slots of the downloader are the only
# way to change the delay of one host in a running crawl; pull request scrapy#6931 is to replace them.
def set_slot_delay(crawler: Crawler, request: Request, delay: float) -> None:
    """Send the host of a request one request at a time, `delay` seconds apart."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    # For the slot that is created anew after it was idle. Jitter would halve some of the pauses.
    downloader.per_slot_settings[key] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay, slot.concurrency, slot.jitter = delay, 1, 0.0


# Scrapy counts a delay from when it begins to connect, so that a request which is long on its way comes to
# the server just before the next one; and each crawl counts for itself. Only the slot has a host's delay.
async def wait_for_host(crawler: Crawler, request: Request) -> None:
    """Wait until the delay of a request's host is over since the last request of this process was sent to it
    or answered by it, or since the process began. For a request that its slot has let through."""
    assert crawler.engine is not None
    key = request.meta["download_slot"]
    now = monotonic()
    at = max(now, _last_used.get(key, _begun) + crawler.engine.downloader.slots[key].delay)
    _last_used[key] = at
    await asyncio.sleep(at - now)


def note_answer(request: Request) -> None:
    """Count the delay of a request's host from now on."""
    _last_used[request.meta["download_slot"]] = monotonic()
