"""The ledger: which source was crawled when, and what became of every single attempt."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shopwire.storage.crawl_log.outcomes import (
    FAILED,
    LISTS_READ,
    NEW,
    RETRIED,
    Outcome,
    format_sql_list,
    parse_outcome,
)
from shopwire.storage.database import Store

# Each try waits so many times as long as the one before, as a server may be down for two days.
LONGER, LONGEST_WAIT = 4, timedelta(days=7)
# Some sources say daily that a page has changed that has not.
DISTRUST = timedelta(days=1)
# Some servers answer 304 whatever is new. After two in a row a list is read in full, once so many articles
# were to be expected since that was last done: about so much can a wrong 304 hide.
HIDDEN = 0.2
# What a source publishes is learned from so long; before we know, it is an article a day, with the
# weight of a day. What its lists hold when it is first read tells nothing of its pace.
PACE_WINDOW, PACE_DAYS = timedelta(days=28), 1.0
FIRST_READING = timedelta(hours=1)
# Why a run ended: there was nothing left to ask for, or as many new pages had come as were wanted.
FINISHED = "finished"
LIMITED = "limit"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told us to send back, so that it can answer 304 (RFC 9110, 8.8).

    `at` is when it last gave us the whole list, `unchanged` whether it said 304 the last time, `wrong`
    whether one of its 304s hid something new.
    """

    etag: str = ""
    last_modified: str = ""
    at: datetime | None = field(default=None, compare=False)
    unchanged: bool = field(default=False, compare=False)
    wrong: bool = False

    def may_be_sent(self) -> bool:
        """Whether the server is believed."""
        return not self.wrong and bool(self.etag or self.last_modified)

    def want_proof(self, now: datetime, per_day: float) -> bool:
        """Whether it is time to see for ourselves that another 304 is right, with so many articles a
        day."""
        if self.at is None or not self.unchanged:
            return False
        return (now - self.at) / timedelta(days=1) * per_day >= HIDDEN


@dataclass(frozen=True, slots=True)
class LastFetch:
    """How a page stands in the ledger: when it was last asked for, how it went, how often it was tried,
    not counting what was our own trouble.

    `modified` is when its source said then that it had last changed.
    """

    at: datetime
    outcome: Outcome
    tries: int
    modified: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether we have what there is to have."""
        return self.tries >= self.outcome.tries

    def is_due(self, at: datetime, modified: datetime | None = None) -> bool:
        """Whether the page should be fetched again at that time, its source saying that it has
        changed at `modified`."""
        if not self.settled:
            first = self.outcome.retry_after
            longer = first * LONGER ** min(self.tries - 1, 9) if self.tries else first
            return at - self.at >= min(longer, LONGEST_WAIT)
        if modified is None or self.modified is None or modified <= self.modified:
            return False
        return self.outcome != Outcome.KNOWN or at - self.at >= DISTRUST


def now() -> str:
    """This moment as the ledger writes it: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def declare_source(store: Store, name: str, title: str, home: str, language: str) -> None:
    """Make sure that a source has its row. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO sources (name, title, home, language, first_crawled) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET title = excluded.title, home = excluded.home, "
        "language = excluded.language",
        [name, title, home, language, now()],
    )


def declare_host(store: Store, name: str, url: str, language: str) -> None:
    """Give a source that nobody declared its row, with the host of an article's `url` for a home. Call
    inside `store.writing()`."""
    if store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        home = "/".join(url.split("/", 3)[:3]) + "/"
        declare_source(store, name, name, home, language)


def begin_run(store: Store, source: str) -> int:
    """Open a run of a declared source; gives its id. Closes what a killed run of it left open."""
    with store.writing():
        close_dead_runs(store, source)
        return store.insert("runs", {"source": source, "started": now(), "pid": os.getpid()})


def _outcome_of(store: Store, run: int) -> str:
    count: Counter[tuple[str, bool]] = Counter()
    for kind, outcome in store.rows("SELECT kind, outcome FROM fetches WHERE run_id = ?", run):
        if kind == "page":
            count["page", outcome in FAILED] += 1
        else:
            count["list", outcome not in LISTS_READ] += 1
    if count["list", True] and not count["list", False]:
        return "failed"
    partly = count["list", True] or count["page", True] > count["page", False]
    return "partial" if partly else "ok"


def close_dead_runs(store: Store, source: str) -> None:
    """Close the runs of a source whose process is gone. Call inside `store.writing()`."""
    rows = store.rows("SELECT id, pid FROM runs WHERE source = ? AND finished IS NULL", source)
    for run, pid in rows:
        if not is_alive(pid):
            store.db.execute(
                "UPDATE runs SET finished = ?, outcome = 'interrupted', reason = ? WHERE id = ?",
                [now(), "its process ended without a word", run],
            )


def is_alive(pid: int) -> bool:
    """Whether there is a process of that number, be it somebody else's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def last_run_was_whole(store: Store, source: str) -> bool:
    """Whether the last run of a source came to its end and left nothing; so where there was none."""
    row = store.row(
        "SELECT outcome, reason FROM runs WHERE source = ? ORDER BY id DESC LIMIT 1", source
    )
    return row is None or tuple(row) == ("ok", FINISHED)


