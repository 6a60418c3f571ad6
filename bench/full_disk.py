"""The daemon on the newsroom while its disk is full: `python -m bench.full_disk --home FOLDER`.

FOLDER lies on a small file system of its own, which is filled to the last byte in the middle of the
first crawls and emptied after a while; as root: `mount -t tmpfs -o size=20m tmpfs FOLDER`. Printed:
whether daemon and ticks went on, how long afterwards every crawl was written down, what the ledger says
of it, whether the store is whole, and what is missing of what an undisturbed daemon stores: that is to
come by itself where a row of the ledger says why it is not there, or a crawl failed or was cut short
that is due again.
"""

import argparse
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.newsroom.server import newsroom
from tests.support.crawling import SOURCES

from bench.locked import addresses, daemon, number, stored, wait
from shopwire.storage.crawl_log.ledger import TROUBLE
from shopwire.storage.database import Store

PIECE = 64 * 1024
TRIED_AGAIN = f"SELECT url FROM fetches WHERE kind = 'page' AND outcome IN ('error', '{TROUBLE}')"
FAILED = "SELECT DISTINCT source FROM runs WHERE outcome IN ('failed', 'interrupted')"


def fill(ballast: Path) -> int:
    """Write until nothing goes any more; how many bytes there are."""
    with ballast.open("ab", buffering=0) as file:
        for size in (PIECE, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    return ballast.stat().st_size


def is_written_down(path: Path) -> bool:
    """Whether each source has had a run, and none is open."""
    had = number(path, "SELECT count(DISTINCT source) FROM runs WHERE finished IS NOT NULL")
    runs = number(path, "SELECT count(*) FROM runs WHERE finished IS NULL")
    return had == len(SOURCES) and runs == 0


def disturb(home: Path, port: int, seconds: float) -> None:
    """Let a daemon crawl whose disk is full for so long."""
    path, ballast = home / "shopwire.db", home / "ballast"
    with daemon(home, port) as process:
        wait(lambda: number(path, "SELECT count(*) FROM articles") > 0)
        before, until = number(path, "SELECT count(*) FROM articles"), time.monotonic() + seconds
        while time.monotonic() < until:
            fill(ballast)
            time.sleep(0.2)
        alive = "went on" if process.poll() is None else "DIED"
        print(f"full for {seconds:.0f} s after {before} articles; the daemon {alive}")
        ballast.unlink()
        took = wait(lambda: is_written_down(path))
    print(f"every crawl was written down {took:.0f} s after there was room")


def report(store: Store, expected: set[str]) -> None:
    """Print what came of it."""
    for row in store.rows("SELECT text FROM events WHERE kind = 'store'"):
        print(f"ledger: {row['text']}")
    for row in store.rows("SELECT source, outcome, reason FROM runs"):
        print("run:", *row)
    print("integrity:", store.db.execute("PRAGMA integrity_check").fetchone()[0])
    missing = expected - addresses(store)
    again = addresses(store, TRIED_AGAIN)
    failed = tuple(
        f"http://{row['source'].removeprefix('newsroom_')}." for row in store.rows(FAILED)
    )
    unseen = {url for url in missing - again if not url.startswith(failed)}
    print(
        f"articles: {len(expected)} with room, {len(missing)} of them missing without it; "
        f"{len(missing & again)} have a row that says why, {len(unseen)} are not accounted for"
    )


def main() -> None:
    """Run twice and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="a folder that can be filled")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    room = os.statvfs(options.home)
    if room.f_bavail * room.f_frsize > 2**30:
        parser.error(f"{options.home} has more than a GiB of room; it would be filled")
    with newsroom() as sites, tempfile.TemporaryDirectory() as folder:
        expected = stored(Path(folder), sites.port, 0)
        disturb(options.home, sites.port, options.seconds)
    with Store(options.home / "shopwire.db") as store:
        report(store, expected)


if __name__ == "__main__":
    main()
