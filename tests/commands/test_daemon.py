"""`shopwire daemon` and `shopwire status` as a person has them, on the newsroom."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bench.discovery.server import serve_sites

from shopwire.storage.database import Store
from tests.newsroom.content import load
from tests.newsroom.server import Newsroom, newsroom
from tests.support.crawling import environment, shopwire

SOURCES = ("newsroom_crown", "newsroom_meigong")


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as opened:
        yield opened


@contextmanager
def daemon(
    home: Path, port: int, sources: Iterable[str] = SOURCES, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon, killed at the end if it still runs."""
    command = [sys.executable, "-m", "shopwire.commands", "daemon", "--json-logs", *sources]
    settings = {**environment(home, port), **variables}
    with (home / "daemon.log").open("wb") as log:
        process = subprocess.Popen(command, env=settings, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


RUNS = "SELECT count(*) FROM runs WHERE coalesce(outcome, 'running') LIKE ?"
STARTS = "SELECT count(*) FROM events WHERE kind = 'daemon' AND text LIKE ?"


def wait_for_runs(home: Path, count: int, outcome: str = "%") -> None:
    wait_for_rows(home, count, RUNS, outcome)


def wait_for_rows(home: Path, count: int, sql: str, value: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        if (home / "shopwire.db").exists():
            with Store(home / "shopwire.db") as store:
                if store.row(sql, value)[0] >= count:
                    return
        assert time.monotonic() < deadline, (home / "daemon.log").read_text()
        time.sleep(0.2)


def test_the_daemon_crawls_what_is_due_and_ends_when_told(room: Newsroom, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        with daemon(tmp_path, room.port, NOTIFY_SOCKET=str(tmp_path / "notify")) as process:
            said = {manager.recv(100) for _ in range(3)}
            assert said == {b"READY=1", b"WATCHDOG=1"}
            wait_for_runs(tmp_path, len(SOURCES), "ok")
            shopwire("status", "--alive", home=tmp_path)
            shopwire("daemon", SOURCES[0], home=tmp_path, code=2)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    shopwire("status", "--alive", home=tmp_path, code=1)
    told = json.loads(shopwire("status", "--json", home=tmp_path))
    assert [(row["source"], row["status"]) for row in told["sources"]] == [
        (source, "ok") for source in SOURCES
    ]
    assert all(row["next_due"] > row["last_success"] for row in told["sources"])
    with Store(tmp_path / "shopwire.db") as store:
        stored = store.row("SELECT count(*) FROM articles")[0]
    readable = [article for site in ("crown", "meigong") for article in load(site, 1)]
    # A login wall and a disallowed page are no articles.
    assert stored == sum(article.readable for article in readable) - 1
    lines = (tmp_path / "daemon.log").read_text().splitlines()
    assert all(json.loads(line)["message"] for line in lines)


@pytest.mark.parametrize("address", ["s3cr3t", "nothing://s3cr3t", "json://"])
def test_an_address_that_apprise_does_not_know_is_refused(tmp_path: Path, address: str) -> None:
    (tmp_path / "shopwire.toml").write_text(f'[notifications]\napprise = ["{address}"]')
    command = [sys.executable, "-m", "shopwire.commands", "daemon"]
    done = subprocess.run(command, env=environment(tmp_path, 9), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "URL 1 is not one that Apprise knows" in done.stderr
    assert "s3cr3t" not in done.stderr


def test_a_killed_daemon_goes_on_where_it_was(room: Newsroom, tmp_path: Path) -> None:
    with daemon(tmp_path, room.port) as process:
        wait_for_runs(tmp_path, 1)
        process.kill()
    with daemon(tmp_path, room.port) as process:
        # The crawls that the killed daemon left may end before the new one can be stopped by a signal.
        wait_for_rows(tmp_path, 2, STARTS, "started%")
        wait_for_runs(tmp_path, len(SOURCES), "ok")
        process.terminate()
        assert process.wait(60) == 0
    with Store(tmp_path / "shopwire.db") as store:
        assert store.rows("SELECT 1 FROM runs WHERE finished IS NULL") == []
        twice = store.rows("SELECT url FROM articles GROUP BY url HAVING count(*) > 1")
        assert twice == []


def test_sources_of_your_own_are_crawled_and_one_that_is_disabled_is_not(
    room: Newsroom, tmp_path: Path
) -> None:
    with serve_sites() as sites:
        feed = f'feeds = ["{sites.base.format("wordpress")}/feed/"]'
        tables = [f"[sources.own]\n{feed}\n", f"[sources.off]\nenabled = false\n{feed}\n"]
        (tmp_path / "sources.toml").write_text("".join(tables))
        with daemon(tmp_path, room.port, ()):
            wait_for_rows(tmp_path, 1, "SELECT count(*) FROM runs WHERE outcome = 'ok' AND source = ?", "own")
    with Store(tmp_path / "shopwire.db") as store:
        assert store.rows("SELECT 1 FROM articles WHERE source = 'own'")
        crawled = {row["source"] for row in store.rows("SELECT source FROM runs")}
    assert {source for source in crawled if not source.startswith("newsroom_")} == {"own"}


def test_the_history_of_one_source_has_its_runs_and_events(room: Newsroom, tmp_path: Path) -> None:
    shopwire("crawl", "--json", SOURCES[1], home=tmp_path, port=room.port)
    told = json.loads(shopwire("status", "--json", "--source", SOURCES[1], home=tmp_path))
    (run,) = told["runs"]
    assert (run["outcome"], run["kept"]) == ("ok", len(load("meigong", 1)))
    with Store(tmp_path / "shopwire.db") as store:
        judged = store.row("SELECT status, evidence FROM sources_health")
    (row,) = json.loads(shopwire("status", "--json", home=tmp_path))["sources"]
    assert (row["status"], row["evidence"]) == tuple(judged)
    assert row["status"] == "ok"
    assert ", the last one on " in row["evidence"]
    assert "newsroom" in shopwire("status", home=tmp_path)
    shopwire("status", "--source", "nobody", home=tmp_path, code=2)
