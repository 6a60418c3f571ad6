"""Serve the sites on loopback, each as a virtual host below `.localhost` (RFC 6761, 6.3)."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from bench.discovery.documents import Document, Site
from bench.discovery.sites import build_sites

LOOPBACK = "127.0.0.1"


class SiteServer(ThreadingHTTPServer):
    """The running sites by name; `asked` counts the requests of each path."""

    request_queue_size = 64

    def __init__(self, build: Callable[[str], list[Site]] = build_sites) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.port: int = self.server_address[1]
        self.base = f"http://{{}}.localhost:{self.port}"
        self.sites: dict[str, Site] = {site.name: site for site in build(self.base)}
        self.asked: Counter[tuple[str, str]] = Counter()

    def get_url(self, name: str) -> str:
        """Return the address at which a discovery of a site starts."""
        return self.base.format(name) + self.sites[name].start

    def count_requests(self, name: str) -> int:
        """Return how many requests a site has got, without those for robots.txt."""
        return sum(
            count for (site, path), count in self.asked.items() if site == name and path != "/robots.txt"
        )


class Handler(BaseHTTPRequestHandler):
    """Answers GET."""

    server: SiteServer

    def do_GET(self) -> None:
        """Send the document of a site."""
        name = (self.headers.get("Host") or "").partition(".")[0]
        site = self.server.sites.get(name)
        self.server.asked[name, self.path] += 1
        found = site.answer(self.path) if site else Document(b"no such site", "text/plain", 404)
        self.send_response(found.status)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write no log."""


@contextmanager
def serve_sites(build: Callable[[str], list[Site]] = build_sites) -> Iterator[SiteServer]:
    """Serve sites until the end of the context; `build` returns them for the address of each."""
    with SiteServer(build) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
