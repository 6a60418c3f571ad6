"""Run two writers and a reader on one store that another process locks for a while.

`python -m tests.faults.concurrent_writers --seconds 5 --locked 2` prints the result as JSON, and exits
with 1 if anything went wrong. An SQLite error in any of them ends it with a traceback.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from shopwire.pipelines.store_article import store_page
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.faults.killed_writer import WORDS
from tests.support.makers import a_page, an_article

COUNTS = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM fetches)"
AT_WORK = "SELECT DISTINCT substr(url, 1, 24) FROM articles"


@dataclass
class Found:
    """The result; the last three must be 0. Waits are the longest ones, in seconds."""

    written: int
    reads: int
    writer_waited: float
    reader_waited: float
    halves: int
    lost: int
    corrupt: int


def write(path: Path, writer: str, stop: Path) -> tuple[int, float]:
    """Store articles until stopped; returns their number and the longest time of one in seconds."""
    dice, number, longest = random.Random(writer), 0, 0.0
    with Store(path) as store:
        while not stop.exists():
            began = time.monotonic()
            url = f"https://blog.example/{writer}/{number}"
            article = an_article(url=url, text=" ".join(dice.choices(WORDS, k=120)))
            store_page(store, a_page(url=url), article, None)
            number += 1
            longest = max(longest, time.monotonic() - began)
    return number, longest


def read(path: Path, stop: Path) -> tuple[int, int, float]:
    """Count articles and fetches until stopped.

    Returns the number of reads, how often the counts differed or decreased, and the longest time of a
    read in seconds.
    """
    number, halves, longest, last = 0, 0, 0.0, 0
    with Store(path) as store:
        while not stop.exists():
            began = time.monotonic()
            articles, fetches = store.rows(COUNTS)[0]
            longest = max(longest, time.monotonic() - began)
            halves += articles != fetches or articles < last
            number, last = number + 1, articles
            time.sleep(0.01)
    return number, halves, longest


def hold(store: Store, seconds: float) -> None:
    """Lock the store once both writers have written, as a backup or an open SQL shell does."""
    while len(store.rows(AT_WORK)) < 2:
        time.sleep(0.01)
    with store.writing():
        time.sleep(seconds)


def crowd(path: Path, seconds: float, locked: float) -> Found:
    """Run all of them on an empty store for so many seconds, longer if they have to wait."""
    end, stop = time.monotonic() + seconds, path.with_suffix(".stop")
    with Store(path) as store, ProcessPoolExecutor(3, get_context("spawn")) as pool:
        with store.writing():
            declare_source(store, "blog", "A blog", "https://blog.example/", "en")
        writers = [pool.submit(write, path, name, stop) for name in ("one", "two")]
        reader = pool.submit(read, path, stop)
        hold(store, locked)
        time.sleep(max(0.0, end - time.monotonic()))
        stop.touch()
        written, waits = zip(*(writer.result() for writer in writers), strict=True)
        reads, halves, reader_waited = reader.result()
        kept = store.rows(COUNTS)[0]
        corrupt = store.rows("PRAGMA integrity_check")[0][0] != "ok"
    return Found(
        written=sum(written),
        reads=reads,
        writer_waited=round(max(waits), 2),
        reader_waited=round(reader_waited, 2),
        halves=halves,
        lost=sum(abs(sum(written) - count) for count in kept),
        corrupt=int(corrupt),
    )


def main() -> None:
    """Run it, and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--locked", type=float, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = crowd(Path(folder) / "shopwire.db", options.seconds, options.locked)
    print(json.dumps(asdict(found)))
    sys.exit(bool(found.halves + found.lost + found.corrupt))


if __name__ == "__main__":
    main()
