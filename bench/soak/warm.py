"""Fork crawls from one process that has everything imported; otherwise imports take most of the time.

In all else they are normal crawls: each has a process, a session and a log of its own, can be ended by
SIGTERM and SIGKILL, and its exit code is reported.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from multiprocessing import forkserver, get_context
from pathlib import Path
from typing import IO, Any

from shopwire.storage.paths import get_store_path

# Seconds between two checks for crawls that have ended.
CHECK_INTERVAL = 0.05


def warm_folder() -> Path:
    """Return the folder of the order socket and of the exit codes of crawls."""
    return get_store_path().with_name("warm")


def order_socket() -> Path:
    """Return the socket that takes a source and a log file, and responds with a process id."""
    return warm_folder() / "orders"


class WarmCrawl:
    """A forked crawl with the part of `subprocess.Popen` that the daemon uses."""

    def __init__(self, command: Sequence[str], stdout: IO[bytes], **_: Any) -> None:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(str(order_socket()))
            channel.sendall(json.dumps([command[-1], stdout.name]).encode() + b"\n")
            self.pid = int(channel.makefile().readline())
        self.code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code once it has ended; -N if signal N ended it."""
        report = warm_folder() / str(self.pid)
        if self.code is None and report.exists():
            self.code = int(report.read_text())
        return self.code

    def terminate(self) -> None:
        """Send SIGTERM."""
        try:
            os.kill(self.pid, signal.SIGTERM)
        except ProcessLookupError:
            return


def fork_on_order() -> str:
    """Take orders forever; returns only in forked crawls, with the name of the source."""
    warm_folder().mkdir()
    # Workers too are forked from one server, which has the parsers loaded.
    get_context("forkserver").set_forkserver_preload(["shopwire.pipelines.worker_preload"])
    forkserver.ensure_running()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(order_socket()))
        server.listen(16)
        server.settimeout(CHECK_INTERVAL)
        while True:
            try:
                channel, _ = server.accept()
            except TimeoutError:
                _write_exit_codes()
                continue
            with channel:
                source, log = json.loads(channel.makefile().readline())
                pid = os.fork()
                if pid == 0:
                    break
                (warm_folder() / str(pid)).unlink(missing_ok=True)
                channel.sendall(f"{pid}\n".encode())
    os.setsid()
    with Path(log).open("wb") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    # The originals wait for the fork server as a child of this process, which it is not.
    forkserver.ensure_running = lambda: None
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]
    return str(source)


def _write_exit_codes() -> None:
    """Write the exit code of each crawl that has ended to a file."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        new = warm_folder() / f"{pid}.new"
        new.write_text(str(os.waitstatus_to_exitcode(status)))
        new.rename(warm_folder() / str(pid))
