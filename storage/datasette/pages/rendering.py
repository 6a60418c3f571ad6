"""What all pages of our own share: reading the store, checking permission, and a policy without scripts."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.utils.asgi import Request, Response

from shopwire.storage.datasette.access.asgi_wrappers import NO_SCRIPT

if TYPE_CHECKING:
    from datasette.app import Datasette

# Datasette names a database after the stem of its file; metadata, links and dashboards use the name.
DATABASE = "shopwire"
ATOM = "application/atom+xml; charset=utf-8"
"""The media type of feeds."""
Rows = list[dict[str, Any]]
TITLE_SECONDS = 5.0
_TITLES: WeakKeyDictionary[Datasette, tuple[float, dict[str, str]]] = WeakKeyDictionary()


async def fetch_rows(datasette: Datasette, sql: str, **values: Any) -> Rows:
    """Return the rows of a query. Raise `QueryInterrupted` after Datasette's time limit."""
    found = await datasette.get_database(DATABASE).execute(sql, values)
    return [dict(row) for row in found.rows]


async def fetch_source_titles(datasette: Datasette) -> dict[str, str]:
    """Return the titles of all sources by name, which may be some seconds old: every page asks for them."""
    read, titles = _TITLES.get(datasette, (-inf, {}))
    if monotonic() - read > TITLE_SECONDS:
        rows = await fetch_rows(datasette, "SELECT name, title FROM sources")
        titles = {row["name"]: row["title"] for row in rows}
        _TITLES[datasette] = monotonic(), titles
    return titles


async def render_page(
    datasette: Datasette, request: Request, template: str, values: dict[str, Any]
) -> Response:
    """Return a page that cannot run any script."""
    html = await datasette.render_template([template], values, request=request)
    return Response.html(html, headers={"content-security-policy": NO_SCRIPT})


async def check_permission(datasette: Datasette, request: Request) -> None:
    """Raise `Forbidden` if the user may not read the store."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
