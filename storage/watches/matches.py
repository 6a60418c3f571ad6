"""Articles that match a watch of the configuration."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from shopwire.storage.configuration.load import NARROWING
from shopwire.storage.configuration.options import Watch
from shopwire.storage.search.full_text import build_match_query
from shopwire.storage.search.query_terms import find_entity
from shopwire.storage.timestamps import format_time

SHOWN_DAYS = 30
"""How many days of matches a page shows."""
RECENT_DAYS = 7
"""How many days back an article is looked at again, as its story may have grown."""
MOST_SHOWN = 200
_FOUND = """
FROM articles JOIN sources ON sources.name = articles.source LEFT JOIN stories ON stories.id = story_id
WHERE canonical_id = articles.id AND articles.id > :after AND articles.id <= :until {conditions}
"""
MATCHES = f"""
SELECT articles.id, articles.title, articles.url, articles.source, sources.title AS source_title,
       articles.language, articles.time, articles.day, story_id AS story,
       coalesce(stories.sources, 1) AS sources
{_FOUND} ORDER BY articles.id DESC LIMIT :most
"""
# The first article of each story, or all articles, as the watch is for stories or not.
COUNT = f"""
SELECT count(*), coalesce(max(first), 0) FROM (
    SELECT min(articles.id) AS first {_FOUND}
    GROUP BY CASE WHEN :least_sources > 1 AND story_id IS NOT NULL THEN -story_id ELSE articles.id END
)
"""
WORDS = (
    """articles.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match AND rowid > :after)"""
)
CONDITIONS: Mapping[str, str] = {
    "words": WORDS,
    # The sign + keeps SQLite from all articles that have the name.
    "entities": """articles.id IN (SELECT article_id FROM named
        WHERE article_id > :after AND article_id <= :until
        AND +named.name IN (SELECT value FROM json_each(:entities)))""",
    "sources": "articles.source IN (SELECT value FROM json_each(:sources))",
    "language": "articles.language = :language",
    "least_sources": "stories.sources >= :least_sources",
}
"""The condition of each option of a watch that chooses articles."""
NEWEST_ID = "SELECT coalesce(max(id), 0) FROM articles"
# The ids only narrow the search: an import brings articles that were fetched earlier.
RECENT = "articles.fetched >= :since"
# The sign + keeps SQLite from walking through all articles in the order of their ids.
FIRST_SINCE = "SELECT min(+id) FROM articles WHERE fetched >= ?"


@dataclass(frozen=True, slots=True)
class Match:
    """An article that matches a watch, and how many `sources` its story has."""

    id: int
    title: str
    url: str
    source: str
    source_title: str
    language: str
    time: str
    day: str
    story: int | None
    sources: int


def list_matches(
    db: sqlite3.Connection, watch: Watch, after: int, until: int, more: str = "", **values: Any
) -> list[Match]:
    """Return the articles with ids above `after` up to `until` that match, the last stored ones first.

    `more` is a further condition with its `values`, of which `most` limits the rows. The rows of `db` must
    have names.
    """
    conditions, parameters = build_conditions(watch, more)
    sql = MATCHES.format(conditions=conditions)
    found = db.execute(sql, {"most": -1, **parameters, "after": after, "until": until, **values})
    return [Match(**dict(row)) for row in found]


def build_conditions(watch: Watch, more: str = "") -> tuple[str, dict[str, Any]]:
    """Return the SQL conditions of the matches of a watch, and their parameters but `after` and `until`."""
    default = Watch()
    chosen = [name for name in CONDITIONS if getattr(watch, name) != getattr(default, name)]
    conditions = "".join(f"AND {one}\n" for one in (*(CONDITIONS[name] for name in chosen), more) if one)
    parameters = {
        # Words without anything to search for find nothing.
        "match": build_match_query(watch.words) or '""',
        "entities": json.dumps([_name_entity(name) for name in watch.entities]),
        "sources": json.dumps(watch.sources),
        "language": watch.language,
        "least_sources": watch.least_sources,
    }
    return conditions, parameters


def _name_entity(name: str) -> str:
    """Return the English name of an entity, under which the store has it."""
    entity = find_entity(name)
    return entity.english if entity else name


def find_last_before(db: sqlite3.Connection, now: datetime, days: int) -> int:
    """Return the id below which no article was stored in the last so many days."""
    first = db.execute(FIRST_SINCE, [format_time(now - timedelta(days=days))]).fetchone()[0]
    return find_newest_id(db) if first is None else int(first) - 1


def find_newest_id(db: sqlite3.Connection) -> int:
    """Return the id of the article stored last, 0 without any."""
    return int(db.execute(NEWEST_ID).fetchone()[0])


def list_recent(db: sqlite3.Connection, watch: Watch, now: datetime, days: int) -> list[Match]:
    """Return at most `MOST_SHOWN` matches stored in the last so many days, the last stored ones first."""
    limits = _limit_recent(db, now, days)
    found = list_matches(db, watch, more=RECENT, most=MOST_SHOWN, **limits)
    return choose_told(watch, found)


def count_recent(db: sqlite3.Connection, watch: Watch, now: datetime, days: int) -> tuple[int, int]:
    """Return how many matches of the last so many days are told, and the id of the newest of these, 0 without
    any."""
    conditions, parameters = build_conditions(watch, RECENT)
    sql = COUNT.format(conditions=conditions)
    number, newest = db.execute(sql, {**parameters, **_limit_recent(db, now, days)}).fetchone()
    return number, newest


def _limit_recent(db: sqlite3.Connection, now: datetime, days: int) -> dict[str, Any]:
    """Return the parameters that limit a query to articles stored in the last so many days."""
    since = format_time(now - timedelta(days=days))
    return {"after": find_last_before(db, now, days), "until": find_newest_id(db), "since": since}


def choose_told(watch: Watch, matches: Iterable[Match]) -> list[Match]:
    """Return the matches that are told: all of them, or of each story the first one stored if the watch is
    for stories."""
    found = list(matches)
    if watch.least_sources == 1:
        return found
    first: dict[object, Match] = {}
    for match in found:
        first[match.story or ("article", match.id)] = match
    return sorted(first.values(), key=lambda match: -match.id)


def describe_watch(watch: Watch) -> str:
    """Return what a watch asks for in one line."""
    return "; ".join(
        f"{field.name.replace('_', ' ')}: {', '.join(value) if isinstance(value, tuple) else value}"
        for field in fields(watch)
        if field.name in NARROWING and (value := getattr(watch, field.name)) != field.default
    )
