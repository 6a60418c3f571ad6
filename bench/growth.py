"""What an article costs while the store grows: imports new articles at several sizes of the store.

    python -m bench.growth [SIZE ...]

One store is filled in bulk (`bench/filling.py`) and put aside at each size. Then the stores take turns, so
that a machine whose speed changes does not speak for one of them: `shopwire import`, a process of its
own, takes a file of new articles that resemble nothing (seconds are without those that a file of one
article takes), and in this process articles that are new, edited copies and exact copies get their place
among the copies and their story, by CPU time. The dates of all are scattered over three years.
"""

import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import NamedTuple

from tests.support.crawling import environment

from bench.corpus import SITES, Writer, now, write_lines
from bench.filling import BASE, Filler
from bench.measure import print_table, spread
from bench.processes import Watched, watch
from bench.public_pages import DATA
from shopwire.pipelines.deduplication.deduplicate import relate
from shopwire.pipelines.deduplication.fingerprint import sample, text_hash
from shopwire.pipelines.deduplication.fingerprint_index import holders
from shopwire.pipelines.deduplication.similarity import read
from shopwire.pipelines.stories.assign_story import follow
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.database import Store

SIZES = (10_000, 100_000, 500_000)
IMPORTED = 1_000
PLACED = 400
TURNS = 3
COLUMNS = {"author": "", "editor": "", "published_from": "", "origin": "", "tags": "[]"} | {
    "image": "",
    "extractor": "bench",
    "archived_in": "",
}


class Placing(NamedTuple):
    """What some articles cost that were placed one by one: CPU milliseconds of each and of each
    look-up, and how many were found to be copies."""

    copies: list[float]
    stories: list[float]
    lookups: list[float]
    found: int


def import_file(home: Path, articles: list[dict[str, str]]) -> Watched:
    """What `shopwire import` costs for these articles. (The system's own word for a process's peak would
    be that of this one, from which it was started.)"""
    path = home / "new.jsonl"
    write_lines(path, articles)
    command = [sys.executable, "-m", "shopwire.commands", "import", str(path)]
    return watch(command, environment(home, 0), home)


def arrivals(store: Store, writer: Writer, first: int) -> Iterator[dict[str, object]]:
    """New articles, among them a fifth of edited and a tenth of exact copies of imported ones."""
    for number, article in enumerate(writer.articles(first, PLACED, now())):
        of = store.row(
            "SELECT text, language, published FROM articles WHERE id = ?",
            1 + writer.chance.randrange(BASE),
        )
        assert of
        text, language = article["text"], "und"
        if number % 10 < 3:
            text, language = of["text"], of["language"]
            article["published"] = of["published"]
        if number % 10 in (1, 2):
            text = "".join(sign for sign in text if writer.chance.random() > 0.01)
        yield (
            COLUMNS
            | article
            | {
                "language": language,
                "text": text,
                "text_hash": text_hash(text),
                "fetched": now().isoformat(),
            }
        )


def place(store: Store, articles: list[dict[str, object]]) -> Placing:
    """Find the copies and the story of each article."""
    placing = Placing([], [], [], 0)
    ids = []
    for article in articles:
        keys = sample(read(str(article["text"])).keys).tolist()
        began = time.process_time()
        holders(store, keys)
        placing.lookups.append((time.process_time() - began) * 1_000)
        with store.writing():
            article_id = store.insert_article(article)
            began = time.process_time()
            relate(store, article_id)
            related = time.process_time()
            follow(store, article_id)
            placing.stories.append((time.process_time() - related) * 1_000)
            placing.copies.append((related - began) * 1_000)
        ids.append(article_id)
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT DISTINCT article_id FROM copies WHERE article_id IN ({marks})"
    return placing._replace(found=len(store.rows(sql, *ids)))


class Turn(NamedTuple):
    """What one turn with a store came to: articles imported in a second of CPU and of the clock, the
    most megabytes of that process, and what placing cost."""

    by_cpu: float
    by_clock: float
    peak_mb: float
    placing: Placing

    @property
    def place_ms(self) -> float:
        """CPU milliseconds for the copies and the story of one article."""
        return fmean(self.placing.copies) + fmean(self.placing.stories)


