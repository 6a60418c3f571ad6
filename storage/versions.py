"""The past of an article: its earlier versions with a diff, and its counts over time."""

from difflib import unified_diff

from shopwire.storage.database import Store

# difflib takes quadratic time where many lines are the same.
MOST_LINES = 1000


def format_diff(old: str, new: str) -> str:
    """Return the removed (-) and added (+) lines, with one line of context around them."""
    lines = unified_diff(old.split("\n")[:MOST_LINES], new.split("\n")[:MOST_LINES], lineterm="", n=1)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def save_version(
    store: Store, article_id: int, before: tuple[str, str] | None, after: tuple[str, str], at: str
) -> None:
    """Store the earlier version of an article if its title or text has changed.

    `before` (None for a new article) and `after` are a title and a text each. Call inside
    `store.writing()`.
    """
    if before is None or before == after:
        return
    old, new = "\n".join(before), "\n".join(after)
    store.db.execute(
        "INSERT OR REPLACE INTO versions (article_id, replaced, title, text, diff) VALUES (?, ?, ?, ?, ?)",
        [article_id, at, *before, format_diff(old, new)],
    )


def save_counts(
    store: Store, article_id: int, counts: tuple[int | None, int | None, int | None], at: str
) -> None:
    """Store how many views, comments and likes an article had at a time, None where its page does not
    say; the article itself has the last counts. Call inside `store.writing()`."""
    if any(count is not None for count in counts):
        store.db.execute(
            "INSERT OR REPLACE INTO counts (article_id, at, views, comments, likes) VALUES (?, ?, ?, ?, ?)",
            [article_id, at, *counts],
        )
        store.db.execute(
            "UPDATE articles SET views = coalesce(?, views), comments = coalesce(?, comments), "
            "likes = coalesce(?, likes) WHERE id = ?",
            [*counts, article_id],
        )
