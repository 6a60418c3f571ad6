"""The daemon's part of the ledger: when each source is due, which crawl holds it, what happened.

Everything here that writes is called inside `store.writing()`. Times are ISO 8601 in UTC with whole
seconds, so that they sort as text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shopwire.storage.database import Store

# Reasons of runs whose end says nothing about their source.
STOPPED = "the daemon was stopped"
LOST = "its process ended without a word"
# The kind of event that says that a server's 304s are believed no more.
WRONG_304 = "wrong 304"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A source in the daemon's care; `site` is the host it lives on, without `www.`."""

    source: str
    site: str
    next_due: datetime
    started: datetime | None
    pid: int | None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that nobody has closed: it goes on in process `pid`, or that was killed."""

    id: int
    source: str
    site: str
    pid: int


def stamp(moment: datetime) -> str:
    """A time as the ledger writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def site_of(home: str) -> str:
    """The host of an address, without `www.`: what may be crawled by one process at a time."""
    host = home.partition("://")[2].partition("/")[0].partition("?")[0]
    return host.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")


def take_into_care(store: Store, sources: Iterable[str], at: datetime) -> list[str]:
    """Schedule exactly these declared sources. Gives those that were not in care; they are due at
    once."""
    names = list(sources)
    marks = ", ".join("?" * len(names))
    store.db.execute(f"DELETE FROM schedule WHERE source NOT IN ({marks})", names)
    cared_for = {row["source"] for row in store.rows("SELECT source FROM schedule")}
    added = [name for name in names if name not in cared_for]
    store.db.conn.executemany(
        "INSERT INTO schedule (source, next_due, wait, why) VALUES (?, ?, 0, 'never crawled yet')",
        [(name, stamp(at)) for name in added],
    )
    return added


def last_end(store: Store, source: str) -> datetime | None:
    """When the last crawl of a source ended; None if there was none, or it was interrupted."""
    row = store.row(
        "SELECT finished, outcome FROM runs WHERE source = ? ORDER BY id DESC LIMIT 1", source
    )
    if row is None or row["finished"] is None or row["outcome"] == "interrupted":
        return None
    return datetime.fromisoformat(row["finished"])


def scheduled(store: Store) -> list[Scheduled]:
    """Every source in the daemon's care, the one that is due first at the front."""
    rows = store.rows(
        "SELECT source, home, next_due, started, pid FROM schedule "
        "JOIN sources ON sources.name = schedule.source ORDER BY next_due, source"
    )
    return [
        Scheduled(
            source=row["source"],
            site=site_of(row["home"]),
            next_due=datetime.fromisoformat(row["next_due"]),
            started=datetime.fromisoformat(row["started"]) if row["started"] else None,
            pid=row["pid"],
        )
        for row in rows
    ]


def lease(store: Store, source: str, at: datetime, pid: int) -> None:
    """Write down that process `pid` crawls a source."""
    store.db.execute(
        "UPDATE schedule SET started = ?, pid = ? WHERE source = ?", [stamp(at), pid, source]
    )


def plan(store: Store, source: str, at: datetime, wait: timedelta, why: str) -> None:
    """End a source's lease, if any, and say when it is due next: `wait` after `at`."""
    store.db.execute(
        "UPDATE schedule SET next_due = ?, wait = ?, why = ?, started = NULL, pid = NULL "
        "WHERE source = ?",
        [stamp(at + wait), wait.total_seconds(), why, source],
    )


def ahead_of_plan(
    store: Store, at: datetime, slack: timedelta = timedelta(minutes=1)
) -> list[tuple[str, timedelta]]:
    """Sources whose due time lies further ahead than it was planned to, each with its wait: that
    happens when the clock is set back."""
    return [
        (row["source"], timedelta(seconds=row["wait"]))
        for row in store.rows("SELECT source, next_due, wait FROM schedule")
        if datetime.fromisoformat(row["next_due"]) - at > timedelta(seconds=row["wait"]) + slack
    ]


def bring_forward(store: Store, late: Iterable[tuple[str, timedelta]], at: datetime) -> None:
    """Let sources wait no longer than was planned, counted from now."""
    store.db.conn.executemany(
        "UPDATE schedule SET next_due = ? WHERE source = ?",
        [(stamp(at + wait), source) for source, wait in late],
    )


def open_runs(store: Store) -> list[OpenRun]:
    """The runs without an end."""
    rows = store.rows(
        "SELECT id, source, home, pid FROM runs JOIN sources ON sources.name = runs.source "
        "WHERE finished IS NULL ORDER BY id"
    )
    return [OpenRun(row["id"], row["source"], site_of(row["home"]), row["pid"]) for row in rows]


