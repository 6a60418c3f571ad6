"""The download handler of `http` and `https`."""

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from shopwire.spiders.http.failures import PrivateAddressError, ProxyFailedError
from shopwire.spiders.http.private_api import limit_headers, note_answer, wait_for_host
from shopwire.spiders.http.resolver import PublicResolver


class SafeDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler with a limit for headers, with an error of its own for private addresses, and with
    pauses that are never shorter than the delay of their host, by the clock of the server."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        limit_headers(self)

    async def download_request(self, request: Request) -> Response:
        """Return the response, once the host may be asked. Raise `PrivateAddressError`, `ProxyFailedError`,
        and what Scrapy's handler raises."""
        await wait_for_host(self.crawler, request)
        try:
            return await super().download_request(request)
        except (CannotResolveHostError, DownloadConnectionRefusedError, TunnelError) as error:
            if proxy := request.meta.get("proxy"):
                raise ProxyFailedError(proxy, str(error)) from error
            if not isinstance(error, CannotResolveHostError):
                raise
            host = urlparse_cached(request).hostname or ""
            if address := PublicResolver.refused.get(host):
                raise PrivateAddressError(host, address) from error
            raise
        finally:
            note_answer(request)
