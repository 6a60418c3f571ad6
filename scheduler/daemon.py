"""The daemon: one tick, again and again, that ends crawls, writes down what came of them, starts others.

Everything that must outlive the process is in the store; what is in memory is the crawls that run now.
A store that cannot be written costs nothing but time: ended crawls wait in memory to be written down.
"""

import logging
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler

from shopwire.scheduler import crawl_process
from shopwire.scheduler.clock import Reading, Steady, rearm, utc_now
from shopwire.scheduler.crawl_process import Crawl, Limits
from shopwire.scheduler.health import judge
from shopwire.scheduler.lock import DaemonLock
from shopwire.scheduler.next_crawl import next_due
from shopwire.scheduler.source_stats import read_facts, read_history
from shopwire.scheduler.systemd import notify
from shopwire.storage.crawl_log import events, schedule
from shopwire.storage.crawl_log.schedule import LOST, STOPPED
from shopwire.storage.database import Store

logger = logging.getLogger(__name__)

# After this long a store that stays locked makes the tick give up until the next one.
PATIENCE_MS = 5000
LAST_PATIENCE_MS = 20000
BEAT_SECONDS = 10.0
# How long a source waits whose crawl could not be settled.
UNSETTLED = timedelta(hours=1)
# A clock that goes forward by less is set right, as clocks are.
LEAST_LEAP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Options:
    """How the daemon works: crawls at once, seconds between two ticks, limits of a crawl."""

    at_once: int = 4
    tick: float = 1.0
    limits: Limits = field(default_factory=Limits)


