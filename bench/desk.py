"""Asks the desk for its pages over stores of any size: `python -m bench.desk 10000 100000 1000000`.

The articles are put together from lines of real ones (the newsroom's, or every `*.jsonl` with a
`text` below `--texts`), so that words are as frequent as in life; no two hold the same lines. Printed:
how long the store took to build and how large its search index is; how many words of two to four
Chinese signs search finds where a scan by LIKE does; median and ninety-fifth percentile of so many
requests for each page, through Datasette itself but without a socket, beside what a first one took and
the median of the processor's time, which other work on the machine does not lengthen.
"""

import argparse
import asyncio
import json
import random
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.newsroom.content import load
from tests.newsroom.sites import SITES

from bench.measure import print_table
from shopwire.storage.datasette.desk import open_desk
from shopwire.storage.ledger import declare_source
from shopwire.storage.notes import save_notes
from shopwire.storage.search import match_query, shadow
from shopwire.storage.store import Store

HAN = re.compile("[\u4e00-\u9fff]+")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
YEARS = 3
SOURCES = 200
BATCH = 10_000
# One article in this many is a copy of an earlier one; one in this many names a rare word.
COPIES, RARE = 5, 5000
RARE_WORD = "麒麟轩"
MEMBERS = 4  # articles of a story
PAGES = {
    "front page": "/",
    "latest with facets": "/shopwire/latest",
    "latest of one source": "/shopwire/latest?source=site-007",
    "latest of one language": "/shopwire/latest?language=en",
    "latest of one platform": "/shopwire/latest?platform=Platform+7",
    "latest of one day": "/shopwire/latest?day=2026-11-11",
    "latest, facet on stories": "/shopwire/latest?_facet=story",
    "search, common word": "/search?q=%E7%94%B5%E5%95%86",
    "search, two words": "/search?q=%E7%9B%B4%E6%92%AD+%E4%B8%BB%E6%92%AD",
    "search, rare word": "/search?q=%E9%BA%92%E9%BA%9F%E8%BD%A9",
    "latest, _search common": "/shopwire/latest?_search=%E7%94%B5%E5%95%86",
    "latest, _search rare": "/shopwire/latest?_search=%E9%BA%92%E9%BA%9F%E8%BD%A9",
    "articles, _search common": "/shopwire/articles?_search=%E7%94%B5%E5%95%86",
    "story": "/story/17",
    "article": "/article/4711",
    "stories": "/shopwire/headlines",
    "sources": "/shopwire/sources_health",
    "mentions": "/shopwire/mentions?_facet=name",
    "figures": "/shopwire/figures",
    "biggest figures": "/shopwire/biggest_figures",
    "Atom feed": "/shopwire/feed.atom?q=",
}


def sentences(folder: Path | None) -> dict[str, list[str]]:
    """The lines of real articles, by language."""
    texts: list[str] = []
    for path in sorted(folder.rglob("*.jsonl")) if folder else []:
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        texts.extend(row.get("text") or "" for row in rows)
    for site in SITES:
        texts += ["\n".join(article.paragraphs) for article in load(site.name, 1)]
    lines = {line.strip() for text in texts for line in text.split("\n") if len(line) > 15}
    found: dict[str, list[str]] = {"zh": [], "en": []}
    for line in sorted(lines):
        found["zh" if HAN.search(line) else "en"].append(line[:400])
    return found


def columns(number: int, lines: dict[str, list[str]], chance: random.Random) -> dict[str, Any]:
    """One article that no other one is like."""
    language = chance.choice(("zh", "zh", "en"))
    chosen = chance.sample(lines[language], chance.randint(3, 6))
    if number % RARE == 1:
        chosen.append(f"{RARE_WORD}也在其中。")
    back = timedelta(minutes=chance.randint(0, YEARS * 365 * 24 * 60))
    moment = (NOW - back).isoformat(timespec="minutes")
    return {
        "id": number,
        "url": f"https://site-{number % SOURCES:03}.example/{number}",
        "source": f"site-{int(SOURCES * chance.random() ** 3):03}",
        "title": chosen[0][:40],
        "author": "",
        "editor": "",
        "published": moment,
        "published_from": "bench",
        "fetched": moment,
        "language": language,
        "origin": "",
        "tags": "[]",
        "image": "",
        "text": "\n".join(chosen),
        "text_hash": number,
        "story_id": number // MEMBERS + 1,
        "extractor": "bench",
        "archived_in": "",
    }


