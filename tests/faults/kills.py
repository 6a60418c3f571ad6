"""`kill -9` at random points of writing, again and again, on one store.

`python -m tests.faults.kills --trials 20` prints what was found as JSON, and ends with 1 when anything
was lost, doubled or corrupted. Each trial forks a writer that stores pages, with their raw form in the
archive, and says each one's address once its transaction has ended; it is killed at a random moment.
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

from shopwire.pipelines.store_article import keep
from shopwire.storage.archive import Archived, ArchiveError, ArchiveWriter, read_archived
from shopwire.storage.crawl_log.ledger import begin_run, declare_source
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
    """What the trials came to; all but the first three must stay 0."""

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
        """How many things went wrong."""
        return self.lost + self.doubled + self.halves + self.unreadable + self.corrupt


def write_pages(home: Path, trial: int, said: int, most: int = 10_000) -> None:
    """Store page after page, each one new or an update of an earlier one; say each when it is kept."""
    dice = random.Random(trial)
    with Store(home / "shopwire.db") as store, ArchiveWriter(home, f"trial-{trial}") as archive:
        with store.writing():
            declare_source(store, "blog", "A blog", "https://blog.example/", "en")
        run = begin_run(store, "blog")
        for number in range(most):
            known = number and dice.random() < 0.3
            name = f"{trial}-{dice.randrange(number) if known else number}"
            text = " ".join(dice.choices(WORDS, k=120))
            url = f"https://blog.example/{name}"
            raw = Archived(url, "blog", FETCHED, "text/html", text.encode())
            page = a_page(url=url, body=text.encode(), archived_in=archive.write(raw))
            kept = keep(store, page, an_article(url=url, title=name, text=text), run)
            os.write(said, f"{kept.article_id} {run}\n".encode())


def one_trial(home: Path, trial: int, dice: random.Random) -> list[tuple[int, int]]:
    """Fork a writer and kill it; gives article and run of everything it said was kept."""
    hears, says = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(hears)
        write_pages(home, trial, says)
        os._exit(0)
    os.close(says)
    with os.fdopen(hears) as lines:
        heard = [lines.readline() for _ in range(dice.randrange(MOST_AT_ONCE))]
        time.sleep(dice.random() * 0.02)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        heard += lines.readlines()
    whole = [line.split() for line in heard if line.endswith("\n")]
    return [(int(article), int(run)) for article, run in whole]


def look_over(store: Store, home: Path, kept: list[tuple[int, int]], found: Found) -> None:
    """Count what is wrong after a kill."""
    if store.row("PRAGMA quick_check")[0] != "ok":  # type: ignore[index]
        found.corrupt += 1
    for article, _ in kept:
        row = store.row("SELECT archived_in FROM articles WHERE id = ?", article)
        if row is None:
            found.lost += 1
            continue
        try:
            read_archived(home, row["archived_in"])
        except ArchiveError:
            found.unreadable += 1
    for run in {run for _, run in kept}:
        said = sum(1 for _, one in kept if one == run)
        rows = store.rows("SELECT article_id FROM fetches WHERE run_id = ?", run)
        # The last transaction may have ended without being said.
        found.lost += max(0, said - len(rows))
        found.doubled += max(0, len(rows) - said - 1)


def run_trials(home: Path, trials: int, seed: int) -> Found:
    """Kill a writer so many times and look at the store after each."""
    dice, found, started = random.Random(seed), Found(), time.monotonic()
    # What is loaded when the first article comes is loaded once, not by every fork.
    with tempfile.TemporaryDirectory() as scratch, Path(os.devnull).open("wb") as nobody:
        write_pages(Path(scratch), 0, nobody.fileno(), most=3)
    for trial in range(trials):
        kept = one_trial(home, trial, dice)
        found.trials += 1
        found.acknowledged += len(kept)
        with Store(home / "shopwire.db") as store:
            look_over(store, home, kept, found)
    with Store(home / "shopwire.db") as store:
        found.corrupt += store.row("PRAGMA integrity_check")[0] != "ok"  # type: ignore[index]
        found.doubled += len(
            store.rows("SELECT url FROM articles GROUP BY url HAVING count(*) > 1")
        )
        # An article without its row, its search text or its canonical article is half an article.
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
    """Run the trials and print what was found."""
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
