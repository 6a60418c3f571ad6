"""Which raw pages to read again from the archive, and how far a pass over them has come."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopwire.storage.database import Store

BATCH = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest raw page of one address, and which fields of its article it had `lost` by then."""

    fetch: int
    url: str
    source: str
    place: str
    lost: frozenset[str]


def pages_to_reread(store: Store, after: int, source: str | None) -> Iterator[Stored]:
    """The newest archived page of each address, in the order of their fetches, from after fetch
    `after` on; only those of one source when it is named."""
    last = after
    while True:
        rows = store.rows(
            "SELECT id, url, source, archived_in, lost FROM fetches AS fetch WHERE id > ? "
            "AND archived_in IS NOT NULL AND (? IS NULL OR source = ?) AND NOT EXISTS "
            "(SELECT 1 FROM fetches WHERE url = fetch.url AND id > fetch.id "
            "AND archived_in IS NOT NULL) ORDER BY id LIMIT ?",
            last,
            source,
            source,
            BATCH,
        )
        if not rows:
            return
        for row in rows:
            lost = frozenset((row["lost"] or "").split(", "))
            yield Stored(row["id"], row["url"], row["source"], row["archived_in"], lost)
        last = rows[-1]["id"]


def count_pages(store: Store, after: int, source: str | None) -> int:
    """How many pages `pages_to_reread` gives at the most."""
    row = store.row(
        "SELECT count(DISTINCT url) FROM fetches WHERE id > ? AND archived_in IS NOT NULL "
        "AND (? IS NULL OR source = ?)",
        after,
        source,
        source,
    )
    return int(row[0]) if row else 0


def position(store: Store, task: str) -> int:
    """The fetch up to which a pass that was broken off had come; 0 for a new one."""
    row = store.row("SELECT fetch FROM passes WHERE task = ?", task)
    return int(row["fetch"]) if row else 0


def remember(store: Store, task: str, fetch: int) -> None:
    """Note how far a pass has come. Call inside `store.writing()`."""
    store.db.execute("INSERT OR REPLACE INTO passes (task, fetch) VALUES (?, ?)", [task, fetch])


def forget(store: Store, task: str) -> None:
    """A pass is done: the next one begins anew. Call inside `store.writing()`."""
    store.db.execute("DELETE FROM passes WHERE task = ?", [task])