def has_runs(store: Store, source: str) -> bool:
    """Whether a source was ever crawled."""
    return store.row("SELECT 1 FROM runs WHERE source = ? LIMIT 1", source) is not None


def finish_run(store: Store, run: int, known: int, reason: str) -> None:
    """Close a run: `known` links were dropped before download, `reason` is why the crawl ended.

    The run failed when no list was answered, and is partial when some was not, or most pages were
    not; a single page that fails is on its own row, and is tried again.
    """
    outcome = _outcome_of(store, run) if reason in (FINISHED, LIMITED) else "interrupted"
    with store.writing():
        store.db.execute(
            "UPDATE runs SET finished = ?, outcome = ?, reason = ?, known = ? WHERE id = ?",
            [now(), outcome, reason, known, run],
        )


def record_fetch(store: Store, attempt: Mapping[str, Any]) -> None:
    """Add one row to `fetches`. Call inside `store.writing()`, together with what the fetch brought.

    Raises `ValueError` for an outcome that is not declared.
    """
    store.insert("fetches", {**attempt, "outcome": parse_outcome(attempt["outcome"])})


def last_fetch(store: Store, url: str) -> LastFetch | None:
    """How the page at a canonical URL stands, None when it was never asked for."""
    row = store.row(
        "SELECT max(at) AS at, outcome, sum(outcome <> ?) AS tries, modified FROM fetches "
        "WHERE kind = 'page' AND url = ? GROUP BY url",
        Outcome.TROUBLE,
        url,
    )
    if row is None:
        return None
    modified = datetime.fromisoformat(row["modified"]) if row["modified"] else None
    at, outcome = datetime.fromisoformat(row["at"]), parse_outcome(row["outcome"])
    return LastFetch(at, outcome, row["tries"], modified)


def has_fetches(store: Store, run: int) -> bool:
    """Whether a run asked for anything."""
    return store.row("SELECT 1 FROM fetches WHERE run_id = ? LIMIT 1", run) is not None


def has_unsettled_pages(store: Store, run: int) -> bool:
    """Whether some page of a run is to be tried again."""
    sql = (
        "SELECT 1 FROM fetches WHERE run_id = ? AND kind = 'page' "
        f"AND outcome IN {format_sql_list(RETRIED)} LIMIT 1"
    )
    return store.row(sql, run) is not None


def validators(store: Store, url: str) -> Validators:
    """What to send with the next request for a feed, sitemap or listing; empty when it is new to us."""
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
    return Validators(
        row["etag"], row["last_modified"], at, bool(row["unchanged"]), bool(row["wrong"])
    )


def articles_per_day(store: Store, source: str, at: datetime) -> float:
    """How many articles a day a declared source had in the last weeks."""
    row = store.row("SELECT first_crawled FROM sources WHERE name = ?", source)
    if row is None:
        raise LookupError(f"no source {source!r} in {store.path}")
    since = max(datetime.fromisoformat(row["first_crawled"]) + FIRST_READING, at - PACE_WINDOW)
    found = store.row(
        "SELECT count(*) AS count FROM fetches "
        f"WHERE source = ? AND at > ? AND outcome IN {format_sql_list(NEW)}",
        source,
        since.astimezone(UTC).isoformat(timespec="seconds"),
    )
    return pace(found["count"] if found else 0, at - since)


def pace(articles: int, since: timedelta) -> float:
    """Articles a day, when so many came in that time."""
    days = max(0.0, since / timedelta(days=1))
    return (articles + PACE_DAYS) / (days + PACE_DAYS)


def remember_validators(store: Store, url: str, found: Validators) -> None:
    """Keep what a 200 of `url` carried. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO validators (url, etag, last_modified, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, "
        "last_modified = excluded.last_modified, at = excluded.at",
        [url, found.etag, found.last_modified, now()],
    )


def distrust(store: Store, url: str) -> None:
    """Believe no further 304 of `url`, as one was wrong. Call inside `store.writing()`."""
    store.db.execute("UPDATE validators SET wrong = wrong + 1 WHERE url = ?", [url])
