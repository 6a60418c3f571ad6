"""Crawls as processes: started, watched, and ended when they take too long.

A page can hold a process for minutes where no timeout of Scrapy's applies, so nothing but a process
of its own can be relied upon to end. SIGTERM lets a crawl write down what it has; SIGKILL follows.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shopwire.storage.crawl_log.ledger import is_alive

SETTINGS = "shopwire.spiders.settings"
# How much of the end of a log is looked at for the reason of a failure.
TAIL = 2000


def crawl_command(source: str) -> list[str]:
    """What crawls one source, by hand and here alike."""
    return [sys.executable, "-m", "scrapy", "crawl", source]


@dataclass(slots=True)
class Limits:
    """Seconds a crawl may take, and seconds between SIGTERM and SIGKILL."""

    crawl: float = 1800.0
    grace: float = 10.0


@dataclass(slots=True)
class Crawl:
    """A running crawl. `ended_for` is why it was told to end, empty as long as it was not.

    `after` is the newest run in the ledger when it started, so that its own can be told.
    """

    source: str
    site: str
    process: subprocess.Popen[bytes]
    log: Path
    after: int
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    ended_for: str = ""

    def watch(self, limits: Limits) -> int | None:
        """End the crawl if it is over its time; gives its exit code once it has ended."""
        code = self.process.poll()
        now = time.monotonic()
        if code is not None:
            if self.ended_for:
                kill_group(self.process.pid)
            return code
        if not self.ended_for and now - self.began > limits.crawl:
            self.end(f"stopped after {limits.crawl:.0f} s")
        elif self.ended_for and now - self.told > limits.grace:
            self.kill()
        return None

    def end(self, why: str) -> None:
        """Ask the crawl to end and say why."""
        self.ended_for, self.told = why, time.monotonic()
        self.process.terminate()

    def kill(self) -> None:
        """End the crawl and its workers without asking."""
        kill_group(self.process.pid)

    def last_words(self, code: int) -> str:
        """How it ended, and the last line of its log, which tells why it died."""
        if code < 0:
            return f"ended by {signal_name(-code)}"
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - TAIL))
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError as error:
            return f"exit code {code}; no log: {error}"
        said = (line.strip() for line in reversed(lines))
        return f"exit code {code}: {next(filter(None, said), 'no word in its log')}"


def start(source: str, site: str, after: int, logs: Path, command: Sequence[str]) -> Crawl:
    """Start a crawl in a process group of its own. Its log replaces the one of its last run.

    Raises `OSError` when that cannot be done.
    """
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{source}.log"
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": SETTINGS}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    return Crawl(source, site, process, log, after)


def signal_name(number: int) -> str:
    """What a signal is called; `signal 35` for one without a name, as real-time signals are."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def kill_group(leader: int) -> None:
    """End a process group, if there still is one."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def is_crawling(pid: int, source: str = "") -> bool:
    """Whether a process is a crawl (of that source): a number is given to another process in time."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return not Path("/proc/self").exists() and is_alive(pid)
    except ProcessLookupError:
        return False
    return b"crawl" in words and (not source or source.encode() in words)


def end_stranger(pid: int, source: str, grace: float) -> None:
    """End a crawl that an earlier daemon started and left behind."""
    if not is_crawling(pid, source):
        return
    os.kill(pid, signal.SIGTERM)
    if not _gone(pid, source, grace):
        kill_group(pid)
        _gone(pid, source, grace)


def _gone(pid: int, source: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_crawling(pid, source):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
