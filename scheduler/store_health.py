"""Assesses the health of all sources and stores what has changed."""

import logging
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from shopwire.scheduler.health import HealthStatus, assess_health
from shopwire.scheduler.source_stats import read_source_stats
from shopwire.storage.crawl_log.events import record_health
from shopwire.storage.database import Store

logger = logging.getLogger(__name__)


def update_health(store: Store, at: datetime) -> dict[str, HealthStatus]:
    """Return the health of each source, and store it where `sources_health` shows something else.

    A locked store is not waited for: the health is returned, a warning logged, and the next call stores
    it.
    """
    found = assess_all_sources(store, at)
    if not _find_outdated(store, found):
        return found
    try:
        with store.without_waiting(), store.writing():
            # Another process may have crawled since, and stored the health.
            found = assess_all_sources(store, at)
            for source in _find_outdated(store, found):
                health = found[source]
                record_health(store, source, at, health.status, health.evidence)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        logger.warning("cannot store source health: %s", error)
    return found


def assess_all_sources(store: Store, at: datetime) -> dict[str, HealthStatus]:
    """Return the health of each source."""
    names = [row["name"] for row in store.rows("SELECT name FROM sources")]
    return {name: assess_health(read_source_stats(store, name, at)) for name in names}


def _find_outdated(store: Store, found: Mapping[str, HealthStatus]) -> list[str]:
    """Return the sources of which `sources_health` shows something else."""
    shown = {
        row["source"]: HealthStatus(row["status"], row["evidence"])
        for row in store.rows("SELECT source, status, evidence FROM sources_health")
    }
    return [source for source, health in found.items() if shown.get(source) != health]
