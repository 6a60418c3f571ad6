"""Crawls as processes: started, and killed when they take too long.

A page can block a process for minutes where no timeout of Scrapy's applies, and only a process can be
killed reliably. SIGTERM lets a crawl store what it has; SIGKILL follows.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopwire.scheduler.crawls.running_crawl import RunningCrawl
from shopwire.storage.crawl_log.runs import is_alive
from shopwire.storage.paths import HOME_VARIABLE

SETTINGS = "shopwire.spiders.settings"
# The module of the process that runs many crawls.
SHARED = "shopwire.scheduler.crawls.crawl_host"


def build_crawl_command(source: str) -> list[str]:
    """Return the command that crawls one source."""
    return build_python_command("scrapy", "crawl", source)


def build_python_command(*words: str) -> list[str]:
    """Return the command that runs a module with arguments."""
    # Without -P Python would look for modules in the current folder first.
    return [sys.executable, "-P", "-m", *words]


@dataclass(slots=True)
class CrawlProcess(RunningCrawl):
    """A crawl in a process of its own, which leads a process group."""

    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Return the id of the process."""
        return self.process.pid

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        code = self.process.poll()
        if code is not None and self.stop_reason:
            kill_process_group(self.pid)
        return code

    def terminate(self) -> None:
        """Send SIGTERM to the process."""
        self.process.terminate()

    def kill(self) -> None:
        """Send SIGKILL to the process and its workers."""
        kill_process_group(self.pid)


def start_crawl(
    source: str, site: str, previous_run: int, log: Path, command: Sequence[str], home: Path | None = None
) -> CrawlProcess:
    """Start a crawl in a process of its own. Its log replaces that of the source's last crawl.

    With a `home` it works in that one instead of ours, and its standard input is a pipe which ends with this
    process. Raises `OSError` when that cannot be done.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    orders = subprocess.DEVNULL if home is None else subprocess.PIPE
    with log.open("wb") as output:
        process = open_process(command, home, stdin=orders, stdout=output, stderr=subprocess.STDOUT)
    return CrawlProcess(source, site, log, previous_run, process)


def open_process(command: Sequence[str], home: Path | None = None, **streams: Any) -> subprocess.Popen[bytes]:
    """Start a process that crawls, in a process group of its own; `home` is its home if it is not ours.

    Raises `OSError`.
    """
    settings = os.environ.get("SCRAPY_SETTINGS_MODULE") or SETTINGS
    # The crawl finds the same modules as this process, which may have found the settings by a scrapy.cfg.
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": settings, "PYTHONPATH": path}
    if home is not None:
        environment[HOME_VARIABLE] = str(home)
    return subprocess.Popen(command, env=environment, start_new_session=True, **streams)


def kill_process_group(leader: int) -> None:
    """Send SIGKILL to a process group, if it still exists."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def is_crawling(pid: int, source: str = "") -> bool:
    """Return whether a process is a crawl (of that source, or of several), as process ids are used again."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return not Path("/proc/self").exists() and is_alive(pid)
    except ProcessLookupError:
        return False
    return b"crawl" in words and (not source or source.encode() in words or SHARED.encode() in words)


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
