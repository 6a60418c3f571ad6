"""`shopwire import` of WARC files: their pages go through the same pipeline as crawled ones."""

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from shopwire.commands.cli import cli
from shopwire.storage.database import Store
from tests.commands.test_reextract import SENTENCES, raw_page
from tests.support.warc_records import build_page, build_page_record, build_record, build_response, pack


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    Store(tmp_path / "shopwire.db").close()
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


def run(file: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["import", str(file), *options])


def dump(home: Path) -> list[str]:
    """Return all that is in the store."""
    with Store(home / "shopwire.db") as store:
        return list(store.db.conn.iterdump())


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


@pytest.mark.fault("47b", "A WARC file that breaks off", "no half page; exit 3")
def test_a_file_that_breaks_off_keeps_what_came_before(home: Path) -> None:
    file = home / "news.warc.gz"
    file.write_bytes(pack(*(build_page_record(number) for number in range(4)))[:-60])
    result = run(file)
    assert result.exit_code == 3
    assert result.stdout == "3 stored, 1 rejected\n"
    assert re.fullmatch(
        r".*news\.warc\.gz: byte [\d,]+: record of \S+/3: it ends [\d,]+ bytes before its length: "
        r"the file ends within it; not imported\n",
        result.stderr,
    )


@pytest.mark.fault(
    "47k", "WARC records with an odd date, length, digest or address", "named; the others are stored"
)
def test_one_odd_record_costs_no_other(home: Path) -> None:
    """Records that other programs write, among whole pages of several sites."""
    br = build_response(brotli.compress(build_page(20)), {"Content-Encoding": "br"})
    unpacked = build_response(build_page(21), {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"})
    whole = [
        build_record(br, {"WARC-Target-URI": "https://www.trade.example/20"}),
        build_record(unpacked, {"WARC-Target-URI": "<https://www.trade.example/21>"}),
        build_page_record(22, WARC_Date="20261120080000"),
    ]
    odd = [
        build_page_record(30, WARC_Date=None),
        build_page_record(31, WARC_Target_URI=None),
        build_page_record(32, WARC_Truncated="length"),
        build_page_record(33, WARC_Payload_Digest="sha1:" + "A" * 32),
        build_page_record(34, Content_Length="9" * 20),
        build_page_record(35, WARC_Target_URI="https://\x1b[31m\x07/35"),
        build_record(b"\x00\x01", {"WARC-Target-URI": "https://www.trade.example/36"}),
    ]
    others = [build_page_record(40, WARC_Type="revisit"), build_page_record(41, WARC_Type="request")]
    file = home / "news"
    mixed = [record for pair in zip(odd, [*whole, *others, *whole], strict=False) for record in pair]
    for data in (b"".join(mixed), pack(*mixed), pack(b"".join(mixed))):
        file.write_bytes(data)
        result = run(file, "--json")
        assert result.exit_code == 3, result.stderr
        said = result.stderr.splitlines()
        assert len(said) == len(odd) + 1
        assert said[-1].endswith(" 1 records of type revisit hold no page of their own")
        assert not set("\x1b\x07") & set(result.stderr)
    assert json.loads(result.stdout) == {"known": 5, "rejected": 7}
    with Store(home / "shopwire.db") as store:
        urls = [row["url"] for row in store.rows("SELECT url FROM articles ORDER BY url")]
    assert urls == [f"https://www.trade.example/{number}" for number in (20, 21, 22)]


@pytest.mark.parametrize("name", ["NEWS.WARC.GZ", "news.warc", "news", "news.jsonl"])
@pytest.mark.parametrize("is_packed", [True, False])
def test_the_bytes_say_that_a_file_is_warc(home: Path, name: str, is_packed: bool) -> None:
    file = home / name
    file.write_bytes(pack(build_page_record(1)) if is_packed else build_page_record(1))
    assert run(file).stdout == "1 stored\n"


def test_a_file_that_is_damaged_at_its_start_is_warc_by_its_name(home: Path) -> None:
    file = home / "NEWS.WARC.GZ"
    file.write_bytes(b"\0\0" + pack(build_page_record(1), build_page_record(2))[2:])
    result = run(file)
    assert result.exit_code == 1
    assert result.stderr.endswith("not imported\n")


def test_standard_input_is_read_once(home: Path) -> None:
    data = pack(*(build_page_record(number) for number in range(1, 4)))
    command = [sys.executable, "-m", "shopwire.commands", "import"]
    for argument in ("-", "/dev/stdin"):
        place = home / argument.strip("/").replace("/", "_")
        variables = {**os.environ, "SHOPWIRE_HOME": str(place)}
        done = subprocess.run(
            [*command, argument], input=data, capture_output=True, env=variables, check=False
        )
        assert (done.returncode, done.stdout) == (0, b"3 stored\n")
        assert done.stderr.decode() == f"new store at {place / 'shopwire.db'}\n"


@pytest.mark.fault("47f", "A WARC file imported twice", "the second time nothing changes")
def test_the_same_file_again_changes_nothing(home: Path) -> None:
    file = home / "news.warc.gz"
    file.write_bytes(pack(*(build_page_record(number) for number in range(1, 7))))
    assert run(file).stdout == "6 stored\n"
    before = dump(home)
    assert run(file).stdout == "6 known\n"
    assert dump(home) == before
