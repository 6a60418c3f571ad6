"""What the ledger knows of a source, as `due` and `health` want it, and what they make of it."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta

from shopwire.scheduler.health import NEWEST, PAST, Facts, Fields, Reread, Run, Verdict, judge
from shopwire.scheduler.next_crawl import MOST_MOMENTS, WINDOW, History, Rhythm
from shopwire.storage.crawl_log.events import WRONG_304, record_health
from shopwire.storage.crawl_log.schedule import LOST, STOPPED
from shopwire.storage.crawl_log.timestamps import format_time
from shopwire.storage.database import Store
from shopwire.storage.schema.tables import RELATIVE
from shopwire.storage.versions import DATELINE, fields_shown

logger = logging.getLogger(__name__)

RUNS = 30
# A place where so many of a source's articles have their date is a usual one.
USUAL = 0.05

# Publication times count as far as they are precise to the minute; other articles came when we saw
# them, except for those that were there already: until a first crawl has read everything.
MOMENTS = """
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
# A year of failures is more than the last runs tell of.
FAILURES = """
SELECT count(*) AS failures, min(started) AS since FROM runs
WHERE source = :source AND outcome = 'failed' AND id > (
    SELECT coalesce(max(id), 0) FROM runs
    WHERE source = :source AND finished IS NOT NULL AND outcome <> 'failed'
        AND coalesce(reason, '') NOT IN (:stopped, :lost))
"""
# Lists stand last: of what both a list and a page came to, the list tells more.
OUTCOMES = """
SELECT run_id, kind = 'page' AS is_page, outcome, count(*) AS count, sum(links) AS links,
       max(rest) AS rest, min(reason) AS reason
FROM fetches WHERE run_id IN ({marks}) GROUP BY 1, 2, 3 ORDER BY is_page DESC
"""
NEWEST_ARTICLES = """
SELECT title, published, published_from, author, origin, length(text) AS length FROM articles
WHERE source = ? ORDER BY id DESC LIMIT ?
"""
# What was imported says nothing of the site as it is.
READ_AGAIN = """
SELECT published, published_from, author, origin, fetches.lost
FROM fetches JOIN articles ON articles.id = fetches.article_id
WHERE fetches.source = ? AND fetches.lost IS NOT NULL AND fetches.run_id IS NOT NULL
ORDER BY fetches.id DESC LIMIT ?
"""
LIED = "SELECT max(at) AS at FROM events WHERE source = ? AND kind = ?"


def read_history(store: Store, source: str, at: datetime) -> History:
    """What `due.next_due` wants to know."""
    runs = read_runs(store, source)
    named = {"source": source, "stopped": STOPPED, "lost": LOST}
    failures, failing_since = store.db.execute(FAILURES, named).fetchone()
    first = store.row("SELECT first_crawled FROM sources WHERE name = ?", source)
    last = last_new(store, source)
    rest = runs[0].rest if runs else 0.0
    return History(
        moments=read_moments(store, source, at),
        known_since=datetime.fromisoformat(first["first_crawled"]) if first else at,
        last_new=last,
        failures=failures,
        failing_since=datetime.fromisoformat(failing_since) if failures else None,
        rest=timedelta(seconds=rest),
        cut_short=bool(runs) and runs[0].outcome == "interrupted",
    )


def read_moments(store: Store, source: str, at: datetime) -> list[datetime]:
    """When the articles of the last weeks came, oldest first."""
    rows = store.rows(MOMENTS, source, MOST_MOMENTS, format_time(at - WINDOW), format_time(at))
    moments = [datetime.fromisoformat(row["moment"]) for row in rows]
    return sorted(one if one.tzinfo else one.replace(tzinfo=UTC) for one in moments)


def last_new(store: Store, source: str) -> datetime | None:
    """When the last new article of a source was seen."""
    row = store.row(
        "SELECT at FROM fetches WHERE source = ? AND outcome IN ('stored', 'copy') "
        "ORDER BY at DESC LIMIT 1",
        source,
    )
    return _moment(row)


def read_runs(store: Store, source: str) -> list[Run]:
    """The last runs that ended by themselves or by their limit, newest first."""
    rows = store.rows(RUN_ROWS, source, STOPPED, LOST, RUNS)
    attempts: dict[int, list[sqlite3.Row]] = {row["id"]: [] for row in rows}
    marks = ", ".join("?" * len(rows))
    for row in store.rows(OUTCOMES.format(marks=marks), *attempts):
        attempts[row["run_id"]].append(row)
    return [_run(row, attempts[row["id"]]) for row in rows]


