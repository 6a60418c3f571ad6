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
