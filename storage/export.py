"""Chooses articles for other programs to read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shopwire.storage.database import Store
from shopwire.storage.search.full_text import build_match_query


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles: dated `since` up to and with `until` (ISO 8601), of these sources and languages,
    with these words; copies are left out unless `copies`. What is empty does not narrow the choice."""

    since: str = ""
    until: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: str = ""
    copies: bool = False


def select_articles(
    store: Store, columns: Iterable[str], choice: Choice
) -> Iterator[dict[str, Any]]:
    """Return columns of the chosen articles by id, read from the store as they are asked for.

    Raises `ValueError` when the words have nothing in them that can be searched.
    """
    where, values = _conditions(choice)
    sql = f"SELECT {', '.join(columns)} FROM articles WHERE {' AND '.join(where)} ORDER BY id"
    return (dict(row) for row in store.db.execute(sql, values))


def _conditions(choice: Choice) -> tuple[list[str], list[str]]:
    where, values = ["1" if choice.copies else "canonical_id = id"], []
    for condition, value in (("day >= ?", choice.since), ("day <= ?", choice.until)):
        if value:
            where.append(condition)
            values.append(value)
    for column, wanted in (("source", choice.sources), ("language", choice.languages)):
        if wanted:
            where.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    if choice.words:
        match = build_match_query(choice.words)
        if not match:
            raise ValueError(f"there is nothing to search for in {choice.words!r}")
        where.append("id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)")
        values.append(match)
    return where, values
