"""What the crawl log knows of a source, as `next_crawl` and `health` need it."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopwire.scheduler.next_crawl import MAX_ARTICLE_TIMES, WINDOW, PublishingRate, SourceHistory
from shopwire.storage.crawl_log.events import WRONG_304
from shopwire.storage.crawl_log.outcomes import (
    HOST_NOT_FOUND,
    LISTS_READ,
    NEW,
    Health,
    Outcome,
    format_sql_list,
    select_by_health,
)
from shopwire.storage.crawl_log.runs import OFFLINE_WINDOW, count_lost_sources
from shopwire.storage.crawl_log.schedule import LOST, STOPPED
from shopwire.storage.database import Store
from shopwire.storage.layout_fields import DATELINE, RELATIVE, list_shown_fields
from shopwire.storage.timestamps import assume_utc, format_time

RUNS = 30
# How many articles count as the newest, and how many older ones they are compared with.
NEWEST, PAST = 10, 200
# A place in which at least this share of a source's articles have their date is a usual one.
USUAL = 0.05

# The publication time counts if it is precise to the minute, otherwise the time of the first fetch, but
# not for articles that were online before: those of the first complete crawl.
ARTICLE_TIMES = """
SELECT moment FROM (
    SELECT CASE WHEN length(published) > 10 THEN published ELSE articles.fetched END AS moment
    FROM articles JOIN sources ON sources.name = articles.source
    WHERE source = ? AND (length(published) > 10 OR
        julianday(articles.fetched) > coalesce(
            (SELECT min(julianday(finished)) FROM runs
             WHERE runs.source = sources.name AND outcome = 'ok'),
            julianday(first_crawled) + 0.05))
    ORDER BY articles.id DESC LIMIT ?
) WHERE julianday(moment) BETWEEN julianday(?) AND julianday(?)
"""
RUN_ROWS = """
SELECT id, started, outcome, coalesce(reason, '') AS reason FROM runs
WHERE source = ? AND finished IS NOT NULL AND coalesce(reason, '') NOT IN (?, ?)
ORDER BY id DESC LIMIT ?
"""
# The last `RUNS` runs are not enough to count a year of failures.
FAILURES = """
SELECT count(*) AS failures, min(started) AS since FROM runs
WHERE source = :source AND outcome = 'failed' AND id > (
    SELECT coalesce(max(id), 0) FROM runs
    WHERE source = :source AND finished IS NOT NULL AND outcome <> 'failed'
        AND coalesce(reason, '') NOT IN (:stopped, :lost))
"""
# Lists come last: of an outcome that both a list and a page have, the reason of the list is used.
OUTCOMES = """
SELECT run_id, kind = 'page' AS is_page, outcome, count(*) AS count, sum(links) AS links,
       max(rest) AS rest, min(reason) AS reason
