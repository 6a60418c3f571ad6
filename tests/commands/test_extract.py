"""`shopwire extract` as a person or a pipeline runs it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

from tests.newsroom.server import newsroom

PAGES = Path(__file__).parents[1] / "pages"
FIELDS = {"path", "url", "title", "author", "published", "text"}


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "shopwire.commands", "extract", *arguments],
        input=stdin,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_json_lines_go_in_and_come_out_and_one_bad_line_stops_no_other(tmp_path: Path) -> None:
    packed = tmp_path / "wechat.html.gz"
    packed.write_bytes(gzip.compress((PAGES / "wechat.html").read_bytes()))
    (tmp_path / "broken.html.gz").write_bytes(b"no gzip data")
    mail = tmp_path / "mail.txt"
    mail.write_text("Lockers come\n2024-03-12\n" + "The lockers take returns as well. " * 6)
    paths = [
        packed,
        tmp_path / "missing.html",
        tmp_path / "broken.html.gz",
        PAGES / "list.html",
        mail,
    ]
    stdin = "".join(json.dumps({"path": str(p), "url": "https://a.example/b"}) + "\n" for p in paths)
    done = run("--jsonl", "--processes", "1", stdin=stdin + "no json\n[]\n")
    assert done.returncode == 3, done.stderr
    found = rows(done)
    assert [row["path"] for row in found] == [*map(str, paths), "", ""]
    assert all(row.keys() >= FIELDS for row in found)
    assert [row.get("outcome") for row in found] == [
        None,
        "error",
        "error",
        "list_page",
        None,
        "error",
        "error",
    ]
    assert all(row["reason"] for row in found if not row["text"])
    assert found[0]["title"] == "保证金降了，小店怎么办"
    assert (found[4]["title"], found[4]["published"]) == ("Lockers come", "2024-03-12")


def test_a_file_is_shown_to_people() -> None:
    done = run(str(PAGES / "english_news.html"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Parcel lockers come to the valley\n")
    assert "Who pays" in done.stdout


def test_an_address_is_fetched_as_a_crawl_would() -> None:
    with newsroom() as room:
        url = room.url("meigong.localhost", "/news/1.html")
        refused = run(url, "--json")
        allowed = run(url, "--json", SHOPWIRE_ALLOW_LOOPBACK="1")
    assert refused.returncode == allowed.returncode == 1
    assert rows(refused)[0]["reason"] != rows(allowed)[0]["reason"]
    assert "status 404" in rows(allowed)[0]["reason"]


def test_an_address_that_is_none_stops_no_other() -> None:
    page = {"path": str(PAGES / "english_news.html")}
    lines = [json.dumps({**page, "url": url}) for url in ("http://[x", "https://a.example/b")]
    bad, good = rows(run("--jsonl", "--processes", "1", stdin="\n".join(lines)))
    assert "Invalid IPv6 URL" in bad["reason"]
    assert good["text"]


def test_nothing_to_do_is_a_usage_error() -> None:
    assert run().returncode == 2
    assert run("--jsonl", "page.html").returncode == 2
