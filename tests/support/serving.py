"""Serve with a handler of the standard library on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Protocol


class BuildsHandler(Protocol):
    """A class of handlers, or a function that makes one."""

    def __call__(self, request: Any, address: Any, server: Any, /) -> BaseHTTPRequestHandler: ...


@contextmanager
def serving(handler: BuildsHandler) -> Iterator[str]:
    """Serve until the end of the block; yield the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:  # type: ignore[arg-type]
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
