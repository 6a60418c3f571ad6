"""Runs functions in worker processes, each of which can be killed.

Parsing holds the interpreter's lock, so threads do not help. Hostile bytes can take a parser minutes or all
memory, so each process has limits for both, and reaching one harms no other work.
"""

import asyncio
import fcntl
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.crawl_log.outcomes import WORKER_CRASHED, Outcome

# A deadline is CPU time, because a process may get little of it on a busy machine. A function is also stopped
# after this many times its deadline of wall time.
WALL_CLOCK_FACTOR = 12.0
# Bytes by which the memory of a process may grow. A page of 8 MiB that is nothing but tags takes more.
MOST_MEMORY = 640 * 1024 * 1024
# The exit code of a process without memory. It ends, as the memory it has left may not do for the next page.
NO_MEMORY = 71

# Sent to all processes at once, by a terminal or to a process group. Only the main process acts on them: it
# stores the pages in hand, for which it needs the others.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# The largest pipe that Linux lets anybody have by default.
PIPE_BYTES = 1024 * 1024

# Loaded by the fork server, so that each worker starts with it.
PRELOADED = "shopwire.pipelines.worker_preload"
SERVER_VARIABLES = {
    # Otherwise the fork server looks for modules in the current folder first, and runs what is called
    # `shopwire/pipelines` there (https://docs.python.org/3/using/cmdline.html#envvar-PYTHONSAFEPATH).
    "PYTHONSAFEPATH": "1",
    # After a second Ctrl-C it cleans up, which is no news for the user.
    "PYTHONWARNINGS": "ignore:resource_tracker",
}
# More processes than this do no more work, but each needs 100 MB.
MOST_PER_CORE = 4

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


class LostWorkError(Exception):
    """Raised for a function whose process was ended before its result: at its deadline, without memory, or
    by a fault of a parser in C. Has the outcome for the crawl log, and a reason."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


class WorkerProcess(ForkServerProcess):
    """A process in which `STOP_SIGNALS` are blocked."""

    def start(self) -> None:
        """Start the process, and its server again if that was killed."""
        _start_fork_server()
        super().start()

    def terminate(self) -> None:
        """End the process at once."""
        self.kill()


class PipeContext(ForkServerContext):
    """Creates processes as the fork server does, and pipes that hold several pages.

    By default they hold a quarter of one: a worker would wait for each piece of its next page until a thread
    of the main process has its turn, and so would the other workers.
    """

    Process = WorkerProcess

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802
        """Return the ends of a pipe, which is larger where the system can do that (Linux) and allows it."""
        ends = super().Pipe(duplex)
        if hasattr(fcntl, "F_SETPIPE_SZ") and not duplex:
            with suppress(PermissionError):  # so many pages of memory are in pipes of this user already
                fcntl.fcntl(ends[1].fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return ends


class KillablePool:
    """A pool of processes. They start with the first function, or with `start`, also again after `close`."""

    def __init__(self, processes: int | None = None) -> None:
        """`processes` defaults to the configured number."""
        cores = os.cpu_count() or 1
        wanted = processes or load_configuration().limits.processes or cores
        self.processes = min(wanted, MOST_PER_CORE * cores)
        self._pool: ProcessPool | None = None
        self._lock = Lock()

    @property
    def is_running(self) -> bool:
        """Return whether the processes have been started."""
        return self._pool is not None

    def start(self) -> None:
        """Start the processes, so that they have loaded everything before the first function."""
        with self._lock:
            self._get_pool()

    def run(self, deadline: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function of a module in a process; return its future result. May be called from any thread.

        `deadline` is in seconds of CPU time. The future raises `LostWorkError`, and whatever the function
        raises.
        """
        work = partial(_run_within, deadline, function, args, kwargs)
        with self._lock:
            try:
                running = self._get_pool().schedule(work, timeout=WALL_CLOCK_FACTOR * deadline)
            except RuntimeError:
                # A process that had nothing to do was killed, which pebble takes for a fault of its own.
                self.close(wait=False)
                running = self._get_pool().schedule(work, timeout=WALL_CLOCK_FACTOR * deadline)
        return follow_future(running, lambda done: _get_result(done, deadline))

    async def run_async(
        self, deadline: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return the result of a function that is called in a process, see `run`."""
        # The first one waits for the processes to start; the event loop must not.
        running = await asyncio.to_thread(lambda: self.run(deadline, function, *args, **kwargs))
        return await asyncio.wrap_future(running)

    def _get_pool(self) -> ProcessPool:
        if self._pool is None:
            # A fork of a process with a reactor and threads may deadlock; the fork server has neither, and
            # loads everything once for all workers.
            context = PipeContext()
            context.set_forkserver_preload([PRELOADED])
            _start_fork_server()
            self._pool = ProcessPool(self.processes, initializer=_limit_memory, context=context)
        return self._pool

    def close(self, wait: bool = True) -> None:
        """End the processes, with `wait` after all functions, else at once."""
        if self._pool is not None:
            if wait:
                self._pool.close()
            else:
                self._pool.stop()
            self._pool.join()
            self._pool = None


def _start_fork_server() -> None:
    # A signal blocked here is blocked in all processes that the server forks. (The resource tracker would
    # unblock them, so that starts first.)
    before = {name: os.environ.get(name) for name in SERVER_VARIABLES}
    os.environ.update(SERVER_VARIABLES)
    resource_tracker.ensure_running()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _limit_memory() -> None:
    """Limit the memory of this process, where the system can do that: macOS does not enforce the limit, and
    has no file that says what is used."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        used = int(statistics.read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = used + MOST_MEMORY
        resource.setrlimit(
            resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def _run_within(
    seconds: float, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    # The signal of this timer ends the process, also in the middle of a C function.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*args, **kwargs)
    except MemoryError:
        os._exit(NO_MEMORY)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def follow_future(running: Future[T], convert: Callable[[Future[T]], R]) -> Future[R]:
    """Return a future with what a function makes of another future once that is done, or with what it raises;
    cancelled if the other one is."""
    result: Future[R] = Future()

    def settle(done: Future[T]) -> None:
        if done.cancelled():
            result.cancel()
            return
        try:
            result.set_result(convert(done))
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for
            result.set_exception(error)

    running.add_done_callback(settle)
    return result


def _get_result(done: Future[T], deadline: float) -> T:
    try:
        return done.result()
    except (TimeoutError, ProcessExpired) as error:
        code = getattr(error, "exitcode", -signal.SIGPROF)
        if code == -signal.SIGPROF:
            reason = f"parsing took longer than {deadline:g} s and was stopped"
            raise LostWorkError(Outcome.TIMEOUT, reason) from None
        if code == NO_MEMORY:
            reason = f"parsing needs more than {MOST_MEMORY >> 20} MiB of memory"
            raise LostWorkError(Outcome.BAD_HTML, reason) from None
        raise LostWorkError(Outcome.BAD_HTML, f"{WORKER_CRASHED} ({error})") from None
