"""Jobs that APScheduler calls again and again: their scheduler, their trigger, their end."""

import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from shopwire.storage.database import Store

# The executor of jobs that may read the whole store: a daemon that ends waits for them last.
UPKEEP = "upkeep"
# After this long a job gives up on a locked store until its next run.
PATIENCE_MS = 5000


class SteadyTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires so many seconds from now, however many runs were missed."""

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return when APScheduler runs the job next."""
        return now + self.interval


def build_scheduler() -> BackgroundScheduler:
    """Return a scheduler, not yet started, that never runs a job twice at the same time."""
    return BackgroundScheduler(
        timezone=UTC,
        executors={
            "default": ThreadPoolExecutor(2),
            UPKEEP: ThreadPoolExecutor(1),
        },
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )


def rearm_jobs(scheduler: BackgroundScheduler) -> None:
    """Run jobs now whose next run is too far ahead, which happens when the clock is set back:
    APScheduler waits by the wall clock and would wait until it has caught up."""
    now = datetime.now(UTC)
    for job in scheduler.get_jobs():
        if job.next_run_time - now > 2 * job.trigger.interval + timedelta(seconds=1):
            job.modify(next_run_time=now)


def open_job_store(path: Path) -> Store:
    """Return a store for one job, as connections cannot be shared by jobs that run at the same time.

    Raises `StoreError`.
    """
    store = Store(path)
    store.db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    return store


def catch_stop_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set from now on, instead of ending the process."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
