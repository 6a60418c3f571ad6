"""A job of the daemon that tells each service what it has not been told yet."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from shopwire.scheduler.clock import read_utc_clock
from shopwire.scheduler.notifications.services import DeliveryError, open_services
from shopwire.scheduler.notifications.tellers import HealthTeller, Teller, WatchTeller
from shopwire.storage.configuration.options import Configuration
from shopwire.storage.database import Store

logger = logging.getLogger(__name__)
NOTIFY_SECONDS = 15.0
LONGEST_PAUSE = 900.0


@dataclass(slots=True)
class Pause:
    """How long a service that fails is left alone: `seconds`, doubled by each failure, and until when."""

    seconds: float = 0.0
    until: float = 0.0


@dataclass(slots=True)
class Notifier:
    """Runs all tellers; `stopping` ends it after the message under way, `steady` counts seconds."""

    tellers: list[Teller]
    stopping: threading.Event
    steady: Callable[[], float] = time.monotonic
    _pauses: dict[str, Pause] = field(default_factory=dict)

    def begin(self, store: Store) -> None:
        """Let everything begin that has not, with what happens from now on."""
        with store.writing():
            for teller in self.tellers:
                teller.begin(store)

    def run(self, store: Store) -> None:
        """Tell what is pending; log a failure and its end. This is a job, `store` its own."""
        for teller in self.tellers:
            pause = self._pauses.get(teller.title)
            if self.stopping.is_set() or (pause and self.steady() < pause.until):
                continue
            try:
                teller.tell(store, self.stopping)
            except DeliveryError as error:
                self._handle_failure(store, teller, str(error))
            except sqlite3.Error as error:
                logger.warning("%s: %s; trying again", teller.title, error)
            else:
                if self._pauses.pop(teller.title, None):
                    logger.info("%s: delivered again", teller.title)

    def finish(self, store: Store) -> None:
        """Record what was accepted and could not be recorded so far. Call when nothing more is sent."""
        for teller in self.tellers:
            try:
                teller.record_accepted(store)
            except sqlite3.Error as error:
                logger.warning("%s: %s; the last message will be sent again", teller.title, error)

    def _handle_failure(self, store: Store, teller: Teller, reason: str) -> None:
        pause = self._pauses.setdefault(teller.title, Pause())
        if not pause.seconds:
            logger.warning("%s: %s; trying again", teller.title, reason)
        pause.seconds = min(max(NOTIFY_SECONDS, 2 * pause.seconds), LONGEST_PAUSE)
        pause.until = self.steady() + pause.seconds
        try:
            with store.writing():
                teller.record_failure(store, reason)
        except sqlite3.Error as error:
            logger.warning("%s: %s", teller.title, error)


def build_tellers(
    configuration: Configuration, clock: Callable[[], datetime] = read_utc_clock
) -> list[Teller]:
    """Return what is to be told to which service. Raises `StoreError` for a wrong URL and without Apprise."""
    common = configuration.notifications.apprise
    zone = ZoneInfo(configuration.notifications.time_zone)
    tellers: list[Teller] = [HealthTeller(service) for service in open_services(common)]
    for name, watch in configuration.watches.items():
        services = open_services(watch.apprise or common)
        tellers += [WatchTeller(name, watch, service, zone, clock) for service in services]
    return tellers
