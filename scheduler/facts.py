"""What the ledger knows of a source, as `due` and `health` want it, and what they make of it."""

import sqlite3
from collections import Counter
from collections.abc import Sequence, Set
from datetime import UTC, datetime, timedelta

from shopwire.scheduler.due import MOST_MOMENTS, WINDOW, History, Rhythm
from shopwire.scheduler.health import NEWEST, PAST, Facts, Fields, Reread, Run, judge
from shopwire.storage.schedule import LOST, STOPPED, WRONG_304, note_health, stamp
from shopwire.storage.store import Store
from shopwire.storage.versions import DATELINE, fields_shown

RUNS = 30
# A place where so many of a source's articles have their date is a usual one.
USUAL = 0.05

# Publication times count as far as they are precise to the minute; other articles came when we saw
# them, except for those that were there already at the first crawl.
MOMENTS = """
SELECT moment FROM (
    SELECT CASE WHEN length(published) > 10 THEN published ELSE articles.fetched END AS moment
    FROM articles JOIN sources ON sources.name = articles.source
    WHERE source = ? AND (length(published) > 10 OR
        julianday(articles.fetched) > julianday(first_crawled) + 0.05)
    ORDER BY articles.id DESC LIMIT ?
) WHERE julianday(moment) BETWEEN julianday(?) AND julianday(?)
"""
RUN_ROWS = """
SELECT id, started, outcome, coalesce(reason, '') AS reason FROM runs
WHERE source = ? AND finished IS NOT NULL AND coalesce(reason, '') NOT IN (?, ?)
ORDER BY id DESC LIMIT ?
"""
OUTCOMES = """
SELECT run_id, kind = 'page' AS is_page, outcome, count(*) AS count, sum(links) AS links,
       max(rest) AS rest, min(reason) AS reason
FROM fetches WHERE run_id IN ({marks}) GROUP BY 1, 2, 3
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
    failures = next((n for n, run in enumerate(runs) if run.outcome != "failed"), len(runs))
    first = store.row("SELECT first_crawled FROM sources WHERE name = ?", source)
    last = last_new(store, source)
    rest = runs[0].rest if runs else 0.0
    return History(
        moments=read_moments(store, source, at),
        known_since=datetime.fromisoformat(first["first_crawled"]) if first else at,
        last_new=last,
        failures=failures,
        failing_since=runs[failures - 1].started if failures else None,
        rest=timedelta(seconds=rest),
        cut_short=bool(runs) and runs[0].outcome == "interrupted",
    )


def read_moments(store: Store, source: str, at: datetime) -> list[datetime]:
    """When the articles of the last weeks came, oldest first."""
    rows = store.rows(MOMENTS, source, MOST_MOMENTS, stamp(at - WINDOW), stamp(at))
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
    per_day = 0.0
    if last:
        first = store.row("SELECT first_crawled FROM sources WHERE name = ?", source)
        since = datetime.fromisoformat(first["first_crawled"]) if first else at
        per_day = Rhythm(read_moments(store, source, last), since, last).per_day
    return Facts(
        at=at,
        runs=read_runs(store, source),
        newest=[_fields(row, usual) for row in newest],
        past=[_fields(row, usual) for row in past],
        reread=[_reread(row) for row in store.rows(READ_AGAIN, source, NEWEST + PAST)],
        last_new=last,
        per_day=per_day,
        lied=_moment(store.row(LIED, source, WRONG_304)),
    )


def note_verdicts(store: Store, at: datetime) -> None:
    """Judge every source, and keep each verdict that is not what `sources_health` says; a store that
    somebody has locked is waited for only then."""
    changed = []
    for source, *told in store.rows("SELECT source, status, evidence FROM sources_health"):
        verdict = judge(read_facts(store, source, at))
        if [verdict.status, verdict.evidence] != told:
            changed.append((source, verdict))
    if changed:
        with store.writing():
            for source, verdict in changed:
                note_health(store, source, at, verdict.status, verdict.evidence)


def _reread(row: sqlite3.Row) -> Reread:
    had = _shown(row) | ({DATELINE} if row["published_from"] else set())
    return Reread(had, had.intersection(row["lost"].split(", ")))


def _fields(row: sqlite3.Row, usual: Set[str]) -> Fields:
    told = {"title": bool(row["title"]), DATELINE: row["published_from"] in usual}
    return Fields(_shown(row) | {name for name, is_told in told.items() if is_told}, row["length"])


def _shown(row: sqlite3.Row) -> frozenset[str]:
    return fields_shown(row["published"], row["author"], row["origin"])


def _moment(row: sqlite3.Row | None) -> datetime | None:
    return datetime.fromisoformat(row["at"]) if row and row["at"] else None
