"""A crawl that is running, whether it has a process of its own or shares one with others."""

import signal
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

# Bytes at the end of a log that are searched for the reason of a failure.
LOG_TAIL = 2000


@dataclass(slots=True)
class Limits:
    """Seconds a crawl may take, and seconds between the request to stop and SIGKILL."""

    crawl: float = 1800.0
    grace: float = 10.0


@dataclass(slots=True)
class RunningCrawl(ABC):
    """A crawl. `previous_run` is the newest run in the crawl log when it started, so that its own run can be
    found. `stop_reason` is empty until it is told to stop.
    """

    source: str
    site: str
    log: Path
    previous_run: int
    started: float = field(default_factory=time.monotonic, kw_only=True)
    stop_requested: float = field(default=0.0, kw_only=True)
    stop_reason: str = field(default="", kw_only=True)

    @property
    @abstractmethod
    def pid(self) -> int:
        """Return the id of the process that crawls."""

    @abstractmethod
    def poll(self) -> int | None:
        """Return the exit code, -N if signal N ended the process; None while the crawl runs."""

    @abstractmethod
    def terminate(self) -> None:
        """Ask the crawl to store what it has and end."""

    @abstractmethod
    def kill(self) -> None:
        """Send SIGKILL to the process and its workers."""

    def check(self, limits: Limits) -> int | None:
        """Return the exit code, None while the crawl runs; stop it if it is over its time."""
        code = self.poll()
        now = time.monotonic()
        if code is not None:
            return code
        if not self.stop_reason and now - self.started > limits.crawl:
            self.stop(f"stopped after {limits.crawl:.0f} s")
        elif self.stop_reason and now - self.stop_requested > limits.grace:
            self.kill()
        return None

    def stop(self, reason: str) -> None:
        """Ask the crawl to end, and note the reason."""
        self.stop_reason, self.stop_requested = reason, time.monotonic()
        self.terminate()

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


def get_signal_name(number: int) -> str:
    """Return the name of a signal; `signal 35` for one without a name, as real-time signals are."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
