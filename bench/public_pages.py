"""Real pages as one site on loopback, and the source that crawls it."""

import gzip
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from shopwire.spiders.listing import ListingSource

DATA = Path(
    os.environ.get("SHOPWIRE_BENCH_DATA", Path(__file__).parents[2] / "shared/data/extract")
)


class PublicPages(ListingSource):
    name = "public_pages"
    title = "Real pages"
    home = f"http://pages.localhost:{os.environ.get('SHOPWIRE_BENCH_PORT', '0')}/"
    lists = [home]
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


@contextmanager
def serve(files: list[Path], latency: float = 0) -> Iterator[int]:
    """Serve pages, with a front page that links to all of them, each answer so many seconds late;
    gives the port."""
    bodies = {
        f"/{number}.html": gzip.decompress(file.read_bytes()) for number, file in enumerate(files)
    }
    front = "".join(f'<a href="{path}">{path}</a>\n' for path in bodies).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(latency)
            body = front if self.path == "/" else bodies.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        request_queue_size = 1024

        def handle_error(self, request: object, client_address: object) -> None:
            """Who hangs up does no harm."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
