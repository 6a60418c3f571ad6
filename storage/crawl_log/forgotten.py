"""What was taken down and must not come back: articles by URL, sources by name, sites of such sources.

Only hashes are stored, so that nothing of what was taken down is left.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_now

Kind = Literal["url", "source", "site"]


def hash_name(name: str) -> str:
    """Return how `forgotten` names a URL, a source or a site."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def add_forgotten(store: Store, kind: Kind, names: Iterable[str], because: str) -> None:
    """Store that these must not come back, because a person has named `because`. Call inside
    `store.writing()`."""
    now = format_now()
    store.db.conn.executemany(
        "INSERT OR IGNORE INTO forgotten (kind, hash, because, at) VALUES (?, ?, ?, ?)",
        [(kind, hash_name(name), hash_name(because), now) for name in names],
    )


def delete_forgotten(store: Store, name: str) -> bool:
    """Allow again what was forgotten because of this name. Return whether there was anything. Call inside
    `store.writing()`."""
    return bool(
        store.db.execute("DELETE FROM forgotten WHERE ? IN (hash, because)", [hash_name(name)]).rowcount
    )


def is_forgotten(store: Store, url: str = "", source: str = "") -> bool:
    """Return whether a canonical URL, its site or a source was taken down."""
    names = [("url", url), ("site", find_site(url) if url else ""), ("source", source)]
    values = [value for kind, name in names for value in (kind, hash_name(name))]
    return (
        store.row("SELECT 1 FROM forgotten WHERE (kind, hash) IN (VALUES (?, ?), (?, ?), (?, ?))", *values)
        is not None
    )


def delete_fetches(store: Store, condition: str, *values: object) -> int:
    """Delete rows of the crawl log and return their number. A pass over the archive that has come to one of
    them starts anew. Call inside `store.writing()`."""
    store.db.execute(
        f"DELETE FROM passes WHERE fetch IN (SELECT id FROM fetches WHERE {condition})", list(values)
    )
    return store.db.execute(f"DELETE FROM fetches WHERE {condition}", list(values)).rowcount
