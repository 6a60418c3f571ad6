"""Which archived pages to extract again, and how far a pass over them has come."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopwire.storage.database import Store

BATCH = 500


@dataclass(frozen=True, slots=True)
class ArchivedFetch:
    """The newest archived fetch of a URL, its place in the archive, and the fields that its article had
    `lost` by then."""

    fetch: int
    url: str
    source: str
    place: str
    lost: frozenset[str]


def find_archived_fetches(store: Store, after: int, source: str | None) -> Iterator[ArchivedFetch]:
    """Yield the newest archived fetch of each URL, in the order of their ids, above the id `after`; only
    of one source if it is named."""
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
            yield ArchivedFetch(row["id"], row["url"], row["source"], row["archived_in"], lost)
        last = rows[-1]["id"]


def find_last_place(store: Store, url: str) -> str:
    """Return where the page at a URL was archived last, empty if it never was."""
    row = store.row(
        "SELECT archived_in FROM fetches WHERE url = ? AND archived_in IS NOT NULL ORDER BY id DESC LIMIT 1",
        url,
    )
    return str(row["archived_in"]) if row else ""


def is_place_recorded(store: Store, url: str, place: str) -> bool:
    """Return whether a row of a URL names a place in the archive."""
    return store.row("SELECT 1 FROM fetches WHERE url = ? AND archived_in = ?", url, place) is not None


def count_archived_urls(store: Store, after: int, source: str | None) -> int:
    """Return the largest number of fetches that `find_archived_fetches` can yield."""
    row = store.row(
        "SELECT count(DISTINCT url) FROM fetches WHERE id > ? AND archived_in IS NOT NULL "
        "AND (? IS NULL OR source = ?)",
        after,
        source,
        source,
    )
    return int(row[0]) if row else 0


def load_position(store: Store, task: str) -> int:
    """Return the id of the last fetch that an interrupted pass has processed; 0 for a new pass."""
    row = store.row("SELECT fetch FROM passes WHERE task = ?", task)
    return int(row["fetch"]) if row else 0


def save_position(store: Store, task: str, fetch: int) -> None:
    """Store the id of the last fetch that a pass has processed. Call inside `store.writing()`."""
    store.db.execute("INSERT OR REPLACE INTO passes (task, fetch) VALUES (?, ?)", [task, fetch])


def delete_position(store: Store, task: str) -> None:
    """Mark a pass as complete, so that the next one starts anew. Call inside `store.writing()`."""
    store.db.execute("DELETE FROM passes WHERE task = ?", [task])
