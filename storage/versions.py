"""What became of an article after it was stored: earlier versions with a diff, and its heat over time.

Articles change most in their first days. Those whose pages count views, comments or likes are looked at
again, of the others every eighth, so that a source that rewrites its articles is noticed at little cost.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from difflib import unified_diff

from shopwire.storage.store import Store

# Ages at which an article is looked at again.
AGES = (timedelta(hours=3), timedelta(days=1))
YOUNG = timedelta(days=3)
SAMPLE = 8
# difflib takes quadratic time where many lines are the same.
MOST_LINES = 1000

VISITS = """
SELECT fetches.url, min(at) AS first, count(*) AS visits
FROM articles JOIN fetches ON fetches.article_id = articles.id
WHERE articles.source = ? AND articles.fetched > ?
    AND (coalesce(views, comments, likes) IS NOT NULL OR articles.id % ? = 0)
GROUP BY articles.id
HAVING max(CASE WHEN fetches.outcome IN ('stored', 'copy') THEN 1 ELSE 0 END) = 1
ORDER BY first
"""


def readable_diff(old: str, new: str) -> str:
    """The lines that went (-) and came (+), with one line around them to find the place."""
    lines = unified_diff(
        old.split("\n")[:MOST_LINES], new.split("\n")[:MOST_LINES], lineterm="", n=1
    )
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def as_stored(store: Store, url: str) -> sqlite3.Row | None:
    """The article at a canonical URL, None when there is none."""
    return store.row("SELECT * FROM articles WHERE url = ?", url)


def note_version(
    store: Store, article_id: int, before: sqlite3.Row | None, after: tuple[str, str], at: str
) -> None:
    """Keep what an article was before, if its words have changed to `after`, a title and a text. Call
    inside `store.writing()`."""
    if before is None or (before["title"], before["text"]) == after:
        return
    old, new = f"{before['title']}\n{before['text']}", "\n".join(after)
    store.db.execute(
        "INSERT OR REPLACE INTO versions (article_id, replaced, title, text, diff) "
        "VALUES (?, ?, ?, ?, ?)",
        [article_id, at, before["title"], before["text"], readable_diff(old, new)],
    )


def note_counts(
    store: Store, article_id: int, counts: tuple[int | None, int | None, int | None], at: str
) -> None:
    """Keep how often an article had been viewed, commented on and liked at a time, as far as its page
    says so; the article has the last counts. Call inside `store.writing()`."""
    if any(count is not None for count in counts):
        store.db.execute(
            "INSERT OR REPLACE INTO counts (article_id, at, views, comments, likes) "
            "VALUES (?, ?, ?, ?, ?)",
            [article_id, at, *counts],
        )
        store.db.execute(
            "UPDATE articles SET views = coalesce(?, views), comments = coalesce(?, comments), "
            "likes = coalesce(?, likes) WHERE id = ?",
            [*counts, article_id],
        )


def to_revisit(store: Store, source: str, at: datetime, most: int) -> list[str]:
    """Addresses of young articles of a source that are to be looked at again, the oldest first."""
    since = (at - YOUNG).astimezone(UTC).isoformat(timespec="seconds")
    rows = store.rows(VISITS, source, since, SAMPLE)
    due = [
        row["url"]
        for row in rows
        if row["visits"] <= len(AGES)
        and at - datetime.fromisoformat(row["first"]) >= AGES[row["visits"] - 1]
    ]
    return due[:most]
