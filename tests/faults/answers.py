"""What the fault server says to each path."""

import gzip
import time
import zlib
from collections.abc import Mapping
from email.utils import formatdate
from functools import cache

import brotli

from tests.faults.server import Answer, Asked, FaultServer, Say, endless, head, whole

MIB = 1024 * 1024
HEALTHY = (
    "<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><article>"
    "<h1>{title}</h1><p>{body}</p></article></body></html>"
)
SENTENCE = (
    "The marketplace said on Monday that parcel {number} of the autumn sale had reached its buyer in "
    "Rotterdam after {days} days, and that refunds for late deliveries would be paid by the end of week "
    "{week}. Sellers had asked for a clear rule since the spring, when carriers raised their fees twice. "
)


async def healthy(server: FaultServer, asked: Asked, say: Say) -> None:
    """An article whose text depends on the path."""
    number = zlib.crc32(asked.path.encode()) % 9973
    body = SENTENCE.format(number=number, days=number % 17 + 2, week=number % 51 + 1) * 3
    page = HEALTHY.format(title=f"Parcel {number} has arrived", body=body).encode()
    await whole(page)(server, asked, say)


@cache
def gzip_bomb() -> bytes:
    """One gibibyte of zeros in one megabyte: members of a gzip file follow one another."""
    return gzip.compress(bytes(16 * MIB)) * 64


@cache
def brotli_bomb() -> bytes:
    """256 mebibytes of zeros in a few hundred bytes."""
    packer = brotli.Compressor(quality=5)
    pieces = [packer.process(bytes(MIB)) for _ in range(256)]
    return b"".join(pieces) + packer.finish()


async def bomb(server: FaultServer, asked: Asked, say: Say) -> None:
    """`/bomb/gzip` and `/bomb/br`."""
    body, name = (gzip_bomb(), "gzip") if asked.path.endswith("gzip") else (brotli_bomb(), "br")
    await whole(body, content_encoding=name)(server, asked, say)


def busy_once(status: str, **headers: str) -> Answer:
    """Asks to come back later the first time, and then answers."""

    async def answer(server: FaultServer, asked: Asked, say: Say) -> None:
        if len(server.times(asked.path)) > 1:
            await healthy(server, asked, say)
            return
        late = {
            name: _in(value) if name == "retry_after" else value for name, value in headers.items()
        }
        await whole(b"busy", status, **late)(server, asked, say)

    return answer


def _in(value: str) -> str:
    return formatdate(time.time() + int(value[1:]), usegmt=True) if value.startswith("@") else value


async def redirect(server: FaultServer, asked: Asked, say: Say) -> None:
    """`/to/X` redirects to X, where `PORT` stands for the server's own."""
    target = asked.path.removeprefix("/to/").replace("PORT", str(server.port))
    say.write(head("302 Found", location=target))


ANSWERS: Mapping[str, Answer] = {
    "article": healthy,
    "private": healthy,
    "robots2.txt": whole(b"User-agent: *\nDisallow: /private\n", content_type="text/plain"),
    "bomb": bomb,
    "large": whole(b"<p>" + b"x" * (9 * MIB)),
    "endless-body": endless(head(content_type="text/html"), b"<p>and on it goes</p>" * 4096),
    "busy429": busy_once("429 Too Many Requests", retry_after="2"),
    "busy503": busy_once("503 Service Unavailable", retry_after="2"),
    "busy-date": busy_once("503 Service Unavailable", retry_after="@3"),
    "go-away": whole(b"busy", "429 Too Many Requests", retry_after="86400"),
    "to": redirect,
}
