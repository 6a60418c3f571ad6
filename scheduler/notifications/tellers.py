"""What is told to one service: changes of health, or the matches of one watch.

A message counts as told once the service has accepted it; that is committed before the next one is sent. A
process that is killed between both sends the message again.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from shopwire.scheduler.notifications import messages
from shopwire.scheduler.notifications.services import Service
from shopwire.storage.configuration.options import Watch
from shopwire.storage.crawl_log.events import list_pending_events, mark_delivered, subscribe
from shopwire.storage.database import Store
from shopwire.storage.watches import ledger
from shopwire.storage.watches.matches import Match

MOST_IN_MESSAGE = 20
KIND = "health"


class Teller(Protocol):
    """Something to tell one service."""

    title: str

    def begin(self, store: Store) -> None:
        """Let it begin now, or go on where it was. Call inside `store.writing()`."""

    def tell(self, store: Store, stopping: threading.Event) -> None:
        """Send what is pending, until `stopping`. Raises `DeliveryError` and `sqlite3.Error`."""

    def record_failure(self, store: Store, reason: str) -> None:
        """Store why it could not be told. Call inside `store.writing()`."""


class HealthTeller:
    """Tells one service of changes of health, each once and in order."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.title = f"health changes to {service.title}"
        # Accepted, though perhaps not recorded because the store was locked.
        self._last_accepted = 0

    def begin(self, store: Store) -> None:
        subscribe(store, self.service.name)

    def tell(self, store: Store, stopping: threading.Event) -> None:
        pending = list_pending_events(store, self.service.name, KIND)
        for batch in _split_batches(pending):
            new = [event for event in batch if event["id"] > self._last_accepted]
            if stopping.is_set():
                return
            if new:
                body = messages.write_health_changes(new)
                self.service.send(messages.write_health_title(len(new)), body)
                self._last_accepted = new[-1]["id"]
            with store.writing():
                mark_delivered(store, self.service.name, batch[-1]["id"])

    def record_failure(self, store: Store, reason: str) -> None:
        pass


class WatchTeller:
    """Tells one service of the matches of one watch, each once: at once, or as a digest at a time of day."""

    def __init__(
        self, name: str, watch: Watch, service: Service, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self.name, self.watch, self.service, self.zone, self.clock = name, watch, service, zone, clock
        self.title = f"watch {name} to {service.title}"
        # Accepted, though perhaps not recorded because the store was locked.
        self._accepted: list[Match] = []

    def begin(self, store: Store) -> None:
        ledger.begin_watch(store, self.name, self.watch, self.service.name, self.clock())

    def tell(self, store: Store, stopping: threading.Event) -> None:
        now = self.clock()
        self._record_accepted(store, now)
        at = self.watch.digest_at
        if at and ledger.read_last_told(store, self.name, self.service.name) >= find_last_time(
            at, self.zone, now
        ):
            return
        pending = ledger.list_pending(store, self.name, self.watch, self.service.name, now)
        for batch in _split_batches(pending.matches):
            if stopping.is_set():
                return
            title = messages.write_watch_title(self.name, len(pending.matches))
            self.service.send(title, messages.write_matches(batch))
            self._accepted = batch
            self._record_accepted(store, now)
        if at or pending.matches or pending.until != pending.settled:
            with store.writing():
                ledger.settle_watch(store, self.name, self.service.name, pending.until, now)

    def record_failure(self, store: Store, reason: str) -> None:
        ledger.record_trouble(store, self.name, self.service.name, reason)

    def _record_accepted(self, store: Store, now: datetime) -> None:
        if self._accepted:
            with store.writing():
                ledger.record_told(store, self.name, self.service.name, self._accepted, now)
            self._accepted = []


def find_last_time(at: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when it was this time of day for the last time."""
    hour, minute = map(int, at.split(":"))
    local = now.astimezone(zone)
    today = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)


def _split_batches(rows: list[Any]) -> Iterator[list[Any]]:
    """Yield so many rows at a time as one message holds."""
    for start in range(0, len(rows), MOST_IN_MESSAGE):
        yield rows[start : start + MOST_IN_MESSAGE]
