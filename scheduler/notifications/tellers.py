"""What is told to one service: changes of health, or the matches of one watch.

A message counts as told once the service has accepted it; that is committed before the next one is sent. A
process that is killed between both sends the message again.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
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

    def record_accepted(self, store: Store) -> None:
        """Store that the service has accepted the last message, unless this is stored already."""

    def record_failure(self, store: Store, reason: str) -> None:
        """Store why it could not be told. Call inside `store.writing()`."""


class HealthTeller:
    """Tells one service of changes of health, each once and in order."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.title = f"health changes to {service.title}"
        # Accepted, though not recorded yet: the store may be locked, or its disk full.
        self._accepted: int | None = None

    def begin(self, store: Store) -> None:
        subscribe(store, self.service.name)

    def tell(self, store: Store, stopping: threading.Event) -> None:
        self.record_accepted(store)
        pending = list_pending_events(store, self.service.name, KIND)
        for batch in _split_batches(pending, messages.write_health_changes, self.service.longest_body):
            if stopping.is_set():
                return
            body = messages.write_health_changes(batch)
            self.service.send(messages.write_health_title(len(batch)), body)
            self._accepted = batch[-1]["id"]
            self.record_accepted(store)

    def record_accepted(self, store: Store) -> None:
        if self._accepted is not None:
            with store.writing():
                mark_delivered(store, self.service.name, self._accepted)
            self._accepted = None

    def record_failure(self, store: Store, reason: str) -> None:
        pass


class WatchTeller:
    """Tells one service of the matches of one watch, each once: at once, or as a digest at a time of day."""

    def __init__(
        self, name: str, watch: Watch, service: Service, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self.name, self.watch, self.service, self.zone, self.clock = name, watch, service, zone, clock
        self.title = f"watch {name} to {service.title}"
        # Accepted, though not recorded yet: the store may be locked, or its disk full.
        self._accepted: list[Match] = []

    def begin(self, store: Store) -> None:
        ledger.begin_watch(store, self.name, self.watch, self.service.name, self.clock())

    def tell(self, store: Store, stopping: threading.Event) -> None:
        self.record_accepted(store)
        now = self.clock()
        at = self.watch.digest_at
        if at and ledger.read_last_told(store, self.name, self.service.name) >= find_last_time(
            at, self.zone, now
        ):
            return
        pending = ledger.list_pending(store, self.name, self.watch, self.service.name, now)
        for batch in _split_batches(pending.matches, messages.write_matches, self.service.longest_body):
            if stopping.is_set():
                return
            title = messages.write_watch_title(self.name, len(pending.matches))
            self.service.send(title, messages.write_matches(batch))
            self._accepted = batch
            self.record_accepted(store)
        if at or pending.matches or pending.until != pending.settled:
            with store.writing():
                ledger.settle_watch(store, self.name, self.service.name, pending.until, now)

    def record_accepted(self, store: Store) -> None:
        if self._accepted:
            with store.writing():
                ledger.record_told(store, self.name, self.service.name, self._accepted, self.clock())
            self._accepted = []

    def record_failure(self, store: Store, reason: str) -> None:
        ledger.record_trouble(store, self.name, self.service.name, reason)


def find_last_time(at: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when it was this time of day for the last time."""
    hour, minute = map(int, at.split(":"))
    local = now.astimezone(zone)
    today = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)


def _split_batches(rows: Sequence[Any], write: Callable[[Any], str], longest: int) -> Iterator[list[Any]]:
    """Yield so many rows at a time as one message holds, of at most `longest` characters if it has several.

    Of a message that a service takes in parts, it may accept one and refuse the next.
    """
    batch: list[Any] = []
    for row in rows:
        if batch and (len(batch) == MOST_IN_MESSAGE or len(write([*batch, row])) > longest):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
