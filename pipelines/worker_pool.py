"""Extracts articles in worker processes, so that a hostile page costs nothing but its own result."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from shopwire.pipelines.article import Article, Processed, Refusal
from shopwire.spiders.page import Page
from shopwire.spiders.workers.killable_pool import KillablePool, LostWorkError, follow_future
from shopwire.storage.in_order import yield_in_order

if TYPE_CHECKING:
    from shopwire.pipelines.analyze_article import Analysis

# Seconds of CPU time.
DEADLINE = 10.0
# Pages submitted at once for each process: enough that none is idle, few enough for a small memory.
PAGES_PER_PROCESS = 4

NO_LINES: frozenset[int] = frozenset()

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Page, frozenset[int]], Processed]


class WorkerPool:
    """A pool of processes that extract articles. They start with the first page, or with `start`."""

    def __init__(
        self,
        processes: int | None = None,
        deadline: float = DEADLINE,
        analyzes: bool = False,
        pool: KillablePool | None = None,
    ) -> None:
        """`deadline` is in seconds of CPU time a page; with `analyzes` each article comes with its analysis.
        `pool` is one that is shared, by default it is new and has `processes`."""
        self.deadline = deadline
        self._work = process_page if analyzes else _extract_page
        self._pool = pool or KillablePool(processes)

    def start(self) -> None:
        """Start the processes, so that they have loaded everything before the first page."""
        self._pool.start()

    def submit(self, page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Future[Processed]:
        """Extract the article of a page in a process; return its future result.

        A page that takes too long or too much memory, or crashes its process, has a `Refusal` as its result.
        May be called from any thread.
        """
        running = self._pool.run(self.deadline, self._work, page, boilerplate_lines)
        return follow_future(running, lambda done: _refuse_lost(done, page.url))

    def analyze(self, title: str, text: str, language: str, seen: str) -> "Analysis":
        """Return the analysis of a text, made in a process if any runs, as these have loaded the lexicon.

        Raises `LostWorkError`.
        """
        from shopwire.pipelines.analyze_article import analyze_text  # noqa: PLC0415 - as in `_extract_page`

        if not self._pool.is_running:
            return analyze_text(title, text, language, seen)
        return self._pool.run(self.deadline, analyze_text, title, text, language, seen).result()

    def process_all(
        self,
        wanted: Iterable[tuple[T, Page | None]],
        load_boilerplate: Callable[[Page], frozenset[int]] = lambda _: NO_LINES,
    ) -> Iterator[tuple[T, Processed | None]]:
        """Yield each thing with the result of its page, in their order; None where it has no page.

        `load_boilerplate` returns the boilerplate lines of a page's site. Only a few pages are submitted
        at once. An error of `wanted` is raised after the results of everything before it.
        """
        begun = (
            partial(_get_result, thing, self.submit(page, load_boilerplate(page)) if page else None)
            for thing, page in wanted
        )
        return yield_in_order(begun, PAGES_PER_PROCESS * self._pool.processes)

    def analyze_all(self, wanted: Iterable[tuple[T, Article | None]]) -> Iterator[tuple[T, Processed | None]]:
        """Yield each thing with its article and the analysis, in their order; None where it has no article.

        An article whose analysis takes too long or too much memory has a `Refusal` in its place.
        """
        begun = (partial(_get_result, thing, self._submit_analysis(one)) for thing, one in wanted)
        return yield_in_order(begun, PAGES_PER_PROCESS * self._pool.processes)

    def _submit_analysis(self, article: Article | None) -> Future[Processed] | None:
        if article is None:
            return None
        running = self._pool.run(self.deadline, _analyze_page, article)
        return follow_future(running, lambda done: _refuse_lost(done, article.url))

    def close(self, wait: bool = True) -> None:
        """End the processes, with `wait` after their submitted pages, else at once."""
        self._pool.close(wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=kind is None)


def _get_result(thing: T, future: Future[R] | None) -> tuple[T, R | None]:
    return thing, future.result() if future else None


def _extract_page(page: Page, boilerplate_lines: frozenset[int]) -> Processed:
    # Imported in the worker, because what only submits pages needs no parser, nor the analysis below.
    from shopwire.pipelines.extract_article import extract_article  # noqa: PLC0415

    return Processed(extract_article(page, boilerplate_lines))


def _analyze_page(article: Article) -> Processed:
    from shopwire.pipelines.analyze_article import analyze_article  # noqa: PLC0415

    return Processed(article, analyze_article(article))


def process_page(page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Processed:
    """Return the article of a page with its analysis, or the reason why it has none."""
    extracted = _extract_page(page, boilerplate_lines)
    return extracted if isinstance(extracted.result, Refusal) else _analyze_page(extracted.result)


def _refuse_lost(done: Future[Processed], url: str) -> Processed:
    """Return a result, which is a refusal where its process was ended before."""
    try:
        return done.result()
    except LostWorkError as error:
        return Processed(Refusal(url, error.outcome, str(error)))
