"""What the daemon does for its store once a week and once a day: check and prune."""

import logging
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shopwire.storage.configuration.options import Retention
from shopwire.storage.crawl_log.events import add_event
from shopwire.storage.database import Store, open_to_read
from shopwire.storage.errors import StoreError
from shopwire.storage.maintenance.check import list_problems
from shopwire.storage.maintenance.erase import erase_pending
from shopwire.storage.maintenance.prune import prune_store
from shopwire.storage.text.nouns import count_things

logger = logging.getLogger(__name__)

# Kinds of events.
CHECK, PRUNE = "check", "prune"
CHECK_EVERY, PRUNE_EVERY = timedelta(days=7), timedelta(days=1)
UPKEEP_SECONDS = 600.0
# How many steps of SQLite's virtual machine a check makes before it looks whether to stop.
STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The job of a daemon; `stopping` ends it early."""

    path: Path
    archive: Path
    retention: Retention
    stopping: threading.Event

    def run(self) -> None:
        """Check the store if that was last done a week ago, and prune it if that was a day ago; log what
        fails. This is a job."""
        try:
            now = datetime.now(UTC)
            if self._is_due(CHECK, CHECK_EVERY, now):
                self._check(now)
            if self.retention != Retention() and self._is_due(PRUNE, PRUNE_EVERY, now):
                self._prune(now)
        except (OSError, sqlite3.Error, StoreError) as error:
            if not self.stopping.is_set():
                logger.warning("upkeep of the store: %s; trying again", error)

    def _is_due(self, kind: str, every: timedelta, now: datetime) -> bool:
        with open_to_read(self.path) as store:
            last = find_last_event(store, kind)
        return last is None or now - last[0] >= every

    def _check(self, now: datetime) -> None:
        with open_to_read(self.path) as store:
            store.db.conn.set_progress_handler(self.stopping.is_set, STEPS)
            problems, number = list_problems(store, self.archive, self.stopping.is_set)
        if self.stopping.is_set():
            return
        text = f"{number}, the first: {problems[0]}" if problems else number
        with Store(self.path) as store, store.writing():
            add_event(store, now, CHECK, text)
        if problems:
            logger.error("check of the store: %s; see `shopwire check`", text)

    def _prune(self, now: datetime) -> None:
        with Store(self.path) as store:
            pruned = prune_store(store, self.archive, self.retention, now)
            erase_pending(store, self.archive)
            text = ", ".join(count_things(number, name) for name, number in pruned.items() if number)
            with store.writing():
                add_event(store, now, PRUNE, f"deleted {text or 'nothing'}")


def find_last_event(store: Store, kind: str) -> tuple[datetime, str] | None:
    """Return time and text of the last event of a kind, None if there is none."""
    row = store.row("SELECT at, text FROM events WHERE kind = ? ORDER BY id DESC LIMIT 1", kind)
    return (datetime.fromisoformat(row["at"]), row["text"]) if row else None
