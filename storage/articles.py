"""Articles by their canonical URL, and what they mention."""

import sqlite3
from collections.abc import Iterable

from shopwire.storage.database import Store


def find_article(store: Store, url: str) -> sqlite3.Row | None:
    """Return the article at a canonical URL, None if there is none."""
    return store.row("SELECT * FROM articles WHERE url = ?", url)


def has_article(store: Store, url: str) -> bool:
    """Return whether there is an article at a canonical URL."""
    return store.row("SELECT 1 FROM articles WHERE url = ?", url) is not None


def save_mentions(
    store: Store,
    article_id: int,
    names: Iterable[tuple[str, str]],
    figures: Iterable[tuple[str, float, str, str, str, str]],
    platform: str | None,
) -> None:
    """Replace the names (kind, name), figures (kind, value, unit, sentence, what it
    counts, subject) and platform of an article. Call inside `store.writing()`."""
    store.db.execute(
        "UPDATE articles SET platform = ?1 WHERE id = ?2 AND platform IS NOT ?1", [platform, article_id]
    )
    for table in ("named", "figures"):
        store.db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    day = "(SELECT day FROM articles WHERE id = ?1)"
    store.db.conn.executemany(
        f"INSERT INTO named (article_id, day, kind, name) VALUES (?1, {day}, ?2, ?3)",
        [(article_id, *name) for name in names],
    )
    store.db.conn.executemany(
        "INSERT INTO figures (article_id, day, kind, value, unit, sentence, counts, subject) "
        f"VALUES (?1, {day}, ?2, ?3, ?4, ?5, ?6, ?7)",
        [(article_id, *figure) for figure in figures],
    )
