"""Process the labelled pages in one process without a network.

    python -m bench.alternatives.loops trafilatura|extract|pipeline

`trafilatura` runs stock trafilatura with metadata, and langdetect. `extract` runs our extraction,
`pipeline` extracts, analyzes and stores. Prints a JSON object: seconds on the clock, and CPU seconds of
each step, without imports and without a first page.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import langdetect
import trafilatura

from bench.fixtures.labelled_pages import read_pages
from shopwire.pipelines.analyze_article import analyze_article
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.pipelines.store_article import store_page
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store

SOURCE = "public_pages"
EXTRACT, ANALYZE, STORE = "extract", "analyze", "store"


class Stopwatch:
    """CPU seconds of each step so far."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the CPU time of the block to a step."""
        began = time.process_time()
        yield
        self.seconds[name] += time.process_time() - began


Work = Callable[[Page, Stopwatch], None]


def run_trafilatura(page: Page, watch: Stopwatch) -> None:
    """Extract with stock trafilatura, and detect the language of what it finds."""
    with watch.step(EXTRACT):
        document = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)
        if document is not None and document.text:
            try:
                langdetect.detect(document.text)
            except langdetect.LangDetectException:
                return


def run_extraction(page: Page, watch: Stopwatch) -> None:
    """Extract the article of a page."""
    with watch.step(EXTRACT):
        extract_article(page)


@contextmanager
def open_pipeline() -> Iterator[Work]:
    """Yield a function that does all that a crawl does with a fetched page but archive it."""
    with tempfile.TemporaryDirectory() as home, Store(Path(home) / "shopwire.db") as store:
        with store.writing():
            declare_source(store, SOURCE, "Real pages", "http://pages.localhost/", "")

        def run_pipeline(page: Page, watch: Stopwatch) -> None:
            with watch.step(EXTRACT):
                result = extract_article(page, load_site_boilerplate(store, page.source))
            with watch.step(ANALYZE):
                analysis = analyze_article(result) if isinstance(result, Article) else None
            with watch.step(STORE):
                store_page(store, page, result, None, analysis)

        yield run_pipeline


def measure(work: Work) -> dict[str, object]:
    """Run the work on every page; the first page is run once before, for what is loaded late."""
    pages = [
        Page(f"http://pages.localhost/{number}.html", SOURCE, body, datetime.now(UTC))
        for number, body in enumerate(read_pages())
    ]
    work(pages[0], Stopwatch())
    watch, began = Stopwatch(), time.monotonic()
    for page in pages:
        work(page, watch)
    return {"wall_seconds": time.monotonic() - began, "cpu_seconds": watch.seconds}


def main() -> None:
    """Measure the loop that is named."""
    name = sys.argv[1]
    if name == "pipeline":
        with open_pipeline() as work:
            print(json.dumps(measure(work)))
    else:
        print(json.dumps(measure({"trafilatura": run_trafilatura, "extract": run_extraction}[name])))


if __name__ == "__main__":
    main()
