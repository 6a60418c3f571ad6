"""Serve faults on loopback with raw asyncio: one path for each fault.

HTTP libraries refuse to send what hostile servers send, so responses are written byte by byte. Hosts
are names below `.localhost`; each has its own robots.txt (see `robots.py`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple

LOOPBACK = "127.0.0.1"
Writer = asyncio.StreamWriter
Answer = Callable[["FaultServer", "Request", Writer], Awaitable[None]]


class Request(NamedTuple):
    """One request: `path` includes the query, `at` is on the monotonic clock."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


class FaultServer:
    """The running server. `requests` are all so far but those for robots.txt, which are in
    `robots_requests`."""

    def __init__(self, answers: Mapping[str, Answer], robots: Mapping[str, Answer]) -> None:
        self.port = 0
        self.requests: list[Request] = []
        self.robots_requests: list[Request] = []
        self._answers = answers
        self._robots = robots

    def url(self, path: str, host: str = "open.localhost") -> str:
        """Return the URL of a fault on a host."""
        return f"http://{host}:{self.port}{path}"

    def times(self, path: str, host: str = "") -> list[float]:
        """Return the times of requests for a path, on the monotonic clock."""
        return [one.at for one in self.requests if one.path == path and host in ("", one.host)]

    async def connected(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Respond to one request and close the connection."""
        quiet = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with suppress(*quiet):
            request = _parse(await reader.readuntil(b"\r\n\r\n"))
            if request.path == "/robots.txt":
                self.robots_requests.append(request)
                answer = self._robots.get(request.host.partition(".")[0], missing)
            else:
                self.requests.append(request)
                first = request.path[1:].partition("?")[0].partition("/")[0]
                answer = self._answers.get(first, missing)
            await answer(self, request, writer)
            await writer.drain()
        writer.close()


def _parse(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":")[::2] for line in lines if line)
    headers = {name.lower(): value.strip() for name, value in pairs}
    host = headers.get("host", "").partition(":")[0]
    return Request(host, first.split(" ")[1], headers, monotonic())


def head(status: str = "200 OK", **headers: str | int) -> bytes:
    """Return status line and headers: `content_type="text/html"` is `Content-Type: text/html`."""
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode()


def whole(body: bytes, status: str = "200 OK", **headers: str | int) -> Answer:
    """Return a complete response with its Content-Length."""
    headers = {"content_type": "text/html", "content_length": len(body), **headers}

    async def answer(server: FaultServer, request: Request, writer: Writer) -> None:
        writer.write(head(status, **headers) + body)

    return answer


def raw(data: bytes) -> Answer:
    """Return a response of exactly these bytes."""

    async def answer(server: FaultServer, request: Request, writer: Writer) -> None:
        writer.write(data)

    return answer


def endless(first: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """Return a response that ends only when the client closes the connection."""

    async def answer(server: FaultServer, request: Request, writer: Writer) -> None:
        writer.write(first)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


async def missing(server: FaultServer, request: Request, writer: Writer) -> None:
    """Respond with 404, as most hosts do for robots.txt."""
    await whole(b"<h1>Not found</h1>", "404 Not Found")(server, request, writer)


@contextmanager
def fault_server(answers: Mapping[str, Answer], robots: Mapping[str, Answer]) -> Iterator[FaultServer]:
    """Serve on a free port until the block ends."""
    server, ready, stops = FaultServer(answers, robots), Event(), []

    async def serve() -> None:
        end = asyncio.Event()
        stops.append(partial(asyncio.get_running_loop().call_soon_threadsafe, end.set))
        listening = await asyncio.start_server(server.connected, LOOPBACK, limit=1 << 20)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await end.wait()
        listening.close()

    # `asyncio.run` cancels the responses that never end.
    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        stops[0]()
        thread.join()
