"""A raw asyncio server on loopback that misbehaves as asked: one path for each fault.

HTTP libraries refuse to say what hostile servers say, so the answers are written byte by byte. Hosts
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
Say = asyncio.StreamWriter
Answer = Callable[["FaultServer", "Asked", Say], Awaitable[None]]


class Asked(NamedTuple):
    """One request as it came in: `path` holds the query too, `at` is on the monotonic clock."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


class FaultServer:
    """The running server. `asked` grows as requests come; robots.txt is not among them but in
    `robots_asked`."""

    def __init__(self, answers: Mapping[str, Answer], robots: Mapping[str, Answer]) -> None:
        self.port = 0
        self.asked: list[Asked] = []
        self.robots_asked: list[Asked] = []
        self._answers = answers
        self._robots = robots

    def url(self, path: str, host: str = "open.localhost") -> str:
        """The address of a fault on some host."""
        return f"http://{host}:{self.port}{path}"

    def times(self, path: str, host: str = "") -> list[float]:
        """When a path was asked for, on the monotonic clock."""
        return [one.at for one in self.asked if one.path == path and host in ("", one.host)]

    async def connected(self, reader: asyncio.StreamReader, writer: Say) -> None:
        """Answer one request and close the connection."""
        quiet = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with suppress(*quiet):
            asked = _parse(await reader.readuntil(b"\r\n\r\n"))
            if asked.path == "/robots.txt":
                self.robots_asked.append(asked)
                answer = self._robots.get(asked.host.partition(".")[0], missing)
            else:
                self.asked.append(asked)
                first = asked.path[1:].partition("?")[0].partition("/")[0]
                answer = self._answers.get(first, missing)
            await answer(self, asked, writer)
            await writer.drain()
        writer.close()


def _parse(head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":")[::2] for line in lines if line)
    headers = {name.lower(): value.strip() for name, value in pairs}
    host = headers.get("host", "").partition(":")[0]
    return Asked(host, first.split(" ")[1], headers, monotonic())


def head(status: str = "200 OK", **headers: str | int) -> bytes:
    """Status line and headers: `content_type="text/html"` becomes `Content-Type: text/html`."""
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode()


def whole(body: bytes, status: str = "200 OK", **headers: str | int) -> Answer:
    """An answer that is said in one piece, with its length."""
    headers = {"content_type": "text/html", "content_length": len(body), **headers}

    async def answer(server: FaultServer, asked: Asked, say: Say) -> None:
        say.write(head(status, **headers) + body)

    return answer


def raw(said: bytes) -> Answer:
    """An answer of just these bytes, whatever they are."""

    async def answer(server: FaultServer, asked: Asked, say: Say) -> None:
        say.write(said)

    return answer


def endless(first: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """An answer that ends only when the other side hangs up."""

    async def answer(server: FaultServer, asked: Asked, say: Say) -> None:
        say.write(first)
        while not say.is_closing():
            say.write(piece)
            await say.drain()
            await asyncio.sleep(pause)

    return answer


async def missing(server: FaultServer, asked: Asked, say: Say) -> None:
    """What most hosts say to a request for their robots.txt."""
    await whole(b"<h1>Not found</h1>", "404 Not Found")(server, asked, say)


@contextmanager
def fault_server(
    answers: Mapping[str, Answer], robots: Mapping[str, Answer]
) -> Iterator[FaultServer]:
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

    # `asyncio.run` cancels the answers that would never end.
    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        stops[0]()
        thread.join()
