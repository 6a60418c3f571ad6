"""What an article costs while the store grows: imports new articles at several sizes of the store.

    python -m bench.growth [SIZE ...]

The store is filled in bulk (`bench/filling.py`); then `shopwire import`, a process of its own, takes a
file of new articles that resemble nothing. Seconds are those of its CPU, without those that a file of
one article takes. Then, in this process, articles that are new, edited copies and exact copies get their
place among the copies and their story.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import NamedTuple

from tests.crawling import environment

from bench.corpus import SITES, Writer, now, write_lines
from bench.filling import BASE, Filler
from bench.measure import print_table
from bench.processes import Watched, watch
from bench.public_pages import DATA
from shopwire.pipelines.fingerprint import sample, text_hash
from shopwire.pipelines.follow import follow
from shopwire.pipelines.relate import relate
from shopwire.pipelines.resemblance import read
from shopwire.storage.fingerprints import holders
from shopwire.storage.ledger import declare_source
from shopwire.storage.store import Store

SIZES = (10_000, 100_000, 500_000)
IMPORTED = 1_000
PLACED = 400
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
        read.cache_clear()
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


def measured(filler: Filler, writer: Writer, home: Path) -> list[str]:
    """One row of the table, for the store as it is."""
    store, size = filler.store, filler.size
    names = writer.articles(10_000_000 + size, 1 + IMPORTED, now())
    alone = import_file(home, [next(names)])
    cost = import_file(home, list(names))
    seconds = cost.cpu_seconds() - alone.cpu_seconds()
    placing = place(store, list(arrivals(store, writer, 20_000_000 + size)))
    both = [one + other for one, other in zip(placing.copies, placing.stories, strict=True)]
    return [
        f"{size:,}",
        f"{IMPORTED / seconds:.0f}",
        f"{IMPORTED / (cost.wall_seconds - alone.wall_seconds):.0f}",
        f"{cost.peak_mb():.0f}",
        f"{store.path.stat().st_size / size:,.0f}",
        f"{fmean(placing.copies):.1f}",
        f"{1_000 / fmean(placing.copies):.0f}",
        f"{1_000 / fmean(both):.0f}",
        f"{median(placing.lookups):.2f}",
        f"{quantiles(placing.lookups, n=20)[-1]:.2f}",
        f"{placing.found}/{PLACED * 3 // 10}",
    ]


HEAD = (
    "stored",
    "imported/s of CPU",
    "by the clock",
    "peak MB",
    "bytes/article",
    "copies ms",
    "copies/s",
    "with stories/s",
    "look-up ms p50",
    "p95",
    "copies found",
)


def main() -> None:
    """Fill, import, place; one row for each size."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    writer = Writer(DATA if DATA.is_dir() else None, seed=1)
    rows = []
    with tempfile.TemporaryDirectory() as name, Store(Path(name) / "shopwire.db") as store:
        with store.writing():
            for site in range(SITES):
                declare_source(store, f"site-{site:03}", "", "", "zh")
        filler = Filler(store, writer, now())
        for size in sizes:
            began = time.monotonic()
            filler.grow(size)
            print(f"{size:,}: filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
            rows.append(measured(filler, writer, Path(name)))
            print(rows[-1], file=sys.stderr, flush=True)
    print_table(HEAD, rows)


if __name__ == "__main__":
    main()
