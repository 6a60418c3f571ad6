"""Runs extraction in worker processes, each of which can be killed.

Parsing holds the interpreter's lock, so threads do not help. A hostile page can take a parser minutes, so
the process of a page is killed after a deadline, without harm to other pages.
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
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.crawl_log.outcomes import WORKER_CRASHED, Outcome
from shopwire.storage.in_order import yield_in_order

DEADLINE = 10.0
# The deadline is CPU time, because a process may get little of it on a busy machine. A page is also stopped
# after this many times the deadline of wall time.
WALL_CLOCK_FACTOR = 12.0
# Pages submitted at once for each process: enough that none is idle, few enough for a small memory.
PAGES_PER_PROCESS = 4

SERVER_VARIABLES = {
    # Otherwise the fork server looks for modules in the current folder first, and runs what is called
    # `shopwire/pipelines` there (https://docs.python.org/3/using/cmdline.html#envvar-PYTHONSAFEPATH).
    "PYTHONSAFEPATH": "1",
    # After a second Ctrl-C it cleans up, which is no news for the user.
    "PYTHONWARNINGS": "ignore:resource_tracker",
}
# More processes than this do no more work, but each needs 100 MB.
MOST_PER_CORE = 4

NO_LINES: frozenset[int] = frozenset()

T = TypeVar("T")
Work = Callable[[Page, frozenset[int]], Processed]


class WorkerPool:
    """A pool of processes that extract articles. They start with the first page, or with `start`."""

    def __init__(
        self, processes: int | None = None, deadline: float = DEADLINE, analyzes: bool = False
    ) -> None:
        """`processes` defaults to the configured number, `deadline` is in seconds of CPU time a page;
        with `analyzes` each article comes with its analysis."""
        self.deadline = deadline
        self._work = process_page if analyzes else _extract_page
        cores = os.cpu_count() or 1
        wanted = processes or load_configuration().limits.processes or cores
        self._processes = min(wanted, MOST_PER_CORE * cores)
        self._pool: ProcessPool | None = None
        self._lock = Lock()

    def start(self) -> None:
        """Start the processes, so that they have loaded everything before the first page."""
        with self._lock:
            self._get_pool()

    def submit(self, page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Future[Processed]:
        """Extract the article of a page in a process; return its future result.

        A page that takes too long, or crashes its process, has a `Refusal` as its result. May be called
        from any thread.
        """
        with self._lock:
            running = self._get_pool().schedule(
                _run_within,
                args=(self.deadline, self._work, page, boilerplate_lines),
                timeout=WALL_CLOCK_FACTOR * self.deadline,
            )
        result: Future[Processed] = Future()
        running.add_done_callback(lambda done: _set_result(result, done, page, self.deadline))
        return result

    def analyze(self, title: str, text: str, language: str, seen: str) -> Analysis:
        """Return the analysis of a text, made in a process if any runs, as these have loaded the lexicon.

        Raises `pebble.ProcessExpired` if the process dies.
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
        """Yield each thing with the result of its page, in their order; None where it has no page.

        `load_boilerplate` returns the boilerplate lines of a page's site. Only a few pages are submitted
        at once. An error of `wanted` is raised after the results of everything before it.
        """
        begun = (
            partial(_get_result, thing, self.submit(page, load_boilerplate(page)) if page else None)
            for thing, page in wanted
        )
        return yield_in_order(begun, PAGES_PER_PROCESS * self._processes)

    def _get_pool(self) -> ProcessPool:
        if self._pool is None:
            # A fork of a process with a reactor and threads may deadlock; the fork server has neither, and
            # loads everything once for all workers.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["shopwire.pipelines.worker_preload"])
            _start_fork_server()
            self._pool = ProcessPool(max_workers=self._processes, context=context)
        return self._pool

    def close(self, wait: bool = True) -> None:
        """End the processes, with `wait` after their submitted pages, else at once."""
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
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=kind is None)


def _get_result(thing: T, future: Future[Processed] | None) -> tuple[T, Processed | None]:
    return thing, future.result() if future else None


def _start_fork_server() -> None:
    # A terminal interrupts all processes at once, but the main process still waits for submitted pages. A
    # signal blocked here is blocked in all processes that the server forks. (The resource tracker would
    # unblock it, so that starts first.)
    before = {name: os.environ.get(name) for name in SERVER_VARIABLES}
    os.environ.update(SERVER_VARIABLES)
    resource_tracker.ensure_running()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _run_within(seconds: float, work: Work, page: Page, boilerplate_lines: frozenset[int]) -> Processed:
    # The signal of this timer ends the process, also in the middle of a C function.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work(page, boilerplate_lines)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _extract_page(page: Page, boilerplate_lines: frozenset[int]) -> Processed:
    # Imported in the worker, because a crawl without a new page needs no parser.
    from shopwire.pipelines.extract_article import extract_article  # noqa: PLC0415

    return Processed(extract_article(page, boilerplate_lines))


def process_page(page: Page, boilerplate_lines: frozenset[int] = NO_LINES) -> Processed:
    """Return the article of a page with its analysis, or the reason why it has none."""
    result = _extract_page(page, boilerplate_lines).result
    return Processed(result, None if isinstance(result, Refusal) else analyze_article(result))


def _set_result(result: Future[Processed], done: Future[Processed], page: Page, deadline: float) -> None:
    if done.cancelled():
        result.cancel()
        return
    error = done.exception()
    if error is None:
        result.set_result(done.result())
    elif isinstance(error, TimeoutError) or _is_out_of_time(error):
        reason = f"parsing took longer than {deadline:g} s and was stopped"
        result.set_result(Processed(Refusal(page.url, Outcome.TIMEOUT, reason)))
    elif isinstance(error, ProcessExpired):
        reason = f"{WORKER_CRASHED} ({error})"
        result.set_result(Processed(Refusal(page.url, Outcome.BAD_HTML, reason)))
    else:
        result.set_exception(error)


def _is_out_of_time(error: BaseException) -> bool:
    return isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
