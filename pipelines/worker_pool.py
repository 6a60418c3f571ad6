"""Worker processes for everything that parses, each of which can be killed.

Parsing holds the interpreter's lock, so threads do not help; and one hostile page can keep a parser
busy for minutes, so a page over its deadline ends its process and no other page.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from multiprocessing import forkserver, resource_tracker
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from shopwire.pipelines.analyze_article import Analysis, Processed, analyze_article, analyze_text
from shopwire.pipelines.article import Refusal
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import WORKER_CRASHED, Outcome
from shopwire.storage.in_order import yield_in_order

DEADLINE = 10.0
# The deadline is CPU time, since a page may wait long for its turn on a busy machine; a page that takes
# this many times the deadline on the wall clock is stopped too.
WALL_CLOCK_FACTOR = 12.0
# Pages in work at once for each process: enough that none is idle, few enough to keep memory small.
PAGES_PER_PROCESS = 4

NO_LINES: frozenset[int] = frozenset()

T = TypeVar("T")
Work = Callable[[Page, frozenset[int]], Processed]


class WorkerPool:
    """A pool of processes that extract articles; unless `start` is called, none starts before the first
    page comes."""

    def __init__(
        self, processes: int | None = None, deadline: float = DEADLINE, analyzes: bool = False
    ) -> None:
        """`processes` defaults to the number of cores, `deadline` is in seconds of CPU time a page;
        with `analyzes` each article comes with its analysis."""
        self.deadline = deadline
        self._work = process_page if analyzes else _extract_page
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPool | None = None
        self._lock = Lock()

    def start(self) -> None:
        """Start the processes, so that they load what they need before the first page comes."""
        with self._lock:
            self._get_pool()

    def submit(self, page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Future[Processed]:
        """Extract a page in some process. The result never raises for what a page did: a page that took
        too long, or crashed its process, comes back as a `Refusal`. May be called from any thread."""
        with self._lock:
            running = self._get_pool().schedule(
                _run_within,
                args=(self.deadline, self._work, page, boilerplate_lines),
                timeout=WALL_CLOCK_FACTOR * self.deadline,
            )
        answer: Future[Processed] = Future()
        running.add_done_callback(lambda done: _set_answer(answer, done, page, self.deadline))
        return answer

    def analyze(self, title: str, text: str, language: str, seen: str) -> Analysis:
        """Return the analysis of a text, from a process if any is running: they have the lexicon loaded.

        Raises what the process died of when it does.
        """
        with self._lock:
            pool = self._pool
        if pool is None:
            return analyze_text(title, text, language, seen)
        done: Future[Analysis] = pool.schedule(analyze_text, args=(title, text, language, seen))
        return done.result()

    def process_all(
        self,
        wanted: Iterable[tuple[T, Page | None]],
        load_boilerplate: Callable[[Page], frozenset[int]] = lambda _: NO_LINES,
    ) -> Iterator[tuple[T, Processed | None]]:
        """Yield each thing with what its page came to, in their order; None where it has no page.

        `load_boilerplate` returns the boilerplate lines of a page's site. Only a few pages are in
        work at once. An error of `wanted` is raised after the results of what came before it.
        """
        begun = (
            partial(_get_result, thing, self.submit(page, load_boilerplate(page)) if page else None)
            for thing, page in wanted
        )
        return yield_in_order(begun, PAGES_PER_PROCESS * self._processes)

    def _get_pool(self) -> ProcessPool:
        if self._pool is None:
            # A fork of a process that runs a reactor with threads may deadlock; the fork server is clean,
            # and has everything loaded once for all workers.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["shopwire.pipelines.worker_preload"])
            _start_fork_server()
            self._pool = ProcessPool(max_workers=self._processes, context=context)
        return self._pool

    def close(self, wait: bool = True) -> None:
        """End the processes: after the pages they have, or at once."""
        if self._pool is not None:
            if wait:
                self._pool.close()
            else:
                self._pool.stop()
            self._pool.join()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(wait=kind is None)


def _get_result(thing: T, future: Future[Processed] | None) -> tuple[T, Processed | None]:
    return thing, future.result() if future else None


def _start_fork_server() -> None:
    # A terminal interrupts all processes at once, and the pages in work are still wanted by the one
    # that ends the others. What is blocked here stays blocked in all that the server forks. (The
    # tracker unblocks it where it starts.)
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run_within(
    seconds: float, work: Work, page: Page, boilerplate_lines: frozenset[int]
) -> Processed:
    # The signal that this timer sends ends the process, whatever code of whatever language it is in.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work(page, boilerplate_lines)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _extract_page(page: Page, boilerplate_lines: frozenset[int]) -> Processed:
    # Imported in the worker: a crawl without a new page never loads the parsers.
    from shopwire.pipelines.extract_article import extract_article  # noqa: PLC0415

    return Processed(extract_article(page, boilerplate_lines))


def process_page(page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Processed:
    """Return the article of a page with its analysis, or the reason why it holds none."""
    result = _extract_page(page, boilerplate_lines).result
    return Processed(result, None if isinstance(result, Refusal) else analyze_article(result))


def _set_answer(
    answer: Future[Processed], done: Future[Processed], page: Page, deadline: float
) -> None:
    if done.cancelled():
        answer.cancel()
        return
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    elif isinstance(error, TimeoutError) or _ran_out_of_time(error):
        reason = f"parsing took longer than {deadline:g} s and was stopped"
        answer.set_result(Processed(Refusal(page.url, Outcome.TIMEOUT, reason)))
    elif isinstance(error, ProcessExpired):
        reason = f"{WORKER_CRASHED} ({error})"
        answer.set_result(Processed(Refusal(page.url, Outcome.BAD_HTML, reason)))
    else:
        answer.set_exception(error)


def _ran_out_of_time(error: BaseException) -> bool:
    return isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
