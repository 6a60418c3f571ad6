"""Retries that wait for as long as a server asks with Retry-After (issue scrapy#3849)."""

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from shopwire.spiders.http.failures import RefusedError
from shopwire.storage.timestamps import assume_utc

TOO_MANY_REQUESTS, UNAVAILABLE = 429, 503
# Seconds a crawl waits for a server; a page of one that asks for more is left for another run.
LONGEST_RETRY_AFTER = 120.0
# Seconds to wait after a 429 or 503 without Retry-After, doubled with each try.
DEFAULT_RETRY_AFTER = 5.0


class RetryAfterMiddleware(RetryMiddleware):
    """Retries as Scrapy does, but sends a host nothing until its Retry-After is over.

    A host that asks for more than `LONGEST_RETRY_AFTER` gets no other request in this crawl.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._default = settings.getfloat("SHOPWIRE_DEFAULT_RETRY_AFTER", DEFAULT_RETRY_AFTER)
        # By host, on the monotonic clock.
        self._paused_until: dict[str, float] = {}

    async def process_request(self, request: Request) -> None:
        """Wait until the host accepts requests. Raise `RefusedError` if that takes too long."""
        if "redirect_urls" in request.meta:
            # The slot of the host that redirected it, which knows nothing of the pauses of its own host.
            request.meta.pop("download_slot", None)
        host = urlparse_cached(request).netloc
        while (pause := self._paused_until.get(host, 0.0) - time.monotonic()) > 0:
            if pause > LONGEST_RETRY_AFTER:
                raise RefusedError(f"not requested: {host} asked to wait (Retry-After), {pause:,.0f} s left")
            await asyncio.sleep(pause)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Note when the host accepts requests again; retry unless that is too late."""
        if response.status in (TOO_MANY_REQUESTS, UNAVAILABLE):
            pause = read_retry_after(response)
            if pause is None:
                pause = self._default * 2 ** request.meta.get("retry_times", 0)
            host = urlparse_cached(request).netloc
            end = time.monotonic() + pause
            self._paused_until[host] = max(self._paused_until.get(host, 0.0), end)
            if pause > LONGEST_RETRY_AFTER:
                return response
        return super().process_response(request, response)


def read_retry_after(response: Response) -> float | None:
    """Return the seconds of Retry-After (RFC 9110, 10.2.3: a number or a date), None without it."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (assume_utc(moment) - datetime.now(UTC)).total_seconds())
