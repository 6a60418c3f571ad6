"""The daemon on the newsroom while somebody locks the store: `python -m bench.locked --seconds 60`.

The lock is taken in the middle of the first crawls. Printed: whether daemon and ticks went on, how long
after the lock everything was written, what is missing of what an undisturbed daemon stores, and what
the ledger says of it.
"""

import argparse
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.newsroom.server import newsroom
from tests.support.crawling import SOURCES, environment

from shopwire.storage.database import Store

DAEMON = [sys.executable, "-m", "shopwire.commands", "daemon", "--at-once", "3", *SOURCES]
PATIENCE = 300.0
PORT = re.compile(r":\d+(?=/)")
UNSTORED = """
SELECT outcome, reason, count(*) FROM fetches WHERE kind = 'page' AND article_id IS NULL GROUP BY 1, 2
"""


@contextmanager
def daemon(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon that crawls the newsroom into a store below `home`."""
    with (home / "daemon.log").open("wb") as log:
        process = subprocess.Popen(
            DAEMON, env=environment(home, port), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def number(path: Path, sql: str) -> int:
    """What a query counts; 0 while there is no store yet."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            return int(store.execute(sql).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait(done: Callable[[], bool]) -> float:
    """Seconds until something is so. Raises `TimeoutError`."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError("it never came to that")
        time.sleep(0.1)
    return time.monotonic() - began


def is_through(path: Path) -> bool:
    """Whether each source has had a run that came to its end, and none is open. (Some pages of the
    newsroom cannot be had, so that a run of some sites is never more than partial.)"""
    whole = "SELECT count(DISTINCT source) FROM runs WHERE outcome IN ('ok', 'partial')"
    runs = "SELECT count(*) FROM runs WHERE finished IS NULL"
    return number(path, whole) == len(SOURCES) and number(path, runs) == 0


def stored(home: Path, port: int, seconds: float) -> set[str]:
    """The articles that a daemon stores; with `seconds` the store is locked for so long."""
    path = home / "shopwire.db"
    with daemon(home, port) as process:
        if seconds:
            wait(lambda: number(path, "SELECT count(*) FROM articles") > 0)
            with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as other:
                other.execute("BEGIN IMMEDIATE")
                before = number(path, "SELECT count(*) FROM articles")
                time.sleep(seconds)
                other.execute("ROLLBACK")
            alive = "went on" if process.poll() is None else "DIED"
            print(f"locked for {seconds:.0f} s after {before} articles; the daemon {alive}")
        took = wait(lambda: is_through(path))
    if seconds:
        print(f"all sources were through {took:.0f} s after the lock")
    with Store(path) as store:
        if seconds:
            for row in store.rows("SELECT text FROM events WHERE kind = 'store'"):
                print(f"ledger: {row['text']}")
            for row in store.rows(UNSTORED):
                print("pages without an article:", *row)
        return addresses(store)


def addresses(store: Store, sql: str = "SELECT url FROM articles") -> set[str]:
    """The pages that a query names, without the port, which is another one each time."""
    return {PORT.sub("", row["url"]) for row in store.rows(sql)}


def main() -> None:
    """Run twice and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with newsroom() as room, tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("quiet", "locked")]
        for home in homes:
            home.mkdir()
        expected = stored(homes[0], room.port, 0)
        found = stored(homes[1], room.port, options.seconds)
    print(
        f"articles: {len(expected)} without the lock, {len(expected - found)} of them missing with it"
    )


if __name__ == "__main__":
    main()
