"""Serve the newsroom on loopback: `python -m tests.newsroom.server --port 8420 --edition 1`.

Sites are virtual hosts below `.localhost`, names that belong to loopback (RFC 6761 §6.3).
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.newsroom import feeds, pages
from tests.newsroom.content import load
from tests.newsroom.document import Document
from tests.newsroom.sites import BY_HOST, SITES, Site

LOOPBACK = "127.0.0.1"
PLACEHOLDER = b"""<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">
<rect width="600" height="300" fill="#ccc"/></svg>"""
PICTURES = (".jpg", ".png", ".webp")


class Request(NamedTuple):
    """One request and the status of its response; `path` includes the query."""

    host: str
    path: str
    status: int


class Newsroom(ThreadingHTTPServer):
    """The running newsroom. `edition` may be set at any time; `requests` are all so far.

    With a day, its own articles are dated relative to it (`content.py`), without one as they are written.
    """

    daemon_threads = False  # so that closing waits for the last response
    request_queue_size = 64  # a crawl of six sites at once connects in bursts

    def __init__(
        self, port: int = 0, edition: int = 1, day: date | None = None, *, verbose: bool = False
    ) -> None:
        super().__init__((LOOPBACK, port), Handler)
        self.port: int = self.server_address[1]
        self.edition = edition
        self.day = day
        self.verbose = verbose
        self.requests: list[Request] = []

    def url(self, host: str, path: str = "/") -> str:
        """Return the absolute URL of `path` on `host`."""
        return f"http://{host}:{self.port}{path}"

    def answer(self, authority: str, target: str) -> Document:
        """Return the response of the site at `authority` (host:port) to a GET for `target`."""
        host = hostname(authority)
        if host in {"localhost", LOOPBACK}:
            return pages.directory(SITES, self.port)
        site = BY_HOST.get(host)
        if site is None:
            return Document(f"No site {host} here.".encode(), "text/plain", status=404)
        return find(site, target, f"http://{authority}", self.edition, self.day)


def hostname(authority: str) -> str:
    """Return the host of `host:port`, in lower case."""
    return authority.partition(":")[0].lower()


def find(site: Site, target: str, base: str, edition: int, day: date | None) -> Document:
    """Return the document at `target`: robots, feeds, the API, listing pages, articles, pictures."""
    parts = urlsplit(target)
    articles = load(site.name, edition, day)
    number = parse_qs(parts.query).get("page", ["1"])[0]
    page = int(number) if number.isdecimal() and number != "0" else 1
    if parts.path == "/robots.txt":
        return pages.robots(site, base)
    if feed := site.feeds.get(parts.path):
        return feed(site.title, articles, base)
    if parts.path == "/api/articles" and site.name == "mirror":
        return feeds.api(articles, page)
    if listed := _listed_page(site, target, len(articles)):
        return pages.list_page(site, articles, parts.path, listed)
    for article in articles:
        if article.path == parts.path and article.redirect:
            return Document(b"", status=302, location=article.redirect)
        if article.path == parts.path:
            return pages.article_page(site, article, articles, base)
    if parts.path.endswith(PICTURES):
        return Document(PLACEHOLDER, "image/svg+xml")
    return Document(b"<h1>404 Not Found</h1>", status=404)


def _listed_page(site: Site, target: str, total: int) -> int | None:
    """Return the number of the listing page at `target`, or None."""
    if target in {"/", site.first_page}:
        return 1
    last = -(-total // site.page_size)
    return next((n for n in range(1, last + 1) if target == site.later_pages.format(n)), None)


class Handler(BaseHTTPRequestHandler):
    """Sends documents by HTTP, with validators, and logs requests."""

    server: Newsroom
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        """Respond to a GET, with 304 if the client's copy is current."""
        authority = self.headers.get("Host", "")
        document = self.server.answer(authority, self.path)
        fresh = document.modified is not None and self._has_copy(document)
        status = 304 if fresh else document.status
        self.server.requests.append(Request(hostname(authority), self.path, status))
        self.send_response(status)
        if document.modified:
            self.send_header("ETag", document.etag)
            modified = document.modified.astimezone(UTC)
            self.send_header("Last-Modified", format_datetime(modified, usegmt=True))
        if document.location:
            self.send_header("Location", document.location)
        if not fresh:
            self.send_header("Content-Type", document.content_type)
            self.send_header("Content-Length", str(len(document.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if not fresh and self.command == "GET":
            self.wfile.write(document.body)

    def do_HEAD(self) -> None:
        """Respond to a HEAD: as to a GET, without a body."""
        self.do_GET()

    def _has_copy(self, document: Document) -> bool:
        """Return whether the request's validators match; If-None-Match wins (RFC 9110 §13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return document.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        if not since or document.modified is None:
            return False
        try:
            return parsedate_to_datetime(since) >= document.modified.replace(microsecond=0)
        except ValueError:
            return False  # RFC 9110 §13.1.3: a date that cannot be read is ignored

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        """Log to standard error if the server is verbose."""
        if self.server.verbose:
            super().log_message(format, *args)


@contextmanager
def newsroom(port: int = 0, edition: int = 1, day: date | None = None) -> Iterator[Newsroom]:
    """Serve in a thread until the end of the block; port 0 takes any free one."""
    with Newsroom(port, edition, day) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8420)
    parser.add_argument("--edition", type=int, default=1, choices=(1, 2))
    parser.add_argument("--day", type=date.fromisoformat, help="date the articles relative to this day")
    options = parser.parse_args()
    with Newsroom(options.port, options.edition, options.day, verbose=True) as server:
        print(*(server.url(site.host) for site in SITES), sep="\n", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("closed")


if __name__ == "__main__":
    main()
