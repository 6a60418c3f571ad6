"""A WARC file that is not in the shared folder comes whole from its address, or not at all."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path

import click
import pytest

pytest.importorskip("celery")
from shopwire.commands.cluster.app import read_month_task, read_pages_task
from shopwire.commands.cluster.warc_source import choose_part_name, download, find_file, open_file
from shopwire.storage.cluster.wire import WireError
from tests.support.serving import serving

CONTENT = b"a page" * 1000


class Handler(BaseHTTPRequestHandler):
    """Answers by what the path says; the first request for `/late` comes too early, `/cut` is never whole."""

    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        is_early = "late" in self.path and self.seen.count(self.path) == 1
        self.send_response(503 if is_early else 404 if "gone" in self.path else 200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:10] if "cut" in self.path else CONTENT)

    def log_message(self, *_: object) -> None:
        """Log nothing to standard error."""


@pytest.fixture
def origin(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server, which is the one of the configuration."""
    Handler.seen = []
    with serving(Handler) as address:
        monkeypatch.setenv("SHOPWIRE_WARC_ORIGIN", f"{address}/data")
        yield f"{address}/data"


def test_what_is_not_in_the_folder_is_fetched(origin: str, tmp_path: Path) -> None:
    (tmp_path / "here.warc").write_bytes(b"here")
    for name in ("here.warc", "2026/one.warc"):
        assert find_file(tmp_path, name) == name
        assert find_file(tmp_path, f"{origin}/{name}") == name
    with open_file(tmp_path, "here.warc") as file:
        assert file.read() == b"here"
    file = BytesIO()
    download(f"{origin}/2026/late.warc", file, pause=0.0)
    assert file.getvalue() == CONTENT
    with open_file(tmp_path, "2026/a b.warc") as file:
        assert file.read() == CONTENT
    assert Handler.seen == [*["/data/2026/late.warc"] * 2, "/data/2026/a%20b.warc"]


@pytest.mark.parametrize(("name", "requests"), [("gone.warc", 1), ("cut.warc", 3)])
def test_what_does_not_come_whole_is_an_error(origin: str, name: str, requests: int) -> None:
    with pytest.raises(OSError, match="cannot be fetched"):
        download(f"{origin}/{name}", BytesIO(), pause=0.0)
    assert len(Handler.seen) == requests


@pytest.mark.parametrize("name", ["../a.warc", "/etc/a.warc", "{origin}/../a.warc"])
def test_a_name_that_leads_out_is_refused(origin: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(click.UsageError):
        find_file(tmp_path, name.format(origin=origin))
    with pytest.raises(WireError), open_file(tmp_path, name.removeprefix("{origin}/")):
        pass


def test_another_address_is_refused(origin: str, tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="not below"):
        find_file(tmp_path, "https://other.example/../../a.warc")


def test_without_an_address_a_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="no warc_origin"):
        find_file(tmp_path, "a.warc")


def test_files_of_one_name_have_parts_of_their_own(tmp_path: Path) -> None:
    names = {choose_part_name(tmp_path, f"{folder}/a.warc") for folder in ("2025", "2026")}
    assert len(names) == 2
    assert all(name.startswith("a.warc-") for name in names)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"pages": [["https://a.example/", "a"]], "lines": {}},
        {"pages": [["https://a.example/", "a", 3]], "lines": {}},
        {"pages": [], "lines": {"a": ["x"]}},
        {"pages": [], "lines": []},
    ],
)
def test_a_task_of_pages_that_is_none_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(WireError):
        read_pages_task(values)


@pytest.mark.parametrize(
    "values",
    [{}, {"month": "2026-13", "parts": []}, {"month": "2026-11", "parts": [1]}, {"month": 1, "parts": []}],
)
def test_a_task_of_a_month_that_is_none_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(WireError):
        read_month_task(values)
