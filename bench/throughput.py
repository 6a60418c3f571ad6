"""Pages a second of a whole crawl of real pages on loopback, beside the plain loop over the same pages.

    SHOPWIRE_BENCH_DATA=folder/of/labelled/pages python -m bench.throughput [RUNS]

The crawl is a whole process from its start to its end: fetching, archive, refining in worker processes,
store. The loop is stock `trafilatura.bare_extraction(with_metadata=True)` and langdetect in one process.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.crawling import environment

from bench.measure import measure, print_table, spread
from bench.public_pages import page_files, serve
from shopwire.storage.store import Store


def crawl_once(port: int) -> tuple[float, int, int]:
    """Seconds, pages answered for in the ledger, and pages stored."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        variables = {**environment(home, 0), "SHOPWIRE_BENCH_PORT": str(port)}
        command = [
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "public_pages",
            "-s",
            "LOG_LEVEL=WARNING",
        ]
        command += ["-s", "SPIDER_MODULES=bench.public_pages"]
        cost = measure(command, variables, home)
        with Store(home / "shopwire.db") as store:
            pages = store.row("SELECT count(*) FROM fetches WHERE kind = 'page'")[0]
            stored = store.row("SELECT count(*) FROM articles")[0]
    return cost.wall_seconds, pages, stored


def loop_once() -> float:
    """Seconds of the plain loop."""
    command = [sys.executable, "-m", "bench.stock_loop"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Measure both in turn."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    files = page_files()
    crawls, loops, ratios, counts = [], [], [], set()
    with serve(files) as port:
        for _ in range(runs):
            seconds, pages, stored = crawl_once(port)
            if pages != len(files):
                raise SystemExit(f"{len(files)} pages served, {pages} in the ledger")
            loop = loop_once()
            crawls.append(len(files) / seconds)
            loops.append(len(files) / loop)
            ratios.append(loop / seconds)
            counts.add(stored)
    print(
        f"\n{len(files)} real pages, {os.cpu_count()} cores, {runs} runs in turn: median (smallest-largest)\n"
    )
    rows = [
        ("crawl, whole process", spread(crawls), spread(ratios)),
        ("plain loop of stock trafilatura and langdetect", spread(loops), "1"),
    ]
    print_table(("", "pages/s", "ratio"), rows)
    print(f"\nstored: {', '.join(map(str, sorted(counts)))} articles")


if __name__ == "__main__":
    main()
