"""A download handler that hangs up on a server whose headers never end, and says who is refused.

Twisted bounds the length of a header line and forgets to bound their number, so 20 MB of them were
accepted. The names with an underscore are Scrapy's own; a test crawl notices when they move.
"""

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web._newclient import Request as ClientRequest
from twisted.web.iweb import IResponse

from shopwire.spiders.http.addon import PublicResolver
from shopwire.spiders.http.failures import HeadersTooLargeError, NotPublicError

# What Chrome and Firefox accept.
LARGEST_HEADERS = 256 * 1024


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Counts what comes before a body begins."""

    _before_body = 0

    def request(self, request: ClientRequest) -> Deferred[IResponse]:
        """Begin a new count with each request on a connection."""
        self._before_body = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Pass the data on while it is of a body, or not too much before one."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._before_body += len(data)
            if self._before_body > LARGEST_HEADERS:
                message = f"the server sent more than {LARGEST_HEADERS:,} bytes of headers"
                self._giveUp(Failure(HeadersTooLargeError(message)))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes protocols that count."""

    def buildProtocol(self, addr: IAddress | None) -> BoundedProtocol:  # noqa: N802
        """Called by Twisted for each connection."""
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for `http` and `https`, with `BoundedProtocol`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory

    async def download_request(self, request: Request) -> Response:
        """The answer. Raises `NotPublicError` besides what Scrapy's handler raises."""
        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            host = urlparse_cached(request).hostname or ""
            address = PublicResolver.refused.get(host)
            if address is None:
                raise
            message = f"{host} is at {address}, which is not a public address"
            raise NotPublicError(message) from error
