"""Serve many small sites on loopback, each with a feed, and log when which request began and ended."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TRADE = """
warehouse parcel market platform seller buyer harbour customs freight price autumn discount delivery
factory village student engineer railway island storehouse lorry courier office ministry region river
winter summer budget export import tariff container shelf robot carrier growth village holiday carpet
kettle jacket lamp garden bicycle ticket museum bridge council forecast mineral cotton orchard ferry
"""
WORDS = TRADE.split()
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="2026-11-{day:02d}T08:{minute:02d}:00+00:00"></head>
<body><header><p>{site} news of trade and travel</p></header><article><h1>{title}</h1>{body}</article>
<footer><p>All rights reserved by {site}</p></footer></body></html>"""


@dataclass(frozen=True)
class LoggedRequest:
    """One request: host, path, and seconds of a steady clock at its begin and its end."""

    host: str
    path: str
    begun: float
    ended: float


class SiteServer(ThreadingHTTPServer):
    """Hosts `s0.localhost`, `s1.localhost` …, each with a feed of pages."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, sites: int, pages: int, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.port: int = self.server_address[1]
        self.sites, self.pages, self.seconds = sites, pages, seconds
        self.requests: list[LoggedRequest] = []
        self.lock = threading.Lock()

    def list_urls(self) -> list[str]:
        """Return the URLs of all pages."""
        numbers = ((site, page) for site in range(self.sites) for page in range(self.pages))
        return sorted(f"http://s{site}.localhost:{self.port}/news/{page}-report" for site, page in numbers)

    def build_sources(self) -> str:
        """Return the sources.toml of all sites."""
        tables = [
            f'[sources.s{site}]\ntitle = "Site {site}"\nhome = "http://s{site}.localhost:{self.port}/"\n'
            f'language = "en"\nfeeds = ["http://s{site}.localhost:{self.port}/feed.xml"]\n'
            for site in range(self.sites)
        ]
        return "\n".join(tables)

    def group_by_host(self) -> dict[str, list[LoggedRequest]]:
        """Return all requests by host, in the order of their begin."""
        grouped = defaultdict(list)
        for one in sorted(self.requests, key=lambda one: one.begun):
            grouped[one.host].append(one)
        return grouped


class Handler(BaseHTTPRequestHandler):
    """Answers for all hosts."""

    server: SiteServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        begun = time.monotonic()
        host = self.headers.get("Host", "").partition(":")[0]
        time.sleep(self.server.seconds)
        status, kind, body = build_answer(self.server, host, self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with self.server.lock:
            # What follows its answer at once has not begun before its end.
            self.server.requests.append(LoggedRequest(host, self.path, begun, time.monotonic()))
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log nothing to standard error."""


def build_answer(server: SiteServer, host: str, path: str) -> tuple[int, str, bytes]:
    """Return status, content type and body."""
    if path == "/feed.xml":
        items = "".join(
            f"<item><title>{write_title(host, page)}</title>"
            f"<link>http://{host}:{server.port}/news/{page}-report</link></item>"
            for page in range(server.pages)
        )
        feed = (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'
        )
        return 200, "application/rss+xml", feed.encode()
    number = path.removeprefix("/news/").removesuffix("-report")
    if number.isdecimal() and int(number) < server.pages:
        return 200, "text/html; charset=utf-8", write_page(host, int(number)).encode()
    return 404, "text/plain", b"nothing here"


def write_title(host: str, page: int) -> str:
    """Return the title of a page."""
    return " ".join(random.Random(f"title {host} {page}").sample(WORDS, 5)).capitalize()


def write_sentences(seed: object) -> list[str]:
    """Return paragraphs that have nothing in common with those of another seed but their words."""
    draw = random.Random(str(seed))
    return [
        " ".join(
            f"The {' '.join(draw.sample(WORDS, 12))} of {draw.randrange(10**6)} was counted."
            for _ in range(3)
        )
        for _ in range(5)
    ]


def write_page(host: str, page: int) -> str:
    """Return a page."""
    body = "".join(f"<p>{one}</p>" for one in write_sentences(f"{host} {page}"))
    return PAGE.format(
        title=write_title(host, page), site=host, body=body, day=page % 28 + 1, minute=page % 60
    )


@contextmanager
def site_server(sites: int, pages: int, seconds: float = 0.01) -> Iterator[SiteServer]:
    """Serve until the end of the block; `seconds` is how long each answer takes."""
    server = SiteServer(sites, pages, seconds)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