def close_run(store: Store, run: int, at: datetime, outcome: str, reason: str) -> None:
    """Say how a run ended that could not say so itself, or that was ended for a reason."""
    store.db.execute(
        "UPDATE runs SET finished = coalesce(finished, ?), outcome = ?, reason = ? WHERE id = ?",
        [stamp(at), outcome, reason, run],
    )


def add_failed_run(store: Store, source: str, at: datetime, pid: int, reason: str) -> None:
    """Write down a crawl that ended before it could open its run."""
    moment = stamp(at)
    columns = {"source": source, "started": moment, "finished": moment, "pid": pid}
    store.insert("runs", {**columns, "outcome": "failed", "reason": reason})


def run_of(store: Store, source: str, pid: int, after: int) -> tuple[int, bool] | None:
    """The run that process `pid` opened for a source after run `after`, and whether it came to its
    own end."""
    row = store.row(
        "SELECT id, coalesce(reason, 'shutdown') <> 'shutdown' AS ended FROM runs "
        "WHERE source = ? AND pid = ? AND id > ? ORDER BY id DESC",
        source,
        pid,
        after,
    )
    return (row["id"], bool(row["ended"])) if row else None


def newest_run(store: Store) -> int:
    """The highest id of a run so far."""
    row = store.row("SELECT coalesce(max(id), 0) AS id FROM runs")
    return int(row["id"]) if row else 0


def say(store: Store, at: datetime, kind: str, text: str, source: str | None = None) -> None:
    """Add to what the daemon has to tell, of one source or of all."""
    store.insert("events", {"at": stamp(at), "source": source, "kind": kind, "text": text})


def beat(store: Store, pid: int, started: datetime, at: datetime, running: int) -> None:
    """Leave a sign of life."""
    store.db.execute(
        "INSERT OR REPLACE INTO heartbeat (id, pid, started, beat, running) VALUES (1, ?, ?, ?, ?)",
        [pid, stamp(started), stamp(at), running],
    )


def last_events(
    store: Store, most: int, kinds: Sequence[str] = (), source: str | None = None
) -> list[dict[str, Any]]:
    """The newest events, newest first; of all kinds and sources unless some are named."""
    conditions = [f"kind IN ({', '.join('?' * len(kinds))})"] if kinds else []
    conditions += ["source = ?"] if source else []
    chosen = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT id, at, source, kind, text FROM events {chosen} ORDER BY id DESC LIMIT ?"
    values = [*kinds, *([source] if source else []), most]
    return [dict(row) for row in store.rows(sql, *values)]


def begin_to_listen(store: Store, listener: str) -> None:
    """Give a listener its place: a new one is told what comes from now on, a known one goes on."""
    store.db.execute(
        "INSERT OR IGNORE INTO listeners (listener, event) "
        "VALUES (?, (SELECT coalesce(max(id), 0) FROM events))",
        [listener],
    )


def untold(store: Store, listener: str, kind: str) -> list[dict[str, Any]]:
    """Events of a kind that a listener has not been told, oldest first."""
    rows = store.rows(
        "SELECT id, at, source, kind, text FROM events WHERE kind = ? "
        "AND id > (SELECT event FROM listeners WHERE listener = ?) ORDER BY id",
        kind,
        listener,
    )
    return [dict(row) for row in rows]


def mark_told(store: Store, listener: str, event: int) -> None:
    """A listener has been told everything up to an event."""
    store.db.execute("UPDATE listeners SET event = ? WHERE listener = ?", [event, listener])


def kept_pages(store: Store, run: int) -> int:
    """How many pages of a run came to something."""
    row = store.row(
        "SELECT count(*) AS kept FROM fetches "
        "WHERE run_id = ? AND outcome IN ('stored', 'updated', 'copy', 'known')",
        run,
    )
    return int(row["kept"]) if row else 0


def seconds_since_beat(store: Store, at: datetime) -> float | None:
    """How long ago the daemon gave a sign of life; None when there is none."""
    row = store.row("SELECT beat FROM heartbeat")
    return (at - datetime.fromisoformat(row["beat"])).total_seconds() if row else None


def note_health(store: Store, source: str, at: datetime, status: str, evidence: str) -> bool:
    """Keep how a source is doing; whether that has changed, which is an event as well."""
    old = store.row("SELECT status FROM health WHERE source = ?", source)
    before = old["status"] if old else "new"
    store.db.execute(
        "INSERT INTO health (source, status, evidence, since, checked) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (source) DO UPDATE SET status = excluded.status, evidence = excluded.evidence, "
        "checked = excluded.checked, "
        "since = CASE WHEN status = excluded.status THEN since ELSE excluded.since END",
        [source, status, evidence, stamp(at), stamp(at)],
    )
    if before != status:
        say(store, at, "health", f"{before} → {status}: {evidence}", source)
    return bool(before != status)
