"""Articles by their canonical URL."""

import sqlite3

from shopwire.storage.database import Store


def find_article(store: Store, url: str) -> sqlite3.Row | None:
    """Return the article at a canonical URL, None if there is none."""
    return store.row("SELECT * FROM articles WHERE url = ?", url)


def has_article(store: Store, url: str) -> bool:
    """Return whether there is an article at a canonical URL."""
    return store.row("SELECT 1 FROM articles WHERE url = ?", url) is not None