FROM fetches WHERE run_id IN ({marks}) GROUP BY 1, 2, 3 ORDER BY is_page DESC
"""
NEWEST_ARTICLES = """
SELECT title, published, published_from, author, origin, length(text) AS length FROM articles
WHERE source = ? ORDER BY id DESC LIMIT ?
"""
# Imported pages say nothing about the site of today.
REFETCHED = """
SELECT published, published_from, author, origin, fetches.lost
FROM fetches JOIN articles ON articles.id = fetches.article_id
WHERE fetches.source = ? AND fetches.lost IS NOT NULL AND fetches.run_id IS NOT NULL
ORDER BY fetches.id DESC LIMIT ?
"""
NEWEST_WRONG_304 = "SELECT max(at) AS at FROM events WHERE source = ? AND kind = ?"


@dataclass(frozen=True, slots=True)
class RunStats:
    """One run: how it ended, and how many lists and pages had each outcome.

    `reasons` has a reason for each outcome, `links` is how many links its lists had (None when none was
    read), `rest` the longest Retry-After in seconds.
    """

    outcome: str
    started: datetime
    reason: str = ""
    lists: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    links: int | None = None
    rest: float = 0.0

    @property
    def is_read(self) -> bool:
        """Return whether some list was read."""
        return not LISTS_READ.isdisjoint(self.lists)

    def measure_share(self, health: Health) -> float:
        """Return the share of fetches whose outcome is a sign of this health; of lists only if none was
        read, as known pages that are fetched again say nothing about new ones."""
        outcomes = select_by_health(health)
        groups = [self.lists, self.pages] if self.is_read or not self.lists else [self.lists]
        fetches = [one for counts in groups for one in counts.items()]
        total = sum(count for _, count in fetches)
        return sum(count for name, count in fetches if name in outcomes) / total if total else 0.0

    def has_only_lists(self, health: Health) -> bool:
        """Return whether the outcomes of all lists, and of at least one, are signs of this health."""
        return bool(self.lists) and select_by_health(health).issuperset(self.lists)

    def find_reason(self, health: Health) -> str:
        """Return the reason of an outcome that is a sign of this health; empty if there is none."""
        outcomes = select_by_health(health)
        return next((self.reasons[name] for name in self.reasons if name in outcomes), "")


@dataclass(frozen=True, slots=True)
class ArticleFields:
    """Which of `health.FIELDS` an article has, and its length in characters."""

    present: frozenset[str]
    length: int


@dataclass(frozen=True, slots=True)
class RefetchedArticle:
    """An article that was fetched again: which fields it had before, and which of these were lost."""

    fields: frozenset[str]
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class SourceStats:
    """What is known of a source at a moment: runs, articles and refetched articles, newest first.

    `per_day` is how many articles a day it had when the last one came, `rate` the same in words, `expected`
    how many should have come since, by the hours and days on which it publishes. `unreliable_304` is when one
    of its 304 responses was found to be wrong.
    """

    at: datetime
    runs: Sequence[RunStats] = ()
    newest: Sequence[ArticleFields] = ()
    past: Sequence[ArticleFields] = ()
    refetched: Sequence[RefetchedArticle] = ()
    last_new: datetime | None = None
    per_day: float = 0.0
    rate: str = ""
    expected: float = 0.0
    unreliable_304: datetime | None = None


def read_history(store: Store, source: str, at: datetime) -> SourceHistory:
    """Return what `plan_next_crawl` needs."""
    runs = read_runs(store, source)
    named = {"source": source, "stopped": STOPPED, "lost": LOST}
    failures, failing_since = store.db.execute(FAILURES, named).fetchone()
    return SourceHistory(
        article_times=read_article_times(store, source, at),
        known_since=_read_first_crawl(store, source) or at,
        last_new=read_last_new(store, source),
        failures=failures,
        failing_since=datetime.fromisoformat(failing_since) if failures else None,
        rest=timedelta(seconds=runs[0].rest if runs else 0.0),
        is_cut_short=bool(runs) and runs[0].outcome == "interrupted",
    )


def read_article_times(store: Store, source: str, at: datetime) -> list[datetime]:
    """Return when the articles of the last weeks came, oldest first."""
    since, until = format_time(at - WINDOW), format_time(at)
    rows = store.rows(ARTICLE_TIMES, source, MAX_ARTICLE_TIMES, since, until)
    times = [datetime.fromisoformat(row["moment"]) for row in rows]
    return sorted(map(assume_utc, times))


def read_last_new(store: Store, source: str) -> datetime | None:
    """Return when the last new article of a source was fetched."""
    row = store.row(
        f"SELECT at FROM fetches WHERE source = ? AND outcome IN {format_sql_list(NEW)} "
        "ORDER BY at DESC LIMIT 1",
        source,
    )
    return _parse_time(row)


def read_runs(store: Store, source: str) -> list[RunStats]:
    """Return the last runs that were not interrupted by us, newest first."""
    rows = store.rows(RUN_ROWS, source, STOPPED, LOST, RUNS)
    fetches: dict[int, list[sqlite3.Row]] = {row["id"]: [] for row in rows}
    marks = ", ".join("?" * len(rows))
    for row in store.rows(OUTCOMES.format(marks=marks), *fetches):
        fetches[row["run_id"]].append(row)
    return [
        _build_run(row, fetches[row["id"]]) for row in rows if _says_something(store, row, fetches[row["id"]])
    ]


def _says_something(store: Store, run: sqlite3.Row, fetches: Sequence[sqlite3.Row]) -> bool:
    """Return whether a run says anything about its source: it was not interrupted before its first request,
    nor did all of its requests fail for a reason of our own or without a network."""
    if not fetches:
        return bool(run["outcome"] != "interrupted")
    if all(one["outcome"] == Outcome.TROUBLE for one in fetches):
        return False
    is_lost = all(HOST_NOT_FOUND in one["reason"] for one in fetches)
    return not (is_lost and _was_offline(store, datetime.fromisoformat(run["started"])))


def _was_offline(store: Store, at: datetime) -> bool:
    """Return whether no source was answered around a time, though there are several."""
    row = store.row("SELECT count(*) > 1 FROM sources")
    lost = count_lost_sources(store, at - OFFLINE_WINDOW, at + OFFLINE_WINDOW)
    return bool(row and row[0] and lost)


def _build_run(row: sqlite3.Row, fetches: Sequence[sqlite3.Row]) -> RunStats:
    links = [one["links"] for one in fetches if one["links"] is not None]
    return RunStats(
        outcome=row["outcome"],
        started=datetime.fromisoformat(row["started"]),
        reason=row["reason"],
        lists={one["outcome"]: one["count"] for one in fetches if not one["is_page"]},
        pages={one["outcome"]: one["count"] for one in fetches if one["is_page"]},
        reasons={one["outcome"]: one["reason"] for one in fetches},
        links=sum(links) if links else None,
        rest=max((one["rest"] for one in fetches if one["rest"] is not None), default=0.0),
    )


def read_source_stats(store: Store, source: str, at: datetime) -> SourceStats:
    """Return what `assess_health` needs."""
    articles = store.rows(NEWEST_ARTICLES, source, NEWEST + PAST)
    newest, past = articles[:NEWEST], articles[NEWEST:]
    places = Counter(row["published_from"] for row in past)
    usual = {place for place, count in places.items() if count >= USUAL * len(past)}
    last = read_last_new(store, source)
    per_day = expected = 0.0
    described = ""
    if last:
        since = _read_first_crawl(store, source) or at
        rate = PublishingRate(read_article_times(store, source, last), since, last)
        per_day, expected, described = rate.per_day, rate.count_expected(at), rate.describe()
    return SourceStats(
        at=at,
        runs=read_runs(store, source),
        newest=[_build_fields(row, usual) for row in newest],
        past=[_build_fields(row, usual) for row in past],
        refetched=[_build_refetched(row) for row in store.rows(REFETCHED, source, NEWEST + PAST)],
        last_new=last,
        per_day=per_day,
        rate=described,
        expected=expected,
        unreliable_304=_parse_time(store.row(NEWEST_WRONG_304, source, WRONG_304)),
    )


def _read_first_crawl(store: Store, source: str) -> datetime | None:
    row = store.row("SELECT first_crawled AS at FROM sources WHERE name = ?", source)
    return _parse_time(row)


def _build_refetched(row: sqlite3.Row) -> RefetchedArticle:
    fields = _list_fields(row) | ({DATELINE} if row["published_from"] else set())
    if row["published_from"].endswith(RELATIVE):
        fields -= {"time"}
    return RefetchedArticle(fields, fields.intersection(row["lost"].split(", ")))


def _build_fields(row: sqlite3.Row, usual: Set[str]) -> ArticleFields:
    more = {"title": bool(row["title"]), DATELINE: row["published_from"] in usual}
    present = _list_fields(row) | {name for name, is_present in more.items() if is_present}
    return ArticleFields(present, row["length"])


def _list_fields(row: sqlite3.Row) -> frozenset[str]:
    return list_shown_fields(row["published"], row["author"], row["origin"])


def _parse_time(row: sqlite3.Row | None) -> datetime | None:
    return datetime.fromisoformat(row["at"]) if row and row["at"] else None
