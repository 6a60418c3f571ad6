"""What one process makes of the pages, without any web: `python -m bench.loops stock|refine|line`.

`stock` is the plain loop everybody writes first, trafilatura with metadata and langdetect. `refine` is
our own extraction, `line` all of our line: `refine`, the digest of the text, and `keep` in a store.
Prints a JSON object: seconds on the clock and of CPU, imports and a first page not counted.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import langdetect
import trafilatura

from bench.public_pages import real_pages
from shopwire.pipelines.analyze_article import digest
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import refine
from shopwire.pipelines.learn import known_site
from shopwire.pipelines.store_article import keep
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.database import Store

SOURCE = "public_pages"
Work = Callable[[Page], object]


def stock(page: Page) -> None:
    """What trafilatura and langdetect say of a page."""
    document = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)
    if document is not None and document.text:
        try:
            langdetect.detect(document.text)
        except langdetect.LangDetectException:
            return


@contextmanager
def whole_line() -> Iterator[Work]:
    """All that a crawl does with a page once it has it, but for the archive."""
    with tempfile.TemporaryDirectory() as home, Store(Path(home) / "shopwire.db") as store:
        with store.writing():
            declare_source(store, SOURCE, "Real pages", "http://pages.localhost/", "")

        def work(page: Page) -> None:
            result = refine(page, known_site(store, page))
            if isinstance(result, Article):
                seen = result.published or result.fetched
                told = digest(result.title, result.text, result.language, seen)
                result = replace(result, digest=told)
            keep(store, page, result, None)

        yield work


def page_of(number: int, body: bytes) -> Page:
    """A page as a crawl would have it."""
    return Page(f"http://pages.localhost/{number}.html", SOURCE, body, datetime.now(UTC))


def timed(work: Work) -> dict[str, float]:
    """Do it for every page, after the first one once for what loads late."""
    pages = [page_of(number, body) for number, body in enumerate(real_pages())]
    work(pages[0])
    clock, processor = time.monotonic(), time.process_time()
    for page in pages:
        work(page)
    return {
        "wall_seconds": time.monotonic() - clock,
        "cpu_seconds": time.process_time() - processor,
    }


def main() -> None:
    """Time the loop that was asked for."""
    name = sys.argv[1]
    if name == "line":
        with whole_line() as work:
            print(json.dumps(timed(work)))
    else:
        print(json.dumps(timed({"stock": stock, "refine": refine}[name])))


if __name__ == "__main__":
    main()
