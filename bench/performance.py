"""Writes `docs/performance.md` from the benchmarks: `python -m bench.performance [PART ...]`.

Without a part all are measured, which takes an hour or more; else those that are named, and the page
keeps what it says of the others.
"""

import os
import platform
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parent.parent / "docs/performance.md"
LIBRARIES = ("scrapy", "trafilatura", "lxml", "langdetect", "pebble", "numpy")
INTRODUCTION = """\
# How fast it is, and what that costs

Written by `make bench` from what the benchmarks in `bench/` print; nothing here is typed in. The pages are
real ones with labels, which are not part of the project: `SHOPWIRE_BENCH_DATA` names their folder.

What is worth reading are ratios of one run. Absolute figures are those of a small machine that did other
work too; CPU time, which neighbours lengthen less than the clock, stands beside the clock wherever it can.
"""


class Part(NamedTuple):
    """One section of the page, made by the benchmark of that name."""

    title: str
    method: str


PARTS = {
    "throughput": Part(
        "A crawl beside other ways to read the same pages",
        """\
All pages stand on one server of this machine that answers each request after 50 ms. A crawl is measured
from the start of its process to its end: fetching, archive, refining in worker processes, copies, stories,
search and store. The plain spider has trafilatura and langdetect in an item pipeline and writes one row a
page; it uses one core and no more, so a crawl that keeps two busy is twice as fast as `by CPU time` says. The
loops have the pages in memory, and twice their rate is the ideal of two cores. news-please and newspaper4k
are given all addresses at once. Fundus reads the pages of publishers it has a parser for, so it cannot be
asked for these.""",
    ),
    "profile": Part(
        "Where the time goes",
        "One process takes every page through the whole line but the web and the archive.",
    ),
    "quality": Part(
        "`refine` beside stock trafilatura",
        "One process, both extractors on the same pages in turns; times are CPU time.",
    ),
    "growth": Part(
        "While the store grows",
        """\
A store is filled in bulk with as many rows as so many articles bring, in every table that look-ups touch:
articles made of the lines of 2,000 really imported ones, put together anew, with their search texts,
fingerprints, lines, profiles, facts, stories, names, figures and ledger rows, on days of three years. Then
the stores take turns: `shopwire import`, a process of its own, takes 1,000 articles that resemble nothing
(its start, measured by a file of one article, is not counted), and 400 articles, of which a tenth are exact
and a fifth edited copies, get their place among the copies, and their story, in one process. Ratios are
those of one turn to the smallest store's in the same; a first turn, in which the stores are read from the
disk, does not count. Each store keeps the 1,400 articles of a turn.""",
    ),
    "memory": Part(
        "Memory over a long crawl",
        """\
10,000 pages: the real ones with other words in their paragraphs, so that they are neither copies nor one
story. What all processes of a part hold together, on the average of each quarter of the time. What fills
in the first of them has a limit: what SQLite keeps in memory, the texts read last, and the lexicon, which
the main process loads where it has to read a text anew.""",
    ),
}


def main() -> None:
    """Measure, and write the page."""
    wanted = sys.argv[1:] or list(PARTS)
    sections = kept(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    for name in wanted:
        print(f"bench.{name} ...", file=sys.stderr, flush=True)
        sections[name] = section(name)
        PAGE.write_text(page(sections), encoding="utf-8")


def page(sections: dict[str, str]) -> str:
    """The whole page, with the sections there are."""
    return "\n".join([INTRODUCTION, *(sections[name] for name in PARTS if name in sections)])


def kept(text: str) -> dict[str, str]:
    """The sections of a page that `page` made, by the names of their parts."""
    names = {part.title: name for name, part in PARTS.items()}
    found = {}
    for body in re.split(r"(?m)^(?=## )", text)[1:]:
        title = body.partition("\n")[0].removeprefix("## ")
        if title in names:
            found[names[title]] = body.rstrip("\n") + "\n"
    return found


def section(name: str) -> str:
    """Run a benchmark, and put what it printed under its title. Raises `CalledProcessError`."""
    part = PARTS[name]
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True, check=True
    )
    told = f"`python -m bench.{name}`, {machine()}."
    return f"## {part.title}\n\n{part.method}\n\n{done.stdout.strip()}\n\n{told}\n"


def load() -> str:
    """How many processes wanted a core in the last quarter of an hour."""
    return f"{os.getloadavg()[2]:.1f} processes wanted a core"


def machine() -> str:
    """Day, machine and versions."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, "
        f"{load()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"
    )


if __name__ == "__main__":
    main()
