"""Changes of all responses: headers that let a browser run nothing but Datasette's own scripts, and the byte
order mark of CSV; and the end of the application, which is told when all of it has ended."""

from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Mapping[str, Any], Any, Send], Awaitable[None]]
Wrapper = Callable[[App], App]

# Datasette's own pages have inline scripts and styles, and read data of this server only.
POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'{more}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Our own pages, which show most of the scraped text, have neither.
NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Vega compiles its expressions, so the dashboards, and only they, may evaluate strings.
EVAL_PATH = "/-/dashboards/"

HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def add_security_headers(app: App) -> App:
    """Return an ASGI application whose responses have `HEADERS` and a policy, unless they set their own."""

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        evaluates = EVAL_PATH in scope.get("path", "")
        policy = POLICY.format(more=" 'unsafe-eval'" if evaluates else "")
        ours = {**HEADERS, "content-security-policy": policy}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                names = {name.lower() for name, _ in given}
                added = [(name.encode(), value.encode()) for name, value in ours.items()]
                message["headers"] = given + [one for one in added if one[0] not in names]
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def mark_csv(app: App) -> App:
    """Return an ASGI application whose CSV has its media type and begins with a byte order mark: Excel takes
    it for GBK without."""

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        is_marked = False

        async def send_with_mark(message: Message) -> None:
            nonlocal is_marked
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, value.replace(b"text/plain", b"text/csv") if name == b"content-type" else value)
                    for name, value in message.get("headers", [])
                ]
            if message["type"] == "http.response.body" and not is_marked and message.get("body"):
                is_marked = True
                message["body"] = BOM_UTF8 + message["body"]
            await send(message)

        is_csv = scope["type"] == "http" and scope["method"] == "GET" and scope["path"].endswith(".csv")
        await app(scope, receive, send_with_mark if is_csv else send)

    return wrapped


def end_whole(app: App) -> App:
    """Return an ASGI application that says that it has shut down after all of its parts have.

    Datasette says so while datasette-mcp still ends its sessions; the server would cancel those, and log the
    traceback.
    """

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        held: list[Message] = []

        async def hold_last(message: Message) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                held.append(message)
            else:
                await send(message)

        await app(scope, receive, hold_last if scope["type"] == "lifespan" else send)
        for message in held:
            await send(message)

    return wrapped
