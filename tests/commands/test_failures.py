"""Every failure a user can cause: an exit code, and one line that says what, where and what to do."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import shopwire.storage.database
from shopwire.commands.cli import main
from shopwire.storage.database import Store
from tests.support.crawling import environment

Prepare = Callable[[Path], object]


def a_file_for_a_folder(home: Path) -> None:
    home.rmdir()
    home.write_text("not a folder")


def no_store_file(home: Path) -> None:
    (home / "shopwire.db").write_bytes(b"no database at all, " * 60)


def a_newer_store(home: Path) -> None:
    with Store(home / "shopwire.db") as store, store.writing():
        store.db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('shopwire', 'of_next_year', '2027')"
        )


def a_locked_store(home: Path) -> Store:
    (home / "articles.jsonl").write_text('{"url": "http://a.example/1", "title": "T", "text": "x"}\n')
    store = Store(home / "shopwire.db")
    store.db.conn.execute("BEGIN IMMEDIATE")
    return store


def an_empty_store(home: Path) -> None:
    Store(home / "shopwire.db").close()


def a_taken_port(home: Path) -> socket.socket:
    an_empty_store(home)
    return socket.create_server(("127.0.0.1", 0))


def bad_lines(home: Path) -> None:
    (home / "bad.jsonl").write_bytes(b"\xff\xfe no JSON\n[1]\n")


def nothing(home: Path) -> None:
    """The failure is in the words alone."""


CASES = [
    ("crawl nosuch", nothing, 2, "no source 'nosuch'", "Wrong source name"),
    ("crawl --since yesterday", nothing, 2, "yesterday", "Wrong day"),
    ("crawl --limit 0", nothing, 2, "limit", "Wrong limit"),
    ("source test nosuch", nothing, 2, "no source 'nosuch'", "Wrong source name in a test"),
    ("daemon nosuch", nothing, 2, "nosuch", "Wrong source name for the daemon"),
    ("nosuch", nothing, 2, "No such command", "Wrong command"),
    ("search 淘宝", nothing, 2, "there is no store", "Nothing was ever crawled here"),
    ("search 淘宝", a_file_for_a_folder, 2, "point SHOPWIRE_HOME", "SHOPWIRE_HOME is a file"),
    ("crawl", a_file_for_a_folder, 2, "check the folder", "Crawl with nowhere to store"),
    ("search 淘宝", no_store_file, 2, "move the file away", "The store is no database"),
    ("crawl", no_store_file, 2, "move the file away", "Crawl into what is no database"),
    ("search 淘宝", a_newer_store, 2, "upgrade shopwire", "The store is of a newer version"),
    ("import HOME/articles.jsonl", a_locked_store, 2, "try again", "The store is locked"),
    ("serve --port PORT", a_taken_port, 2, "choose another with --port", "Port taken"),
    ("import HOME/none.jsonl", nothing, 2, "none.jsonl", "A file that is not there"),
    ("import HOME", nothing, 2, "HOME", "A folder for a file"),
    ("import HOME/bad.jsonl", bad_lines, 1, "bad.jsonl", "A file that is no JSON lines"),
    ("extract HOME/none.html", nothing, 1, "none.html", "Extract what is not there"),
    ("extract http://[x", nothing, 1, "not a valid HTTP URL", "Extract an address that is none"),
    ("story show 999", an_empty_store, 2, "999", "A story that is not there"),
]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case[4], marks=pytest.mark.fault(f"u{n}", case[4], "one line"))
        for n, case in enumerate(CASES, 1)
    ],
)
def test_a_failure_is_one_line_that_helps(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: tuple[str, Prepare, int, str, str],
) -> None:
    words, prepare, code, says, _ = case
    home = tmp_path / "HOME"
    home.mkdir()
    held = prepare(home)
    port = held.getsockname()[1] if isinstance(held, socket.socket) else 0
    words = words.replace("HOME", str(home)).replace("PORT", str(port))
    monkeypatch.setattr(sys, "argv", ["shopwire", *words.split()])
    monkeypatch.setenv("SHOPWIRE_HOME", str(home))
    monkeypatch.setattr(shopwire.storage.database, "BUSY_SECONDS", 0.1)
    with pytest.raises(SystemExit) as ended:
        main()
    if isinstance(held, Store | socket.socket):
        held.close()
    said = capsys.readouterr().err
    assert ended.value.code == code, said
    assert "Traceback" not in said
    # With code 1 the command went on to the end: then each thing that failed has its line.
    prefix = ("Error:", "shopwire:") if code == 2 else ""
    lines = [line for line in said.splitlines() if line.startswith(prefix) and says in line]
    assert len(lines) == 1 or code == 1, said
    assert lines, said


@pytest.mark.fault("u0", "No network, or the host is down", "exit 1, the reason in the summary")
def test_a_crawl_without_network_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = subprocess.run(
        [sys.executable, "-m", "shopwire.commands", "crawl", "newsroom_meigong"],
        env={**environment(tmp_path, port), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "connection refused" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert os.linesep not in done.stderr.strip()