class Daemon:
    """Crawls the sources of one store, each when it is due."""

    def __init__(
        self,
        path: Path,
        sources: Sequence[str],
        options: Options | None = None,
        clock: Callable[[], datetime] = utc_now,
        command: Callable[[str], Sequence[str]] = crawl_process.crawl_command,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`sources` are names of declared sources; `steady` counts seconds, whatever is done to the
        `clock`. Raises `AlreadyRunning` and `StoreError`."""
        self.options = options or Options()
        self.clock, self.command, self.steady = clock, command, steady
        self.running: list[Crawl] = []
        self.ended: list[tuple[Crawl, int]] = []
        self.stopping = threading.Event()
        self.trouble = ""
        self.logs = path.parent / "logs"
        self.lock = DaemonLock(path)
        self.store = Store(path)
        self._started = clock()
        self._read = Reading(self._started, steady())
        self._beaten = 0.0
        self.recover(sources)
        self.store.db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")

    def recover(self, sources: Sequence[str]) -> None:
        """Close what an earlier daemon left open, and take these sources into care."""
        now = self.clock()
        left = [one for one in schedule.list_scheduled(self.store) if one.pid is not None]
        for one in left:
            crawl_process.end_stranger(one.pid or 0, one.source, self.options.limits.grace)
        # Asked before what never came to its end is closed: to the ledger both have an end then.
        runs = {
            one.source: schedule.find_run(self.store, one.source, one.pid or 0, 0) for one in left
        }
        self._busy_sites(now)
        news = []
        with self.store.writing():
            for source, run in runs.items():
                if run and run[1]:
                    news.append(self._settled(source, partial(self._plan, source)))
                else:
                    schedule.reschedule(self.store, source, now, timedelta(0), "it was interrupted")
            for source in schedule.sync_sources(self.store, sources, now):
                ended = schedule.find_last_end(self.store, source)
                if ended:
                    news.append(self._settled(source, partial(self._plan, source, ended)))
            events.add_event(self.store, now, "daemon", f"started with {len(sources)} sources")
        for words in news:
            tell(words)

    def run(self) -> None:
        """Tick until SIGTERM or SIGINT, then end all crawls and leave everything written down."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        ticker = BackgroundScheduler(timezone=UTC)
        limits = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        job = ticker.add_job(self.tick, Steady(self.options.tick), **limits)
        ticker.start()
        notify("READY=1")
        while not self.stopping.wait(self.options.tick):
            rearm(job, self.options.tick)
        notify("STOPPING=1")
        ticker.shutdown(wait=True)
        self.close()

    def tick(self) -> None:
        """Look after the crawls that run, write down those that ended, start those that are due."""
        self.watch()
        try:
            self.watch_clock()
            self.settle()
            self.start_due()
            self.beat()
            self._out_of_trouble()
        except sqlite3.Error as error:
            self._in_trouble(str(error))
        notify("WATCHDOG=1")

    def watch(self) -> None:
        """End what takes too long, and put aside what has ended; needs no store."""
        for crawl in list(self.running):
            code = crawl.watch(self.options.limits)
            if code is not None:
                self.running.remove(crawl)
                self.ended.append((crawl, code))

    def watch_clock(self) -> None:
        """Say that the clock went forward: nothing else explains why so much is due at once. One that
        was set back is told where it would hold something up."""
        read = Reading(self.clock(), self.steady())
        leap = read.leap_since(self._read)
        if leap > LEAST_LEAP:
            words = f"the clock went forward by {leap}, or the machine slept"
            with self.store.writing():
                events.add_event(self.store, read.wall, "clock", words)
            logger.warning("%s", words)
        self._read = read

    def settle(self) -> None:
        """Write down how crawls ended, how their sources are doing, and when they are due next."""
        while self.ended:
            crawl, code = self.ended[0]
            news = self._settled(crawl.source, partial(self._close, crawl, code))
            self.ended.pop(0)
            logger.info("crawl of %s ended with code %d", crawl.source, code)
            tell(news)

    def _settled(self, source: str, write: Callable[[], str]) -> str:
        """What `write` gives, which is to write down all that came of a crawl.

        Where it fails for a reason that nobody foresaw, that is said and the source waits: every tick
        would come upon it again and get to no other source. Raises `sqlite3.Error` as it comes, since
        a store that cannot be written can be so later.
        """
        try:
            with self.store.writing():
                return write()
        except sqlite3.Error:
            raise
        except Exception as error:
            logger.exception("cannot settle the crawl of %s", source)
            words = f"its crawl could not be settled: {error!r}"
            with self.store.writing():
                events.add_event(self.store, self.clock(), "error", words, source)
                schedule.reschedule(self.store, source, self.clock(), UNSETTLED, words)
            return ""

    def _close(self, crawl: Crawl, code: int) -> str:
        """Write down how a crawl ended; gives a change of health in words."""
        came_to_its_end = self._close_run(crawl, code)
        # One that had ended when it was told to has a rest to keep, as any other.
        if crawl.ended_for == STOPPED and not came_to_its_end:
            schedule.reschedule(self.store, crawl.source, self.clock(), timedelta(0), STOPPED)
            return ""
        return self._plan(crawl.source)

    def _close_run(self, crawl: Crawl, code: int) -> bool:
        """Close the run of a crawl where it did not do so; whether it came to its own end."""
        now = self.clock()
        found = schedule.find_run(self.store, crawl.source, crawl.process.pid, crawl.after)
        reason = crawl.ended_for or crawl.last_words(code)
        if found is None:
            if crawl.ended_for != STOPPED:
                pid = crawl.process.pid
                schedule.add_failed_run(self.store, crawl.source, now, pid, reason)
            return False
        run, came_to_its_end = found
        if not came_to_its_end:
            got_on = crawl.ended_for == STOPPED or schedule.count_successful_pages(self.store, run)
            outcome = "interrupted" if got_on else "failed"
            schedule.close_run(self.store, run, now, outcome, reason)
        return came_to_its_end

    def _plan(self, source: str, ended: datetime | None = None) -> str:
        """Say when a source is due next and how it is doing; gives that in words if it has changed.
        `ended` is when its last crawl did, if not now."""
        now = self.clock()
        ended = ended or now
        due = next_due(read_history(self.store, source, ended), ended, random.random())
        schedule.reschedule(self.store, source, ended, due.wait, due.why)
        verdict = judge(read_facts(self.store, source, now))
        if events.record_health(self.store, source, now, verdict.status, verdict.evidence):
            return f"{source} is {verdict.status}: {verdict.evidence}"
        return ""

    def start_due(self) -> None:
        """Start crawls that are due, as many as may run, never two on one site."""
        now = self.clock()
        late = schedule.find_overdue_plans(self.store, now)
        if late:
            with self.store.writing():
                schedule.pull_forward(self.store, late, now)
                words = f"the clock was set back: {len(late)} sources brought forward"
                events.add_event(self.store, now, "clock", words)
        busy = self._busy_sites(now)
        for one in schedule.list_scheduled(self.store):
            if one.next_due > now or len(self.running) >= self.options.at_once:
                break
            if one.site not in busy:
                busy.add(one.site)
                self._start(one, now)

    def _busy_sites(self, now: datetime) -> set[str]:
        """Sites that somebody crawls; runs of others that were killed are closed on the way."""
        ours = [*self.running, *(crawl for crawl, _ in self.ended)]
        busy, pids = {crawl.site for crawl in ours}, {crawl.process.pid for crawl in ours}
        for run in schedule.list_open_runs(self.store):
            if run.pid not in pids and crawl_process.is_crawling(run.pid):
                busy.add(run.site)
            elif run.pid not in pids:
                with self.store.writing():
                    schedule.close_run(self.store, run.id, now, "interrupted", LOST)
        return busy

    def _start(self, one: schedule.ScheduledSource, now: datetime) -> None:
        after = schedule.find_newest_run_id(self.store)
        try:
            crawl = crawl_process.start(
                one.source, one.site, after, self.logs, self.command(one.source)
            )
        except OSError as error:
            tell(self._settled(one.source, partial(self._fail, one.source, str(error))))
            return
        self.running.append(crawl)
        logger.info("crawl of %s started as process %d", one.source, crawl.process.pid)
        with self.store.writing():
            schedule.acquire(self.store, one.source, now, crawl.process.pid)

    def _fail(self, source: str, reason: str) -> str:
        """Write down that a crawl could not even start; gives a change of health in words."""
        schedule.add_failed_run(self.store, source, self.clock(), os.getpid(), reason)
        return self._plan(source)

    def beat(self) -> None:
        """Leave a sign of life now and then."""
        if time.monotonic() - self._beaten < BEAT_SECONDS and self._beaten:
            return
        with self.store.writing():
            events.record_heartbeat(
                self.store, os.getpid(), self._started, self.clock(), len(self.running)
            )
        self._beaten = time.monotonic()

    def _in_trouble(self, message: str) -> None:
        if message != self.trouble:
            logger.error("cannot write to the store: %s; trying again", message)
        self.trouble = message

    def _out_of_trouble(self) -> None:
        if not self.trouble:
            return
        with self.store.writing():
            words = f"the store could not be written for a while: {self.trouble}"
            events.add_event(self.store, self.clock(), "store", words)
        logger.warning("the store can be written again")
        self.trouble = ""

    def close(self) -> None:
        """End all crawls, write down what came of them, and let go of the store. If it cannot be
        written, the next start writes down what is missing."""
        for crawl in self.running:
            crawl.end(STOPPED)
        while self.running:
            self.watch()
            time.sleep(0.05)
        self.store.db.execute(f"PRAGMA busy_timeout = {LAST_PATIENCE_MS}")
        try:
            self.settle()
            with self.store.writing():
                events.add_event(self.store, self.clock(), "daemon", "stopped")
                self.store.db.execute("DELETE FROM heartbeat")
        except sqlite3.Error as error:
            logger.warning("cannot write to the store: %s; the next start will", error)
        self.store.close()
        self.lock.release()


def tell(news: str) -> None:
    """Log a change of health, once it stands in the store."""
    if news:
        logger.warning("%s", news)
