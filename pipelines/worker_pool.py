"""Worker processes for everything that parses, each of which can be killed.

Parsing holds the interpreter's lock, so threads do not help; and one hostile page can keep a parser
busy for minutes, so a page over its deadline takes its process with it and nobody else's page.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from multiprocessing import forkserver, resource_tracker
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from shopwire.pipelines.analyze_article import Digest, digest
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.site import UNKNOWN, Site
from shopwire.spiders.page import Page
from shopwire.storage.in_order import in_turn
from shopwire.storage.schema.tables import PROCESS_DOWN

DEADLINE = 10.0
# On a busy machine a good page may wait long for its turn, so its own time counts; so many times that
# much on the clock ends what neither works nor returns.
WAITING = 12.0
# Pages in work at once, for each process: enough that none waits, few enough to stay small.
AHEAD = 4

T = TypeVar("T")
Work = Callable[[Page, Site], Article | Refusal]


class Workers:
    """A pool that refines pages; unless it is told to, nothing starts before the first page comes."""

    def __init__(
        self, processes: int | None = None, deadline: float = DEADLINE, digests: bool = False
    ) -> None:
        """`processes` defaults to the number of cores, `deadline` is in seconds of CPU time a page;
        with `digests` each article brings the digest of its text along."""
        self.deadline = deadline
        self._work = refine_and_digest if digests else _refine
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPool | None = None
        self._lock = Lock()

    def start(self) -> None:
        """Have the processes load what they need before the first page comes."""
        with self._lock:
            self._started()

    def submit(self, page: Page, site: Site = UNKNOWN) -> Future[Article | Refusal]:
        """Refine a page in some process. The result never raises for what a page did: a page that took
        too long, or its process down, comes back as a `Refusal`. May be called from any thread."""
        with self._lock:
            running = self._started().schedule(
                _within,
                args=(self.deadline, self._work, page, site),
                timeout=WAITING * self.deadline,
            )
        answer: Future[Article | Refusal] = Future()
        running.add_done_callback(lambda done: _answer(answer, done, page, self.deadline))
        return answer

    def digest(self, title: str, text: str, language: str, seen: str) -> Digest:
        """What `digest` makes of a text, from a process if any is at work: they have the lexicon loaded.

        Raises what the process died of when it does.
        """
        with self._lock:
            pool = self._pool
        if pool is None:
            return digest(title, text, language, seen)
        done: Future[Digest] = pool.schedule(digest, args=(title, text, language, seen))
        return done.result()

    def refine_all(
        self,
        wanted: Iterable[tuple[T, Page | None]],
        site_of: Callable[[Page], Site] = lambda _: UNKNOWN,
    ) -> Iterator[tuple[T, Article | Refusal | None]]:
        """Each thing with what its page came to, in their order; None where it has no page.

        `site_of` says what is known of a page's site. Only a few pages are taken ahead. An error of
        `wanted` is raised after the results of what came before it.
        """
        begun = (
            partial(_result, thing, self.submit(page, site_of(page)) if page else None)
            for thing, page in wanted
        )
        return in_turn(begun, AHEAD * self._processes)

    def _started(self) -> ProcessPool:
        if self._pool is None:
            # A fork of a process that runs a reactor with threads may deadlock; the fork server is clean,
            # and has everything loaded once for all workers.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["shopwire.pipelines.worker_preload"])
            _start_deaf()
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


def _result(
    thing: T, future: Future[Article | Refusal] | None
) -> tuple[T, Article | Refusal | None]:
    return thing, future.result() if future else None


def _start_deaf() -> None:
    # A terminal interrupts all processes at once, and the pages in work are still wanted by the one
    # that ends the others. What is blocked here stays blocked in all that the server forks. (The
    # tracker unblocks it where it starts.)
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _within(seconds: float, work: Work, page: Page, site: Site) -> Article | Refusal:
    # The signal that this timer sends ends the process, whatever code of whatever language it is in.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work(page, site)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _refine(page: Page, site: Site) -> Article | Refusal:
    # Imported in the worker: a crawl without a new page never loads the parsers.
    from shopwire.pipelines.extract_article import refine  # noqa: PLC0415

    return refine(page, site)


def refine_and_digest(page: Page, site: Site = UNKNOWN) -> Article | Refusal:
    """What `refine` makes of a page, with the digest of its text."""
    result = _refine(page, site)
    if isinstance(result, Refusal):
        return result
    seen = result.published or result.fetched
    return replace(result, digest=digest(result.title, result.text, result.language, seen))


def _answer(
    answer: Future[Article | Refusal],
    done: Future[Article | Refusal],
    page: Page,
    deadline: float,
) -> None:
    if done.cancelled():
        answer.cancel()
        return
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    elif isinstance(error, TimeoutError) or _ran_out_of_time(error):
        reason = f"parsing took longer than {deadline:g} s and was stopped"
        answer.set_result(Refusal(page.url, "timeout", reason))
    elif isinstance(error, ProcessExpired):
        reason = f"{PROCESS_DOWN} ({error})"
        answer.set_result(Refusal(page.url, "bad_html", reason))
    else:
        answer.set_exception(error)


def _ran_out_of_time(error: BaseException) -> bool:
    return isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
