"""Atom feeds (RFC 4287) of the results of any named query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response
from datasette_atom import can_render_atom, render_atom
from feedgen.feed import FeedGenerator

from shopwire.storage.datasette.pages.rendering import ATOM
from shopwire.storage.datasette.pages.template_filters import strip_controls, web_url
from shopwire.storage.timestamps import assume_utc

if TYPE_CHECKING:
    from datasette.app import Datasette

# The columns that may hold a row's title and its time, in order of preference.
TITLES = ("title", "english", "chinese")
TIMES = ("time", "day", "last_seen", "first_seen", "last_day", "week")
MAX_ENTRIES = 100

Row = Mapping[str, Any]


def can_render_feed(columns: list[str], query_name: str | None) -> bool:
    """Return whether there is a feed: of every named query, and of what datasette-atom can render."""
    return bool(query_name) or bool(can_render_atom(columns))


def render_feed(
    datasette: Datasette,
    request: Request,
    sql: str,
    columns: list[str],
    rows: list[Any],
    database: str,
    table: str | None,
    query_name: str | None,
    view_name: str,
    data: dict[str, Any],
) -> Response:
    """Return an Atom feed of the first rows of a query, rendered by datasette-atom.

    A feed without entries is written here, because datasette-atom fails on it.
    """
    if query_name and not can_render_atom(columns):
        home = datasette.absolute_url(request, datasette.urls.instance())
        rows = [build_entry(dict(row), query_name, home) for row in rows[:MAX_ENTRIES]]
        columns = list(rows[0]) if rows else []
    if rows:
        answer = render_atom(
            datasette, request, sql, columns, rows, database, table, query_name, view_name, data
        )
        answer.content_type = ATOM
        return answer
    feed = FeedGenerator()
    feed.id(request.url)
    feed.title(query_name or "Articles")
    return Response(feed.atom_str(pretty=True), content_type=ATOM)


def build_entry(row: Row, query: str, home: str) -> dict[str, str]:
    """Return a row as a feed entry, in the column names of datasette-atom; `home` is our URL."""
    fields = [f"{name}: {strip_controls(str(value))}" for name, value in row.items() if value is not None]
    title = next((row[name] for name in TITLES if row.get(name)), None)
    return {
        "atom_id": _build_id(row, query, fields),
        "atom_title": strip_controls(str(title)) if title else " · ".join(fields),
        "atom_updated": _find_time(row.get(name) for name in TIMES),
        "atom_link": _find_link(row, home),
        "atom_content": "\n".join(fields),
    }


def _build_id(row: Row, query: str, fields: list[str]) -> str:
    """Return the URN of a row's article or story; any other row is identified by its content."""
    if "title" in row and "id" in row:
        return f"urn:shopwire:article:{row['id']}"
    if row.get("story"):
        return f"urn:shopwire:story:{row['story']}"
    return f"urn:shopwire:{query}:{hashlib.sha256(repr(fields).encode()).hexdigest()}"


def _find_link(row: Row, home: str) -> str:
    if url := web_url(row.get("url") or ""):
        return url
    if "title" in row and "id" in row:
        return f"{home}article/{row['id']}"
    return f"{home}story/{row['story']}" if row.get("story") else home


def _find_time(values: Iterable[str | None]) -> str:
    """Return the first time of a row, to the second and with its zone; now if it has none."""
    time = next((datetime.fromisoformat(value) for value in values if value), datetime.now(UTC))
    return assume_utc(time).isoformat(timespec="seconds")
