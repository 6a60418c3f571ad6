"""Answers only requests whose Host header names this machine."""

from collections.abc import Collection, Mapping
from typing import Any

from datasette.utils.asgi import Response

from shopwire.storage.datasette.access.asgi_wrappers import App, Send
from shopwire.storage.text.host_names import is_known_host

MISDIRECTED = 421
"""RFC 9110, 15.5.20."""
REFUSED = "Unknown host name: add it to `hosts` in the section [serve] of shopwire.toml.\n"


def check_host(app: App, names: Collection[str]) -> App:
    """Return an ASGI application that refuses requests for other host names than ours and `names`."""

    async def wrapped(scope: Mapping[str, Any], receive: Any, send: Send) -> None:
        header = dict(scope.get("headers") or ()).get(b"host", b"").decode("latin-1")
        if scope["type"] == "http" and not is_known_host(header, names):
            await Response.text(REFUSED, status=MISDIRECTED).asgi_send(send)
        else:
            await app(scope, receive, send)

    return wrapped
