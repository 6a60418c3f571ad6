"""The daemon: a tick that records ended crawls and starts due ones, repeated until it is stopped.

Everything that must outlive the process is in the store; only running crawls are in memory. If the store
cannot be written, ended crawls wait in memory to be recorded.
"""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler

from shopwire.scheduler.clock import ClockReading, read_utc_clock
from shopwire.scheduler.crawl_results import CrawlRecorder
from shopwire.scheduler.crawls import crawl_process
from shopwire.scheduler.crawls.running_crawl import Limits, RunningCrawl
from shopwire.scheduler.crawls.starter import CrawlStarter
from shopwire.scheduler.jobs import PATIENCE_MS, SteadyTrigger, open_job_store, rearm_jobs
from shopwire.scheduler.process import DaemonLock, notify
from shopwire.storage.cluster.leases import end_lease, list_leases
from shopwire.storage.crawl_log import events, schedule
from shopwire.storage.crawl_log.schedule import LOST, STOPPED
from shopwire.storage.database import Store

logger = logging.getLogger(__name__)

LAST_PATIENCE_MS = 20000
HEARTBEAT_SECONDS = 10.0
# Clocks are adjusted all the time; a smaller step forward is no event.
SHORTEST_LEAP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Options:
    """Settings: how many crawls run at once, seconds between two ticks, limits of a crawl."""

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
        clock: Callable[[], datetime] = read_utc_clock,
        starter: CrawlStarter | None = None,
        steady: Callable[[], float] = time.monotonic,
        stopping: threading.Event | None = None,
    ) -> None:
        """Take over the store. `sources` are names of declared sources, `steady` counts seconds however
        the `clock` is set, `stopping` ends `run()`. Raises `AlreadyRunningError` and `StoreError`."""
        self.options = options or Options()
        self.clock, self.steady = clock, steady
        self.stopping = stopping or threading.Event()
        self.running: list[RunningCrawl] = []
        self.ended: list[tuple[RunningCrawl, int]] = []
        self.trouble = ""
        self.starter = starter or CrawlStarter(path.parent / "logs")
        self.lock = DaemonLock(path)
        self.store = Store(path)
        self.recorder = CrawlRecorder(self.store, clock)
        self._started = clock()
        self._last_reading = ClockReading(self._started, steady())
        # Set while there was a tick since the last heartbeat, so that none hides a tick that hangs.
        self._ticked = threading.Event()
        self.recover(sources)
        self._ticked.set()
        self.store.db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")

    def recover(self, sources: Sequence[str]) -> None:
        """Close what an earlier daemon left open, and schedule exactly these sources."""
        now = self.clock()
        left = [one for one in schedule.list_scheduled(self.store) if one.pid is not None]
        for one in left:
            crawl_process.stop_leftover_crawl(one.pid or 0, one.source, self.options.limits.grace)
        # Read before unfinished runs are closed: afterwards all of them have an end.
        runs = {one.source: schedule.find_run(self.store, one.source, one.pid or 0, 0) for one in left}
        self._find_busy_sites(now)
        changes = []
        with self.store.writing():
            for source, run in runs.items():
                if run and run[1]:
                    changes.append(self.recorder.reschedule(source))
                else:
                    why = "it was interrupted"
                    schedule.reschedule(self.store, source, now, timedelta(0), why)
            for source in schedule.sync_sources(self.store, sources, now):
                ended = schedule.find_last_end(self.store, source)
                if ended:
                    changes.append(self.recorder.reschedule(source, ended))
            text = f"started with {len(sources)} sources"
            events.add_event(self.store, now, "daemon", text)
        logger.info("%s", text)
        for change in changes:
            log_health_change(change)

    def run(self, scheduler: BackgroundScheduler) -> None:
        """Add the daemon's jobs to the scheduler and run it until `stopping` is set, then end all crawls
        and record everything."""
        with open_job_store(self.store.path) as store:
            scheduler.add_job(self.tick, SteadyTrigger(self.options.tick))
            scheduler.add_job(
                self.beat, SteadyTrigger(HEARTBEAT_SECONDS), [store], next_run_time=datetime.now(UTC)
            )
            scheduler.start()
            notify("READY=1")
            while not self.stopping.wait(self.options.tick):
                rearm_jobs(scheduler)
            notify("STOPPING=1")
            scheduler.remove_all_jobs()
            # Waits for a tick and a heartbeat, but for nothing that waits for a server.
            scheduler.remove_executor("default")
        self.close()
        scheduler.shutdown()

    def tick(self) -> None:
        """Check running crawls, record ended ones, start those that are due."""
        self.check_crawls()
        try:
            self.check_clock()
            self.record_ended_crawls()
            self.start_due_crawls()
            self._record_end_of_trouble()
            self._ticked.set()
        except sqlite3.Error as error:
            self._log_trouble(str(error))
        notify("WATCHDOG=1")

    def beat(self, store: Store) -> None:
        """Record a heartbeat if there was a tick since the last one. `store` is this job's own."""
        if not self._ticked.is_set():
            return
        try:
            with store.writing():
                running = self._count_running(store)
                events.record_heartbeat(store, os.getpid(), self._started, self.clock(), running)
            self._ticked.clear()
        except sqlite3.Error as error:
            self._log_trouble(str(error))

    def _count_running(self, _store: Store) -> int:
        return len(self.running)

    def check_crawls(self) -> None:
        """Stop crawls that are over their time, and collect those that have ended. Needs no store."""
        self.starter.collect()
        for crawl in list(self.running):
            code = crawl.check(self.options.limits)
            if code is not None:
                self.running.remove(crawl)
                self.ended.append((crawl, code))
                self.starter.note_end(crawl, code)

    def check_clock(self) -> None:
        """Add an event if the clock went forward, as nothing else explains why so many crawls are due at
        once. `start_due_crawls` handles a clock that was set back."""
        reading = ClockReading(self.clock(), self.steady())
        leap = reading.measure_leap(self._last_reading)
        if leap > SHORTEST_LEAP:
            text = f"the clock jumped ahead by {leap} (set, or machine suspended)"
            with self.store.writing():
                events.add_event(self.store, reading.wall, "clock", text)
            logger.warning("%s", text)
        self._last_reading = reading

    def record_ended_crawls(self) -> None:
        """Record how crawls ended, the health of their sources, and when these are due next."""
        while self.ended:
            crawl, code = self.ended[0]
            change = self.recorder.record_end(crawl, code)
            self.ended.pop(0)
            logger.info("crawl of %s ended with code %d", crawl.source, code)
            log_health_change(change)

    def start_due_crawls(self) -> None:
        """Start crawls that are due, as many as may run, never two on one site."""
        now = self.clock()
        overdue = schedule.find_overdue_plans(self.store, now)
        if overdue:
            with self.store.writing():
                schedule.pull_forward(self.store, overdue, now)
                text = f"the clock was set back; {len(overdue)} sources are rescheduled to an earlier time"
                events.add_event(self.store, now, "clock", text)
        busy = self._find_busy_sites(now)
        for one in schedule.list_scheduled(self.store):
            if one.next_due > now or not self._has_room():
                break
            if one.site not in busy:
                busy.add(one.site)
                self._start_crawl(one, now)

    def _has_room(self) -> bool:
        return len(self.running) < self.options.at_once

    def _find_busy_sites(self, now: datetime) -> set[str]:
        """Return the sites that are being crawled; close the runs of killed crawls on the way."""
        ours = [*self.running, *(crawl for crawl, _ in self.ended)]
        busy, pids = {crawl.site for crawl in ours}, {crawl.pid for crawl in ours}
        busy |= self._find_leased_sites(now)
        for run in schedule.list_open_runs(self.store):
            if run.pid not in pids and crawl_process.is_crawling(run.pid):
                busy.add(run.site)
            elif run.pid not in pids:
                with self.store.writing():
                    schedule.close_run(self.store, run.id, now, "interrupted", LOST)
        return busy

    def _find_leased_sites(self, now: datetime) -> set[str]:
        """Return the sites that workers of an earlier cluster may still crawl; close the runs of the others,
        which the workers have stopped by now."""
        longest = timedelta(seconds=self.options.limits.crawl + self.options.limits.grace)
        found = list_leases(self.store)
        for lease in found:
            if lease.has_ended or now - lease.sent > longest:
                with self.store.writing():
                    end_lease(self.store, lease.run)
                    if not lease.has_ended:
                        schedule.close_run(self.store, lease.run, now, "interrupted", LOST)
        return {lease.site for lease in found}

    def _start_crawl(self, one: schedule.ScheduledSource, now: datetime) -> None:
        previous_run = schedule.find_newest_run_id(self.store)
        try:
            crawl = self.starter.start(one.source, one.site, previous_run)
        except OSError as error:
            log_health_change(self.recorder.record_failed_start(one.source, str(error)))
            return
        self.running.append(crawl)
        logger.info("crawl of %s started as process %d", one.source, crawl.pid)
        with self.store.writing():
            schedule.acquire(self.store, one.source, now, crawl.pid)

    def _log_trouble(self, message: str) -> None:
        if message != self.trouble:
            logger.error("cannot write to the store: %s; trying again", message)
        self.trouble = message

    def _record_end_of_trouble(self) -> None:
        if not self.trouble:
            return
        with self.store.writing():
            text = f"the store was temporarily not writable: {self.trouble}"
            events.add_event(self.store, self.clock(), "store", text)
        logger.warning("the store can be written again")
        self.trouble = ""

    def close(self) -> None:
        """End all crawls, record how they ended, and release the store. If it cannot be written, the
        next start records what is missing."""
        for crawl in self.running:
            crawl.stop(STOPPED)
        while self.running:
            self.check_crawls()
            time.sleep(0.05)
        self.starter.close(self.options.limits.grace)
        self.store.db.execute(f"PRAGMA busy_timeout = {LAST_PATIENCE_MS}")
        try:
            self.record_ended_crawls()
            with self.store.writing():
                events.add_event(self.store, self.clock(), "daemon", "stopped")
                self.store.db.execute("DELETE FROM heartbeat")
        except sqlite3.Error as error:
            logger.warning("cannot record the shutdown: %s; the next start will record it", error)
        self.store.close()
        self.lock.release()
        logger.info("stopped")


def log_health_change(change: str) -> None:
    """Log a change of health, if any, after it was stored; only a bad one is a warning."""
    if change:
        logger.log(logging.INFO if " is ok: " in change else logging.WARNING, "%s", change)
