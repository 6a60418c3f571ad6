"""One process for the crawls of many sources, because starting Scrapy costs more than a crawl that finds
nothing new."""

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shopwire.scheduler.crawls.crawl_process import (
    SHARED,
    build_python_command,
    kill_process_group,
    open_process,
)
from shopwire.scheduler.crawls.running_crawl import RunningCrawl
from shopwire.storage.crawl_log.schedule import LOST

# Seconds and bytes after which a process gets no more crawls: what leaks must end some time.
OLDEST = 3600.0
MOST_GROWTH = 200_000_000
# The process writes a line every few seconds; after so many without one, something holds it up.
LONGEST_SILENCE = 60.0


def build_shared_command() -> list[str]:
    """Return the command of a process that crawls the sources it is told to."""
    return build_python_command(SHARED, "crawl")


class SharedProcess:
    """A process that crawls the sources it is told to, each with a log of its own.

    `stamp` stands for the configuration that it has read.
    """

    def __init__(self, command: Sequence[str], log: Path, stamp: object = None) -> None:
        """Start the process, which appends to `log` what is not about a single crawl. Raises `OSError`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.process = open_process(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, bufsize=0
            )
        assert self.process.stdin
        assert self.process.stdout
        self._orders, self._answers = self.process.stdin, self.process.stdout
        os.set_blocking(self._answers.fileno(), False)
        self._unread = b""
        self.stamp = stamp
        self.started = self.heard = time.monotonic()
        self.first_memory = self.memory = 0
        self.crawls: dict[str, SharedCrawl] = {}

    def crawl(self, source: str, site: str, log: Path, previous_run: int) -> "SharedCrawl":
        """Start the crawl of a source in this process. Raises `OSError` if it has ended."""
        self._order({"crawl": source, "log": str(log.absolute())})
        self.crawls[source] = SharedCrawl(source, site, log, previous_run, self)
        return self.crawls[source]

    def stop(self, source: str) -> None:
        """Ask a crawl to store what it has and end."""
        try:
            self._order({"stop": source})
        except OSError:
            self.read()

    def _order(self, order: dict[str, str]) -> None:
        if self._orders.closed:
            raise BrokenPipeError(f"process {self.process.pid} has ended")
        self._orders.write(json.dumps(order).encode() + b"\n")

    def is_worn(self, stamp: object) -> bool:
        """Return whether another process should take the next crawl."""
        has_grown = self.memory - self.first_memory > MOST_GROWTH
        is_old = time.monotonic() - self.started > OLDEST
        return has_grown or is_old or stamp != self.stamp or self.process.poll() is not None

    def end(self) -> None:
        """Let the process end once its crawls have."""
        self._orders.close()

    def wait(self, seconds: float) -> None:
        """Wait for the end of the process; kill it after `seconds`."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
        self.read()

    def kill(self) -> None:
        """Send SIGKILL to the process and its workers."""
        kill_process_group(self.process.pid)

    def read(self) -> int | None:
        """Take note of the crawls that have ended, and kill a process that is held up. Return its exit code,
        None while it runs."""
        code = self.process.poll()
        for line in self._read_lines():
            answer = json.loads(line)
            self.heard, self.memory = time.monotonic(), answer["memory"]
            self.first_memory = self.first_memory or self.memory
            if crawl := self.crawls.pop(answer.get("ended", ""), None):
                crawl.code = answer["code"]
        if code is None and self.crawls and time.monotonic() - self.heard > LONGEST_SILENCE:
            self.kill()
        if code is not None:
            for crawl in self.crawls.values():
                crawl.code, crawl.stop_reason = code, crawl.stop_reason or LOST
            self.crawls.clear()
            self._orders.close()
            self._answers.close()
        return code

    def _read_lines(self) -> list[bytes]:
        """Return the whole lines that have come since the last call."""
        while not self._answers.closed and (part := self._answers.read(65536)):
            self._unread += part
        *lines, self._unread = self._unread.split(b"\n")
        return lines


@dataclass(slots=True)
class SharedCrawl(RunningCrawl):
    """A crawl in a process that others share. If it has to be killed, they are lost with it."""

    shared: SharedProcess
    code: int | None = field(default=None, kw_only=True)

    @property
    def pid(self) -> int:
        """Return the id of the shared process."""
        return self.shared.process.pid

    def poll(self) -> int | None:
        """Return the exit code; None while the crawl runs."""
        self.shared.read()
        return self.code

    def terminate(self) -> None:
        """Ask the crawl to store what it has and end."""
        self.shared.stop(self.source)

    def kill(self) -> None:
        """Send SIGKILL to the shared process."""
        self.shared.kill()