def take_turn(home: Path, writer: Writer, number: int) -> Turn:
    """Import a file of new articles, then place some."""
    articles = writer.articles(10_000_000 + number * IMPORTED * 2, 1 + IMPORTED, now())
    alone = import_file(home, [next(articles)])
    cost = import_file(home, list(articles))
    with Store(home / "shopwire.db") as store:
        placing = place(store, list(arrivals(store, writer, 20_000_000 + number * PLACED)))
    return Turn(
        IMPORTED / (cost.cpu_seconds() - alone.cpu_seconds()),
        IMPORTED / (cost.wall_seconds - alone.wall_seconds),
        cost.peak_mb(),
        placing,
    )


def fill(folder: Path, sizes: Sequence[int], writer: Writer) -> dict[int, Path]:
    """A store of each size, by the folder it stands in."""
    homes = {}
    with Store(folder / "shopwire.db") as store:
        with store.writing():
            for site in range(SITES):
                declare_source(store, f"site-{site:03}", "", "", "zh")
        filler = Filler(store, writer, now())
        for size in sizes:
            began = time.monotonic()
            filler.grow(size)
            store.row("PRAGMA wal_checkpoint(TRUNCATE)")
            homes[size] = folder / str(size)
            homes[size].mkdir()
            shutil.copy(store.path, homes[size])
            print(f"{size:,}: filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return homes


def imported(turns: Sequence[Turn], beside: Sequence[Turn]) -> list[str]:
    """What importing cost, beside the smallest store in the same turns."""
    return [
        spread([turn.by_cpu for turn in turns]),
        spread([turn.by_cpu / other.by_cpu for turn, other in zip(turns, beside, strict=True)]),
        spread([turn.by_clock / other.by_clock for turn, other in zip(turns, beside, strict=True)]),
        f"{max(turn.peak_mb for turn in turns):.0f}",
    ]


def placed(turns: Sequence[Turn], beside: Sequence[Turn]) -> list[str]:
    """What placing cost, beside the smallest store in the same turns."""
    lookups = [lookup for turn in turns for lookup in turn.placing.lookups]
    found = sum(turn.placing.found for turn in turns)
    return [
        spread([fmean(turn.placing.copies) for turn in turns]),
        spread([turn.place_ms for turn in turns]),
        spread([turn.place_ms / other.place_ms for turn, other in zip(turns, beside, strict=True)]),
        f"{median(lookups):.2f}",
        f"{quantiles(lookups, n=20)[-1]:.2f}",
        f"{found}/{len(turns) * PLACED * 3 // 10}",
    ]


IMPORTED_HEAD = (
    "stored",
    "imported/s of CPU",
    "times the smallest's",
    "by the clock",
    "peak MB",
    "bytes/article",
)
PLACED_HEAD = (
    "stored",
    "copies, ms of CPU",
    "with stories",
    "times the smallest's",
    "look-up ms p50",
    "p95",
    "copies found",
)


def main() -> None:
    """Fill, take turns, print."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    writer = Writer(DATA if DATA.is_dir() else None, seed=1)
    turns: defaultdict[int, list[Turn]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        homes = fill(Path(name), sizes, writer)
        bytes_each = {
            size: f"{(home / 'shopwire.db').stat().st_size / size:,.0f}"
            for size, home in homes.items()
        }
        for number in range(1 + TURNS):
            for size, home in homes.items():
                turn = take_turn(home, writer, number * len(homes) + sizes.index(size))
                print(f"{size:,}: {turn[:3]}, {turn.place_ms:.1f} ms", file=sys.stderr, flush=True)
                # The first turn has the stores read from the disk; one in use is in memory.
                if number:
                    turns[size].append(turn)
    first = turns[sizes[0]]
    print(f"Import, {TURNS} turns: median (smallest-largest)\n")
    print_table(
        IMPORTED_HEAD,
        [(f"{size:,}", *imported(turns[size], first), bytes_each[size]) for size in sizes],
    )
    print("\nCopies and stories:\n")
    print_table(PLACED_HEAD, [(f"{size:,}", *placed(turns[size], first)) for size in sizes])


if __name__ == "__main__":
    main()
