"""The one thread in which a crawl, an import or a pass over the archive writes to the store."""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from shopwire.storage.database import Store
from shopwire.storage.in_order import in_turn

# What comes within so many seconds is committed together, so much of it at most. A commit costs a third
# of what it takes to write one article and little more for several, and nobody waits for the answer; but
# other processes wait while this one writes.
GATHERING = 0.2
TOGETHER = 16
# Jobs taken ahead of the one whose answer is waited for: enough that none of them waits for another.
AHEAD = 4 * TOGETHER

# What no single write is to blame for, and trying each by itself would only meet again.
SHARED_TROUBLE = frozenset(
    (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
)
PRIMARY_CODE = 0xFF
"""The part of an extended result code that names the kind (https://sqlite.org/rescode.html)."""

P = ParamSpec("P")
R = TypeVar("R")


class Job(NamedTuple):
    """Something to be written, and who waits for it."""

    write: Callable[[Store], Any]
    answer: Future[Any]


class StoreWriter:
    """Writes in a thread of its own, so that a store that somebody else has locked stops no download.

    An answer is given once what it speaks of is committed.
    """

    def __init__(self, path: Path) -> None:
        """Opens the store. Raises `StoreError`."""
        self._store = Store(path)
        self._jobs: deque[Job] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    def submit(
        self, write: Callable[Concatenate[Store, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[R]:
        """Call `write(store, ...)` in a transaction, together with what else is to be written. It may
        be called a second time when the first is undone, so it must do nothing but write."""
        answer: Future[R] = Future()
        self._jobs.append(Job(lambda store: write(store, *args, **kwargs), answer))
        self._thread.submit(self._write_waiting)
        return answer

    def submit_alone(
        self, work: Callable[Concatenate[Store, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[R]:
        """Call `work(store, ...)`, which makes its own transactions, after all that was submitted."""
        return self._thread.submit(work, self._store, *args, **kwargs)

    def write_all(self, jobs: Iterable[Callable[[Store], R]]) -> Iterator[R]:
        """What each job gives, in their order, once it is committed; only a few are taken ahead. An
        error of `jobs` is raised after the answers of what came before it. Nothing is written after a
        job that fails, so that whoever goes on later can go on from there."""
        return in_turn(self._chain(jobs), AHEAD)

    def _chain(self, jobs: Iterable[Callable[[Store], R]]) -> Iterator[Callable[[], R]]:
        before: Future[R] | None = None
        for job in jobs:
            before = self.submit(_write_after, before, job)
            yield before.result

    def close(self) -> None:
        """Write what waits, and close the store."""
        self._thread.shutdown()
        self._store.close()

    def _write_waiting(self) -> None:
        if not self._jobs:
            return
        if len(self._jobs) < TOGETHER:
            time.sleep(GATHERING)
        jobs = [self._jobs.popleft() for _ in range(min(TOGETHER, len(self._jobs)))]
        self._write([job for job in jobs if job.answer.set_running_or_notify_cancel()])

    def _write(self, jobs: list[Job]) -> None:
        """Write some jobs together; where that fails each by itself, so that none costs another one."""
        try:
            with self._store.writing():
                results = [job.write(self._store) for job in jobs]
        except Exception as error:  # noqa: BLE001 - who waits for the answer is told
            if len(jobs) == 1 or _is_shared(error):
                for job in jobs:
                    job.answer.set_exception(error)
                return
            for job in jobs:
                self._write([job])
        else:
            for job, result in zip(jobs, results, strict=True):
                job.answer.set_result(result)


def _write_after(store: Store, before: Future[R] | None, job: Callable[[Store], R]) -> R:
    """Do a job, unless the one before it has failed: then raise its error."""
    if before is not None and before.done() and (error := before.exception()):
        raise error
    return job(store)


def _is_shared(error: Exception) -> bool:
    code = error.sqlite_errorcode if isinstance(error, sqlite3.OperationalError) else 0
    return code & PRIMARY_CODE in SHARED_TROUBLE
