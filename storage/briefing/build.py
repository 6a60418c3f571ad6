"""Build a briefing from a store: the same store and period always give the same briefing."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from typing import Any

from shopwire.storage.briefing import queries

BASELINE_DAYS = 28
MOST_STORIES = 7
MOST_MOVERS = 8
MOST_FIGURES = 8
MOST_NEW_SOURCES = 7
MOST_SOURCES = 10
ARTICLES_OF_MOVER = 2
LEAST_DEVIATION = 2.0
MOVERS_RULE = (
    f"A name is listed if the number of articles that mention it differs from its own average over the "
    f"{BASELINE_DAYS} days before by {LEAST_DEVIATION:.0f} standard deviations or more (square root of the "
    f"average plus one)."
)
FIGURES_RULE = "The first amount of each article that no article of an earlier day has."


@dataclass(frozen=True, slots=True)
class Report:
    """An article: its id in the store, its address on the web, the title of its source, its time in UTC."""

    id: int
    title: str
    url: str
    source: str
    language: str
    time: str


@dataclass(frozen=True, slots=True)
class TopStory:
    """A story with its first article, and the first one in each language, None where it has none."""

    id: int
    sources: int
    articles: int
    first: Report
    chinese: Report | None
    english: Report | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A name that is mentioned more or less often than before; `expected` is its average for as many days."""

    name: str
    kind: str
    articles: int
    expected: float
    reports: tuple[Report, ...]

    @property
    def deviation(self) -> float:
        """How many standard deviations the number is above the average, negative if below.

        The variance of a Poisson count is its mean; the one added steadies names that are new.
        """
        return (self.articles - self.expected) / sqrt(self.expected + 1)


@dataclass(frozen=True, slots=True)
class NewFigure:
    """An amount in plain units, the sentence that states it, and its article."""

    value: float
    unit: str
    sentence: str
    report: Report


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that was crawled for the first time, its newest article, and how that begins."""

    name: str
    beginning: str
    report: Report


@dataclass(frozen=True, slots=True)
class SourceInTrouble:
    """A source that is silent or sick; `last_article` is a day, None if it never had one."""

    title: str
    status: str
    evidence: str
    last_article: str | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the days from `since` to `until` brought. No list is longer than a screen.

    `attention` has the first silent or sick sources, `more_attention` is how many others there are.
    """

    since: date
    until: date
    articles: int
    sources: int
    stories: tuple[TopStory, ...]
    movers: tuple[Mover, ...]
    figures: tuple[NewFigure, ...]
    new_sources: tuple[NewSource, ...]
    attention: tuple[SourceInTrouble, ...]
    more_attention: int


Row = Mapping[str, Any]


def find_period(db: sqlite3.Connection) -> tuple[date, date]:
    """Return the first and the last day of a morning's briefing: the day of the newest fetch and the one
    before, or the newest day with a dated article if that is earlier. Today if the store is empty."""
    row = db.execute(queries.PERIOD).fetchone()
    if row["until"] is None:
        today = datetime.now(UTC).date()
        return today, today
    until = date.fromisoformat(row["until"])
    newest = date.fromisoformat(row["newest"] or row["until"])
    return min(newest, until - timedelta(days=1)), until


def list_complete_days(db: sqlite3.Connection, most: int) -> list[date]:
    """Return the newest days that have articles and are over, newest first."""
    return [date.fromisoformat(row["day"]) for row in db.execute(queries.DAYS, {"most": most})]


def build_briefing(db: sqlite3.Connection, since: date, until: date) -> Briefing:
    """Return the briefing of the days from `since` to `until`. The rows of `db` must have names."""
    period = {"since": since.isoformat(), "until": until.isoformat()}
    counts = db.execute(queries.COUNTS, period).fetchone()
    attention = [SourceInTrouble(**dict(row)) for row in db.execute(queries.ATTENTION, period)]
    return Briefing(
        since,
        until,
        counts["articles"],
        counts["sources"],
        _list_stories(db, period),
        _list_movers(db, period, (until - since).days + 1),
        _list_figures(db, period),
        _list_new_sources(db, period),
        tuple(attention[:MOST_SOURCES]),
        max(0, len(attention) - MOST_SOURCES),
    )


def _list_stories(db: sqlite3.Connection, period: Row) -> tuple[TopStory, ...]:
    found = db.execute(queries.STORIES, {**period, "most": MOST_STORIES}).fetchall()
    return tuple(_read_story(db, row) for row in found)


def _read_story(db: sqlite3.Connection, row: Row) -> TopStory:
    reports = [_read_report(one) for one in db.execute(queries.REPORTS, {"story": row["id"]})]
    first_in = {one.language: one for one in reversed(reports)}
    return TopStory(
        row["id"], row["sources"], row["articles"], reports[0], first_in.get("zh"), first_in.get("en")
    )


def _list_movers(db: sqlite3.Connection, period: Row, days: int) -> tuple[Mover, ...]:
    found = [
        Mover(row["name"], row["kind"], row["articles"], row["before"] * days / BASELINE_DAYS, ())
        for row in db.execute(queries.MENTIONS, period)
    ]
    moved = [one for one in found if abs(one.deviation) >= LEAST_DEVIATION]
    moved.sort(key=lambda one: (-abs(one.deviation), one.name))
    return tuple(
        Mover(one.name, one.kind, one.articles, one.expected, _list_naming(db, one.name, period))
        for one in moved[:MOST_MOVERS]
    )


def _list_naming(db: sqlite3.Connection, name: str, period: Row) -> tuple[Report, ...]:
    values = {**period, "name": name, "most": ARTICLES_OF_MOVER}
    return tuple(_read_report(row) for row in db.execute(queries.NAMING, values))


def _list_figures(db: sqlite3.Connection, period: Row) -> tuple[NewFigure, ...]:
    found = db.execute(queries.FIGURES, {**period, "most": MOST_FIGURES})
    return tuple(NewFigure(row["value"], row["unit"], row["sentence"], _read_report(row)) for row in found)


def _list_new_sources(db: sqlite3.Connection, period: Row) -> tuple[NewSource, ...]:
    found = db.execute(queries.NEW_SOURCES, {**period, "most": MOST_NEW_SOURCES})
    return tuple(NewSource(row["name"], row["beginning"].split("\n")[0], _read_report(row)) for row in found)


def _read_report(row: Row) -> Report:
    return Report(row["id"], row["title"], row["url"], row["source"], row["language"], row["time"])
