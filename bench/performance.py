"""Write `docs/performance.md` from the benchmarks: `python -m bench.performance [PART ...]`.

Runs all of them, which takes an hour or more, or only the named ones; then the other sections stay.
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
# Performance

Written by `make bench` from the output of the benchmarks in `bench/`; no figure is typed in. The pages are
real ones with labels, which are not part of the project: `SHOPWIRE_BENCH_DATA` names their folder.

Compare figures of one run only. The absolute ones are those of a small machine that ran other programs too.
CPU time depends on those less than time on the clock, so it is given wherever possible.
"""


class Part(NamedTuple):
    """One section of the page, printed by the benchmark of that name."""

    title: str
    method: str


PARTS = {
    "throughput": Part(
        "A crawl compared with other ways to read the same pages",
        """\
All pages are on one server of this machine that delays each response by 50 ms. A crawl is measured from
the start of its process to its end: fetching, archive, extraction in worker processes, deduplication,
stories, search and store. The plain spider runs trafilatura and langdetect in an item pipeline and inserts
one row a page; it uses one core, so a crawl that uses two is up to twice as fast as `by CPU time` says. The
loops have the pages in memory, and twice their rate is the ideal of two cores. news-please and newspaper4k
get all URLs at once. Fundus only reads pages of publishers it has a parser for, so it is left out.""",
    ),
    "long_crawl": Part(
        "A long crawl",
        """\
The same pages with other words in their paragraphs, as many as a site has in years, without a delay of the
server. An article is compared with those of two weeks, so that the store grows while the crawl lasts. All
articles have the same few hundred frames, headings and short paragraphs, more than those of a real site.""",
    ),
    "quality": Part(
        "Extraction compared with stock trafilatura",
        """\
One process, both extractors on the same pages in turns; times are CPU time. The second table says what
extracted the bodies: trafilatura from the region that our code chooses, or from the whole page where that
region is in doubt; our own lines where trafilatura keeps less than four fifths of them; JSON in a script. The
third leaves out one part of our code at a time.""",
    ),
    "dates": Part(
        "Dates of publication compared with libraries",
        """\
Why most dates are found by our own code: no library reads the datelines of Chinese pages to the minute.
htmldate is used where no other date is found. dateparser, which htmldate depends on, is not called by our
code: near the headline it reads other words as dates too, and takes longer.""",
    ),
    "growth": Part(
        "A growing store",
        """\
A store is filled in bulk with the rows that so many articles have in every table that look-ups read: lines
of 2,000 imported articles in new combinations, with their search texts, fingerprints, lines, profiles,
facts, stories, entities, amounts and crawl log, on days of three years. Then the stores take turns:
`shopwire import`, a process of its own, imports 1,000 articles without duplicates (its start, measured
with a file of one article, is not counted), and one process deduplicates and assigns stories to 400
articles, of which a tenth are exact and a fifth edited duplicates. Ratios compare with the smallest store
in the same turn. The first turn, in which the stores are read from the disk, is not counted. The 1,400
articles of a turn stay in the store.""",
    ),
    "datasette_pages": Part(
        "Pages of Datasette",
        """\
Stores are built from lines of real articles in new combinations. Each page is requested through Datasette
without a socket: a first time, which is not counted, and seven times or more. A cell has the medians in
milliseconds: of processor time, and on the clock. `late` is how many responses omitted a facet that took
more than 200 ms, or were given up after three seconds. The common word is in one article of fifteen, the
commonest in one of three, the rare one in one of 5,000; the phrase has 18 other names; two watches are
counted on the front page.""",
    ),
    "memory": Part(
        "Memory during a long crawl",
        """\
10,000 pages: the real ones with other words in their paragraphs, so that they are neither duplicates nor
one story. The table shows the mean memory of all processes of a role in each quarter of the time. What
grows in the first quarter has a limit: SQLite's cache, the features of recent texts, and the lexicon, which
the main process loads when it has to analyze a text again.""",
    ),
    "long_lists": Part(
        "Lists of 1,000,000 URLs",
        """\
One list a row, the oldest page first: a sitemap of 1,000,000 URLs as it is, the same packed by the server, an
index of 500 sitemaps with 2,000 URLs each, and one of 2,000 URLs to compare with. All are on a server of this
machine, and a real crawl reads them into an empty store; the pages do not exist. The 2,000 newest pages are
to be requested and no others. Memory is the peak of the main process, without its workers; the delay is how
much later than asked the event loop of the crawl runs; the seconds are those on the clock.""",
    ),
    "source_pack": Part(
        "What 127 sources cost",
        """\
The last version with 18 sources, from the history of the repository, and this one take turns with the same
libraries; medians with the smallest and largest value. `scrapy list` loads all sources. The crawl reads the
six sites of the newsroom on this machine into an empty store, with all sources loaded; its CPU time is that
of all processes, its memory the peak of the main one. Everything else that has changed since is in the
figures too.""",
    ),
    "discovery": Part(
        "Finding the feed, sitemap or list of a site",
        """\
38 sites on this machine have the default pages of as many systems, or neither feed nor sitemap: 21 have
a feed, 4 a sitemap only, 8 a list only, 2 refuse programs, 3 have nothing. `shopwire source add` also
extracts three pages of what it finds; its requests without those and robots.txt are in the first column,
all in the second. The others only look for feeds or only for sitemaps. Wrong is an address that is not
that of the site, or anything at a site without one. The sites are our own, so full marks say that the
rules cover these forms, and no more.""",
    ),
}


def main() -> None:
    """Run the benchmarks, and write the page."""
    wanted = sys.argv[1:] or list(PARTS)
    sections = read_sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    for name in wanted:
        print(f"bench.{name} ...", file=sys.stderr, flush=True)
        sections[name] = run_benchmark(name)
        PAGE.write_text(build_page(sections), encoding="utf-8")


def build_page(sections: dict[str, str]) -> str:
    """Return the page with the given sections, in the order of `PARTS`."""
    return "\n".join([INTRODUCTION, *(sections[name] for name in PARTS if name in sections)])


def read_sections(text: str) -> dict[str, str]:
    """Return the sections of a page that `build_page` returned, by the names of their parts."""
    names = {part.title: name for name, part in PARTS.items()}
    found = {}
    for body in re.split(r"(?m)^(?=## )", text)[1:]:
        title = body.partition("\n")[0].removeprefix("## ")
        if title in names:
            found[names[title]] = body.rstrip("\n") + "\n"
    return found


def run_benchmark(name: str) -> str:
    """Return the section that a benchmark prints. Raises `CalledProcessError` if it fails."""
    part = PARTS[name]
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True, check=True
    )
    source = f"`python -m bench.{name}`, {describe_machine()}."
    return f"## {part.title}\n\n{part.method}\n\n{done.stdout.strip()}\n\n{source}\n"


def describe_machine() -> str:
    """Return the date, the machine and the versions of the libraries."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, "
        f"load average {os.getloadavg()[2]:.1f}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"
    )


if __name__ == "__main__":
    main()
