"""The cookie in which a browser keeps what its reader has seen; the server keeps nothing."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

from datasette.utils.asgi import Request

from shopwire.storage.datasette.access.asgi_wrappers import App, Message, Send
from shopwire.storage.search.visits import Visit, continue_visit, parse_visit

COOKIE = "shopwire_seen"
SCOPE_KEY = "shopwire_visit"
YEAR = 365 * 86400
LARGEST_ID = 2**63 - 1
ID = re.compile("[0-9]{1,18}")
# What is loaded by pages, or is no reading of articles.
NO_READING = ("/-/", "/assets/", "/favicon")


def follow_visits(app: App, read_newest: Callable[[], Awaitable[int]]) -> App:
    """Return an ASGI application that gives each page the visit of its reader, and sends the cookie with it.

    `read_newest` returns the id of the article stored last.
    """

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        if not _asks_for_page(scope):
            await app(scope, receive, send)
            return
        visit = continue_visit(_read_cookie(scope), await read_newest(), datetime.now(UTC))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"] = [*message.get("headers", []), (b"set-cookie", _write_cookie(visit))]
            await send(message)

        await app({**scope, SCOPE_KEY: visit}, receive, send_with_cookie)

    return wrapped


def find_new_after(request: Request | None) -> int:
    """Return the id above which articles are new to the reader.

    It is `after` in the address, else that of the visit; without either nothing is new.
    """
    if request is None:
        return LARGEST_ID
    asked = request.args.get("after") or ""
    if ID.fullmatch(asked):
        return int(asked)
    visit = find_visit(request)
    return visit.after if visit else LARGEST_ID


def find_visit(request: Request) -> Visit | None:
    """Return the visit that a page belongs to."""
    found = request.scope.get(SCOPE_KEY)
    return found if isinstance(found, Visit) else None


def _asks_for_page(scope: Mapping[str, Any]) -> bool:
    """Return whether a request is for a page that a person reads."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(NO_READING):
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _read_cookie(scope: Mapping[str, Any]) -> Visit | None:
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    try:
        cookie = SimpleCookie(sent.decode("latin-1")).get(COOKIE)
    except CookieError:
        return None
    return parse_visit(cookie.value) if cookie else None


def _write_cookie(visit: Visit) -> bytes:
    return f"{COOKIE}={visit.write()}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax".encode("ascii")
