"""What became of an article after it was stored: earlier versions with a diff, and its heat over time.

Articles change most in their first days. All are looked at again after one; those whose pages count views,
comments or likes, and every eighth of the others, after some hours besides.
And any two runs of a source read two pages at least, new or known ones, as otherwise nobody would notice
for a day that a quiet one has changed its layout.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff

from shopwire.storage.crawl_log.outcomes import NEW, format_sql_list
from shopwire.storage.database import Store

# Ages at which an article is looked at again; most of those without counts at the last one only.
AGES = (timedelta(hours=3), timedelta(days=1))
YOUNG = timedelta(days=3)
SAMPLE = 8
# difflib takes quadratic time where many lines are the same.
MOST_LINES = 1000

# Known pages of which two are read, unless the last run read new ones; those first that name an author,
# as they show most, and of these the one that nobody has read for longest.
SIGHTS, LATEST = 2, 10

# A page is asked for by the address of its first fetch, and each try is a visit, whatever came of it.
VISITS = f"""
SELECT first.url, first.at AS first, articles.archived_in AS archived_in,
       coalesce(views, comments, likes) IS NOT NULL OR articles.id % ? = 0 AS often,
       (SELECT max(at) FROM fetches WHERE url = first.url AND kind = 'page') AS last
FROM articles JOIN fetches AS first ON first.article_id = articles.id
WHERE articles.source = ? AND articles.fetched > ? AND first.outcome IN {format_sql_list(NEW)}
    AND articles.archived_in <> ''
ORDER BY first.at
"""
KNOWN = f"""
SELECT first.url, latest.archived_in
FROM (SELECT id, author, archived_in FROM articles WHERE source = ? ORDER BY id DESC LIMIT ?) AS latest
JOIN fetches AS first ON first.article_id = latest.id
WHERE first.outcome IN {format_sql_list(NEW)} AND latest.archived_in <> ''
ORDER BY author = '', (SELECT max(id) FROM fetches WHERE url = first.url AND kind = 'page')
LIMIT ?
"""
READ_BY_LAST_RUN = """
SELECT count(*) AS pages FROM fetches WHERE kind = 'page' AND article_id IS NOT NULL
    AND run_id = (SELECT max(id) FROM runs WHERE source = ? AND finished IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A known page that is to be looked at again, and where it lies in the archive."""

    url: str
    archived_in: str


def readable_diff(old: str, new: str) -> str:
    """The lines that went (-) and came (+), with one line around them to find the place."""
    lines = unified_diff(
        old.split("\n")[:MOST_LINES], new.split("\n")[:MOST_LINES], lineterm="", n=1
    )
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def as_stored(store: Store, url: str) -> sqlite3.Row | None:
    """The article at a canonical URL, None when there is none."""
    return store.row("SELECT * FROM articles WHERE url = ?", url)


def is_stored(store: Store, url: str) -> bool:
    """Whether there is an article at a canonical URL."""
    return store.row("SELECT 1 FROM articles WHERE url = ?", url) is not None


def note_version(
    store: Store,
    article_id: int,
    before: tuple[str, str] | None,
    after: tuple[str, str],
    at: str,
) -> None:
    """Store the earlier version of an article if its title or text has changed.

    `before` (None for a new article) and `after` are a title and a text each. Call inside
    `store.writing()`.
    """
    if before is None or before == after:
        return
    old, new = "\n".join(before), "\n".join(after)
    store.db.execute(
        "INSERT OR REPLACE INTO versions (article_id, replaced, title, text, diff) "
        "VALUES (?, ?, ?, ?, ?)",
        [article_id, at, *before, readable_diff(old, new)],
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


def to_revisit(store: Store, source: str, at: datetime, most: int) -> list[Visit]:
    """Known pages of a source that are to be looked at again, those that change most first."""
    since = (at - YOUNG).astimezone(UTC).isoformat(timespec="seconds")
    visits = {
        row["url"]: Visit(row["url"], row["archived_in"])
        for row in store.rows(VISITS, SAMPLE, source, since)
        if _is_due(row, at)
    }
    read = store.row(READ_BY_LAST_RUN, source)
    wanted = SIGHTS - (read["pages"] if read else 0)
    for row in store.rows(KNOWN, source, LATEST, SIGHTS):
        if len(visits) < wanted:
            visits.setdefault(row["url"], Visit(row["url"], row["archived_in"]))
    return list(visits.values())[:most]


def _is_due(visit: sqlite3.Row, at: datetime) -> bool:
    """Whether an article has come to one of its ages since it was last looked at."""
    first, last = (datetime.fromisoformat(visit[name]) for name in ("first", "last"))
    ages = AGES if visit["often"] else AGES[-1:]
    return any(last - first < age <= at - first for age in ages)
