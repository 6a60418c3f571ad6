"""The thread in which a crawl, an import or a re-extraction writes to the store."""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from shopwire.storage.database import PRIMARY_CODE, Store
from shopwire.storage.in_order import yield_in_order

# Jobs that arrive within this time, in seconds, are committed together, up to this number. Articles change
# many of the same pages of the file: 36 for each of 32 that are committed together, 57 for each of 16. But
# other processes wait meanwhile.
BATCH_SECONDS = 0.2
BATCH_SIZE = 32
# How many jobs `write_all` submits ahead of the one whose result it waits for: enough to fill batches.
JOBS_AHEAD = 2 * BATCH_SIZE

# Errors that no single job causes: writing each job by itself would fail in the same way.
SHARED_TROUBLE = frozenset(
    (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
)

P = ParamSpec("P")
R = TypeVar("R")


class Job(NamedTuple):
    """Something to write, and the future of its result."""

    write: Callable[[Store], Any]
    future: Future[Any]


class StoreWriter:
    """Writes in a thread of its own, so that downloads go on while another process has locked the store.

    The future of a job has its result only after the commit.
    """

    def __init__(self, path: Path) -> None:
        """Open the store. Raises `StoreError`."""
        self._store = Store(path)
        self._jobs: deque[Job] = deque()
        # Whether the thread will look for jobs again: one call for each would stay in its queue for hours.
        self._is_writing = False
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    def submit(
        self, write: Callable[Concatenate[Store, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[R]:
        """Call `write(store, ...)` in a transaction that it shares with other jobs. If that is rolled back,
        it is called once more, so it must have no other effects."""
        future: Future[R] = Future()
        job = Job(lambda store: write(store, *args, **kwargs), future)
        with self._lock:
            self._jobs.append(job)
            begins, self._is_writing = not self._is_writing, True
        if begins:
            self._thread.submit(self._write_waiting)
        return future

    def submit_alone(
        self, work: Callable[Concatenate[Store, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[R]:
        """Call `work(store, ...)`, which opens its own transactions, after all jobs submitted before."""
        return self._thread.submit(work, self._store, *args, **kwargs)

    def write_all(self, jobs: Iterable[Callable[[Store], R]]) -> Iterator[R]:
        """Yield the result of each job, in order, after its commit; submit a bounded number ahead.

        An error of `jobs` is raised after the results of the jobs before it. Nothing is written after a
        job that fails, so that a later call can continue there.
        """
        return yield_in_order(self._submit_chained(jobs), JOBS_AHEAD)

    def _submit_chained(self, jobs: Iterable[Callable[[Store], R]]) -> Iterator[Callable[[], R]]:
        before: Future[R] | None = None
        for job in jobs:
            before = self.submit(_write_after, before, job)
            yield before.result

    def close(self) -> None:
        """Write all submitted jobs, and close the store."""
        self._thread.shutdown()
        self._store.close()

    def _write_waiting(self) -> None:
        while self._has_jobs():
            if len(self._jobs) < BATCH_SIZE:
                time.sleep(BATCH_SECONDS)
            jobs = [self._jobs.popleft() for _ in range(min(BATCH_SIZE, len(self._jobs)))]
            self._write([job for job in jobs if job.future.set_running_or_notify_cancel()])

    def _has_jobs(self) -> bool:
        with self._lock:
            self._is_writing = bool(self._jobs)
            return self._is_writing

    def _write(self, jobs: list[Job]) -> None:
        """Write jobs in one transaction; if that fails, each in its own, so that none fails with another."""
        try:
            with self._store.writing():
                results = [job.write(self._store) for job in jobs]
        except Exception as error:  # noqa: BLE001 - the future of the job has it
            if len(jobs) == 1 or _is_shared(error):
                for job in jobs:
                    job.future.set_exception(error)
                return
            for job in jobs:
                self._write([job])
        else:
            for job, result in zip(jobs, results, strict=True):
                job.future.set_result(result)


def _write_after(store: Store, before: Future[R] | None, job: Callable[[Store], R]) -> R:
    """Return the result of a job, or raise the error of the job before it if that has failed."""
    if before is not None and before.done() and (error := before.exception()):
        raise error
    return job(store)


def _is_shared(error: Exception) -> bool:
    code = error.sqlite_errorcode if isinstance(error, sqlite3.OperationalError) else 0
    return code & PRIMARY_CODE in SHARED_TROUBLE
