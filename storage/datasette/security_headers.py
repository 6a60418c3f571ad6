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
# The pages that show scraped text at length need none of that.
NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
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
    """Wrap an ASGI application: its answers carry `HEADERS` and a policy, unless they bring their own."""

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        compiles = COMPILES in scope.get("path", "")
        policy = POLICY.format(more=" 'unsafe-eval'" if compiles else "")
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
