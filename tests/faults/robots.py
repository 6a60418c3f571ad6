"""Responses for robots.txt by host: "shut" is the host `shut.localhost`."""

import asyncio
from collections.abc import Mapping

from tests.faults.server import Answer, FaultServer, Request, Writer, head, raw, whole

RULES = "User-agent: *\nDisallow: /private\n"
LARGE = RULES + "".join(f"Disallow: /nobody/{number}\n" for number in range(200_000))


def text(rules: bytes | str, status: str = "200 OK") -> Answer:
    """Return a response with these rules."""
    body = rules.encode() if isinstance(rules, str) else rules
    return whole(body, status, content_type="text/plain")


async def slow_no(server: FaultServer, request: Request, writer: Writer) -> None:
    """Disallow everything, after a delay in which many requests wait for it."""
    await asyncio.sleep(0.3)
    await text("User-agent: *\nDisallow: /\n")(server, request, writer)


ROBOTS: Mapping[str, Answer] = {
    "shut": slow_no,
    "broken500": text("oops", "500 Internal Server Error"),
    "broken503": text("oops", "503 Service Unavailable"),
    "broken429": text("oops", "429 Too Many Requests"),
    "resting": whole(b"not now", "429 Too Many Requests", retry_after="7200"),
    "dropped": raw(b""),
    "garbage": raw(b"\x00\x01\x02 this is not HTTP\r\n\r\n"),
    "forbidden": text("no robots.txt for you", "403 Forbidden"),
    "html": whole(b"<!doctype html><title>Home</title><p>User-agent: * Disallow: /private</p>"),
    "bom": text(b"\xef\xbb\xbf" + RULES.encode()),
    "carriage": text(RULES.replace("\n", "\r")),
    "utf16": text(RULES.encode("utf-16")),
    "large": text(LARGE),
    "slow": text("User-agent: *\nCrawl-delay: 1.5\n"),
    "named": text("User-agent: shopwire\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"),
    "moved": raw(head("301 Moved Permanently", location="/robots2.txt")),
}
