"""Selects articles for export to other programs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shopwire.storage.database import Store
from shopwire.storage.search.full_text import build_match_query


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles to export: of the days `since` to `until`, both included (ISO 8601), of these sources
    and languages, and with these words; without copies unless `copies`. An empty field selects all."""

    since: str = ""
    until: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: str = ""
    copies: bool = False


def select_articles(store: Store, columns: Iterable[str], selection: Selection) -> Iterator[dict[str, Any]]:
    """Yield columns of the selected articles, in the order of their ids.

    Raises `ValueError` if the words contain nothing that can be searched.
    """
    where, values = _build_conditions(selection)
    sql = f"SELECT {', '.join(columns)} FROM articles WHERE {' AND '.join(where)} ORDER BY id"
    return (dict(row) for row in store.db.execute(sql, values))


def _build_conditions(selection: Selection) -> tuple[list[str], list[str]]:
    where, values = ["1" if selection.copies else "canonical_id = id"], []
    for condition, value in (("day >= ?", selection.since), ("day <= ?", selection.until)):
        if value:
            where.append(condition)
            values.append(value)
    for column, wanted in (("source", selection.sources), ("language", selection.languages)):
        if wanted:
            where.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    if selection.words:
        match = build_match_query(selection.words)
        if not match:
            raise ValueError(f"there is nothing to search for in {selection.words!r}")
        where.append("id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)")
        values.append(match)
    return where, values
