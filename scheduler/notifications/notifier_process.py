"""The process that sends messages. It ends with the daemon, after it has recorded the message under way.

So nothing is sent twice when the daemon is killed: the process of the next one waits until this one is gone.
"""

import fcntl
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TextIO

from shopwire.scheduler.jobs import catch_stop_signals, open_job_store
from shopwire.scheduler.notifications.notifier import NOTIFY_SECONDS, Notifier, build_tellers
from shopwire.storage.configuration.options import Configuration
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError

logger = logging.getLogger(__name__)

RESTART_SECONDS = 15.0
LOCK_SECONDS = 0.1


class NotifierProcess:
    """Starts the process, and starts it again if it ends. `configure_logs` is called in it first."""

    def __init__(self, path: Path, configuration: Configuration, configure_logs: Callable[[], None]) -> None:
        """Raises `StoreError` for a service with a wrong URL, and without Apprise."""
        self.path, self.configuration, self.configure_logs = path, configuration, configure_logs
        self._tellers = build_tellers(configuration)
        self._process: SpawnProcess | None = None

    def begin(self) -> bool:
        """Let everything begin that has not, with what happens from now on; return whether there is any."""
        if self._tellers:
            with open_job_store(self.path) as store:
                Notifier(self._tellers, threading.Event()).begin(store)
        return bool(self._tellers)

    def keep_running(self) -> None:
        """Start the process unless it runs."""
        if self._process and self._process.is_alive():
            return
        if self._process:
            logger.warning(
                "the process that sends messages ended with code %s; starting it again",
                self._process.exitcode,
            )
        self._process = multiprocessing.get_context("spawn").Process(
            target=send_messages, args=[self.path, self.configuration, self.configure_logs]
        )
        self._process.start()

    def stop(self) -> None:
        """End the process after the message under way."""
        if self._process:
            self._process.terminate()
            self._process.join()


def send_messages(path: Path, configuration: Configuration, configure_logs: Callable[[], None]) -> None:
    """Tell all services what is pending, again and again, until SIGTERM or the end of the parent process."""
    # A signal to the group of the daemon, such as Ctrl-C, is for the daemon to handle.
    os.setsid()
    configure_logs()
    stopping = catch_stop_signals()
    threading.Thread(target=_await_parent, args=[stopping], daemon=True).start()
    try:
        # This store is patient, unlike that of a job: what a service has accepted must be recorded, however
        # long others write, and when the daemon is gone.
        with _open_lock(path, stopping), Store(path) as store:
            notifier = Notifier(build_tellers(configuration), stopping)
            while not stopping.is_set():
                notifier.run(store)
                stopping.wait(NOTIFY_SECONDS)
            notifier.finish(store)
    except StoreError as error:
        logger.warning("cannot send messages: %s", error)


def _await_parent(stopping: threading.Event) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    stopping.set()


def _open_lock(store: Path, stopping: threading.Event) -> TextIO:
    """Return the open file `<store>.notifier`, locked unless `stopping` was set before."""
    file = store.with_suffix(".notifier").open("a")
    while not stopping.is_set():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stopping.wait(LOCK_SECONDS)
        else:
            break
    return file
