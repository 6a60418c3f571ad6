"""The proxy of one source."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from shopwire.spiders.user_sources.write_table import format_table
from tests.support.crawling import shopwire


def test_all_requests_of_a_source_go_through_its_proxy(tmp_path: Path) -> None:
    asked: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Note the absolute address that a proxy is asked for."""
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.server_address[1]}"
        table = {"feeds": ["http://site.example/feed"], "proxy": proxy}
        (tmp_path / "sources.toml").write_text(format_table("mine", table))
        shopwire("crawl", "mine", home=tmp_path, code=1)
        server.shutdown()
    assert asked == ["http://site.example/robots.txt", "http://site.example/feed"]
