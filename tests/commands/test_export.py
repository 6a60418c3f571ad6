"""`shopwire export` as programs read what it writes."""

import csv
import json
import os
import subprocess
import sys
from codecs import BOM_UTF8
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from shopwire.commands.common.whole_files import replace_when_complete
from shopwire.commands.export import export_articles
from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article

Export = Callable[..., Result]
ARTICLES: list[dict[str, Any]] = [
    {"title": "淘宝", "language": "zh", "published": "2026-11-01T08:30+08:00", "tags": ("双11",)},
    {"title": 'a "quoted", title', "published": "2026-11-11", "text": "two\nlines", "views": 7},
    {"title": "<script>", "text": "=1+1\u202e"},
]


@pytest.fixture
def export(store: Store, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Runs the command over a store with three articles and a copy."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(store.path.parent))
    for number, fields in enumerate([*ARTICLES, ARTICLES[0]], start=1):
        more = {"url": f"https://blog.example/{number}", "text": f"text {number % 4}"} | fields
        store_page(store, a_page(more["url"]), an_article(**more), None)
    with store.writing():
        store.db.execute("UPDATE articles SET canonical_id = 1 WHERE id = 4")
    return lambda *arguments: CliRunner().invoke(export_articles, arguments)


def ids(result: Result) -> list[int]:
    return [json.loads(line)["id"] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), [1, 2, 3]),
        (("--copies",), [1, 2, 3, 4]),
        (("--since", "2026-11-11"), [2, 3]),
        (("--until", "2026-11-11"), [1, 2]),
        (("--language", "zh"), [1]),
        (("--language", "ZH"), [1]),
        (("--language", "zh", "--language", "en"), [1, 2, 3]),
        (("--source", "blog"), [1, 2, 3]),
        (("--language", "ja"), []),
        (("--search", "淘宝"), [1]),
        (("--search", '"two lines"', "--since", "2026-11-11"), [2]),
    ],
)
def test_filters(export: Export, arguments: tuple[str, ...], expected: list[int]) -> None:
    result = export(*arguments)
    assert (result.exit_code, ids(result)) == (0, expected)


def test_json_lines_hold_everything(export: Export) -> None:
    rows = [json.loads(line) for line in export("--jsonl").stdout.splitlines()]
    assert rows[0]["title"] == "淘宝"
    assert rows[0]["tags"] == ["双11"]
    assert rows[1]["views"] == 7
    assert rows[2]["text"] == "=1+1\u202e"


def test_csv_is_read_back_as_it_was(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    assert export("--csv", "-o", str(file)).exit_code == 0
    assert file.read_bytes().startswith(BOM_UTF8 + b"id,")
    assert export("--csv").stdout_bytes == file.read_bytes()
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["title"] for row in rows] == [fields["title"] for fields in ARTICLES]
    assert rows[1]["text"] == "two\nlines"


