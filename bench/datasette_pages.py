"""Measures the pages of Datasette over stores of several sizes: `python -m bench.datasette_pages [SIZE ...]`.

`bench/large_store.py` builds the articles from lines of real ones: the sample sites' and those of every
`*.jsonl` with a `text` in SHOPWIRE_BENCH_DATA. SHOPWIRE_BENCH_STORES names a folder that keeps the stores.
Printed: the size of each store and of its search index; how many Chinese words of two to four characters
search finds of those that a LIKE scan finds in the first one; and for each page and size, requested through
Datasette without a socket, the median of processor time, which other work on the machine does not lengthen
much, and the median on the clock.
"""

import argparse
import asyncio
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from datasette.app import Datasette

from bench.fixtures.labelled_pages import DATA
from bench.large_store import HAN, NOW, build, sentences
from bench.measure import print_table
from shopwire.storage.database import Store
from shopwire.storage.datasette.app import build_datasette
from shopwire.storage.search.full_text import build_match_query

SIZES = (10_000, 100_000, 1_000_000)
STORES = os.environ.get("SHOPWIRE_BENCH_STORES")
DAY = f"{NOW - timedelta(days=11):%Y-%m-%d}"
WEEK_AGO, YEARS_AGO = (f"{NOW - timedelta(days=days):%Y-%m-%d}" for days in (7, 700))
# Most articles pass the filters; the common word is in one article of fifteen, the commonest in one of three.
LATE, OVER = "Too slow to count", "took too long"
PAGES = {
    "front page": "/",
    "latest with facets": "/shopwire/latest",
    "latest of one source": "/shopwire/latest?source=site-000",
    "latest of one language": "/shopwire/latest?language=zh",
    "latest of one platform": "/shopwire/latest?platform=Platform+0",
    "latest of one day": f"/shopwire/latest?day={DAY}",
    "latest since a day": f"/shopwire/latest?day__gte={YEARS_AGO}",
    "latest since a day of one language": f"/shopwire/latest?day__gte={YEARS_AGO}&language=zh",
    "latest, facet on stories": "/shopwire/latest?_facet=story",
    "latest of one language, facet on stories": "/shopwire/latest?language=zh&_facet=story",
    "search, common word": "/search?q=%E7%94%B5%E5%95%86",
    "search, commonest word": "/search?q=the",
    "search, two words": "/search?q=%E7%9B%B4%E6%92%AD+%E4%B8%BB%E6%92%AD",
    "search, phrase": "/search?q=%E7%9B%B4%E6%92%AD%E5%B8%A6%E8%B4%A7",
    "search, rare word": "/search?q=%E9%BA%92%E9%BA%9F%E8%BD%A9",
    "latest, _search common": "/shopwire/latest?_search=%E7%94%B5%E5%95%86",
    "latest, _search commonest": "/shopwire/latest?_search=the",
    "latest, _search rare": "/shopwire/latest?_search=%E9%BA%92%E9%BA%9F%E8%BD%A9",
    "latest of one language, _search common": "/shopwire/latest?language=zh&_search=%E7%94%B5%E5%95%86",
    "latest of one language, _search commonest": "/shopwire/latest?language=en&_search=the",
    "latest since a day, _search common": f"/shopwire/latest?day__gte={YEARS_AGO}&_search=%E7%94%B5%E5%95%86",
    "articles, _search common": "/shopwire/articles?_search=%E7%94%B5%E5%95%86",
    "entity": "/entity/Platform%200",
    "entity without many articles": "/entity/Taobao",
    "compare two names": "/compare?names=Platform+0,Platform+1",
    "compare five names": "/compare?names=Platform+0,Platform+1,Platform+2,Platform+3,Platform+4",
    "search, newest only": "/search?q=%E7%94%B5%E5%95%86&after=9000&sort=date",
    "watch of a common word": "/watch/common",
    "watch of a name": "/watch/name",
    "briefing of a day": f"/brief/{DAY}",
    "briefings of a week as a feed": "/brief.atom",
    "story": "/story/17",
    "article": "/article/4711",
    "queries and tables": "/shopwire",
    "stories": "/shopwire/headlines",
    "articles per day": "/shopwire/daily_counts",
    "genealogy": "/shopwire/genealogy",
    "sources": "/shopwire/sources_health",
    "mentions": "/shopwire/mentions?_facet=name",
    "figures": "/shopwire/figures",
    "biggest figures": "/shopwire/biggest_figures",
    "who mentioned, common word": "/shopwire/who_mentioned?words=%E7%94%B5%E5%95%86",
    "one against another": "/shopwire/one_against_another?one=%E7%94%B5%E5%95%86&other=%E7%9B%B4%E6%92%AD",
    "new stories": f"/shopwire/new_stories?since={WEEK_AGO}",
    "untranslated stories": "/shopwire/untranslated_stories?language=zh&articles=3",
    "who copies whom": "/shopwire/who_copies_whom",
    "articles naming": "/shopwire/articles_naming?name=Platform+0",
    "two names per week": "/shopwire/named_per_week?one=Platform+0&other=Platform+1",
    "the same figure": "/shopwire/the_same_figure?number=540300000000",
    "Atom feed": "/shopwire/feed.atom?q=",
    "Atom feed, common word": "/shopwire/feed.atom?q=%E7%94%B5%E5%95%86",
}


