"""The daemon's schedule: when each source is due, and which process is crawling it.

Call functions that write inside `store.writing()`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopwire.storage.crawl_log.outcomes import IN_STORE, format_sql_list
from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_time

# Reasons of runs whose end says nothing about their source.
STOPPED = "the daemon was stopped"
LOST = "its process ended without a word"
CUT_OFF = "its worker was cut off from the broker"
SILENT = "its worker fell silent"


@dataclass(frozen=True, slots=True)
class ScheduledSource:
    """A source in the schedule; `site` is that of its home page, `started` and `pid` are those of the
    crawl that is running."""

    source: str
    site: str
    next_due: datetime
    started: datetime | None
    pid: int | None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run without an end: process `pid` is still crawling, or was killed."""

    id: int
    source: str
    site: str
    pid: int


def sync_sources(store: Store, sources: Iterable[str], at: datetime) -> list[str]:
    """Make the schedule hold exactly these declared sources. Return the added ones, which are due at
    once."""
    names = list(sources)
    marks = ", ".join("?" * len(names))
    store.db.execute(f"DELETE FROM schedule WHERE source NOT IN ({marks})", names)
    known = {row["source"] for row in store.rows("SELECT source FROM schedule")}
    added = [name for name in names if name not in known]
    store.db.conn.executemany(
        "INSERT INTO schedule (source, next_due, wait, why) VALUES (?, ?, 0, 'never crawled yet')",
        [(name, format_time(at)) for name in added],
    )
    return added


def find_last_end(store: Store, source: str) -> datetime | None:
    """Return when the last crawl of a source ended; None if there was none, or it was interrupted."""
    row = store.row("SELECT finished, outcome FROM runs WHERE source = ? ORDER BY id DESC LIMIT 1", source)
    if row is None or row["finished"] is None or row["outcome"] == "interrupted":
        return None
    return datetime.fromisoformat(row["finished"])


def list_scheduled(store: Store) -> list[ScheduledSource]:
    """Return all scheduled sources, the one that is due first at the front."""
    rows = store.rows(
        "SELECT source, home, next_due, started, pid FROM schedule "
        "JOIN sources ON sources.name = schedule.source ORDER BY next_due, source"
    )
    return [
        ScheduledSource(
            source=row["source"],
            site=find_site(row["home"]),
            next_due=datetime.fromisoformat(row["next_due"]),
            started=datetime.fromisoformat(row["started"]) if row["started"] else None,
            pid=row["pid"],
        )
        for row in rows
    ]


def acquire(store: Store, source: str, at: datetime, pid: int) -> None:
    """Store that process `pid` is crawling a source."""
    store.db.execute(
        "UPDATE schedule SET started = ?, pid = ? WHERE source = ?", [format_time(at), pid, source]
    )


def reschedule(store: Store, source: str, at: datetime, wait: timedelta, why: str) -> None:
    """Make a source due `wait` after `at`; no process is crawling it any more."""
    store.db.execute(
        "UPDATE schedule SET next_due = ?, wait = ?, why = ?, started = NULL, pid = NULL WHERE source = ?",
        [format_time(at + wait), wait.total_seconds(), why, source],
    )


def find_overdue_plans(
    store: Store, at: datetime, slack: timedelta = timedelta(minutes=1)
) -> list[tuple[str, timedelta]]:
    """Return sources that are due later than their planned wait from now, each with that wait: this
    happens when the clock is set back."""
    return [
        (row["source"], timedelta(seconds=row["wait"]))
        for row in store.rows("SELECT source, next_due, wait FROM schedule")
        if datetime.fromisoformat(row["next_due"]) - at > timedelta(seconds=row["wait"]) + slack
    ]


def pull_forward(store: Store, plans: Iterable[tuple[str, timedelta]], at: datetime) -> None:
    """Make each source due after its planned wait, counted from now."""
    store.db.conn.executemany(
        "UPDATE schedule SET next_due = ? WHERE source = ?",
        [(format_time(at + wait), source) for source, wait in plans],
    )


def list_open_runs(store: Store) -> list[OpenRun]:
    """Return the runs of this machine without an end, oldest first."""
    rows = store.rows(
        "SELECT id, source, home, pid FROM runs JOIN sources ON sources.name = runs.source "
        "WHERE finished IS NULL AND NOT EXISTS (SELECT 1 FROM leases WHERE run = runs.id) ORDER BY id"
    )
    return [OpenRun(row["id"], row["source"], find_site(row["home"]), row["pid"]) for row in rows]


def close_run(store: Store, run: int, at: datetime, outcome: str, reason: str) -> None:
    """Store how a run ended whose process did not store that itself."""
    store.db.execute(
        "UPDATE runs SET finished = coalesce(finished, ?), outcome = ?, reason = ? WHERE id = ?",
        [format_time(at), outcome, reason, run],
    )


def add_failed_run(store: Store, source: str, at: datetime, pid: int, reason: str) -> None:
    """Store a run for a crawl that ended before it could add one."""
    moment = format_time(at)
    columns = {"source": source, "started": moment, "finished": moment, "pid": pid}
    store.insert("runs", {**columns, "outcome": "failed", "reason": reason})


def find_run(store: Store, source: str, pid: int, after: int) -> tuple[int, bool] | None:
    """Return the run that process `pid` added for a source after run `after`, and whether it came to
    its own end; None if there is none."""
    row = store.row(
        "SELECT id, coalesce(reason, 'shutdown') <> 'shutdown' AS ended FROM runs "
        "WHERE source = ? AND pid = ? AND id > ? ORDER BY id DESC",
        source,
        pid,
        after,
    )
    return (row["id"], bool(row["ended"])) if row else None


def find_newest_run_id(store: Store) -> int:
    """Return the highest run id so far; 0 if there are no runs."""
    row = store.row("SELECT coalesce(max(id), 0) AS id FROM runs")
    return int(row["id"]) if row else 0


def count_successful_pages(store: Store, run: int) -> int:
    """Return how many pages of a run were stored, updated, duplicates or unchanged."""
    row = store.row(
        f"SELECT count(*) AS kept FROM fetches WHERE run_id = ? AND outcome IN {format_sql_list(IN_STORE)}",
        run,
    )
    return int(row["kept"]) if row else 0
