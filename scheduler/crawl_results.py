"""Records how crawls ended: their runs, the health of their sources, and when these are due next."""

import logging
import os
import random
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from shopwire.scheduler.crawls.running_crawl import RunningCrawl
from shopwire.scheduler.health import assess_health
from shopwire.scheduler.next_crawl import plan_next_crawl
from shopwire.scheduler.source_stats import read_history, read_source_stats
from shopwire.storage.crawl_log import events, schedule
from shopwire.storage.crawl_log.schedule import LOST, STOPPED
from shopwire.storage.database import Store

logger = logging.getLogger(__name__)

# How long a source waits whose crawl could not be recorded.
UNRECORDED_WAIT = timedelta(hours=1)
# Ends that are not the crawl's own doing.
BY_OTHERS = (STOPPED, LOST)


class CrawlRecorder:
    """Records the ends of crawls in a store. Public methods return a change of health in words, empty
    if there is none, and raise `sqlite3.Error`, as a store that cannot be written now may be later."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store, self.clock = store, clock

    def record_end(self, crawl: RunningCrawl, code: int) -> str:
        """Record that a crawl has ended with this exit code."""
        return self._record(crawl.source, partial(self._close_and_reschedule, crawl, code))

    def record_failed_start(self, source: str, reason: str) -> str:
        """Record that a crawl could not be started."""

        def write() -> str:
            schedule.add_failed_run(self.store, source, self.clock(), os.getpid(), reason)
            return self._reschedule(source)

        return self._record(source, write)

    def reschedule(self, source: str, ended: datetime | None = None) -> str:
        """Record when a source is due next and its health; `ended` is when its last crawl did, if not
        now."""
        return self._record(source, partial(self._reschedule, source, ended))

    def _record(self, source: str, write: Callable[[], str]) -> str:
        """Call `write` in one transaction and return what it returns.

        If it fails unexpectedly, that is an event, and the source waits: otherwise every tick would
        fail on this source and reach no other one.
        """
        try:
            with self.store.writing():
                return write()
        except sqlite3.Error:
            raise
        except Exception as error:
            logger.exception("cannot record the crawl of %s", source)
            reason = f"its crawl could not be recorded: {error!r}"
            now = self.clock()
            with self.store.writing():
                events.add_event(self.store, now, "error", reason, source)
                schedule.reschedule(self.store, source, now, UNRECORDED_WAIT, reason)
            return ""

    def _close_and_reschedule(self, crawl: RunningCrawl, code: int) -> str:
        is_complete = self._close_run(crawl, code)
        # A crawl that was already complete when it was told to stop is planned like any other.
        if crawl.stop_reason in BY_OTHERS and not is_complete:
            schedule.reschedule(self.store, crawl.source, self.clock(), timedelta(0), crawl.stop_reason)
            return ""
        return self._reschedule(crawl.source)

    def _close_run(self, crawl: RunningCrawl, code: int) -> bool:
        """Close the run of a crawl that has not done so. Return whether it came to its own end."""
        now = self.clock()
        found = schedule.find_run(self.store, crawl.source, crawl.pid, crawl.previous_run)
        reason = crawl.stop_reason or crawl.describe_end(code)
        if found is None:
            if crawl.stop_reason not in BY_OTHERS:
                pid = crawl.pid
                schedule.add_failed_run(self.store, crawl.source, now, pid, reason)
            return False
        run, is_complete = found
        if not is_complete:
            has_results = schedule.count_successful_pages(self.store, run) > 0
            is_interrupted = crawl.stop_reason in BY_OTHERS or has_results
            outcome = "interrupted" if is_interrupted else "failed"
            schedule.close_run(self.store, run, now, outcome, reason)
        return is_complete

    def _reschedule(self, source: str, ended: datetime | None = None) -> str:
        now = self.clock()
        ended = ended or now
        plan = plan_next_crawl(read_history(self.store, source, ended), ended, random.random())
        schedule.reschedule(self.store, source, ended, plan.wait, plan.reason)
        health = assess_health(read_source_stats(self.store, source, now))
        if events.record_health(self.store, source, now, health.status, health.evidence):
            return f"{source} is {health.status}: {health.evidence}"
        return ""