WATCHES = '[watches.common]\nwords = "电商"\n[watches.name]\nentities = ["Platform 0"]\n'


class Timing(NamedTuple):
    """Measurements of one page: milliseconds on the clock and of the processor for each request but the
    first, and how many responses exceeded a limit of time: they lack a facet, or say so and no more."""

    name: str
    wall: list[float]
    processor: list[float]
    late: int

    def describe(self) -> str:
        """Return the medians as a cell of the table."""
        late = f" ({self.late} late)" if self.late else ""
        return f"{median(self.processor):.0f} · {median(self.wall):.0f}{late}"


def measure_pages(store: Path, requests: int) -> Iterator[Timing]:
    """Yield the timing of each page, requested `requests` times after a first request."""
    store.with_name("shopwire.toml").write_text(WATCHES, encoding="utf-8")
    datasette = build_datasette(store)
    with asyncio.Runner() as runner:
        runner.run(datasette.invoke_startup())
        for name, path in PAGES.items():
            yield runner.run(measure_page(datasette, name, path, requests))


async def measure_page(datasette: Datasette, name: str, path: str, requests: int) -> Timing:
    """Return the timing of one page. Raises `RuntimeError` if it is an error."""
    wall: list[float] = []
    processor: list[float] = []
    late = 0
    for _ in range(requests + 1):
        began, worked = time.perf_counter(), time.process_time()
        answer = await datasette.client.get(path)
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
        is_over = answer.status_code == 400 and OVER in answer.text
        late += is_over or LATE in answer.text
        if answer.status_code != 200 and not is_over:
            raise RuntimeError(f"{path} is answered with {answer.status_code}")
    return Timing(name, wall[1:], processor[1:], late)


def measure_index(store: Store) -> int:
    """Return the size of the search index in bytes."""
    row = store.row("SELECT sum(length(block)) FROM articles_fts_data")
    return int(row[0]) if row else 0


def compare_with_like(store: Store, words: int) -> tuple[int, int, int]:
    """Return how many articles LIKE finds for random words, how many of these search finds, and others."""
    chance = random.Random(5)
    runs = [
        run
        for (text,) in store.rows("SELECT text FROM articles WHERE language = 'zh' LIMIT 2000")
        for run in HAN.findall(text)
        if len(run) >= 4
    ]
    truth = both = more = 0
    for _ in range(words):
        run, size = chance.choice(runs), chance.choice((2, 2, 3, 4))
        at = chance.randrange(len(run) - size + 1)
        word = run[at : at + size]
        scan = "SELECT id FROM articles WHERE text LIKE :w OR title LIKE :w"
        like = {row[0] for row in store.db.execute(scan, {"w": f"%{word}%"})}
        ask = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        found = {row[0] for row in store.db.execute(ask, [build_match_query(word)])}
        truth, both, more = truth + len(like), both + len(like & found), more + len(found - like)
    return truth, both, more


def prepare_store(folder: Path, size: int, words: int) -> Path:
    """Return the store of a size in a folder, which is built if it is missing; print what it has."""
    path = folder / str(size) / "shopwire.db"
    is_missing = not path.exists()
    with Store(path) as store:
        if is_missing:
            began = time.process_time()
            build(store, size, sentences(DATA))
            print(f"{size:,} articles were stored in {time.process_time() - began:.0f} s of processor time.")
        megabytes = path.stat().st_size / 1e6
        print(f"A store of {size:,} articles has {megabytes:,.0f} MB, ", end="")
        print(f"{measure_index(store) / 1e6:,.0f} of which are the search index.", flush=True)
        if words:
            truth, both, more = compare_with_like(store, words)
            print(
                f"For {words} words search finds {both:,} of the {truth:,} articles that LIKE finds, "
                f"and {more:,} others."
            )
    return path


def main() -> None:
    """Build the stores, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--requests", type=int, default=15)
    parser.add_argument("--words", type=int, default=50, help="words to compare with a LIKE scan")
    options = parser.parse_args()
    found: dict[str, list[str]] = {name: [] for name in PAGES}
    with TemporaryDirectory() as temporary:
        for size in options.sizes:
            words = options.words if size == options.sizes[0] else 0
            for page in measure_pages(
                prepare_store(Path(STORES or temporary), size, words), options.requests
            ):
                found[page.name].append(page.describe())
                print(size, page.name, page.describe(), file=sys.stderr, flush=True)
    print()
    headings = ("page", *(f"{size:,} articles" for size in options.sizes))
    print_table(headings, ((name, *cells) for name, cells in found.items()))


if __name__ == "__main__":
    main()
