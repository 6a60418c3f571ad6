"""Measure pages a second of a whole crawl of real pages on loopback, against other ways to read them.

    python -m bench.throughput [RUNS]

The pages are those of SHOPWIRE_BENCH_DATA; their server delays each response by 50 ms. A crawl is a
whole process from its start to its end: fetching, archive, extraction in worker processes,
deduplication, stories, search, store. Compared in turns: a plain Scrapy spider, loops of one process
without a network (twice their rate is the ideal of two cores), and, where SHOPWIRE_BENCH_PEERS names the
Python of an environment that has them, news-please and newspaper4k. See `bench/alternatives`.
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
from itertools import takewhile
from pathlib import Path
from statistics import median

from bench.fixtures.labelled_pages import LINKS, crawl_command, crawl_environment, read_pages, serve
from bench.measure import MAIN, SERVER, WORKER, print_table, spread, watch
from shopwire.storage.database import Store

RUNS = 2
LATENCY = 0.05
IDEAL_CORES = 2
ALTERNATIVES = Path(__file__).with_name("alternatives")
PEERS = ("news-please", "newspaper4k")
OURS, PLAIN = "shopwire, `scrapy crawl`", "plain Scrapy, trafilatura in its pipeline"
LOOPS = {
    "trafilatura": "loop, trafilatura and langdetect",
    "extract": "loop, our extraction",
    "pipeline": "loop, our extraction, analysis and storage",
}


@dataclass(frozen=True)
class Measured:
    """One run over all pages: seconds on the clock, CPU seconds of each part, texts found."""

    wall_seconds: float
    cpu_seconds: Mapping[str, float]
    texts: int | None = None

    @property
    def cpu(self) -> float:
        """CPU seconds of all parts."""
        return sum(self.cpu_seconds.values())


def run_crawl(port: int, pages: int) -> Measured:
    """Run our own crawl. Ends the program if a page is missing from the crawl log."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        seen = watch(crawl_command(), crawl_environment(home, port, pages), home)
        with Store(home / "shopwire.db") as store:
            logged = len(store.rows("SELECT 1 FROM fetches WHERE kind = 'page'"))
            stored = len(store.rows("SELECT 1 FROM articles"))
    if logged != pages:
        raise SystemExit(f"{pages} pages served, {logged} in the crawl log")
    parts = {role: seen.cpu_seconds(role) for role in (MAIN, WORKER, SERVER)}
    return Measured(seen.wall_seconds, parts, stored)


