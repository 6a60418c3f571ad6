"""The headers and cookies of one source."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shopwire.spiders.user_sources.build_source import build_source
from shopwire.spiders.user_sources.source_values import describe_values
from shopwire.spiders.user_sources.write_table import format_table
from tests.support.crawling import ROOT, shopwire

OURS = {"X-Api-Key": "k", "Cookie": "session=1"}


@contextmanager
def redirecting_site(asked: dict[str, Message]) -> Iterator[int]:
    """A server whose feed redirects to the same port of another name; it notes the headers by address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            asked[host + self.path] = self.headers
            is_feed = host == "mine.localhost" and self.path == "/feed"
            self.send_response(302 if is_feed else 404)
            self.send_header("Location", f"http://evil.localhost:{self.server.server_address[1]}/feed")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_they_go_to_the_hosts_of_the_source_alone_beside_the_usual_ones(tmp_path: Path) -> None:
    asked: dict[str, Message] = {}
    with redirecting_site(asked) as port:
        table = {
            "feeds": [f"http://mine.localhost:{port}/feed"],
            "headers": {"X-Api-Key": "k"},
            "cookies": {"session": "1"},
        }
        (tmp_path / "sources.toml").write_text(format_table("mine", table))
        shopwire("crawl", "mine", home=tmp_path, code=1, SHOPWIRE_ALLOW_LOOPBACK="1")
    own, other = asked["mine.localhost/feed"], asked["evil.localhost/feed"]
    assert {name: own[name] for name in OURS} == OURS
    assert asked["mine.localhost/robots.txt"]["X-Api-Key"] == "k"
    assert [name for name in OURS if name in other or name in asked["evil.localhost/robots.txt"]] == []
    assert own["Accept-Language"] == other["Accept-Language"]
    assert "zh-CN" in own["Accept-Language"]


PROJECT = """
from shopwire.spiders.settings import *

DOWNLOADER_MIDDLEWARES = {"project.Own": 500}


class Own:
    def process_request(self, request):
        request.headers["X-Own"] = "yes"
"""


def test_a_project_with_middlewares_of_its_own_sends_them_too(tmp_path: Path) -> None:
    (tmp_path / "project.py").write_text(PROJECT)
    project = {"SCRAPY_SETTINGS_MODULE": "project", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    asked: dict[str, Message] = {}
    with redirecting_site(asked) as port:
        table = {"feeds": [f"http://mine.localhost:{port}/feed"], "headers": {"X-Api-Key": "k"}}
        (tmp_path / "sources.toml").write_text(format_table("mine", table))
        shopwire("crawl", "mine", home=tmp_path, code=1, SHOPWIRE_ALLOW_LOOPBACK="1", **project)
    sent = asked["mine.localhost/feed"]
    assert (sent["X-Own"], sent["X-Api-Key"]) == ("yes", "k")


# Names of headers in several APIs.
SECRETS = {"authorization": "Bearer s3cret", "Cookie": "a=b", "X-Api-Key": "k", "Private-Token": "t"}


@pytest.mark.parametrize("shown", [{"Referer": "https://a.example/", "Accept-Language": "en"}, {}])
def test_an_export_has_none_that_is_a_password(shown: dict[str, str]) -> None:
    source = build_source("mine", {"feeds": ["https://a.example/feed"], "headers": SECRETS | shown})
    assert describe_values(source).get("headers", "no table") == (shown or "no table")
