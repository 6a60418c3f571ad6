"""Measure memory over a long crawl: `python -m bench.memory [PAGES]`.

The pages are real ones with other words in their paragraphs, so that they are neither duplicates nor
one story. Prints the memory of all processes in each quarter of the time.
"""

import random
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from threading import Lock

from lxml import html

from bench.fixtures.corpus import Writer
from bench.fixtures.labelled_pages import (
    DATA,
    crawl_command,
    crawl_environment,
    read_pages,
    serve,
)
from bench.measure import MAIN, SERVER, WORKER, Watched, print_table, watch
from shopwire.storage.database import Store

PAGES = 10_000
EVERY = 0.5
# Paragraphs of at least so many characters get other words.
LONG_PARAGRAPH = 60
HAN = ("\u4e00", "\u9fff")


class Rewriter:
    """Generates any number of pages from the real ones."""

    def __init__(self) -> None:
        self.pages = read_pages()
        self.writer = Writer(DATA, seed=3)
        # The server calls from many threads.
        self.lock = Lock()

    def build_page(self, number: int) -> bytes:
        """Return a real page in other words; the same number returns the same page."""
        with self.lock:
            self.writer.chance = random.Random(number)
            return self._rewrite(number)

    def _rewrite(self, number: int) -> bytes:
        tree = html.fromstring(self.pages[number % len(self.pages)])
        for paragraph in list(tree.iter("p")):
            text = paragraph.text_content()
            if len(text) >= LONG_PARAGRAPH:
                chinese = any(HAN[0] <= sign <= HAN[1] for sign in text)
                tail = paragraph.tail
                paragraph.clear()
                paragraph.text = self.writer.write_line("zh" if chinese else "en")
                paragraph.tail = tail
        return bytes(html.tostring(tree, encoding="utf-8"))


def average_quarters(seen: Watched, role: str) -> list[float]:
    """Return the mean megabytes that all processes of a role held in each quarter of the crawl."""
    moments: dict[float, float] = {}
    for process in seen.processes.values():
        if process.role == role:
            for moment, megabytes in process.memory:
                moments[moment] = moments.get(moment, 0.0) + megabytes
    sizes = [moments[moment] for moment in sorted(moments)]
    cuts = [len(sizes) * part // 4 for part in range(5)]
    return [fmean(sizes[start:end]) for start, end in pairwise(cuts)]


def main() -> None:
    """Crawl, and print the table."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as name, serve(pages, Rewriter().build_page) as port:
        home = Path(name)
        seen = watch(crawl_command(), crawl_environment(home, port, pages), home, every=EVERY)
        with Store(home / "shopwire.db") as store:
            logged = len(store.rows("SELECT 1 FROM fetches WHERE kind = 'page'"))
            stored = len(store.rows("SELECT 1 FROM articles"))
            duplicates = len(store.rows("SELECT DISTINCT article_id FROM copies"))
    print(
        f"{logged:,} pages in {seen.wall_seconds:.0f} s, {stored:,} articles, "
        f"{duplicates:,} of them duplicates\n"
    )
    rows = []
    for role in (MAIN, WORKER, SERVER):
        sizes = average_quarters(seen, role)
        shown = [f"{size:.0f}" for size in sizes]
        rows.append((role, *shown, f"{seen.peak_mb(role):.0f}", f"{sizes[-1] / sizes[0]:.2f}"))
    head = ("MB", "first quarter", "second", "third", "last", "largest process", "last / first")
    print_table(head, rows)


if __name__ == "__main__":
    main()
