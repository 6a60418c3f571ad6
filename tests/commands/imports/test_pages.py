"""`shopwire import` of WARC files: their pages go through the same pipeline as crawled ones."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from shopwire.commands.cli import cli
from shopwire.commands.imports.pages import BrokenFileError, read_pages
from shopwire.storage.database import Store
from tests.commands.test_reextract import SENTENCES, raw_page


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    return tmp_path


def write(path: Path, *records: tuple[str, str, str, bytes]) -> Path:
    """A WARC file of answers: address, status line, content type, body."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("news.warc.gz", {"software": "a robot"}))
        for url, status, content_type, body in records:
            headers = StatusAndHeaders(status, [("Content-Type", content_type)], "HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=BytesIO(body),
                    length=len(body),
                    http_headers=headers,
                    warc_headers_dict={"WARC-Date": "2026-11-20T08:00:00Z"},
                )
            )
    return path


def run(file: Path) -> Result:
    return CliRunner().invoke(cli, ["import", str(file)])


def test_pages_are_refined_and_the_rest_is_passed_over(home: Path) -> None:
    file = write(
        home / "news.warc.gz",
        ("https://www.trade.example/1?utm_source=x", "200 OK", "text/html", raw_page(1)),
        ("https://www.trade.example/2", "200 OK", "text/html; charset=utf-8", b"<p>Soon."),
        ("https://www.trade.example/3", "404 Not Found", "text/html", raw_page(3)),
        ("https://www.trade.example/4.png", "200 OK", "image/png", b"\x89PNG"),
    )
    assert run(file).stdout == "1 stored, 1 thin\n"
    with Store(home / "shopwire.db") as store:
        (row,) = store.rows("SELECT url, source, fetched, text FROM articles")
        assert tuple(row)[:3] == (
            "https://www.trade.example/1",
            "trade.example",
            "2026-11-20T08:00:00+00:00",
        )
        assert row["text"].split("\n") == [f"{sentence} (1)" for sentence in SENTENCES]
        assert store.row("SELECT count(*) FROM fetches WHERE reason LIKE '%are left%'")[0] == 1
    assert run(file).stdout == "1 known, 1 thin\n"


def test_a_file_that_breaks_off_keeps_what_came_before(home: Path) -> None:
    records = [(f"https://trade.example/{n}", "200 OK", "text/html", raw_page(n * 37)) for n in range(4)]
    file = write(home / "news.warc.gz", *records)
    file.write_bytes(file.read_bytes()[:-60])
    result = run(file)
    assert result.exit_code == 3
    assert result.stdout.endswith(" stored\n")
    assert "cannot be read after" in result.stderr
    assert "Traceback" not in result.stderr
    with Store(home / "shopwire.db") as store:
        assert store.row("SELECT count(*) FROM articles")[0] >= 3


def test_wherever_a_file_is_cut_it_is_said(home: Path) -> None:
    file = write(
        home / "whole.warc.gz",
        *((f"https://trade.example/{n}", "200 OK", "text/html", raw_page(n * 37)) for n in range(3)),
    )
    whole = file.read_bytes()
    ends = [match.start() for match in re.finditer(rb"\x1f\x8b\x08", whole)]
    assert len(list(read_pages(file))) == 3
    for cut in range(7, len(whole), 41):
        if cut not in ends:
            file.write_bytes(whole[:cut])
            with pytest.raises(BrokenFileError):
                list(read_pages(file))
