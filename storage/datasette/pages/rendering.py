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
from jinja2 import Environment, Template

from shopwire.storage.datasette.access.asgi_wrappers import NO_SCRIPT

if TYPE_CHECKING:
    from datasette.app import Datasette

# Datasette names a database after the stem of its file; metadata, links and dashboards use the name.
DATABASE = "shopwire"
ATOM = "application/atom+xml; charset=utf-8"
"""The media type of feeds."""
Rows = list[dict[str, Any]]
SECONDS_KEPT = 5.0
_PLAIN: WeakKeyDictionary[Datasette, Environment] = WeakKeyDictionary()
_KEPT: WeakKeyDictionary[Datasette, dict[str, tuple[float, dict[Any, Any]]]] = WeakKeyDictionary()


class PlainTemplate(Template):
    """A template that calls nothing that is to be awaited: rendering it takes half the time."""

    async def render_async(self, *args: Any, **values: Any) -> str:
        """Return the page. Datasette calls no other method."""
        return self.render(*args, **values)


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
        return {name: read_rows(datasette, connection, sql, values) for name, sql in queries.items()}

    found: dict[str, Rows] = await datasette.get_database(DATABASE).execute_fn(read)
    return found


def read_rows(
    datasette: Datasette, connection: sqlite3.Connection, sql: str, values: Mapping[str, Any]
) -> Rows:
    """Return the rows of a query, in a thread that may wait for them. Raise `QueryInterrupted` after
    Datasette's time limit."""
    try:
        with sqlite_timelimit(connection, datasette.sql_time_limit_ms):
            return [dict(row) for row in connection.execute(sql, values)]
    except sqlite3.OperationalError as error:
        if error.args == ("interrupted",):
            raise QueryInterrupted(error, sql, values) from error
        raise


async def fetch_seldom_changed(datasette: Datasette, sql: str) -> dict[Any, Any]:
    """Return the second column of a query without parameters by the first one. It may be some seconds old:
    for what every page asks for, and nobody misses at once."""
    kept = _KEPT.setdefault(datasette, {})
    read, found = kept.get(sql, (-inf, {}))
    if monotonic() - read > SECONDS_KEPT:
        found = dict(map(tuple, (await datasette.get_database(DATABASE).execute(sql)).rows))
        kept[sql] = monotonic(), found
    return found


async def fetch_source_titles(datasette: Datasette) -> dict[str, str]:
    """Return the titles of all sources by name, which may be some seconds old."""
    return await fetch_seldom_changed(datasette, "SELECT name, title FROM sources")


async def render_page(
    datasette: Datasette, request: Request, template: str, values: dict[str, Any]
) -> Response:
    """Return a page that cannot run any script. Its template calls nothing that is to be awaited."""
    if datasette not in _PLAIN:
        _PLAIN[datasette] = datasette.jinja_env.overlay(enable_async=False)
        _PLAIN[datasette].template_class = PlainTemplate
    plain = _PLAIN[datasette].get_template(template)
    html = await datasette.render_template(plain, values, request=request)
    return Response.html(html, headers={"content-security-policy": NO_SCRIPT})


async def check_permission(datasette: Datasette, request: Request) -> None:
    """Raise `Forbidden` if the user may not read the store."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
