"""Selects articles for export to other programs."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shopwire.storage.database import Store
from shopwire.storage.schema.checksum import COLUMNS as CHECKED
from shopwire.storage.schema.checksum import is_intact
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


def select_articles(
    store: Store, columns: Iterable[str], selection: Selection, damaged: list[int]
) -> Iterator[dict[str, Any]]:
    """Yield columns of the selected articles, in the order of their ids.

    An article that the disk has changed is left out, and its id is added to `damaged`. Raises `ValueError`
    if the words contain nothing that can be searched.
    """
    names = list(columns)
    where, values = _build_conditions(selection)
    read = ", ".join(dict.fromkeys([*names, *CHECKED, "id", "checksum"]))
    rows = store.db.execute(f"SELECT {read} FROM articles WHERE {' AND '.join(where)} ORDER BY id", values)
    return _yield_intact(rows, names, damaged)


def _yield_intact(
    rows: Iterable[sqlite3.Row], names: list[str], damaged: list[int]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        if is_intact(dict(row)):
            yield {name: row[name] for name in names}
        else:
            damaged.append(row["id"])


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
