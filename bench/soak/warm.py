"""Crawls forked from one process that has everything imported, as otherwise most of a soak is imports.

All else is as in a crawl that is started anew: a process and a session of its own with its own log, that
can be ended by SIGTERM and SIGKILL, and whose parent learns how it ended.
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

from shopwire.storage.paths import store_path

# Seconds between two looks at which crawls have ended.
LOOK = 0.05


def folder() -> Path:
    """Where orders are taken, and where it is written how crawls ended."""
    return store_path().with_name("warm")


def orders() -> Path:
    """The socket that takes an order: a source and its log, answered with a process."""
    return folder() / "orders"


class WarmCrawl:
    """A crawl as the daemon has it, like `subprocess.Popen`."""

    def __init__(self, command: Sequence[str], stdout: IO[bytes], **_: Any) -> None:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(str(orders()))
            channel.sendall(json.dumps([command[-1], stdout.name]).encode() + b"\n")
            self.pid = int(channel.makefile().readline())
        self.code: int | None = None

    def poll(self) -> int | None:
        """The exit code once it has ended, below zero the signal that ended it."""
        report = folder() / str(self.pid)
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
    """Take orders for ever; returns in each crawl, with the name of its source."""
    folder().mkdir()
    # Workers come from one fork server as well, which keeps the parsers loaded.
    get_context("forkserver").set_forkserver_preload(["shopwire.pipelines.worker_preload"])
    forkserver.ensure_running()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(orders()))
        server.listen(16)
        server.settimeout(LOOK)
        while True:
            try:
                channel, _ = server.accept()
            except TimeoutError:
                _report()
                continue
            with channel:
                source, log = json.loads(channel.makefile().readline())
                pid = os.fork()
                if pid == 0:
                    break
                (folder() / str(pid)).unlink(missing_ok=True)
                channel.sendall(f"{pid}\n".encode())
    os.setsid()
    with Path(log).open("wb") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    # It would look for the fork server among its own children.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]
    return str(source)


def _report() -> None:
    """Write down how crawls ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        new = folder() / f"{pid}.new"
        new.write_text(str(os.waitstatus_to_exitcode(status)))
        new.rename(folder() / str(pid))
