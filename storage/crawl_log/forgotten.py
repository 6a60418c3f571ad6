"""What was taken down and must not come back: articles by URL, sources by name, sites of such sources.

Only hashes are stored, so that nothing of what was taken down is left.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_now

Kind = Literal["url", "source", "site"]


def hash_name(name: str) -> str:
    """Return how `forgotten` names a URL, a source or a site."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _find_common_spelling(url: str) -> str:
    """Return what the addresses of one page have in common that differ in their scheme, in `www.` or `m.`, or
    in a slash at the end."""
    parts = urlsplit(url)
    return f"//{find_site(url)}:{parts.port or ''}{parts.path.rstrip('/')}?{parts.query}"


def add_forgotten(store: Store, kind: Kind, names: Iterable[str], because: str) -> None:
    """Store that these must not come back, because a person has named `because`. Call inside
    `store.writing()`."""
    now = format_now()
    spelled = [one for name in names for one in _list_spellings(kind, name)]
    store.db.conn.executemany(
        "INSERT OR IGNORE INTO forgotten (kind, hash, because, at) VALUES (?, ?, ?, ?)",
        [(kind, hash_name(name), hash_name(because), now) for name in spelled],
    )


def _list_spellings(kind: Kind, name: str) -> list[str]:
    return [name, _find_common_spelling(name)] if kind == "url" else [name]


def delete_forgotten(store: Store, kind: Kind, name: str) -> bool:
    """Allow again what was forgotten because of this name. Return whether there was anything. Call inside
    `store.writing()`."""
    hashes = json.dumps([hash_name(one) for one in _list_spellings(kind, name)])
    sql = "DELETE FROM forgotten WHERE hash IN (SELECT value FROM json_each(?)) OR because = ?"
    return bool(store.db.execute(sql, [hashes, hash_name(name)]).rowcount)


def is_forgotten(store: Store, url: str = "", source: str = "") -> bool:
    """Return whether a canonical URL, its site or a source was taken down."""
    names = [("source", source)]
    if url:
        names += [("site", find_site(url)), *(("url", one) for one in _list_spellings("url", url))]
    values = [value for kind, name in names for value in (kind, hash_name(name))]
    pairs = ", ".join("(?, ?)" for _ in names)
    return (
        store.row(f"SELECT 1 FROM forgotten WHERE (kind, hash) IN (VALUES {pairs}) LIMIT 1", *values)
        is not None
    )


def delete_fetches(store: Store, condition: str, *values: object) -> int:
    """Delete rows of the crawl log and return their number. A pass over the archive that has come to one of
    them starts anew. Call inside `store.writing()`."""
    store.db.execute(
        f"DELETE FROM passes WHERE fetch IN (SELECT id FROM fetches WHERE {condition})", list(values)
    )
    return store.db.execute(f"DELETE FROM fetches WHERE {condition}", list(values)).rowcount
