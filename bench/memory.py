"""Memory over a long crawl: `python -m bench.memory [PAGES]`.

The pages are real ones with other words in their paragraphs, so that they are neither copies nor one
story. Printed is what all processes held in each quarter of the time.
"""

import random
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from threading import Lock

from lxml import html

from bench.corpus import Writer
from bench.measure import print_table
from bench.processes import MAIN, SERVER, WORKER, Watched, watch
from bench.public_pages import DATA, crawl_command, crawl_environment, real_pages, serve
from shopwire.storage.database import Store

PAGES = 10_000
EVERY = 0.5
# Paragraphs from so many characters on get other words.
WORDY = 60
HAN = ("\u4e00", "\u9fff")


class Rewriter:
    """Makes any number of pages from the real ones."""

    def __init__(self) -> None:
        self.pages = real_pages()
        self.writer = Writer(DATA, seed=3)
        # The server asks from many threads.
        self.lock = Lock()

    def page(self, number: int) -> bytes:
        """A real page in other words; the same number gives the same page."""
        with self.lock:
            self.writer.chance = random.Random(number)
            return self._rewritten(number)

    def _rewritten(self, number: int) -> bytes:
        tree = html.fromstring(self.pages[number % len(self.pages)])
        for paragraph in list(tree.iter("p")):
            text = paragraph.text_content()
            if len(text) >= WORDY:
                chinese = any(HAN[0] <= sign <= HAN[1] for sign in text)
                tail = paragraph.tail
                paragraph.clear()
                paragraph.text = self.writer.line("zh" if chinese else "en")
                paragraph.tail = tail
        return bytes(html.tostring(tree, encoding="utf-8"))


def quarters(seen: Watched, role: str) -> list[float]:
    """Megabytes that all processes of a part held in each quarter of the crawl, on the average."""
    moments: dict[float, float] = {}
    for process in seen.processes.values():
        if process.role == role:
            for moment, megabytes in process.memory:
                moments[moment] = moments.get(moment, 0.0) + megabytes
    sizes = [moments[moment] for moment in sorted(moments)]
    cuts = [len(sizes) * part // 4 for part in range(5)]
    return [fmean(sizes[start:end]) for start, end in pairwise(cuts)]


def main() -> None:
    """Crawl, and print."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    with tempfile.TemporaryDirectory() as name, serve(pages, Rewriter().page) as port:
        home = Path(name)
        seen = watch(crawl_command(), crawl_environment(home, port, pages), home, every=EVERY)
        with Store(home / "shopwire.db") as store:
            told = len(store.rows("SELECT 1 FROM fetches WHERE kind = 'page'"))
            stored = len(store.rows("SELECT 1 FROM articles"))
            copies = len(store.rows("SELECT DISTINCT article_id FROM copies"))
    print(
        f"{told:,} pages in {seen.wall_seconds:.0f} s, {stored:,} articles, {copies:,} of them copies\n"
    )
    rows = []
    for role in (MAIN, WORKER, SERVER):
        sizes = quarters(seen, role)
        shown = [f"{size:.0f}" for size in sizes]
        rows.append((role, *shown, f"{seen.peak_mb(role):.0f}", f"{sizes[-1] / sizes[0]:.2f}"))
    head = ("MB", "first quarter", "second", "third", "last", "largest process", "last / first")
    print_table(head, rows)


if __name__ == "__main__":
    main()
