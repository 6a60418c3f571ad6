"""Extracts articles in worker processes, so that a hostile page costs nothing but its own result."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from shopwire.pipelines.analyze_article import Analysis, Processed, analyze_article, analyze_text
from shopwire.pipelines.article import Article, Refusal
from shopwire.spiders.page import Page
from shopwire.spiders.workers.killable_pool import KillablePool, LostWorkError
from shopwire.storage.in_order import yield_in_order

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
        result: Future[Processed] = Future()
        running.add_done_callback(lambda done: _set_result(result, done, page))
        return result

    def analyze(self, title: str, text: str, language: str, seen: str) -> Analysis:
        """Return the analysis of a text, made in a process if any runs, as these have loaded the lexicon.

        Raises `LostWorkError`.
        """
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

    def analyze_all(self, wanted: Iterable[tuple[T, Article | None]]) -> Iterator[tuple[T, Analysis | None]]:
        """Yield each thing with the analysis of its article, in their order; None where it has no article.

        Raises `LostWorkError`.
        """
        begun = (partial(_get_result, thing, self._submit_analysis(one)) for thing, one in wanted)
        return yield_in_order(begun, PAGES_PER_PROCESS * self._pool.processes)

    def _submit_analysis(self, article: Article | None) -> Future[Analysis] | None:
        return self._pool.run(self.deadline, analyze_article, article) if article else None

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
    # Imported in the worker, because a crawl without a new page needs no parser.
    from shopwire.pipelines.extract_article import extract_article  # noqa: PLC0415

    return Processed(extract_article(page, boilerplate_lines))


def process_page(page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Processed:
    """Return the article of a page with its analysis, or the reason why it has none."""
    result = _extract_page(page, boilerplate_lines).result
    return Processed(result, None if isinstance(result, Refusal) else analyze_article(result))


def _set_result(result: Future[Processed], done: Future[Processed], page: Page) -> None:
    if done.cancelled():
        result.cancel()
        return
    error = done.exception()
    if error is None:
        result.set_result(done.result())
    elif isinstance(error, LostWorkError):
        result.set_result(Processed(Refusal(page.url, error.outcome, str(error))))
    else:
        result.set_exception(error)
