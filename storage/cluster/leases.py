"""Leases: which worker crawls a run on another machine, and since when.

Call functions that write inside `store.writing()`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_time

ELSEWHERE_PID: Final = 0
"""The process of a run on another machine."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A crawl on another machine. `site` is that of the source's home page, `has_ended` says that its run is
    closed."""

    run: int
    source: str
    site: str
    worker: str
    sent: datetime
    has_ended: bool


def grant_lease(store: Store, source: str, worker: str, at: datetime) -> int:
    """Open a run of a source for a worker, and return its id."""
    moment = format_time(at)
    run = store.insert("runs", {"source": source, "started": moment, "pid": ELSEWHERE_PID})
    store.insert("leases", {"run": run, "worker": worker, "sent": moment})
    return run


def withdraw_lease(store: Store, run: int) -> None:
    """Undo a lease of which its worker has not heard, and its run."""
    store.db.execute("DELETE FROM runs WHERE id = ?", [run])


def end_lease(store: Store, run: int) -> None:
    """Delete the lease of a run that is closed."""
    store.db.execute("DELETE FROM leases WHERE run = ?", [run])


def record_beat(store: Store, run: int, at: datetime) -> None:
    """Store when the worker of a run was heard."""
    store.db.execute("UPDATE leases SET beat = ? WHERE run = ?", [format_time(at), run])


def list_leases(store: Store) -> list[Lease]:
    """Return all leases, the oldest first."""
    rows = store.rows(
        "SELECT run, source, home, worker, sent, finished FROM leases "
        "JOIN runs ON runs.id = run JOIN sources ON sources.name = source ORDER BY run"
    )
    return [
        Lease(
            run=row["run"],
            source=row["source"],
            site=find_site(row["home"]),
            worker=row["worker"],
            sent=datetime.fromisoformat(row["sent"]),
            has_ended=row["finished"] is not None,
        )
        for row in rows
    ]


def find_lease_source(store: Store, run: int) -> str | None:
    """Return the source of a run on another machine, whether it has ended or not; None if there is no such
    run."""
    row = store.row("SELECT source FROM runs WHERE id = ? AND pid = ?", run, ELSEWHERE_PID)
    return None if row is None else str(row["source"])


def load_lease_rows(store: Store) -> list[dict[str, Any]]:
    """Return run, source, worker and times of each lease that has not ended, the oldest first."""
    rows = store.rows(
        "SELECT run, source, worker, sent, beat FROM leases JOIN runs ON runs.id = run "
        "WHERE finished IS NULL ORDER BY run"
    )
    return [dict(row) for row in rows]
