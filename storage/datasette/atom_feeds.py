"""Atom feeds (RFC 4287) of any query: what each of its rows is as an entry."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from datasette_atom import can_render_atom, render_atom
from feedgen.feed import FeedGenerator

from shopwire.storage.datasette.template_filters import plain, web_url

# Where a row has its headline and its moment, the best place first.
TITLES = ("title", "english", "chinese")
MOMENTS = ("time", "day", "last_seen", "first_seen", "last_day", "week")
MOST = 100

Row = Mapping[str, Any]


def can_render_feed(columns: list[str], query_name: str | None) -> bool:
    """Whether there is a feed: of every query that has a name, and of what datasette-atom knows."""
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
    """An Atom feed of the first rows of a query, as datasette-atom makes it, but for one without
    entries, which it fails on."""
    if query_name and not can_render_atom(columns):
        desk = datasette.absolute_url(request, datasette.urls.instance())
        rows = [entry(dict(row), query_name, desk) for row in rows[:MOST]]
        columns = list(rows[0]) if rows else []
    if rows:
        return render_atom(
            datasette, request, sql, columns, rows, database, table, query_name, view_name, data
        )
    feed = FeedGenerator()
    feed.id(request.url)
    feed.title(query_name or "Articles")
    return Response(feed.atom_str(pretty=True), content_type="application/xml; charset=utf-8")


def entry(row: Row, query: str, desk: str) -> dict[str, str]:
    """A row as an entry: an article or a story is itself, any other row is known by all it says."""
    said = [f"{name}: {plain(str(value))}" for name, value in row.items() if value is not None]
    title = next((row[name] for name in TITLES if row.get(name)), None)
    return {
        "atom_id": _identity(row, f"{query}:{hashlib.sha256(repr(said).encode()).hexdigest()}"),
        "atom_title": plain(str(title)) if title else " · ".join(said),
        "atom_updated": _moment(row.get(name) for name in MOMENTS),
        "atom_link": _link(row, desk),
        "atom_content": "\n".join(said),
    }


def _identity(row: Row, otherwise: str) -> str:
    if "title" in row and "id" in row:
        return f"urn:shopwire:article:{row['id']}"
    return f"urn:shopwire:story:{row['story']}" if row.get("story") else f"urn:shopwire:{otherwise}"


def _link(row: Row, desk: str) -> str:
    if url := web_url(row.get("url") or ""):
        return url
    if "title" in row and "id" in row:
        return f"{desk}article/{row['id']}"
    return f"{desk}story/{row['story']}" if row.get("story") else desk


def _moment(values: Iterable[str | None]) -> str:
    """The first moment of a row to the second with its zone; now where it has none."""
    moment = next((datetime.fromisoformat(value) for value in values if value), datetime.now(UTC))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")
