"""`shopwire backup`, `check`, `prune` and `forget` as an operator uses them."""

import gzip
import json
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from shopwire.commands.cli import cli
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store, open_to_read, read_file_state
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance import check
from shopwire.storage.maintenance.check import find_problems
from shopwire.storage.maintenance.sizes import measure_sizes
from shopwire.storage.paths import name_beside
from tests.newsroom.server import newsroom
from tests.support.crawling import environment, shopwire
from tests.support.makers import an_article, store_article

URL = "https://blog.example/1"
LINE = {"url": URL, "source": "blog", "title": "Parcel fees", "text": "Sellers said that fees rise. " * 9}
WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-22T08:00:00Z\r\n"
    "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n{http}\r\n\r\n"
)


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shopwire.commands", *words],
        env=environment(home, 1),
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def limited_file_size(size: int) -> Iterator[None]:
    """Let writes behind so many bytes of a file fail (EFBIG; Python ignores the signal)."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def writing_all_the_time(path: Path) -> Iterator[None]:
    """Store articles in a thread until the block ends; the checkpoints leave much in the log."""
    stopping = threading.Event()

    def write() -> None:
        with Store(path) as store:
            number = 0
            while not stopping.is_set():
                number += 1
                with store.writing():
                    store_article(
                        store, an_article(f"https://blog.example/w{number}", f"Text {number} " * 50)
                    )

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@pytest.mark.fault("49a", "A backup while articles are stored", "restored, it is sound and has all before it")
def test_a_backup_is_whole_while_everything_runs(store: Store, tmp_path: Path) -> None:
    with store.writing():
        for number in range(20):
            store_article(store, an_article(f"https://blog.example/{number}", f"Report {number} " * 40))
    before = {tuple(row) for row in store.rows("SELECT url, text FROM articles")}
    copy = tmp_path / "restored" / "shopwire.db"
    copy.parent.mkdir()
    with writing_all_the_time(store.path):
        for _ in range(3):
            done = run(tmp_path, "backup", str(copy))
            assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert [path.name for path in copy.parent.iterdir()] == ["shopwire.db"]
    with open_to_read(copy) as restored:
        after = {tuple(row) for row in restored.rows("SELECT url, text FROM articles")}
        assert before <= after
        assert list(find_problems(restored, tmp_path / "archive")) == []
    assert "A title" in shopwire("search", "report", "--json", home=copy.parent)


@pytest.mark.parametrize("target", [".", "missing/copy.db", "/dev/null", "-"])
def test_a_backup_to_a_wrong_place_is_refused(store: Store, tmp_path: Path, target: str) -> None:
    done = run(tmp_path, "backup", target if target == "-" else str(tmp_path / target))
    assert done.returncode == 2
    assert target in done.stderr
    assert not Path("-").exists()
    assert "Traceback" not in done.stderr


def test_a_backup_that_cannot_be_written_names_its_folder(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk of the copy is not one of the store."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "copy.db").write_text("the last one")
    with limited_file_size(50_000), pytest.raises(StoreError, match=f"to the folder {folder}: .* MB free"):
        CliRunner().invoke(cli, ["backup", str(folder / "copy.db")], catch_exceptions=False)
    assert [path.read_text() for path in folder.iterdir()] == ["the last one"]


def test_a_store_behind_a_link_is_the_file_itself(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "shopwire.db").symlink_to(store.path)
    monkeypatch.setenv("SHOPWIRE_HOME", str(home))
    with store.writing():
        store_article(store, an_article())
    log = name_beside(home / "shopwire.db", "-wal")
    assert log == tmp_path / "shopwire.db-wal"
    sizes = measure_sizes(home / "shopwire.db", home / "archive")
    assert sizes["store"] == store.path.stat().st_size + log.stat().st_size
    assert read_file_state(home / "shopwire.db")[-1] == log.stat().st_size
    done = CliRunner().invoke(cli, ["backup", str(log)])
    assert (done.exit_code, "is a file of the store itself" in done.output) == (2, True)


@pytest.mark.parametrize("words", [["check"], ["status"], ["export"], ["search", "fees"]])
def test_an_empty_file_is_no_store_without_problems(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "shopwire.db").touch()
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("shopwire.db is empty; restore a backup, or run `shopwire crawl`\n")


OWN = [
    "shopwire.db",
    "shopwire.db-wal",
    "shopwire.db-shm",
    "link",
    "hard link",
    "shopwire.toml",
    "archive/a/1.warc.gz",
]


@pytest.mark.fault(
    "u57", "An output named like a file of the store", "refused, in every command that writes a file"
)
@pytest.mark.parametrize("target", OWN)
def test_no_output_replaces_a_file_of_the_store(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    (tmp_path / "link").symlink_to("shopwire.db")
    (tmp_path / "hard link").hardlink_to(tmp_path / "shopwire.db")
    (tmp_path / "archive" / "a").mkdir(parents=True)
    for words in (["backup"], ["export", "-o"], ["export", "--xlsx", "-o"], ["brief", "-o"]):
        done = CliRunner().invoke(cli, [*words, str(tmp_path / target)])
        assert done.exit_code == 2, words
        assert "is a file of the store itself" in done.output
    assert store.row("PRAGMA integrity_check")[0] == "ok"  # type: ignore[index]
    assert not (tmp_path / "shopwire.toml").exists()


def test_check_has_an_exit_code_and_lines(store: Store, tmp_path: Path) -> None:
    with store.writing():
        store_article(store, an_article())
    assert run(tmp_path, "check").stderr == "no problems\n"
    with store.writing():
        store.db.execute("UPDATE articles SET text = 'Two sentences.'")
    done = run(tmp_path, "check")
    assert (done.returncode, done.stderr) == (1, "1 problem\n")
    assert done.stdout == "text: article 1 (https://blog.example/1) has changed since it was stored\n"
    assert json.loads(run(tmp_path, "check", "--json").stdout)["problems"] == done.stdout.splitlines()


def test_a_check_that_names_only_the_first_problems_says_so(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing():
        for number in range(3):
            store_article(store, an_article(f"https://blog.example/{number}", f"Report {number}"))
        store.db.execute("UPDATE articles SET text = 'changed'")
    monkeypatch.setattr(check, "MOST_PROBLEMS", 2)
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    done = CliRunner().invoke(cli, ["check"])
    assert (done.exit_code, len(done.stdout.splitlines())) == (1, 2)
    assert done.stderr == "2 problems or more\n"


def write_warc(path: Path, url: str) -> None:
    body = f"<title>Fees</title><article><h1>Fees</h1><p>{LINE['text']}</p></article>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    path.write_bytes(gzip.compress(WARC.format(url=url, http=http, length=len(http)).encode()))


@pytest.mark.fault("48b", "Import of what was taken down", "not stored, as lines or as WARC")
@pytest.mark.parametrize("name", [URL, "blog"])
def test_what_is_forgotten_cannot_be_imported(tmp_path: Path, name: str) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text(json.dumps(LINE))
    write_warc(tmp_path / "in.warc.gz", URL)
    shopwire("import", str(lines), home=tmp_path)
    said = shopwire("forget", name, home=tmp_path)
    assert said.startswith(f"{name}: deleted 1 article, 1 row of the crawl log, 0 records of the archive;")
    assert shopwire("import", str(lines), home=tmp_path) == "1 forgotten\n"
    assert "forgotten" in shopwire("import", str(tmp_path / "in.warc.gz"), home=tmp_path)
    with closing(sqlite3.connect(tmp_path / "shopwire.db")) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    shopwire("forget", "--undo", name, home=tmp_path)
    assert shopwire("import", str(lines), home=tmp_path) == "1 stored\n"


def test_config_names_a_variable_that_is_no_option(tmp_path: Path) -> None:
    variables = {**environment(tmp_path, 1), "SHOPWIRE_DELY": "2"}
    command = [sys.executable, "-m", "shopwire.commands", "config"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, "delay = " in done.stdout) == (0, True)
    assert done.stderr == "the variable SHOPWIRE_DELY is no option; did you mean SHOPWIRE_DELAY?\n"


def test_an_unknown_name_is_named(store: Store, tmp_path: Path) -> None:
    assert "'nosuch'" in run(tmp_path, "forget", "nosuch").stderr
    assert "was not forgotten" in run(tmp_path, "forget", "--undo", "blog").stderr


def test_a_source_with_the_name_of_a_path_costs_no_other_file(tmp_path: Path) -> None:
    with Store(tmp_path / "shopwire.db") as store, store.writing():
        for name in ("../other", "blog"):
            declare_source(store, name, name, "https://blog.example/", "en")
    (tmp_path / "logs").mkdir()
    logs = [tmp_path / "logs" / "blog.log", tmp_path / "other.log"]
    for log in logs:
        log.touch()
    assert run(tmp_path, "forget", "../other", "blog").returncode == 0
    assert [log.exists() for log in logs] == [False, True]


@pytest.mark.fault("48c", "Crawl and reextract after a take-down", "nothing is stored or archived again")
def test_what_is_forgotten_is_not_crawled_again(tmp_path: Path) -> None:
    source = "newsroom_meigong"
    with newsroom() as room:
        shopwire("crawl", "--json", source, home=tmp_path, port=room.port)
        with Store(tmp_path / "shopwire.db") as store:
            urls = [row["url"] for row in store.rows("SELECT url FROM articles ORDER BY id")]
        shopwire("forget", urls[0], home=tmp_path)
        shopwire("crawl", "--json", source, home=tmp_path, port=room.port)
        shopwire("reextract", home=tmp_path)
        with Store(tmp_path / "shopwire.db") as store:
            assert [row["url"] for row in store.rows("SELECT url FROM articles ORDER BY id")] == urls[1:]
        for path in tmp_path.glob("archive/*/*"):
            assert urls[0].encode() not in gzip.decompress(path.read_bytes())
        shopwire("forget", source, home=tmp_path)
        assert list(tmp_path.glob("archive/*/*")) == []
        shopwire("crawl", source, home=tmp_path, port=room.port, code=2)
    shopwire("check", home=tmp_path)
