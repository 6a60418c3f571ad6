"""Real pages as one site on loopback, and the source that crawls it."""

import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.support.crawling import environment

from shopwire.spiders.listing import ListingSource

DATA = Path(
    os.environ.get("SHOPWIRE_BENCH_DATA", Path(__file__).parents[2] / "shared/data/extract")
)

HOME = f"http://pages.localhost:{os.environ.get('SHOPWIRE_BENCH_PORT', '0')}/"
# Links of one list; a source takes no more than twice as many.
LINKS = 1_000
LIST = re.compile(r"/list/(\d+)")
PAGE = re.compile(r"/(\d+)\.html")


class PublicPages(ListingSource):
    name = "public_pages"
    title = "Real pages"
    home = HOME
    lists = [f"{HOME}list/{n}" for n in range(int(os.environ.get("SHOPWIRE_BENCH_LISTS", "1")))]
    links = "a"
    custom_settings = {
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    }


def page_files() -> list[Path]:
    """The labelled pages, in a fixed order. Ends the program when they are not there."""
    files = sorted(DATA.glob("*/*.html.gz"))
    if not files:
        raise SystemExit(
            f"no labelled pages below {DATA}: name their folder in SHOPWIRE_BENCH_DATA"
        )
    return files


def urls() -> dict[str, str]:
    """The address each page once had, by its file's stem."""
    rows = (
        json.loads(line)
        for gold in DATA.glob("*/gold.jsonl")
        for line in gold.open(encoding="utf-8")
    )
    return {row["id"]: row.get("url") or "https://example.com/" for row in rows}


def crawl_command() -> list[str]:
    """What crawls the pages."""
    command = [sys.executable, "-m", "scrapy", "crawl", "public_pages"]
    return [*command, "-s", "LOG_LEVEL=WARNING", "-s", "SPIDER_MODULES=bench.public_pages"]


def crawl_environment(home: Path, port: int, pages: int) -> dict[str, str]:
    """What that command needs to crawl so many pages on `port` into the store below `home`."""
    lists = -(-pages // LINKS)
    return {
        **environment(home, 0),
        "SHOPWIRE_BENCH_PORT": str(port),
        "SHOPWIRE_BENCH_LISTS": str(lists),
    }


def real_pages() -> list[bytes]:
    """The bodies of the labelled pages."""
    return [gzip.decompress(file.read_bytes()) for file in page_files()]


@contextmanager
def serve(count: int, body: Callable[[int], bytes], latency: float = 0) -> Iterator[int]:
    """Serve so many pages, and lists that link to them, each answer so many seconds late; gives the
    port."""

    def answer(path: str) -> bytes | None:
        if found := LIST.fullmatch(path):
            first = int(found[1]) * LINKS
            numbers = range(first, min(first + LINKS, count))
            return "".join(f'<a href="/{n}.html">{n}</a>\n' for n in numbers).encode()
        page = PAGE.fullmatch(path)
        return body(int(page[1])) if page and int(page[1]) < count else None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(latency)
            said = answer(self.path)
            self.send_response(404 if said is None else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(said or b"")))
            self.end_headers()
            self.wfile.write(said or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        # One of the others asks for all pages at once.
        request_queue_size = 1024
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Who hangs up does no harm."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
