"""Leaves packed lists packed: a sitemap of 1,000,000 URLs takes 100 MB when it is unpacked at once."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

STREAMED = "shopwire_streamed"
GZIP_NAMES = ([b"gzip"], [b"x-gzip"])


class PackedListsMiddleware(HttpCompressionMiddleware):
    """Unpacks as Scrapy does, but not the gzip data of requests with `STREAMED` in their meta, whose reader
    unpacks it piece by piece."""

    def process_request(self, request: Request, spider: Spider | None = None) -> Request | Response | None:
        """Ask for gzip only if the reader unpacks the response."""
        if request.meta.get(STREAMED):
            request.headers.setdefault("Accept-Encoding", b"gzip")
        return super().process_request(request)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response, unpacked unless its reader does that."""
        if request.meta.get(STREAMED) and response.headers.getlist("Content-Encoding") in GZIP_NAMES:
            return response
        return super().process_response(request, response)