def test_two_exports_to_one_file_do_not_share_a_temporary_file(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    with replace_when_complete(file) as slow:
        slow.write_text("all of it\n" * 3)
        with replace_when_complete(file) as fast:
            fast.write_text("all of it\n")
        assert file.read_text() == "all of it\n"
    assert file.read_text() == "all of it\n" * 3
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("form", ["--jsonl", "--csv", "--parquet", "--xlsx"])
def test_a_file_that_is_replaced_keeps_its_permissions(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """And what replaces it is on the disk by then, not another file."""
    synced: list[int] = []

    def note(number: int) -> None:
        synced.append(os.fstat(number).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    file = tmp_path / "articles.any"
    file.touch()
    file.chmod(0o600)
    assert export(form, "-o", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_ino in synced


@pytest.mark.fault("41d", "Disk full in an export of any form", "one line, nothing left behind")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("form", ["--jsonl", "--csv", "--parquet", "--xlsx"])
def test_a_full_disk_is_named_in_one_line(export: Export, form: str) -> None:
    result = export(form, "-o", "/dev/full")
    assert (result.exit_code, "Error: cannot write /dev/full: " in result.output) == (2, True)


def test_a_file_that_fails_leaves_nothing_beside_it(tmp_path: Path) -> None:
    def fail() -> None:
        with replace_when_complete(tmp_path / "copy.db") as partial:
            # As SQLite leaves it on a full disk.
            partial.with_name(f"{partial.name}-journal").touch()
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_parquet_has_types(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "articles.parquet"
    assert export("--parquet", "-o", str(file)).exit_code == 0
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT title, tags, views, typeof(day) FROM '{file}' ORDER BY id"
        ).fetchall()
    assert rows[0] == ("淘宝", ["双11"], None, "DATE")
    assert [row[2] for row in rows] == [None, 7, None]
    assert [path.name for path in tmp_path.iterdir() if "parquet" in path.name] == [file.name]


def test_an_export_of_nothing_is_a_whole_file(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "none.parquet"
    assert export("--parquet", "-o", str(file), "--until", "1999-01-01").exit_code == 0
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT count(*) FROM '{file}'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--parquet",), "-o FILE"),
        (("--search", "?!"), "nothing to search for"),
        (("--since", "yesterday"), "yesterday"),
        (("--source", "nobody"), "no source 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said(export: Export, arguments: tuple[str, ...], said: str) -> None:
    result = export(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_without_duckdb_it_says_what_to_install(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = export("--parquet", "-o", str(tmp_path / "a.parquet"))
    assert result.exit_code == 2
    assert "shopwire[parquet]" in result.output
    assert not list(tmp_path.glob("*.parquet"))


def test_a_folder_that_is_not_there_is_said(export: Export, tmp_path: Path) -> None:
    result = export("--csv", "-o", str(tmp_path / "nowhere" / "a.csv"))
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_a_link_stays_and_leads_to_the_export(export: Export, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "there.jsonl")
    export("-o", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert len((tmp_path / "there.jsonl").read_text().splitlines()) == 3


def test_a_pipe_is_written_to(export: Export, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_text)
        assert export("-o", str(pipe)).exit_code == 0
        assert len(read.result(10).splitlines()) == 3
    assert pipe.is_fifo()


def test_standard_output_by_its_name_is_appended_to(export: Export, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    command = [sys.executable, "-m", "shopwire.commands", "export", "-o", "/dev/stdout"]
    variables = os.environ | {"SHOPWIRE_HOME": str(store.path.parent)}
    for _ in range(2):
        with file.open("a") as out:
            subprocess.run(command, stdout=out, env=variables, check=True, timeout=60)
    assert len(file.read_text().splitlines()) == 6


@pytest.mark.fault("42d", "A text that the disk has changed", "left out of an export and named, exit 3")
@pytest.mark.parametrize("form", ["--jsonl", "--csv"])
def test_an_article_that_the_disk_has_changed_is_left_out_and_named(
    store: Store, export: Export, form: str
) -> None:
    with store.writing():
        store.db.execute("UPDATE articles SET text = upper(text) WHERE id = 2")
    result = export(form)
    assert result.exit_code == 3
    assert "TWO" not in result.stdout
    assert result.stderr == (
        "2 articles\nshopwire: left out 1 article that the disk has changed (2); see `shopwire check`\n"
    )


@pytest.mark.fault("46o", "Two exports to one file at once", "both succeed, the file is one of them")
def test_two_exports_at_once_leave_one_whole_file(store: Store, export: Export, tmp_path: Path) -> None:
    output = tmp_path / "articles"
    whole = {form: export(form).stdout_bytes for form in ("--jsonl", "--csv")}
    for _ in range(5):
        with ThreadPoolExecutor(2) as threads:
            codes = threads.map(lambda form: run_export(store, form, output), whole)
        assert list(codes) == [0, 0]
        assert output.read_bytes() in whole.values()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".partial"] == []


def run_export(store: Store, form: str, output: Path) -> int:
    return subprocess.run(
        [sys.executable, "-m", "shopwire.commands", "export", form, "-o", output],
        env={**os.environ, "SHOPWIRE_HOME": str(store.path.parent)},
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


def test_a_workbook_has_dates_links_and_text(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "articles.xlsx"
    result = export("--xlsx", "-o", str(file))
    assert (result.exit_code, result.stderr) == (0, "3 articles\n")
    (sheet,) = load_workbook(file).worksheets
    head, first, _, third = sheet.iter_rows()
    names = [cell.value for cell in head]
    row = dict(zip(names, first, strict=True))
    assert row["title"].value == "淘宝"
    assert row["published"].value == datetime.fromisoformat("2026-11-01 00:30")
    assert row["url"].hyperlink.target == "https://blog.example/1"
    assert row["tags"].value == "双11"
    text = dict(zip(names, third, strict=True))["text"]
    assert (text.value, text.data_type) == ("=1+1\u202e", "s")


def test_a_workbook_needs_a_file(export: Export) -> None:
    result = export("--xlsx")
    assert result.exit_code == 2
    assert "cannot write --xlsx to standard output: use -o FILE" in " ".join(result.stderr.split())
