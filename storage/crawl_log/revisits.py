"""Which known pages to request again, although nothing says that they have changed.

Articles change most in their first days. All are requested again after a day; those whose pages show counts
of views, comments or likes, and every eighth of the others, also after some hours. Besides, any two runs of
a source read two pages at least, new or known ones: otherwise a changed layout of a source that publishes
little would be noticed a day late.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopwire.storage.crawl_log.outcomes import NEW, format_sql_list
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_time

# Ages at which an article is requested again; most of those without counts at the last one only.
AGES = (timedelta(hours=3), timedelta(days=1))
YOUNG = timedelta(days=3)
SAMPLE_EVERY = 8
# Few: a crawl is for new pages.
REVISITS_PER_CRAWL = 20
# How many pages two runs read together, and from how many of the newest known pages they are taken: those
# first that name an author, as they show most, and of these the one that was read longest ago.
PAGES_PER_TWO_RUNS, NEWEST = 2, 10

# A page is requested by the URL of its first fetch; each request counts, whatever its outcome.
YOUNG_PAGES = f"""
SELECT first.url, first.at AS first, articles.archived_in AS archived_in,
       coalesce(views, comments, likes) IS NOT NULL OR articles.id % ? = 0 AS often,
       (SELECT max(at) FROM fetches WHERE url = first.url AND kind = 'page') AS last
FROM articles JOIN fetches AS first ON first.article_id = articles.id
WHERE articles.source = ? AND articles.fetched > ? AND first.outcome IN {format_sql_list(NEW)}
    AND articles.archived_in <> ''
ORDER BY first.at
"""
NEWEST_PAGES = f"""
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
class PageToRevisit:
    """A known page to request again, and its place in the archive."""

    url: str
    archived_in: str


def find_pages_to_revisit(store: Store, source: str, at: datetime, most: int) -> list[PageToRevisit]:
    """Return up to `most` known pages of a source to request again, young ones first."""
    found = {
        row["url"]: PageToRevisit(row["url"], row["archived_in"])
        for row in store.rows(YOUNG_PAGES, SAMPLE_EVERY, source, format_time(at - YOUNG))
        if _is_due(row, at)
    }
    read = store.row(READ_BY_LAST_RUN, source)
    wanted = PAGES_PER_TWO_RUNS - (read["pages"] if read else 0)
    for row in store.rows(NEWEST_PAGES, source, NEWEST, PAGES_PER_TWO_RUNS):
        if len(found) < wanted:
            found.setdefault(row["url"], PageToRevisit(row["url"], row["archived_in"]))
    return list(found.values())[:most]


def _is_due(page: sqlite3.Row, at: datetime) -> bool:
    """Return whether an article has reached one of its ages since the last request."""
    first, last = (datetime.fromisoformat(page[name]) for name in ("first", "last"))
    ages = AGES if page["often"] else AGES[-1:]
    return any(last - first < age <= at - first for age in ages)
