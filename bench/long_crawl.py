"""Measure a crawl of thousands of pages beside plain Scrapy: `python -m bench.long_crawl [PAGES] [TURNS]`.

The pages are real ones with other words in their paragraphs (see `bench.memory`), made before the first crawl
and served without delay. Prints the rate, and CPU milliseconds a page by process and by quarter of the pages.
"""

import sys
import tempfile
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.fixtures.labelled_pages import crawl_command, crawl_environment, serve
from bench.measure import MAIN, SERVER, WORKER, Watched, print_table, spread, watch
from bench.memory import Rewriter
from bench.throughput import Measured, run_plain_scrapy
from shopwire.storage.database import Store

PAGES, TURNS = 5_000, 3
QUARTERS = ("first", "second", "third", "last")
ALL = "all"


class LongCrawl(NamedTuple):
    """One of our crawls, and the CPU milliseconds a page in each quarter, by role and of all processes."""

    seen: Watched
    quarters: dict[str, list[float]]
    peak_mb: float


def run_crawl(port: int, pages: int) -> LongCrawl:
    """Run our own crawl. Ends the program if a page is missing from the crawl log."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        began = datetime.now(UTC)
        seen = watch(crawl_command(), crawl_environment(home, port, pages), home)
        with Store(home / "shopwire.db") as store:
            rows = store.rows("SELECT at FROM fetches WHERE kind = 'page' ORDER BY at")
    if len(rows) != pages:
        raise SystemExit(f"{pages} pages served, {len(rows)} in the crawl log")
    moments = [(datetime.fromisoformat(row["at"]) - began).total_seconds() for row in rows]
    cuts = [0.0, *(moments[pages * part // 4 - 1] for part in range(1, 4)), seen.wall_seconds]
    roles = (MAIN, WORKER, SERVER)
    quarters = {role: measure_quarters(seen, (role,), cuts, pages) for role in roles}
    return LongCrawl(seen, quarters | {ALL: measure_quarters(seen, roles, cuts, pages)}, seen.peak_mb())


def measure_quarters(seen: Watched, roles: Sequence[str], cuts: Sequence[float], pages: int) -> list[float]:
    """Return the CPU milliseconds a page that processes of these roles used between the cuts, in seconds."""
    used = [sum(find_used(one.cpu, cut) for one in seen.list_processes(*roles)) for cut in cuts]
    return [1000 * (later - earlier) / (pages / 4) for earlier, later in pairwise(used)]


def find_used(samples: Sequence[tuple[float, float]], moment: float) -> float:
    """Return the CPU seconds that a process had used at a moment, those of the next sample."""
    if not samples or samples[0][0] > moment:
        return 0.0
    return samples[min(bisect_left(samples, (moment, 0.0)), len(samples) - 1)][1]


def main() -> None:
    """Crawl in turns, and print the tables."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else TURNS
    rewriter = Rewriter()
    bodies = [rewriter.build_page(number) for number in range(pages)]
    ours: list[LongCrawl] = []
    plain: list[Measured] = []
    with serve(pages, bodies.__getitem__) as port:
        for turn in range(turns):
            ours.append(run_crawl(port, pages))
            plain.append(run_plain_scrapy(port, pages))
            rates = pages / ours[-1].seen.wall_seconds, pages / plain[-1].wall_seconds
            print(f"turn {turn + 1}: {rates[0]:.1f} and {rates[1]:.1f} pages/s", file=sys.stderr, flush=True)
    print(f"{pages:,} pages, {turns} turns: median (smallest-largest)\n")
    head = ("", "pages/s", "CPU ms a page", "times plain Scrapy", "peak MB")
    by_clock = [two.wall_seconds / one.seen.wall_seconds for one, two in zip(ours, plain, strict=True)]
    rows = [
        (
            "shopwire, `scrapy crawl`",
            spread([pages / one.seen.wall_seconds for one in ours]),
            spread([1000 * one.seen.cpu_seconds() / pages for one in ours]),
            spread(by_clock),
            f"{max(one.peak_mb for one in ours):.0f}",
        ),
        (
            "plain Scrapy, trafilatura in its pipeline",
            spread([pages / one.wall_seconds for one in plain]),
            spread([1000 * one.cpu / pages for one in plain]),
            "1.00",
            "",
        ),
    ]
    print_table(head, rows)
    print("\nCPU milliseconds a page in each quarter of the pages, medians:\n")
    quarters = (
        (
            role,
            *(f"{median(values):.1f}" for values in zip(*(one.quarters[role] for one in ours), strict=True)),
        )
        for role in (MAIN, WORKER, SERVER, ALL)
    )
    print_table(("processes", *QUARTERS), quarters)


if __name__ == "__main__":
    main()
