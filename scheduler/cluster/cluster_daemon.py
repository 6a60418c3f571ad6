"""The daemon beside the store of a cluster: its crawls run on workers, each held by a lease.

A worker that falls silent ends its crawls itself, in half the time after which their leases are given to
others, so a site is never crawled twice at once.
"""

import logging
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from shopwire.scheduler.clock import read_utc_clock
from shopwire.scheduler.cluster.hearing import HeardWorker, Hearing
from shopwire.scheduler.daemon import Daemon, Options, log_health_change
from shopwire.storage.cluster.leases import (
    Lease,
    end_lease,
    grant_lease,
    list_leases,
    record_beat,
    withdraw_lease,
)
from shopwire.storage.crawl_log import schedule
from shopwire.storage.crawl_log.schedule import CUT_OFF, SILENT, STOPPED, ScheduledSource
from shopwire.storage.database import Store

logger = logging.getLogger(__name__)

NOT_TAKEN = "the broker did not take it"

Send = Callable[[int, str, str], None]
"""Sends run, source and worker of a crawl. Raises `OSError` if the broker does not take it."""


class ClusterDaemon(Daemon):
    """Gives each source to a worker when it is due."""

    def __init__(
        self,
        path: Path,
        sources: Sequence[str],
        hearing: Hearing,
        send: Send,
        version: str,
        options: Options | None = None,
        clock: Callable[[], datetime] = read_utc_clock,
        stopping: threading.Event | None = None,
    ) -> None:
        """Take over the store. `version` is that of shopwire, which a worker must have too. Raises
        `AlreadyRunningError` and `StoreError`."""
        self.hearing, self.send, self.version = hearing, send, version
        self._strangers: set[str] = set()
        # Whether the broker has not taken a crawl in this tick.
        self._is_refused = False
        super().__init__(path, sources, options, clock, stopping=stopping)

    def beat(self, store: Store) -> None:
        """Record a heartbeat, and of which crawls was heard since the last one."""
        super().beat(store)
        try:
            with store.writing():
                for run in self.hearing.take_heard_runs():
                    record_beat(store, run, self.clock())
        except sqlite3.Error as error:
            self._log_trouble(str(error))

    def start_due_crawls(self) -> None:
        """Give crawls that are due to workers, as many as these take, never two of one site."""
        self._is_refused = False
        super().start_due_crawls()

    def record_ended_crawls(self) -> None:
        """Record how crawls ended, and of which nothing was heard for too long."""
        for lease in list_leases(self.store):
            self.hearing.expect(lease.run)
            if lease.has_ended:
                log_health_change(self._record_end(lease))
            elif self.hearing.is_silent(lease.run):
                self._record_silence(lease)

    def _record_end(self, lease: Lease) -> str:
        run = self.store.row("SELECT reason FROM runs WHERE id = ?", lease.run)
        with self.store.writing():
            end_lease(self.store, lease.run)
            if run and run["reason"] in (STOPPED, CUT_OFF):
                why = str(run["reason"])
                schedule.reschedule(self.store, lease.source, self.clock(), timedelta(0), why)
                change = ""
            else:
                change = self.recorder.reschedule(lease.source)
        self.hearing.forget(lease.run)
        logger.info("crawl of %s on %s ended", lease.source, lease.worker)
        return change

    def _record_silence(self, lease: Lease) -> None:
        now = self.clock()
        outcome = "interrupted" if schedule.count_successful_pages(self.store, lease.run) else "failed"
        with self.store.writing():
            schedule.close_run(self.store, lease.run, now, outcome, SILENT)
            end_lease(self.store, lease.run)
            schedule.reschedule(self.store, lease.source, now, timedelta(0), SILENT)
        self.hearing.forget(lease.run)
        logger.warning("crawl of %s is lost: %s (%s)", lease.source, SILENT, lease.worker)

    def _find_leased_sites(self, now: datetime) -> set[str]:
        return {lease.site for lease in list_leases(self.store)}

    def _count_running(self, store: Store) -> int:
        return len(list_leases(store))

    def _has_room(self) -> bool:
        return not self._is_refused and bool(self._list_free_workers())

    def _start_crawl(self, one: ScheduledSource, now: datetime) -> None:
        worker = self._list_free_workers()[0]
        with self.store.writing():
            run = grant_lease(self.store, one.source, worker.name, now)
        self.hearing.expect(run)
        try:
            self.send(run, one.source, worker.name)
        except OSError as error:
            wait = timedelta(seconds=self.hearing.silence)
            with self.store.writing():
                withdraw_lease(self.store, run)
                # Later, as it may be what this source has to send: the others are not to wait for it.
                schedule.reschedule(self.store, one.source, now, wait, NOT_TAKEN)
            self.hearing.forget(run)
            self._is_refused = True
            logger.warning("the broker did not take the crawl of %s: %s", one.source, error)
        else:
            logger.info("crawl of %s given to %s", one.source, worker.name)

    def _list_free_workers(self) -> list[HeardWorker]:
        """Return the workers of this version that take a further crawl, that with most room first."""
        busy = Counter(lease.worker for lease in list_leases(self.store))
        room = {worker: worker.slots - busy[worker.name] for worker in self._list_own_workers()}
        free = [worker for worker, slots in room.items() if slots > 0]
        return sorted(free, key=lambda worker: (-room[worker], worker.name))

    def _list_own_workers(self) -> list[HeardWorker]:
        workers = self.hearing.list_workers()
        others = {one.name: one.version for one in workers if one.version != self.version}
        for name in others.keys() - self._strangers:
            logger.warning(
                "worker %s has version %s, not %s: it gets no crawls", name, others[name], self.version
            )
        self._strangers = set(others)
        return [one for one in workers if one.version == self.version]
