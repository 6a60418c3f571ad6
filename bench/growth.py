"""Measure the cost of an article while the store grows.

    python -m bench.growth [SIZE ...]

One store is filled in bulk (`bench/fixtures/filling.py`) and copied at each size. Then the stores take
turns, so that a machine whose speed changes favours none of them. In a turn `shopwire import`, a process
of its own, imports a file of new articles without duplicates (less the time that a file of one article
takes), and this process deduplicates and assigns stories to new articles, edited duplicates and exact
duplicates, measured in CPU time. Their dates are spread over three years.
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

from bench.fixtures.corpus import SITES, Writer, now, write_lines
from bench.fixtures.filling import BASE, Filler
from bench.fixtures.labelled_pages import DATA
from bench.measure import Watched, print_table, spread, watch
from shopwire.pipelines.deduplication.deduplicate import deduplicate
from shopwire.pipelines.deduplication.fingerprint import hash_text, sample_keys
from shopwire.pipelines.deduplication.fingerprint_index import find_holders
from shopwire.pipelines.deduplication.text_features import read_text_features
from shopwire.pipelines.stories.assign_story import assign_story
from shopwire.storage.crawl_log.runs import declare_source
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
    """CPU milliseconds of each article's deduplication, story and look-up; how many are duplicates."""

    duplicates: list[float]
    stories: list[float]
    lookups: list[float]
    found: int


def import_file(home: Path, articles: list[dict[str, str]]) -> Watched:
    """Import articles with `shopwire import`, and return what that cost."""
    path = home / "new.jsonl"
    write_lines(path, articles)
    command = [sys.executable, "-m", "shopwire.commands", "import", str(path)]
    return watch(command, environment(home, 0), home)


def build_arrivals(store: Store, writer: Writer, first: int) -> Iterator[dict[str, object]]:
    """Yield new articles: a fifth are edited and a tenth exact duplicates of imported ones."""
    for number, article in enumerate(writer.write_articles(first, PLACED, now())):
        original = store.row(
            "SELECT text, language, published FROM articles WHERE id = ?",
            1 + writer.chance.randrange(BASE),
        )
        assert original
        text, language = article["text"], "und"
        if number % 10 < 3:
            text, language = original["text"], original["language"]
            article["published"] = original["published"]
        if number % 10 in (1, 2):
            text = "".join(sign for sign in text if writer.chance.random() > 0.01)
        yield (
            COLUMNS
            | article
            | {
                "language": language,
                "text": text,
                "text_hash": hash_text(text),
                "fetched": now().isoformat(),
            }
        )


def place_articles(store: Store, articles: list[dict[str, object]]) -> Placing:
    """Deduplicate each article and assign its story."""
    placing = Placing([], [], [], 0)
    ids = []
    for article in articles:
        keys = sample_keys(read_text_features(str(article["text"])).keys).tolist()
        began = time.process_time()
        find_holders(store, keys)
        placing.lookups.append((time.process_time() - began) * 1_000)
        with store.writing():
            article_id = store.insert_article(article)
            began = time.process_time()
            deduplicate(store, article_id)
            related = time.process_time()
            assign_story(store, article_id)
            placing.stories.append((time.process_time() - related) * 1_000)
            placing.duplicates.append((related - began) * 1_000)
        ids.append(article_id)
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT DISTINCT article_id FROM copies WHERE article_id IN ({marks})"
    return placing._replace(found=len(store.rows(sql, *ids)))


class Turn(NamedTuple):
    """One turn with a store: articles imported in a second of CPU and of the clock, peak megabytes of
    that process, and the cost of placing."""

    by_cpu: float
    by_clock: float
    peak_mb: float
    placing: Placing

    @property
    def place_ms(self) -> float:
        """CPU milliseconds of the deduplication and the story of one article."""
        return fmean(self.placing.duplicates) + fmean(self.placing.stories)


def take_turn(home: Path, writer: Writer, number: int) -> Turn:
    """Import a file of new articles, then place others."""
    articles = writer.write_articles(10_000_000 + number * IMPORTED * 2, 1 + IMPORTED, now())
    alone = import_file(home, [next(articles)])
    cost = import_file(home, list(articles))
    with Store(home / "shopwire.db") as store:
        placing = place_articles(store, list(build_arrivals(store, writer, 20_000_000 + number * PLACED)))
    return Turn(
        IMPORTED / (cost.cpu_seconds() - alone.cpu_seconds()),
        IMPORTED / (cost.wall_seconds - alone.wall_seconds),
        cost.peak_mb(),
        placing,
    )


def fill_stores(folder: Path, sizes: Sequence[int], writer: Writer) -> dict[int, Path]:
    """Fill a store of each size; returns their folders."""
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


def format_imports(turns: Sequence[Turn], smallest: Sequence[Turn]) -> list[str]:
    """Return the figures of importing, compared with the smallest store in the same turns."""
    return [
        spread([turn.by_cpu for turn in turns]),
        spread([turn.by_cpu / other.by_cpu for turn, other in zip(turns, smallest, strict=True)]),
        spread([turn.by_clock / other.by_clock for turn, other in zip(turns, smallest, strict=True)]),
        f"{max(turn.peak_mb for turn in turns):.0f}",
    ]


def format_placing(turns: Sequence[Turn], smallest: Sequence[Turn]) -> list[str]:
    """Return the figures of placing, compared with the smallest store in the same turns."""
    lookups = [lookup for turn in turns for lookup in turn.placing.lookups]
    found = sum(turn.placing.found for turn in turns)
    return [
        spread([fmean(turn.placing.duplicates) for turn in turns]),
        spread([turn.place_ms for turn in turns]),
        spread([turn.place_ms / other.place_ms for turn, other in zip(turns, smallest, strict=True)]),
        f"{median(lookups):.2f}",
        f"{quantiles(lookups, n=20)[-1]:.2f}",
        f"{found}/{len(turns) * PLACED * 3 // 10}",
    ]


IMPORTED_HEAD = (
    "stored",
    "imported/s of CPU",
    "times the smallest store's",
    "by the clock",
    "peak MB",
    "bytes/article",
)
PLACED_HEAD = (
    "stored",
    "duplicates, ms of CPU",
    "with stories",
    "times the smallest store's",
    "look-up ms p50",
    "p95",
    "duplicates found",
)


def main() -> None:
    """Fill the stores, take turns, print the tables."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    writer = Writer(DATA if DATA.is_dir() else None, seed=1)
    turns: defaultdict[int, list[Turn]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        homes = fill_stores(Path(name), sizes, writer)
        bytes_each = {
            size: f"{(home / 'shopwire.db').stat().st_size / size:,.0f}" for size, home in homes.items()
        }
        for number in range(1 + TURNS):
            for size, home in homes.items():
                turn = take_turn(home, writer, number * len(homes) + sizes.index(size))
                print(f"{size:,}: {turn[:3]}, {turn.place_ms:.1f} ms", file=sys.stderr, flush=True)
                # In the first turn the stores are read from the disk.
                if number:
                    turns[size].append(turn)
    first = turns[sizes[0]]
    print(f"Import, {TURNS} turns: median (smallest-largest)\n")
    print_table(
        IMPORTED_HEAD,
        [(f"{size:,}", *format_imports(turns[size], first), bytes_each[size]) for size in sizes],
    )
    print("\nDeduplication and stories:\n")
    print_table(PLACED_HEAD, [(f"{size:,}", *format_placing(turns[size], first)) for size in sizes])


if __name__ == "__main__":
    main()