def _run(row: sqlite3.Row, attempts: Sequence[sqlite3.Row]) -> Run:
    links = [one["links"] for one in attempts if one["links"] is not None]
    return Run(
        outcome=row["outcome"],
        started=datetime.fromisoformat(row["started"]),
        reason=row["reason"],
        lists={one["outcome"]: one["count"] for one in attempts if not one["is_page"]},
        pages={one["outcome"]: one["count"] for one in attempts if one["is_page"]},
        words={one["outcome"]: one["reason"] for one in attempts},
        links=sum(links) if links else None,
        rest=max((one["rest"] for one in attempts if one["rest"] is not None), default=0.0),
    )


def read_facts(store: Store, source: str, at: datetime) -> Facts:
    """What `health.judge` wants to know."""
    articles = store.rows(NEWEST_ARTICLES, source, NEWEST + PAST)
    newest, past = articles[:NEWEST], articles[NEWEST:]
    places = Counter(row["published_from"] for row in past)
    usual = {place for place, count in places.items() if count >= USUAL * len(past)}
    last = last_new(store, source)
    per_day = expected = 0.0
    if last:
        first = store.row("SELECT first_crawled FROM sources WHERE name = ?", source)
        since = datetime.fromisoformat(first["first_crawled"]) if first else at
        rhythm = Rhythm(read_moments(store, source, last), since, last)
        per_day, expected = rhythm.per_day, rhythm.expected(at)
    return Facts(
        at=at,
        runs=read_runs(store, source),
        newest=[_fields(row, usual) for row in newest],
        past=[_fields(row, usual) for row in past],
        reread=[_reread(row) for row in store.rows(READ_AGAIN, source, NEWEST + PAST)],
        last_new=last,
        per_day=per_day,
        expected=expected,
        lied=_moment(store.row(LIED, source, WRONG_304)),
    )


def judge_all(store: Store, at: datetime) -> dict[str, Verdict]:
    """How each source is doing."""
    rows = store.rows("SELECT name FROM sources")
    return {row["name"]: judge(read_facts(store, row["name"], at)) for row in rows}


def note_verdicts(store: Store, at: datetime) -> dict[str, Verdict]:
    """Judge every source, and keep each verdict that is not what `sources_health` says; gives them all.

    A store that somebody has locked is not waited for: its verdicts are given, not kept, and that is
    logged. Whoever asks next keeps them.
    """
    verdicts = judge_all(store, at)
    if not _unlike_shown(store, verdicts):
        return verdicts
    try:
        with store.impatient(), store.writing():
            # Somebody may have crawled and judged since.
            verdicts = judge_all(store, at)
            for source in _unlike_shown(store, verdicts):
                record_health(store, source, at, verdicts[source].status, verdicts[source].evidence)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        logger.warning("how the sources are doing is not kept this time: %s", error)
    return verdicts


def _unlike_shown(store: Store, verdicts: Mapping[str, Verdict]) -> list[str]:
    """The sources of which `sources_health` says something else."""
    shown = {
        row["source"]: Verdict(row["status"], row["evidence"])
        for row in store.rows("SELECT source, status, evidence FROM sources_health")
    }
    return [source for source, verdict in verdicts.items() if shown.get(source) != verdict]


def _reread(row: sqlite3.Row) -> Reread:
    had = _shown(row) | ({DATELINE} if row["published_from"] else set())
    if row["published_from"].endswith(RELATIVE):
        had -= {"time"}
    return Reread(had, had.intersection(row["lost"].split(", ")))


def _fields(row: sqlite3.Row, usual: Set[str]) -> Fields:
    told = {"title": bool(row["title"]), DATELINE: row["published_from"] in usual}
    return Fields(_shown(row) | {name for name, is_told in told.items() if is_told}, row["length"])


def _shown(row: sqlite3.Row) -> frozenset[str]:
    return fields_shown(row["published"], row["author"], row["origin"])


def _moment(row: sqlite3.Row | None) -> datetime | None:
    return datetime.fromisoformat(row["at"]) if row and row["at"] else None
