"""Packed bodies: each must reach its end, and lists stay packed.

Scrapy takes what there is of packed data that breaks off, so that half of an article would look like a whole
one. A sitemap of 1,000,000 URLs takes 100 MB when it is unpacked at once.
"""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

from shopwire.spiders.decoding.parser_limits import LARGEST_PAGE
from shopwire.spiders.http.failures import BrokenBodyError
from shopwire.storage.warc.http_message import is_whole
from shopwire.storage.warc.records import RecordError

STREAMED = "shopwire_streamed"
GZIP_NAMES = ([b"gzip"], [b"x-gzip"])
PARTIAL_CONTENT = 206


class PackedBodiesMiddleware(HttpCompressionMiddleware):
    """Unpacks as Scrapy does, but refuses data without its end, and a part of a body (status 206).

    It leaves the gzip data of requests with `STREAMED` in their meta, whose reader unpacks it piece by piece.
    """

    def process_request(self, request: Request, spider: Spider | None = None) -> Request | Response | None:
        """Ask for gzip only if the reader unpacks the response."""
        if request.meta.get(STREAMED):
            request.headers.setdefault("Accept-Encoding", b"gzip")
        return super().process_request(request)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response, unpacked unless its reader does that. Raises `BrokenBodyError`."""
        codings = response.headers.getlist("Content-Encoding")
        if response.status == PARTIAL_CONTENT:
            raise BrokenBodyError("HTTP status 206, a part of the body, though all of it was asked for")
        if request.meta.get(STREAMED) and codings in GZIP_NAMES:
            return response
        coding = b",".join(codings).decode("latin-1")
        if request.method != "HEAD" and response.body and not _reaches_end(coding, response.body):
            raise BrokenBodyError(f"the body is incomplete or damaged: {coding} data without its end")
        return super().process_response(request, response)


def _reaches_end(coding: str, body: bytes) -> bool:
    try:
        return is_whole(coding, body, LARGEST_PAGE)
    except RecordError:
        return True  # too large, which the caller finds out and reports
