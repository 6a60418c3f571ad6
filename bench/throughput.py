"""Pages a second of a whole crawl of real pages on loopback, beside other ways to read the same pages.

    python -m bench.throughput [RUNS]

The pages are those of SHOPWIRE_BENCH_DATA; their server answers each request after 50 ms. A crawl is a
whole process from its start to its end: fetching, archive, refining in worker processes, copies,
stories, search, store. Beside it, in turns: a plain Scrapy spider (`bench/plain_scrapy.py`); what one
process makes of the same bytes without any web (`bench/loops.py`), twice that being the ideal of two
cores; and, where SHOPWIRE_BENCH_PEERS names the Python of an environment that has them, news-please
and newspaper4k, which are given the addresses (`bench/peers.py`).
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.measure import print_table, spread
from bench.processes import MAIN, SERVER, WORKER, watch
from bench.public_pages import crawl_command, crawl_environment, real_pages, serve
from shopwire.storage.database import Store

RUNS = 2
LATENCY = 0.05
IDEAL_CORES = 2
PEERS = ("news-please", "newspaper4k")
OURS, PLAIN = "shopwire, `scrapy crawl`", "plain Scrapy, trafilatura in its pipeline"
LOOPS = {
    "stock": "loop, trafilatura and langdetect",
    "refine": "loop, our `refine`",
    "line": "loop, our `refine`, digest and `keep`",
}


@dataclass(frozen=True)
class Measured:
    """One way to read all pages, once: seconds on the clock, and CPU seconds of each part of it."""

    wall_seconds: float
    cpu_seconds: Mapping[str, float]
    texts: int | None = None

    @property
    def cpu(self) -> float:
        """CPU seconds of all parts."""
        return sum(self.cpu_seconds.values())


def crawl(port: int, pages: int) -> Measured:
    """Our own crawl. Ends the program when it has not answered for every page."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        seen = watch(crawl_command(), crawl_environment(home, port, pages), home)
        with Store(home / "shopwire.db") as store:
            told = len(store.rows("SELECT 1 FROM fetches WHERE kind = 'page'"))
            stored = len(store.rows("SELECT 1 FROM articles"))
    if told != pages:
        raise SystemExit(f"{pages} pages served, {told} in the ledger")
    parts = {role: seen.cpu_seconds(role) for role in (MAIN, WORKER, SERVER)}
    return Measured(seen.wall_seconds, parts, stored)


def plain_scrapy(port: int) -> Measured:
    """The plain spider, in a folder where Scrapy finds no project of ours."""
    script = Path(__file__).with_name("plain_scrapy.py")
    home = f"home=http://127.0.0.1:{port}/list/0"
    command = [sys.executable, "-m", "scrapy", "runspider", str(script), "-a", home]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        variables = {**os.environ, "PLAIN_SCRAPY_STORE": "plain.db"}
        seen = watch(command, variables, folder, cwd=folder)
        with closing(sqlite3.connect(folder / "plain.db")) as store:
            (texts,) = store.execute("SELECT count(*) FROM articles").fetchone()
    return Measured(seen.wall_seconds, {"all": seen.cpu_seconds()}, texts)


def loop(name: str) -> Measured:
    """One process without any web."""
    command = [sys.executable, "-m", "bench.loops", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return Measured(told["wall_seconds"], {"all": told["cpu_seconds"]})


def peer(name: str, port: int, pages: int) -> Measured | str:
    """Another project's way, or why there is none."""
    python = os.environ.get("SHOPWIRE_BENCH_PEERS")
    if not python:
        return "not installed"
    script = Path(__file__).with_name("peers.py")
    command = [python, str(script), name, f"http://127.0.0.1:{port}/", str(pages)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            seen = watch(command, os.environ, Path(folder))
        except RuntimeError as error:
            return str(error).strip().splitlines()[-1]
        said = (Path(folder) / "bench.log").read_text().splitlines()[-1]
    return Measured(seen.wall_seconds, {"all": seen.cpu_seconds()}, json.loads(said)["texts"])


def all_ways(port: int, pages: int) -> Iterator[tuple[str, Measured | str]]:
    """Each way once."""
    yield OURS, crawl(port, pages)
    yield PLAIN, plain_scrapy(port)
    for name, title in LOOPS.items():
        yield title, loop(name)
    for name in PEERS:
        yield name, peer(name, port, pages)


def row(title: str, found: list[Measured | str], plain: list[Measured], pages: int) -> list[str]:
    """One row of the table: a way to read the pages, beside the plain spider of the same turn."""
    runs = [one for one in found if isinstance(one, Measured)]
    if not runs:
        return [title, str(found[0]), "", "", "", ""]
    ratios = [other.wall_seconds / one.wall_seconds for one, other in zip(runs, plain, strict=True)]
    return [
        title,
        spread([pages / one.wall_seconds for one in runs]),
        spread([1000 * one.cpu / pages for one in runs]),
        spread(ratios),
        spread([other.cpu / one.cpu for one, other in zip(runs, plain, strict=True)]),
        str(runs[-1].texts or ""),
    ]


def main() -> None:
    """Measure all ways in turn, and print what they come to."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    bodies = real_pages()
    pages = len(bodies)
    found: dict[str, list[Measured | str]] = defaultdict(list)
    with serve(pages, bodies.__getitem__, LATENCY) as port:
        for _ in range(runs):
            for title, measured in all_ways(port, pages):
                found[title].append(measured)
                print(title, measured, file=sys.stderr, flush=True)
    plain: list[Measured] = found[PLAIN]  # type: ignore[assignment]
    head = ("", "pages/s", "CPU ms a page", "times plain Scrapy", "by CPU time", "texts")
    print(
        f"{pages} real pages, {os.cpu_count()} cores, {runs} runs in turn: median (smallest-largest)\n"
    )
    print_table(head, [row(title, measured, plain, pages) for title, measured in found.items()])
    ours = [one for one in found[OURS] if isinstance(one, Measured)]
    print("\nShare of the ideal, which is twice what one process does without any web:\n")
    rows = []
    for name in ("refine", "line"):
        loops = [one for one in found[LOOPS[name]] if isinstance(one, Measured)]
        pairs = list(zip(ours, loops, strict=True))
        clock = [one.wall_seconds / IDEAL_CORES / our.wall_seconds for our, one in pairs]
        work = [one.cpu / our.cpu for our, one in pairs]
        rows.append((LOOPS[name], spread(clock), spread(work)))
    print_table(("against", "by the clock", "by CPU time"), rows)
    print("\nWhere the crawl's CPU time goes:\n")
    parts = [
        (part, f"{1000 * median(one.cpu_seconds[part] for one in ours) / pages:.1f}")
        for part in ours[0].cpu_seconds
    ]
    print_table(("process", "CPU ms a page"), parts)


if __name__ == "__main__":
    main()