def build(store: Store, number: int, lines: dict[str, list[str]]) -> float:
    """Fill a store; gives the seconds that took."""
    chance = random.Random(number)
    began = time.monotonic()
    store.db.execute("PRAGMA cache_size = -500000")
    with store.writing():
        for source in range(SOURCES):
            declare_source(
                store, f"site-{source:03}", f"Site {source}", "https://site.example", "zh"
            )
    for first in range(1, number + 1, BATCH):
        ids = range(first, min(first + BATCH, number + 1))
        with store.writing():
            rows = [columns(article, lines, chance) for article in ids]
            for story, members in groupby(rows, lambda row: row["story_id"]):
                tell(store, story, [row["published"] for row in members])
            for row in rows:
                insert(store, row)
    return time.monotonic() - began


def tell(store: Store, story: int, times: Sequence[str]) -> None:
    """Write down the story of some articles."""
    store.db.execute(
        "INSERT OR IGNORE INTO stories VALUES (?, ?, ?, ?, ?, ?, ?)",
        [story, f"Story {story}", min(times), max(times), MEMBERS, story % MEMBERS + 1, "zh en"],
    )


def insert(store: Store, row: dict[str, Any]) -> None:
    """Add an article as `Store.insert_article` does, but with the words of each line made once."""
    article = row["id"]
    of = article - 1 if article % COPIES == 0 else article
    store.insert("articles", row | {"canonical_id": of})
    words = [" ".join(map(shadow_of, text.split("\n"))) for text in (row["title"], row["text"])]
    store.db.execute(
        "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)", [article, *words]
    )
    chance = random.Random(article)
    names = {("platform", f"Platform {int(300 * chance.random() ** 2)}") for _ in range(4)}
    figures = [("amount", float(f"{chance.random() * 1e12:.3g}"), "cny", row["title"])] * 2
    save_notes(store, article, names, figures, min(names)[1])
    if of != article:
        values = {"article_id": article, "of_id": of, "kind": "near", "score": 0.9, "why": "{}"}
        store.insert("copies", values)


@cache
def shadow_of(line: str) -> str:
    """What the index holds of a line."""
    return shadow(line)


class Timing(NamedTuple):
    """Of one page: milliseconds of each request, the first apart, and the worst status."""

    name: str
    first: float
    wall: list[float]
    processor: list[float]
    status: int


async def timings(store: Path, requests: int) -> list[Timing]:
    """Ask the desk for each page so often, and once before."""
    desk = open_desk(store)
    await desk.invoke_startup()
    found = []
    for name, path in PAGES.items():
        wall: list[float] = []
        processor: list[float] = []
        status = 0
        for _ in range(requests + 1):
            began, worked = time.perf_counter(), time.process_time()
            answer = await desk.client.get(path)
            wall.append((time.perf_counter() - began) * 1000)
            processor.append((time.process_time() - worked) * 1000)
            status = max(status, answer.status_code)
        found.append(Timing(name, wall[0], wall[1:], processor[1:], status))
    return found


def index_size(store: Store) -> int:
    """Bytes of the search index."""
    row = store.row("SELECT sum(length(block)) FROM articles_fts_data")
    return int(row[0]) if row else 0


def recall(store: Store, words: int) -> tuple[int, int, int]:
    """Articles that a LIKE scan finds for random words, how many of them search finds, and how many more."""
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
        found = {row[0] for row in store.db.execute(ask, [match_query(word)])}
        truth, both, more = truth + len(like), both + len(like & found), more + len(found - like)
    return truth, both, more


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000])
    parser.add_argument("--texts", type=Path, help="folder of *.jsonl with texts")
    parser.add_argument(
        "--folder", type=Path, help="keep the stores here, and use those that are there"
    )
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--words", type=int, default=50, help="words to compare with a LIKE scan")
    options = parser.parse_args()
    lines = sentences(options.texts)
    with TemporaryDirectory() as temporary:
        for size in options.sizes:
            one_size(options.folder or Path(temporary), size, lines, options)


def one_size(
    folder: Path, size: int, lines: dict[str, list[str]], options: argparse.Namespace
) -> None:
    """What is printed for one store."""
    path = folder / str(size) / "shopwire.db"
    fresh = not path.exists()
    with Store(path) as store:
        if fresh:
            print(f"\n{size:,} articles: built in {build(store, size, lines):.0f} s", flush=True)
        print(
            f"store {path.stat().st_size / 1e6:.0f} MB, search index {index_size(store) / 1e6:.0f} MB"
        )
        if options.words:
            truth, both, more = recall(store, options.words)
            print(
                f"search finds {both:,} of {truth:,} that LIKE finds ({both / truth:.2%}), "
                f"and {more:,} others; precision {both / (both + more):.2%}"
            )
    rows = [
        (
            page.name,
            f"{median(page.wall):.0f}",
            f"{quantiles(page.wall, n=20)[-1]:.0f}",
            f"{median(page.processor):.0f}",
            f"{page.first:.0f}",
            page.status,
        )
        for page in asyncio.run(timings(path, options.requests))
    ]
    print_table(("page", "median ms", "p95 ms", "processor ms", "first ms", "status"), rows)


if __name__ == "__main__":
    main()
