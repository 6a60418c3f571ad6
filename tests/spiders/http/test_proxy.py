"""A proxy that the operator names: private itself, but never asked for a private address."""

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopwire.spiders.http.resolver import is_public_host

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "10.1", "１０.0.0.1", "127.0.0.1.",
    "localhost", "LOCALHOST.", "a.localhost", "[::1]", "::", "[fd00::1]", "fe80::1%25eth0",
    "[::ffff:10.0.0.1]", "64:ff9b::10.0.0.1", "2002:7f00:1::", "",
]  # fmt: skip
PUBLIC = [
    "example.com",
    "8.8.8.8",
    "[2606:4700::1111]",
    "localhost.example",
    "10.example.com",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_known_in_every_spelling(host: str) -> None:
    assert not is_public_host(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_host_may_be_asked_for(host: str) -> None:
    assert is_public_host(host)


def test_loopback_may_be_allowed_and_nothing_else() -> None:
    assert is_public_host("127.0.0.1", allow_loopback=True)
    assert is_public_host("a.localhost", allow_loopback=True)
    assert not is_public_host("10.0.0.1", allow_loopback=True)


class Proxy(http.server.BaseHTTPRequestHandler):
    """Answers every request itself, and notes what it was asked for."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Proxy-Authorization"]))  # type: ignore[attr-defined]
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def extract(home: Path, url: str, **variables: str) -> str:
    """The reason why there is no article at a URL."""
    done = subprocess.run(
        [sys.executable, "-m", "shopwire.commands", "extract", "--json", url],
        env={**os.environ, "SHOPWIRE_HOME": str(home), **variables},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return str(json.loads(done.stdout)["reason"])


@pytest.mark.fault("9a", "Private targets behind a proxy", "the proxy is not asked for them")
def test_the_proxy_is_asked_for_public_hosts_only(
    tmp_path: Path, proxy: http.server.ThreadingHTTPServer
) -> None:
    url = f"http://user:s3cret@127.0.0.1:{proxy.server_port}"
    asked: list[tuple[str, str]] = proxy.asked  # type: ignore[attr-defined]
    assert "not public" in extract(tmp_path, "http://169.254.169.254/latest", SHOPWIRE_PROXY=url)
    assert asked == []
    assert "404" in extract(tmp_path, "http://news.example/1", SHOPWIRE_PROXY=url)
    words = "Basic dXNlcjpzM2NyZXQ="
    assert asked == [("http://news.example/robots.txt", words), ("http://news.example/1", words)]
    asked.clear()
    extract(tmp_path, "http://news.example/1", http_proxy=url)
    assert asked == []


@pytest.mark.fault("9b", "A proxy that cannot be reached", "the reason names the proxy, not the site")
def test_a_proxy_that_fails_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    (tmp_path / "shopwire.toml").write_text(f'[crawler]\nproxy = "{address}"\n')
    for url in ("http://news.example/1", "https://news.example/1"):
        assert f"the proxy {address} failed" in extract(tmp_path, url)
