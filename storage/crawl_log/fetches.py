"""The fetches of the crawl log: one row for each request, and when a page is to be requested again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopwire.storage.crawl_log.outcomes import RETRIED, Outcome, format_sql_list, parse_outcome
from shopwire.storage.database import Store

# Each wait is so many times as long as the one before, as a server may be down for two days.
BACKOFF, LONGEST_WAIT = 4, timedelta(days=7)
# Some sources claim every day that a page has changed which has not.
UNCHANGED_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LastFetch:
    """The last fetch of a page.

    `tries` counts all fetches of the page but those that failed for a reason of our own, `modified` is
    when the page had last changed, as its source said then.
    """

    at: datetime
    outcome: Outcome
    tries: int
    modified: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Return whether there is no reason to request the page again unless it changes."""
        return self.tries >= self.outcome.tries

    def is_due(self, at: datetime, modified: datetime | None = None) -> bool:
        """Return whether to request the page again at a time; its source says that it has changed at
        `modified`."""
        if not self.is_settled:
            wait: timedelta = self.outcome.retry_after * BACKOFF ** max(0, min(self.tries - 1, 9))
            return at - self.at >= min(wait, LONGEST_WAIT)
        if modified is None or self.modified is None or modified <= self.modified:
            return False
        return self.outcome != Outcome.KNOWN or at - self.at >= UNCHANGED_WAIT


def record_fetch(store: Store, columns: Mapping[str, Any]) -> None:
    """Add one row to `fetches`. Call inside `store.writing()`, together with what the fetch returned.

    Raises `ValueError` for an outcome that is not declared.
    """
    store.insert("fetches", {**columns, "outcome": parse_outcome(columns["outcome"])})


def is_fetch_recorded(store: Store, url: str, at: str, kind: str) -> bool:
    """Return whether there is a row of a request at a time, written as the store writes it."""
    sql = "SELECT 1 FROM fetches WHERE url = ? AND at = ? AND kind = ?"
    return store.row(sql, url, at, kind) is not None


def find_article_fetched_later(store: Store, url: str, at: str) -> int | None:
    """Return the article that was stored of the page at a URL by a request after a time, None without one."""
    row = store.row(
        "SELECT article_id FROM fetches WHERE url = ? AND kind = 'page' AND at > ? "
        "AND article_id IS NOT NULL ORDER BY at DESC LIMIT 1",
        url,
        at,
    )
    return None if row is None else int(row["article_id"])


def find_last_fetch(store: Store, url: str) -> LastFetch | None:
    """Return the last fetch of the page at a canonical URL, None if it was never requested."""
    return _find_last_fetch(store, "url = ?", url)


def find_last_fetch_of_article(store: Store, url: str) -> LastFetch | None:
    """Return the last fetch of the article at a canonical URL, by any of its addresses; None if it was never
    requested."""
    return _find_last_fetch(store, "article_id = (SELECT id FROM articles WHERE url = ?)", url)


def _find_last_fetch(store: Store, where: str, url: str) -> LastFetch | None:
    row = store.row(
        "SELECT max(at) AS at, outcome, sum(outcome <> ?) AS tries, modified FROM fetches "
        f"WHERE kind = 'page' AND {where} GROUP BY kind",
        Outcome.TROUBLE,
        url,
    )
    if row is None:
        return None
    modified = datetime.fromisoformat(row["modified"]) if row["modified"] else None
    at, outcome = datetime.fromisoformat(row["at"]), parse_outcome(row["outcome"])
    return LastFetch(at, outcome, row["tries"], modified)


def has_fetches(store: Store, run: int) -> bool:
    """Return whether a run requested anything."""
    return store.row("SELECT 1 FROM fetches WHERE run_id = ? LIMIT 1", run) is not None


def has_unsettled_pages(store: Store, run: int) -> bool:
    """Return whether some page of a run is to be requested again."""
    sql = (
        "SELECT 1 FROM fetches WHERE run_id = ? AND kind = 'page' "
        f"AND outcome IN {format_sql_list(RETRIED)} LIMIT 1"
    )
    return store.row(sql, run) is not None
