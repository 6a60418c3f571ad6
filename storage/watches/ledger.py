"""What was told to which service: each match once, whatever happens to the process in between.

A match is recorded in the transaction that follows the answer of the service. A process that ends between
both tells it again: at least once for the service, exactly once for all that is recorded. Call functions that
write inside `store.writing()`.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from shopwire.storage.configuration.options import Watch
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_time
from shopwire.storage.watches.matches import (
    RECENT_DAYS,
    Match,
    choose_told,
    find_last_before,
    find_newest_id,
    list_matches,
)

# A copy is no news, also when the group of copies has another first article by now.
UNTOLD = """NOT EXISTS (SELECT 1 FROM watch_deliveries JOIN articles AS told ON told.id = article_id
    WHERE watch = :name AND service = :service AND (told.canonical_id = articles.canonical_id{or_story}))"""
OR_STORY = " OR told.story_id = articles.story_id"


@dataclass(frozen=True, slots=True)
class Pending:
    """The matches that are to be told, the first stored first, out of all articles up to `until`.

    Nothing is new if there are none and `until` is `settled`, the article up to which all were told before.
    """

    matches: list[Match]
    until: int
    settled: int


def begin_watch(store: Store, name: str, watch: Watch, service: str, now: datetime) -> None:
    """Let a watch begin with the articles that are stored from now on, unless it has begun already."""
    chosen = {key: value for key, value in asdict(watch).items() if key not in ("apprise", "digest_at")}
    definition = sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
    newest = find_newest_id(store.db.conn)
    store.db.execute(
        "INSERT INTO watch_services (watch, service, definition, first, settled, told) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (watch, service) DO UPDATE "
        "SET definition = excluded.definition, first = excluded.first, settled = excluded.settled "
        "WHERE definition <> excluded.definition",
        [name, service, definition, newest, newest, format_time(now)],
    )


def list_pending(store: Store, name: str, watch: Watch, service: str, now: datetime) -> Pending:
    """Return what a service was not told yet of a watch that has begun there."""
    row = store.row(
        "SELECT first, settled FROM watch_services WHERE watch = ? AND service = ?", name, service
    )
    assert row is not None
    db = store.db.conn
    until = find_newest_id(db)
    if until == row["settled"]:
        return Pending([], until, until)
    after = max(row["first"], min(row["settled"], find_last_before(db, now, RECENT_DAYS)))
    untold = UNTOLD.format(or_story=OR_STORY if watch.least_sources > 1 else "")
    found = list_matches(db, watch, after, until, untold, name=name, service=service)
    return Pending(choose_told(watch, found)[::-1], until, row["settled"])


def read_last_told(store: Store, name: str, service: str) -> datetime:
    """Return when a service was told everything for the last time, or when the watch began there."""
    row = store.row("SELECT told FROM watch_services WHERE watch = ? AND service = ?", name, service)
    assert row is not None
    return datetime.fromisoformat(row["told"])


def record_told(store: Store, name: str, service: str, matches: Iterable[Match], now: datetime) -> None:
    """Store that a service has accepted a message of these matches."""
    rows = [(name, service, match.id, format_time(now)) for match in matches]
    store.db.conn.executemany("INSERT OR IGNORE INTO watch_deliveries VALUES (?, ?, ?, ?)", rows)


def settle_watch(store: Store, name: str, service: str, until: int, now: datetime) -> None:
    """Store that everything up to an article was told."""
    store.db.execute(
        "UPDATE watch_services SET settled = ?, told = ?, trouble = '' WHERE watch = ? AND service = ?",
        [until, format_time(now), name, service],
    )


def record_trouble(store: Store, name: str, service: str, trouble: str) -> None:
    """Store why a service was not told."""
    store.db.execute(
        "UPDATE watch_services SET trouble = ? WHERE watch = ? AND service = ?", [trouble, name, service]
    )


def list_troubles(store: Store) -> dict[str, list[str]]:
    """Return by the name of each watch why its last messages were not delivered."""
    troubles: dict[str, list[str]] = {}
    for row in store.rows(
        "SELECT watch, trouble FROM watch_services WHERE trouble <> '' ORDER BY watch, service"
    ):
        troubles.setdefault(row["watch"], []).append(row["trouble"])
    return troubles
