"""What happened to sources and to the daemon: events, who was notified of them, health, heartbeat.

Call functions that write inside `store.writing()`.
"""

from datetime import datetime
from typing import Any

from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_time

# The kind of the event that a server has answered 304 although its list had changed.
WRONG_304 = "wrong 304"


def add_event(store: Store, at: datetime, kind: str, text: str, source: str | None = None) -> None:
    """Store an event, of one source or of the daemon."""
    store.insert("events", {"at": format_time(at), "source": source, "kind": kind, "text": text})


def list_newest_events(store: Store, limit: int, source: str | None = None) -> list[dict[str, Any]]:
    """Return up to `limit` events, newest first; of all sources unless one is named."""
    where, values = ("WHERE source = ?", [source]) if source else ("", [])
    sql = f"SELECT id, at, source, kind, text FROM events {where} ORDER BY id DESC LIMIT ?"
    return [dict(row) for row in store.rows(sql, *values, limit)]


def subscribe(store: Store, listener: str) -> None:
    """Register a listener. A new one receives future events, a known one continues where it was."""
    store.db.execute(
        "INSERT OR IGNORE INTO listeners (listener, event) "
        "VALUES (?, (SELECT coalesce(max(id), 0) FROM events))",
        [listener],
    )


def list_pending_events(store: Store, listener: str, kind: str) -> list[dict[str, Any]]:
    """Return the events of a kind that were not yet delivered to a listener, oldest first."""
    rows = store.rows(
        "SELECT id, at, source, kind, text FROM events WHERE kind = ? "
        "AND id > (SELECT event FROM listeners WHERE listener = ?) ORDER BY id",
        kind,
        listener,
    )
    return [dict(row) for row in rows]


def mark_delivered(store: Store, listener: str, event: int) -> None:
    """Store that all events up to this one were delivered to a listener."""
    store.db.execute("UPDATE listeners SET event = ? WHERE listener = ?", [event, listener])


def record_heartbeat(store: Store, pid: int, started: datetime, at: datetime, running: int) -> None:
    """Store that the daemon is alive, and how many crawls are running."""
    store.db.execute(
        "INSERT OR REPLACE INTO heartbeat (id, pid, started, beat, running) VALUES (1, ?, ?, ?, ?)",
        [pid, format_time(started), format_time(at), running],
    )


def read_heartbeat_age(store: Store, at: datetime) -> float | None:
    """Return the seconds since the daemon's last heartbeat; None if there is none."""
    row = store.row("SELECT beat FROM heartbeat")
    return (at - datetime.fromisoformat(row["beat"])).total_seconds() if row else None


def record_health(store: Store, source: str, at: datetime, status: str, evidence: str) -> bool:
    """Store the health of a source; add an event and return True if its status has changed."""
    old = store.row("SELECT status FROM health WHERE source = ?", source)
    before = old["status"] if old else "new"
    moment = format_time(at)
    store.db.execute(
        "INSERT INTO health (source, status, evidence, since, checked) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (source) DO UPDATE SET status = excluded.status, evidence = excluded.evidence, "
        "checked = excluded.checked, "
        "since = CASE WHEN status = excluded.status THEN since ELSE excluded.since END",
        [source, status, evidence, moment, moment],
    )
    if before != status:
        add_event(store, at, "health", f"{before} → {status}: {evidence}", source)
    return bool(before != status)
