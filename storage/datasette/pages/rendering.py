"""What all pages of our own share: reading the store, checking permission, and a policy without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response
from datasette.utils.sqlite import sqlite3

from shopwire.storage.datasette.access.asgi_wrappers import NO_SCRIPT

if TYPE_CHECKING:
    from datasette.app import Datasette

# Datasette names a database after the stem of its file; metadata, links and dashboards use the name.
DATABASE = "shopwire"
ATOM = "application/atom+xml; charset=utf-8"
"""The media type of feeds."""
Rows = list[dict[str, Any]]
SECONDS_KEPT = 5.0
_KEPT: WeakKeyDictionary[Datasette, dict[str, tuple[float, Rows]]] = WeakKeyDictionary()


async def fetch_rows(datasette: Datasette, sql: str, **values: Any) -> Rows:
    """Return the rows of a query. Raise `QueryInterrupted` after Datasette's time limit."""
    found = await datasette.get_database(DATABASE).execute(sql, values)
    return [dict(row) for row in found.rows]


async def fetch_together(datasette: Datasette, queries: Mapping[str, str], **values: Any) -> dict[str, Rows]:
    """Return the rows of several queries, by their names, which all take of the same values what they need.

    A thread reads them one after another: to wait for it once a query takes longer than most queries do.
    Raise `QueryInterrupted` after Datasette's time limit for one query.
    """

    def read(connection: sqlite3.Connection) -> dict[str, Rows]:
        found = {}
        for name, sql in queries.items():
            try:
                with sqlite_timelimit(connection, datasette.sql_time_limit_ms):
                    found[name] = [dict(row) for row in connection.execute(sql, values)]
            except sqlite3.OperationalError as error:
                if error.args == ("interrupted",):
                    raise QueryInterrupted(error, sql, values) from error
                raise
        return found

    found: dict[str, Rows] = await datasette.get_database(DATABASE).execute_fn(read)
    return found


async def fetch_seldom_changed(datasette: Datasette, sql: str) -> Rows:
    """Return the rows of a query without parameters, which may be some seconds old: for what every page asks
    for, and nobody misses at once."""
    kept = _KEPT.setdefault(datasette, {})
    read, rows = kept.get(sql, (-inf, []))
    if monotonic() - read > SECONDS_KEPT:
        rows = await fetch_rows(datasette, sql)
        kept[sql] = monotonic(), rows
    return rows


async def fetch_source_titles(datasette: Datasette) -> dict[str, str]:
    """Return the titles of all sources by name, which may be some seconds old."""
    rows = await fetch_seldom_changed(datasette, "SELECT name, title FROM sources")
    return {row["name"]: row["title"] for row in rows}


async def render_page(
    datasette: Datasette, request: Request, template: str, values: dict[str, Any]
) -> Response:
    """Return a page that cannot run any script."""
    html = await datasette.render_template([template], values, request=request)
    return Response.html(html, headers={"content-security-policy": NO_SCRIPT})


async def check_permission(datasette: Datasette, request: Request) -> None:
    """Raise `Forbidden` if the user may not read the store."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
