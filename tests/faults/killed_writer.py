"""Kill a writer with SIGKILL at random points, many times, on one store.

`python -m tests.faults.killed_writer --trials 20` prints the result as JSON, and exits with 1 if anything
was lost, duplicated or corrupted. Each trial forks a writer that stores pages, archives them, and reports
each one once its transaction has ended; it is killed at a random moment.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveError, ArchiveWriter, find_body, read_archived_page
from shopwire.storage.crawl_log.reextraction import find_last_place
from shopwire.storage.crawl_log.runs import begin_run, declare_source
from shopwire.storage.database import Store
from tests.support.makers import FETCHED, a_page, an_article

WORDS = (
    "parcel",
    "sale",
    "buyer",
    "market",
    "price",
    "carrier",
    "refund",
    "host",
    "brand",
    "tax",
    "port",
)
MOST_AT_ONCE = 12


@dataclass
class Found:
    """The result of the trials; all but the first three must be 0."""

    trials: int = 0
    acknowledged: int = 0
    seconds: float = 0.0
    lost: int = 0
    doubled: int = 0
    halves: int = 0
    unreadable: int = 0
    corrupt: int = 0

    @property
    def bad(self) -> int:
        """The number of errors."""
        return self.lost + self.doubled + self.halves + self.unreadable + self.corrupt


def write_pages(home: Path, trial: int, reports: int, most: int = 10_000) -> None:
    """Store pages, new ones, updates and unchanged ones; report each once it is stored."""
    dice = random.Random(trial)
    texts: dict[str, str] = {}
    with Store(home / "shopwire.db") as store, ArchiveWriter(home, f"trial-{trial}") as archive:
        with store.writing():
            declare_source(store, "blog", "A blog", "https://blog.example/", "en")
        run = begin_run(store, "blog")
        for number in range(most):
            known = number and dice.random() < 0.3
            name = f"{trial}-{dice.randrange(number) if known else number}"
            is_unchanged = name in texts and dice.random() < 0.5
            text = texts[name] if is_unchanged else " ".join(dice.choices(WORDS, k=120))
            texts[name] = text
            url = f"https://blog.example/{name}"
            raw = ArchivedPage(url, "blog", FETCHED, "text/html", text.encode())
            body = find_body(home, find_last_place(store, url), raw)
            places = {"archived_in": archive.write(raw, body), "body_in": body.place if body else ""}
            page = a_page(url=url, body=text.encode(), **places)
            kept = store_page(store, page, an_article(url=url, title=name, text=text), run)
            os.write(reports, f"{kept.article_id} {run}\n".encode())


def run_trial(home: Path, trial: int, dice: random.Random) -> list[tuple[int, int]]:
    """Fork a writer and kill it; returns the (article, run) pairs that it reported."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receiver)
        write_pages(home, trial, sender)
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as lines:
        reported = [lines.readline() for _ in range(dice.randrange(MOST_AT_ONCE))]
        time.sleep(dice.random() * 0.02)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        reported += lines.readlines()
    whole = [line.split() for line in reported if line.endswith("\n")]
    return [(int(article), int(run)) for article, run in whole]


def check_store(store: Store, home: Path, kept: list[tuple[int, int]], found: Found) -> None:
    """Count the errors in a store after a kill."""
    if store.row("PRAGMA quick_check")[0] != "ok":  # type: ignore[index]
        found.corrupt += 1
    for article, _ in kept:
        row = store.row("SELECT archived_in FROM articles WHERE id = ?", article)
        if row is None:
            found.lost += 1
            continue
        try:
            read_archived_page(home, row["archived_in"])
        except ArchiveError:
            found.unreadable += 1
    for run in {run for _, run in kept}:
        reported = sum(1 for _, one in kept if one == run)
        rows = store.rows("SELECT article_id FROM fetches WHERE run_id = ?", run)
        # The last transaction may have ended without a report.
        found.lost += max(0, reported - len(rows))
        found.doubled += max(0, len(rows) - reported - 1)


def run_trials(home: Path, trials: int, seed: int) -> Found:
    """Kill a writer `trials` times and check the store after each."""
    dice, found, started = random.Random(seed), Found(), time.monotonic()
    # Modules that the first article loads are loaded before forking.
    with tempfile.TemporaryDirectory() as scratch, Path(os.devnull).open("wb") as sink:
        write_pages(Path(scratch), 0, sink.fileno(), most=3)
    for trial in range(trials):
        kept = run_trial(home, trial, dice)
        found.trials += 1
        found.acknowledged += len(kept)
        with Store(home / "shopwire.db") as store:
            check_store(store, home, kept, found)
    with Store(home / "shopwire.db") as store:
        found.corrupt += store.row("PRAGMA integrity_check")[0] != "ok"  # type: ignore[index]
        found.doubled += len(store.rows("SELECT url FROM articles GROUP BY url HAVING count(*) > 1"))
        # An article without its fetch, its search text or its canonical article is incomplete.
        found.halves += len(
            store.rows(
                "SELECT id FROM articles WHERE canonical_id IS NULL "
                "OR id NOT IN (SELECT article_id FROM fetches WHERE article_id IS NOT NULL) "
                "OR id NOT IN (SELECT rowid FROM articles_fts)"
            )
        )
        found.halves += len(store.rows("PRAGMA foreign_key_check"))
    found.seconds = round(time.monotonic() - started, 1)
    return found


def main() -> None:
    """Run the trials, and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run_trials(Path(folder), options.trials, options.seed)
    print(json.dumps(asdict(found)))
    sys.exit(bool(found.bad))


if __name__ == "__main__":
    main()