def run_plain_scrapy(port: int, pages: int) -> Measured:
    """Run the plain spider in a folder where Scrapy finds no project of ours."""
    script = ALTERNATIVES / "plain_scrapy.py"
    lists = " ".join(f"http://127.0.0.1:{port}/list/{number}" for number in range(-(-pages // LINKS)))
    command = [sys.executable, "-m", "scrapy", "runspider", str(script), "-a", f"lists={lists}"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        variables = {**os.environ, "PLAIN_SCRAPY_STORE": "plain.db"}
        seen = watch(command, variables, folder, cwd=folder)
        with closing(sqlite3.connect(folder / "plain.db")) as store:
            (texts,) = store.execute("SELECT count(*) FROM articles").fetchone()
    return Measured(seen.wall_seconds, {"all": seen.cpu_seconds()}, texts)


def run_loop(name: str) -> Measured:
    """Run one loop of `bench/alternatives/loops.py`."""
    command = [sys.executable, "-m", "bench.alternatives.loops", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Measured(**json.loads(done.stdout))


def run_peer(name: str, port: int, pages: int) -> Measured | str:
    """Run another project, or return why it cannot be run."""
    python = os.environ.get("SHOPWIRE_BENCH_PEERS")
    if not python:
        return "not installed"
    script = ALTERNATIVES / "peers.py"
    command = [python, str(script), name, f"http://127.0.0.1:{port}/", str(pages)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            seen = watch(command, os.environ, Path(folder))
        except RuntimeError as error:
            return f"failed: {find_message(str(error))}"
        printed = (Path(folder) / "bench.log").read_text().splitlines()[-1]
    return Measured(seen.wall_seconds, {"all": seen.cpu_seconds()}, json.loads(printed)["texts"])


def find_message(output: str) -> str:
    """Return the message of the error that ended a program: what follows the indented lines of its
    traceback."""
    lines = takewhile(lambda line: not line.startswith(" "), reversed(output.strip().splitlines()))
    return " ".join(reversed(list(lines)))


def run_all(port: int, pages: int) -> Iterator[tuple[str, Measured | str]]:
    """Run each alternative once."""
    yield OURS, run_crawl(port, pages)
    yield PLAIN, run_plain_scrapy(port, pages)
    for name, title in LOOPS.items():
        yield title, run_loop(name)
    for name in PEERS:
        yield name, run_peer(name, port, pages)


def format_row(title: str, runs: list[Measured], plain: list[Measured], pages: int) -> list[str]:
    """Return the row of one alternative, compared with the plain spider of the same turn."""
    ratios = [other.wall_seconds / one.wall_seconds for one, other in zip(runs, plain, strict=True)]
    return [
        title,
        spread([pages / one.wall_seconds for one in runs]),
        spread([1000 * one.cpu / pages for one in runs]),
        spread(ratios),
        spread([other.cpu / one.cpu for one, other in zip(runs, plain, strict=True)]),
        str(runs[-1].texts or ""),
    ]


def print_ideal(ours: list[Measured], loops: Mapping[str, list[Measured]]) -> None:
    """Print the share of the ideal rate that the crawl reaches."""
    rows = []
    for name in ("extract", "pipeline"):
        pairs = list(zip(ours, loops[name], strict=True))
        clock = [one.wall_seconds / IDEAL_CORES / our.wall_seconds for our, one in pairs]
        work = [one.cpu / our.cpu for our, one in pairs]
        rows.append((LOOPS[name], spread(clock), spread(work)))
    print_table(("compared with", "by the clock", "by CPU time"), rows)


def print_parts(heading: str, runs: list[Measured], pages: int) -> None:
    """Print the median CPU milliseconds a page of each part of a run."""
    parts = [
        (part, f"{1000 * median(one.cpu_seconds[part] for one in runs) / pages:.1f}")
        for part in runs[0].cpu_seconds
    ]
    print_table((heading, "CPU ms a page"), parts)


def main() -> None:
    """Measure all alternatives in turns, and print the tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    bodies = read_pages()
    pages = len(bodies)
    found: dict[str, list[Measured | str]] = defaultdict(list)
    with serve(pages, bodies.__getitem__, LATENCY) as port:
        for _ in range(runs):
            for title, measured in run_all(port, pages):
                found[title].append(measured)
                print(title, measured, file=sys.stderr, flush=True)
    failures = {title: one for title, some in found.items() for one in some if isinstance(one, str)}
    measured_runs = {
        title: [one for one in some if isinstance(one, Measured)]
        for title, some in found.items()
        if title not in failures
    }
    ours, plain = measured_runs[OURS], measured_runs[PLAIN]
    loops = {name: measured_runs[title] for name, title in LOOPS.items()}
    head = ("", "pages/s", "CPU ms a page", "times plain Scrapy", "by CPU time", "texts")
    print(f"{pages} real pages, {os.cpu_count()} cores, {runs} runs in turn: median (smallest-largest)\n")
    print_table(head, [format_row(title, runs, plain, pages) for title, runs in measured_runs.items()])
    for title, reason in failures.items():
        print(f"\nWithout {title}: {reason}")
    print("\nShare of the ideal, which is twice what one process does without a network:\n")
    print_ideal(ours, loops)
    print("\nCPU time of the crawl by process:\n")
    print_parts("process", ours, pages)
    print("\nCPU time of the loop by step:\n")
    print_parts("step", loops["pipeline"], pages)


if __name__ == "__main__":
    main()
