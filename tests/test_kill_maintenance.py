"""`kill -9` in a backup, a prune or a forget leaves all or nothing, and the next one ends it."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter
from shopwire.storage.crawl_log.runs import begin_run, declare_source
from shopwire.storage.database import Store
from shopwire.storage.maintenance.check import find_problems
from tests.support.crawling import environment
from tests.support.makers import a_page, an_article

# Kills of each command; more with SHOPWIRE_TEST_KILLS.
KILLS = int(os.environ.get("SHOPWIRE_TEST_KILLS", "3"))
OLD = datetime.now(UTC) - timedelta(days=50)


def fill(home: Path) -> None:
    """Store six articles of two sources, with their pages, 50 days old."""
    (home / "shopwire.toml").write_text("[retention]\narchive_days = 30\n")
    with Store(home / "shopwire.db") as store:
        for number in range(6):
            source = f"s{number % 2}"
            url = f"https://{source}.example/{number}"
            with store.writing():
                declare_source(store, source, source, f"https://{source}.example/", "en")
            run = begin_run(store, source)
            with ArchiveWriter(home / "archive", f"2026-10/{source}-{OLD:%Y%m%dT%H%M%S}-{run}") as writer:
                place = writer.write(ArchivedPage(url, source, OLD, "text/html", b"page"))
            page = a_page(url, fetched=OLD, requested=url, archived_in=place, source=source)
            text = f"Report {number} about parcels. " * 9
            store_page(store, page, an_article(url, text, source=source), run)


def run_killed(home: Path, statement: int, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_command", str(statement), *words],
        env=environment(home, 1),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


def describe(home: Path) -> tuple[list[object], list[str]]:
    with closing(sqlite3.connect(home / "shopwire.db")) as db:
        rows = db.execute("SELECT url, archived_in FROM articles UNION ALL SELECT url, '' FROM fetches")
        return sorted(rows.fetchall()), sorted(path.name for path in home.glob("archive/*/*"))


COMMANDS = [("backup", "copy.db"), ("prune",), ("forget", "s0"), ("forget", "https://s1.example/1")]


@pytest.mark.fault("44d", "kill -9 in backup, prune, forget", "all or nothing, and the next one ends it")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: "-".join(words[:1]))
def test_each_command_is_all_or_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    ends = []
    for name in ("model", "begun"):
        (tmp_path / name).mkdir()
        fill(tmp_path / name)
    before = describe(tmp_path / "model")
    done = run_killed(tmp_path / "model", 0, *words)
    statements = int(done.stdout.rpartition(": ")[2])
    after = describe(tmp_path / "model")
    for number in range(KILLS):
        home = tmp_path / str(number)
        subprocess.run(["cp", "-r", tmp_path / "begun", home], check=True)
        killed = run_killed(home, 1 + number * statements // KILLS, *words)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        rows, _ = describe(home)
        ends.append(rows)
        assert rows in (before[0], after[0])
        copy = home / "copy.db"
        if copy.exists():
            with Store(copy) as store:
                assert list(find_problems(store, home / "archive")) == []
        assert "statements" in run_killed(home, 0, *words).stdout
        assert describe(home) == after
        with Store(home / "shopwire.db") as store:
            assert list(find_problems(store, home / "archive")) == []
    assert before[0] in ends
