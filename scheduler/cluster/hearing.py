"""Which workers are heard, and for which of their crawls they still speak.

Seconds are those of a steady clock, and only those count in which the broker could be reached: a daemon that
was cut off has heard of nobody, which says nothing about the workers.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from shopwire.storage.cluster.wire import Beat


@dataclass(frozen=True, slots=True)
class HeardWorker:
    """A worker as it was heard last."""

    name: str
    version: str
    slots: int


class Hearing:
    """What the daemon has heard. May be called from several threads."""

    def __init__(self, silence: float, steady: Callable[[], float] = time.monotonic) -> None:
        """`silence` is after how many seconds without a word a worker, or a crawl of it, is lost."""
        self.silence, self._steady = silence, steady
        self._workers: dict[str, tuple[HeardWorker, float]] = {}
        self._runs: dict[int, float] = {}
        self._heard: set[int] = set()
        # When the broker could be reached again; None while it cannot.
        self._since: float | None = None
        # When nothing was left of what workers had sent.
        self._caught_up = -math.inf
        self._lock = Lock()

    def connect(self) -> None:
        """Count the seconds of silence from now on."""
        with self._lock:
            self._since = self._steady()

    def disconnect(self) -> None:
        """Count no seconds of silence from now on."""
        with self._lock:
            self._since = None

    def hear(self, beat: Beat) -> None:
        """Note a word of a worker."""
        with self._lock:
            now = self._steady()
            self._workers[beat.worker] = (HeardWorker(beat.worker, beat.version, beat.slots), now)
            self._runs |= dict.fromkeys(self._runs.keys() & set(beat.runs), now)
            self._heard |= self._runs.keys() & set(beat.runs)

    def catch_up(self, at: float) -> None:
        """Note that everything is taken in that workers had sent by then."""
        with self._lock:
            self._caught_up = at

    def expect(self, run: int) -> None:
        """Count the silence of a crawl that was not known from now on: its worker is told of it, or its lease
        was found."""
        with self._lock:
            self._runs.setdefault(run, self._steady())

    def forget(self, run: int) -> None:
        """Stop counting for a crawl that has ended."""
        with self._lock:
            self._runs.pop(run, None)

    def take_heard_runs(self) -> set[int]:
        """Return the crawls of which was heard since the last call."""
        with self._lock:
            heard, self._heard = self._heard, set()
            return heard

    def list_workers(self) -> list[HeardWorker]:
        """Return the workers that were heard lately; none while the broker cannot be reached."""
        with self._lock:
            if self._since is None:
                return []
            now = self._steady()
            return [one for one, at in self._workers.values() if now - at <= self.silence]

    def is_silent(self, run: int) -> bool:
        """Return whether an expected crawl has been silent for too long, and its end is not among what is
        still to be taken in."""
        with self._lock:
            if self._since is None:
                return False
            return self._caught_up - max(self._runs[run], self._since) > self.silence
