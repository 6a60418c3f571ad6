"""Ctrl-C, whenever it comes: one word, exit code 130, and no run that stays open."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shopwire.storage.database import Store
from tests.newsroom.server import newsroom
from tests.support.crawling import crawl, environment

SOURCE = "newsroom_zhuanzai"
PATIENCE = 60.0


def begin_crawl(home: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "shopwire.commands", "crawl", SOURCE],
        env={**environment(home, port), "SHOPWIRE_DELAY": "0.5"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(home: Path, sql: str) -> None:
    until = time.monotonic() + PATIENCE
    with Store(home / "shopwire.db") as store:
        while not store.row(sql)[0]:  # type: ignore[index]
            assert time.monotonic() < until, "it never came to that"
            time.sleep(0.02)


def count_open_runs(home: Path) -> int:
    with Store(home / "shopwire.db") as store:
        return int(store.row("SELECT count(*) FROM runs WHERE finished IS NULL")[0])  # type: ignore[index]


@pytest.mark.fault("u54", "Ctrl-C in a crawl", "stores the pages in hand, one word, 130, no run left open")
@pytest.mark.parametrize(
    "moment",
    ["count(*) FROM sources", "count(*) FROM runs", "count(*) > 2 FROM fetches"],
)
def test_a_crawl_that_is_interrupted_says_so(tmp_path: Path, moment: str) -> None:
    Store(tmp_path / "shopwire.db").close()
    with newsroom() as room:
        process = begin_crawl(tmp_path, room.port)
        wait_for(tmp_path, f"SELECT {moment}")
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=PATIENCE)[1]
        assert process.returncode == 130, said
        assert said.endswith("interrupted\n")
        assert "Traceback" not in said
        assert count_open_runs(tmp_path) == 0


@pytest.mark.fault("u54", "SIGTERM to all processes of a crawl", "stores the pages in hand, no run left open")
def test_a_crawl_whose_processes_are_all_told_to_stop_loses_no_page(tmp_path: Path) -> None:
    Store(tmp_path / "shopwire.db").close()
    with newsroom() as room:
        process = begin_crawl(tmp_path, room.port)
        wait_for(tmp_path, "SELECT count(*) > 2 FROM fetches")
        os.killpg(process.pid, signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE)[1]
    assert (process.returncode, "Traceback" in said) == (1, False), said
    assert count_open_runs(tmp_path) == 0
    with Store(tmp_path / "shopwire.db") as store:
        assert not list(store.rows("SELECT * FROM fetches WHERE reason LIKE 'the worker crashed%'"))


@pytest.mark.fault("u55", "A second Ctrl-C in a crawl", "ends at once; the next crawl closes its run")
def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    Store(tmp_path / "shopwire.db").close()
    with newsroom() as room:
        process = begin_crawl(tmp_path, room.port)
        wait_for(tmp_path, "SELECT count(*) > 1 FROM fetches")
        assert process.stderr
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr.readline() == "\n"
        assert process.stderr.readline().startswith("stopping after the pages in hand")
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=PATIENCE)[1]
        assert (process.returncode, said) == (130, "interrupted\n")
        crawl("newsroom_meigong", home=tmp_path, port=room.port)
        assert count_open_runs(tmp_path) == 0


@pytest.mark.fault("u56", "Ctrl-C while a command loads", "one word and 130, no traceback")
@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.5, 0.8])
def test_it_may_come_while_the_command_loads(store: Store, seconds: float) -> None:
    process = subprocess.Popen(
        [Path(sys.executable).with_name("shopwire"), "serve", "--port", "0"],
        env={**os.environ, "SHOPWIRE_HOME": str(store.path.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=PATIENCE)[1]
    # Before Python has read our first line, the signal ends it as any program.
    assert process.returncode in (130, 0, -signal.SIGINT, 1)
    if process.returncode == 130:
        assert said.strip() == "interrupted"


CASES = [
    (["search", "x", "--limit", "99999999999999999999"], "Invalid value for '--limit'"),
    (["status", "--source", "blog", "--limit", "99999999999999999999"], "Invalid value for '--limit'"),
    (["export", "--csv", "--jsonl"], "choose one format, not jsonl and csv"),
    (["export", "--since", "foo"], "'foo' is not a date such as 2026-11-01"),
    (["daemon", "--at-once", "9999"], "Invalid value for '--at-once'"),
]


@pytest.mark.parametrize(("words", "message"), CASES)
def test_odd_input_is_one_line(store: Store, words: list[str], message: str) -> None:
    done = run(store, *words)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


def run(store: Store, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shopwire.commands", *words],
        env={**environment(store.path.parent, 1), **variables},
        cwd=store.path.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_terminal_without_chinese_shows_question_marks(store: Store) -> None:
    done = run(store, "search", "淘宝", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (1, "nothing found\n")
    assert run(store, "export", PYTHONIOENCODING="ascii").returncode == 0


def test_a_closed_output_is_named(store: Store) -> None:
    command = [sys.executable, "-m", "shopwire.commands", "export"]
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command],
        env=environment(store.path.parent, 1),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "standard output is closed" in done.stderr


def test_a_hyphen_is_standard_output(store: Store) -> None:
    assert run(store, "export", "-o", "-").returncode == 0
    assert not (store.path.parent / "-").exists()
