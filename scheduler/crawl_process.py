"""Crawls as processes: started, watched, and killed when they take too long.

A page can block a process for minutes where no timeout of Scrapy's applies, and only a process can be
killed reliably. SIGTERM lets a crawl store what it has; SIGKILL follows.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shopwire.storage.crawl_log.runs import is_alive

SETTINGS = "shopwire.spiders.settings"
# Bytes at the end of a log that are searched for the reason of a failure.
LOG_TAIL = 2000


def build_crawl_command(source: str) -> list[str]:
    """Return the command that crawls one source."""
    # Without -P Python would look for modules in the current folder first.
    return [sys.executable, "-P", "-m", "scrapy", "crawl", source]


@dataclass(slots=True)
class Limits:
    """Seconds a crawl may take, and seconds between SIGTERM and SIGKILL."""

    crawl: float = 1800.0
    grace: float = 10.0


@dataclass(slots=True)
class CrawlProcess:
    """A running crawl. `previous_run` is the newest run in the crawl log when it started, so that its own
    run can be found. `stop_reason` is empty until it is told to stop.
    """

    source: str
    site: str
    process: subprocess.Popen[bytes]
    log: Path
    previous_run: int
    started: float = field(default_factory=time.monotonic)
    stop_requested: float = 0.0
    stop_reason: str = ""

    def check(self, limits: Limits) -> int | None:
        """Return the exit code, None while the crawl runs; stop it if it is over its time."""
        code = self.process.poll()
        now = time.monotonic()
        if code is not None:
            if self.stop_reason:
                kill_process_group(self.process.pid)
            return code
        if not self.stop_reason and now - self.started > limits.crawl:
            self.stop(f"stopped after {limits.crawl:.0f} s")
        elif self.stop_reason and now - self.stop_requested > limits.grace:
            self.kill()
        return None

    def stop(self, reason: str) -> None:
        """Send SIGTERM to the crawl, and note the reason."""
        self.stop_reason, self.stop_requested = reason, time.monotonic()
        self.process.terminate()

    def kill(self) -> None:
        """Send SIGKILL to the crawl and its workers."""
        kill_process_group(self.process.pid)

    def describe_end(self, code: int) -> str:
        """Return how the crawl ended, with the last line of its log, which often says why."""
        if code < 0:
            return f"ended by {get_signal_name(-code)}"
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - LOG_TAIL))
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError as error:
            return f"exit code {code}; no log: {error}"
        texts = (line.strip() for line in reversed(lines))
        return f"exit code {code}: {next(filter(None, texts), 'its log is empty')}"


def start_crawl(
    source: str, site: str, previous_run: int, logs: Path, command: Sequence[str]
) -> CrawlProcess:
    """Start a crawl in a process group of its own. Its log replaces that of the source's last crawl.

    Raises `OSError` when that cannot be done.
    """
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{source}.log"
    settings = os.environ.get("SCRAPY_SETTINGS_MODULE") or SETTINGS
    # The crawl finds the same modules as this process, which may have found the settings by a scrapy.cfg.
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": settings, "PYTHONPATH": path}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    return CrawlProcess(source, site, process, log, previous_run)


def get_signal_name(number: int) -> str:
    """Return the name of a signal; `signal 35` for one without a name, as real-time signals are."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def kill_process_group(leader: int) -> None:
    """Send SIGKILL to a process group, if it still exists."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def is_crawling(pid: int, source: str = "") -> bool:
    """Return whether a process is a crawl (of that source), as process ids are used again."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return not Path("/proc/self").exists() and is_alive(pid)
    except ProcessLookupError:
        return False
    return b"crawl" in words and (not source or source.encode() in words)


def stop_leftover_crawl(pid: int, source: str, grace: float) -> None:
    """Stop a crawl that an earlier daemon started and left running."""
    if not is_crawling(pid, source):
        return
    os.kill(pid, signal.SIGTERM)
    if not _wait_for_end(pid, source, grace):
        kill_process_group(pid)
        _wait_for_end(pid, source, grace)


def _wait_for_end(pid: int, source: str, seconds: float) -> bool:
    """Return whether a crawl ended in time."""
    deadline = time.monotonic() + seconds
    while is_crawling(pid, source):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
