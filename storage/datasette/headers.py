"""Headers that tell a browser what our pages may do: next to nothing."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Mapping[str, Any], Any, Send], Awaitable[None]]
Wrapper = Callable[[App], App]

# Datasette's own pages carry scripts and styles inside the page, and read our own data only.
POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'{more}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Vega compiles its expressions, so the dashboards alone may evaluate strings.
COMPILES = "/-/dashboards/"

HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def secure(app: App) -> App:
    """Wrap an ASGI application so that all its answers carry `HEADERS` and a content policy."""

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        compiles = COMPILES in scope.get("path", "")
        policy = POLICY.format(more=" 'unsafe-eval'" if compiles else "")
        headers = {**HEADERS, "content-security-policy": policy}
        added = [(name.encode(), value.encode()) for name, value in headers.items()]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *added]
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped
