"""Kills crawls and the daemon, and crawls once more."""

import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.newsroom.server import newsroom

from bench.kills.forked import fork_command, run_forked
from bench.kills.homes import list_problems, read_state

SOURCE = "newsroom_zhuanzai"
TEXTS = "SELECT url, title, text FROM articles"
OPEN = "SELECT count(*) FROM runs WHERE finished IS NULL"
ENDED = "SELECT count(*) FROM runs WHERE finished IS NOT NULL"
DOUBLED = """
SELECT url FROM fetches WHERE outcome IN ('stored', 'copy') GROUP BY url HAVING count(*) > 1
UNION SELECT url FROM articles GROUP BY url HAVING count(*) > 1
"""
# Wall seconds, on a busy machine too.
PATIENCE = 300.0


def try_crawl(folder: Path, kills: int) -> tuple[int, int, list[str]]:
    """Kill a crawl; return its number of statements, how often it was killed, and what was wrong."""
    words = ("crawl", SOURCE)
    with newsroom() as room:
        model = folder / "model"
        model.mkdir()
        _, statements = run_forked(model, 0, words, room.port)
        texts = read_state(model, TEXTS)
        killed, problems = 0, []
        for number in range(kills):
            home = folder / str(number)
            home.mkdir()
            was_killed, _ = run_forked(home, 1 + number * statements // kills, words, room.port)
            killed += was_killed
            found = _crawl_again(home, room.port, texts)
            problems += [f"crawl, kill {number}: {one}" for one in found]
            shutil.rmtree(home)
    return statements, killed, problems


def try_daemon(folder: Path, kills: int) -> tuple[int, int, list[str]]:
    """Kill a daemon; return what `try_crawl` does. After each kill another daemon settles what is open."""
    with newsroom() as room:
        model = folder / "model"
        model.mkdir()
        statements = _run_daemon(model, room.port)
        texts = read_state(model, TEXTS)
        killed, problems = 0, []
        for number in range(kills):
            home = folder / str(number)
            home.mkdir()
            statement = 1 + number * statements // kills
            was_killed, _ = run_forked(home, statement, ("daemon", SOURCE), room.port)
            killed += was_killed
            _run_daemon(home, room.port)
            found = _crawl_again(home, room.port, texts)
            problems += [f"daemon, kill {number}: {one}" for one in found]
            shutil.rmtree(home)
    return statements, killed, problems


def _run_daemon(home: Path, port: int) -> int:
    """Run a daemon until no run is open and one has ended; return its number of statements."""
    daemon = fork_command(home, 0, ("daemon", SOURCE), port)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not (_count(home, ENDED) and not _count(home, OPEN)):
        time.sleep(0.2)
    os.kill(daemon.pid, signal.SIGTERM)
    return daemon.wait()[1]


def _count(home: Path, sql: str) -> int:
    try:
        with closing(sqlite3.connect(home / "shopwire.db")) as db:
            return int(db.execute(sql).fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # There is no store yet.


def _crawl_again(home: Path, port: int, texts: dict[object, tuple[object, ...]]) -> list[str]:
    """Return what is wrong with a store after a kill, and after the next crawl."""
    # Opened first, so that a store whose tables are not there yet gets them.
    found = list_problems(home)
    before = read_state(home, TEXTS)
    run_forked(home, 0, ("crawl", SOURCE), port)
    after = read_state(home, TEXTS)
    found += [f"{url}: lost" for url in before if url not in after]
    found += [f"{url}: not as without a kill" for url in {*texts, *after} if texts.get(url) != after.get(url)]
    found += [f"afterwards: {problem}" for problem in list_problems(home)]
    with closing(sqlite3.connect(home / "shopwire.db")) as db:
        found += [f"{url}: doubled" for (url,) in db.execute(DOUBLED)]
    if left := _count(home, OPEN):
        found.append(f"{left} runs left open")
    return found
