"""What the crawl log says of a request that failed."""

from collections.abc import Callable

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.web.client import ResponseFailed

from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.workers.killable_pool import LostWorkError
from shopwire.storage.crawl_log.outcomes import HOST_NOT_FOUND, Outcome

# The outcome of an HTTP status other than 200; a status that is not here is an error.
OUTCOMES = dict.fromkeys((401, 402, 403, 429, 451), Outcome.BLOCKED)
OUTCOMES |= dict.fromkeys((404, 410), Outcome.NOT_FOUND)
TOO_LARGE = "the body exceeds the size limit"


class RefusedError(IgnoreRequest):
    """Raised for a request that we do not send; the message says why."""


class PrivateAddressError(RefusedError):
    """Raised for a host whose address is not public."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} resolves to {address}, which is not public")


class ProxyFailedError(Exception):
    """Raised if the proxy cannot be reached, or refuses to connect us; says nothing about the host."""

    def __init__(self, proxy: str, reason: str) -> None:
        super().__init__(f"the proxy {proxy} failed: {reason}")


class CheckPageError(RefusedError):
    """Raised for an answer that is a check page: it asks for proof of a human reader."""

    def __init__(self, status: int, found: str) -> None:
        super().__init__(f"the site asks for proof of a human reader (HTTP status {status}): {found}")
        self.status = status


class RobotsUnavailableError(RefusedError):
    """Raised if a server fails to return its robots.txt, which disallows all URLs (RFC 9309, 2.3.1.4);
    has its response, if there was one."""

    def __init__(self, response: Response | None = None) -> None:
        status = "" if response is None else f" (HTTP status {response.status})"
        super().__init__(f"robots.txt unavailable{status}: all URLs disallowed")
        self.response = response


class BrokenBodyError(Exception):
    """Raised for a response whose body is not whole; the message says why."""


class HeadersTooLargeError(Exception):
    """The reason of a `DownloadFailedError`: the headers of a response exceed the size limit."""


Description = tuple[Outcome, str, int | None]


def describe_failure(error: BaseException | None) -> Description:
    """Return outcome, reason and HTTP status of a failed request."""
    for kind, describe in DESCRIBE.items():
        if isinstance(error, kind):
            outcome, reason, status = describe(error)
            return outcome, sanitize_line(reason), status
    return Outcome.ERROR, sanitize_line(f"{type(error).__name__}: {error}"), None


def find_response(error: BaseException | None) -> Response | None:
    """Return the response that made a request fail, if there was one."""
    return error.response if isinstance(error, (HttpError, RobotsUnavailableError)) else None


def _describe_status(error: HttpError) -> Description:
    status = error.response.status
    location = (error.response.headers.get("Location") or b"").decode("latin-1")
    redirect = f", redirect not followed: {location}" if location else ""
    return OUTCOMES.get(status, Outcome.ERROR), f"HTTP status {status}{redirect}", status


def _describe_robots(error: RobotsUnavailableError) -> Description:
    if error.response is not None:
        status = error.response.status
        return OUTCOMES.get(status, Outcome.ERROR), str(error), status
    outcome, reason, cause_status = describe_failure(error.__cause__)
    return outcome, f"{error} ({reason})", cause_status


def _describe_ignored(error: IgnoreRequest) -> Description:
    """Scrapy has one exception for many reasons; only its message tells them apart."""
    message = str(error)
    if "robots.txt" in message:
        return Outcome.ROBOTS, "disallowed by robots.txt", None
    if "DOWNLOAD_MAXSIZE" in message:
        return Outcome.TOO_BIG, f"{TOO_LARGE} after decompression", None
    if "max redirections" in message:
        return Outcome.ERROR, "redirect loop, or too many redirects", None
    return Outcome.BLOCKED, message, None


def _describe_broken(error: DownloadFailedError) -> Description:
    failed = error.__cause__
    causes = [one.value for one in failed.reasons] if isinstance(failed, ResponseFailed) else []
    for cause in causes:
        if isinstance(cause, HeadersTooLargeError):
            return Outcome.TOO_BIG, str(cause), None
    details = "; ".join(f"{type(cause).__name__}: {cause}" for cause in causes) or str(error)
    return Outcome.ERROR, f"invalid HTTP response ({details})", None


# The first type that fits describes the error, so a subclass comes before its base class.
DESCRIBE: dict[type[BaseException], Callable[..., Description]] = {
    HttpError: _describe_status,
    RobotsUnavailableError: _describe_robots,
    CheckPageError: lambda error: (Outcome.BLOCKED, str(error), error.status),
    RefusedError: lambda error: (Outcome.BLOCKED, str(error), None),
    IgnoreRequest: _describe_ignored,
    DownloadTimeoutError: lambda error: (Outcome.TIMEOUT, str(error), None),
    DownloadCancelledError: lambda _: (Outcome.TOO_BIG, TOO_LARGE, None),
    ResponseDataLossError: lambda _: (Outcome.ERROR, "the response body is incomplete", None),
    DownloadFailedError: _describe_broken,
    CannotResolveHostError: lambda _: (Outcome.ERROR, HOST_NOT_FOUND, None),
    DownloadConnectionRefusedError: lambda _: (Outcome.ERROR, "connection refused", None),
    ProxyFailedError: lambda error: (Outcome.TROUBLE, str(error), None),
    BrokenBodyError: lambda error: (Outcome.ERROR, str(error), None),
    LostWorkError: lambda error: (error.outcome, str(error), None),
    UnsupportedURLSchemeError: lambda error: (Outcome.BLOCKED, str(error), None),
    NotSupported: lambda error: (Outcome.BLOCKED, str(error), None),
}
