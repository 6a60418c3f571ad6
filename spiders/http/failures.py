"""What to write in the ledger about a request that was not answered, or not with success."""

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

from shopwire.spiders.decoding.parser_limits import why_absurd
from shopwire.spiders.page import one_line

# The outcome of an HTTP status that is no success; all others are errors.
OUTCOMES = {401: "blocked", 403: "blocked", 404: "not_found", 410: "not_found"}
OUTCOMES |= {402: "blocked", 429: "blocked", 451: "blocked"}


class RefusedError(IgnoreRequest):
    """Raised for a request that we will not make; the message says why."""


class NotPublicError(RefusedError):
    """Raised for a host whose address is not a public one."""


class RobotsUnknownError(RefusedError):
    """Raised when a server fails to give its robots.txt, which forbids all (RFC 9309, 2.3.1.4); has its
    answer, if there was one."""

    def __init__(self, reason: str, response: Response | None = None) -> None:
        super().__init__(reason)
        self.response = response


class UnreadableListError(Exception):
    """Raised by what reads a list; has the ledger's outcome and a reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def refuse_absurd(body: bytes) -> None:
    """Raise `UnreadableListError` when no parser should see a list of these bytes."""
    if absurdity := why_absurd(body):
        raise UnreadableListError("bad_html", absurdity)


class HeadersTooLargeError(Exception):
    """The reason of a `DownloadFailedError`: the server sent too many headers."""


Told = tuple[str, str, int | None]


def why_failed(error: BaseException | None) -> Told:
    """Outcome, reason and HTTP status of a failed request."""
    for kind, tell in TELL.items():
        if isinstance(error, kind):
            outcome, reason, status = tell(error)
            return outcome, one_line(reason), status
    return "error", one_line(f"{type(error).__name__}: {error}"), None


def answer_of(error: BaseException | None) -> Response | None:
    """The server's answer that made a request fail, if there was one."""
    return error.response if isinstance(error, (HttpError, RobotsUnknownError)) else None


def _status(error: HttpError) -> Told:
    status = error.response.status
    location = (error.response.headers.get("Location") or b"").decode("latin-1")
    where = f" with a redirect that we do not follow: {location}" if location else ""
    return OUTCOMES.get(status, "error"), f"the server answered {status}{where}", status


def _no_robots(error: RobotsUnknownError) -> Told:
    if error.response is not None:
        answered = error.response.status
        return OUTCOMES.get(answered, "error"), str(error), answered
    if error.__cause__ is None:
        return "error", str(error), None
    outcome, reason, status = why_failed(error.__cause__)
    return outcome, f"{error}: {reason}", status


def _ignored(error: IgnoreRequest) -> Told:
    """Scrapy has one exception for many reasons, so the words must tell."""
    words = str(error)
    if "robots.txt" in words:
        return "robots", "its robots.txt forbids it", None
    if "DOWNLOAD_MAXSIZE" in words:
        return "too_big", "unpacked, its body is larger than we take", None
    if "max redirections" in words:
        return "error", "it redirects in a circle, or too often", None
    return "blocked", words, None


def _broken(error: DownloadFailedError) -> Told:
    failed = error.__cause__
    causes = [one.value for one in failed.reasons] if isinstance(failed, ResponseFailed) else []
    for cause in causes:
        if isinstance(cause, HeadersTooLargeError):
            return "too_big", str(cause), None
    words = "; ".join(f"{type(cause).__name__}: {cause}" for cause in causes) or str(error)
    return "error", f"the answer is no whole HTTP answer ({words})", None


# The first kind that fits tells; those derived from another stand before it.
TELL: dict[type[BaseException], Callable[..., Told]] = {
    HttpError: _status,
    RobotsUnknownError: _no_robots,
    RefusedError: lambda error: ("blocked", str(error), None),
    IgnoreRequest: _ignored,
    DownloadTimeoutError: lambda error: ("timeout", str(error), None),
    DownloadCancelledError: lambda _: ("too_big", "its body is larger than we take", None),
    ResponseDataLossError: lambda _: ("error", "the body ended before it was complete", None),
    DownloadFailedError: _broken,
    CannotResolveHostError: lambda _: ("error", "there is no such host", None),
    DownloadConnectionRefusedError: lambda _: ("error", "the host refused the connection", None),
    UnsupportedURLSchemeError: lambda error: ("blocked", str(error), None),
    NotSupported: lambda error: ("blocked", str(error), None),
}
