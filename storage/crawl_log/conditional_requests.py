"""Conditional requests for lists (RFC 9110, 8.8 and 13): what to send, and when not to trust a 304."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopwire.storage.crawl_log.outcomes import NEW, Outcome, format_sql_list
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now, format_time

# Some servers answer 304 whatever is new. After two 304 in a row a list is read in full as soon as this
# many new articles are expected since it was last read in full: no more can a wrong 304 hide.
MOST_HIDDEN = 0.2
# The rate of a source is estimated from this window; at first it is one article a day, with the weight of
# a day. The articles of the first crawl say nothing about the rate.
RATE_WINDOW, PRIOR_DAYS = timedelta(days=28), 1.0
FIRST_CRAWL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of a list: what to send so that the server can answer 304.

    `at` is when the list was last read in full, `was_unchanged` says that the last answer was 304,
    `is_unreliable` that a 304 has hidden something new.
    """

    etag: str = ""
    last_modified: str = ""
    at: datetime | None = field(default=None, compare=False)
    was_unchanged: bool = field(default=False, compare=False)
    is_unreliable: bool = False

    def can_be_sent(self) -> bool:
        """Return whether there is something to send to a server whose 304 are reliable."""
        return not self.is_unreliable and bool(self.etag or self.last_modified)

    def needs_full_read(self, now: datetime, per_day: float) -> bool:
        """Return whether to read the list in full after one more 304; the source publishes `per_day`
        articles a day."""
        if self.at is None or not self.was_unchanged:
            return False
        return (now - self.at) / timedelta(days=1) * per_day >= MOST_HIDDEN


def load_validators(store: Store, url: str) -> Validators:
    """Return the validators of a feed, sitemap or listing; empty ones if it was never read."""
    row = store.row(
        "SELECT etag, last_modified, at, wrong, (SELECT outcome FROM fetches "
        "WHERE url = validators.url AND kind <> 'page' ORDER BY id DESC LIMIT 1) = ? "
        "AS unchanged FROM validators WHERE url = ?",
        Outcome.UNCHANGED,
        url,
    )
    if row is None:
        return Validators()
    at = datetime.fromisoformat(row["at"])
    return Validators(row["etag"], row["last_modified"], at, bool(row["unchanged"]), bool(row["wrong"]))


def save_validators(store: Store, url: str, validators: Validators) -> None:
    """Store the validators of a full answer of `url`. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO validators (url, etag, last_modified, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, "
        "last_modified = excluded.last_modified, at = excluded.at",
        [url, validators.etag, validators.last_modified, format_now()],
    )


def mark_unreliable(store: Store, url: str) -> None:
    """Store that a 304 of `url` was wrong: no validators are sent any more. Call inside
    `store.writing()`."""
    store.db.execute("UPDATE validators SET wrong = wrong + 1 WHERE url = ?", [url])


def estimate_articles_per_day(store: Store, source: str, at: datetime) -> float:
    """Return how many articles a day a source published in the weeks before `at`.

    Raises `LookupError` for a source that is not declared.
    """
    row = store.row("SELECT first_crawled FROM sources WHERE name = ?", source)
    if row is None:
        raise LookupError(f"no source {source!r} in {store.path}")
    since = max(datetime.fromisoformat(row["first_crawled"]) + FIRST_CRAWL, at - RATE_WINDOW)
    found = store.row(
        "SELECT count(*) AS count FROM fetches "
        f"WHERE source = ? AND at > ? AND outcome IN {format_sql_list(NEW)}",
        source,
        format_time(since),
    )
    return estimate_rate(found["count"] if found else 0, at - since)


def estimate_rate(articles: int, period: timedelta) -> float:
    """Return articles a day for this number of articles in a period."""
    days = max(0.0, period / timedelta(days=1))
    return (articles + PRIOR_DAYS) / (days + PRIOR_DAYS)
