"""Our Datasette plugin: search for Chinese words, pages of our own, stored facets and safe headers."""

import sqlite3
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.facets import ColumnFacet, Facet
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request, Response
from jinja2 import Environment

from shopwire.storage.datasette.asgi_wrappers import Wrapper, add_security_headers, mark_csv
from shopwire.storage.datasette.atom_feeds import can_render_feed, render_feed
from shopwire.storage.datasette.cell_renderers import render_value
from shopwire.storage.datasette.pages import DATABASE, ROUTES
from shopwire.storage.datasette.stored_facets import StoredFacet
from shopwire.storage.datasette.table_search import TABLES, search_articles
from shopwire.storage.datasette.template_filters import FILTERS, strip_controls
from shopwire.storage.search.full_text import SEARCH, build_match_query
from shopwire.storage.search.snippets import build_snippet

SEARCH_QUERY = {
    "hide_sql": True,
    "title": "Ranked search",
    "description": "All words must occur. “Quoted words” are a phrase, OR means either, -word excludes.",
    "sql": SEARCH.replace(", text\n", ", snippet_of(text, :q) AS snippet\n")
    .replace(":match", "escape_fts(:q)")
    .replace(":most", "200")
    .strip(),
}


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register SQL functions that query our full-text index and show where a hit is.

    Last, because Datasette registers an `escape_fts` too and the last one registered is used.
    """
    conn.create_function("escape_fts", 1, lambda words: build_match_query(words or "") or '""')
    conn.create_function(
        "snippet_of", 2, lambda text, words: strip_controls(build_snippet(text, words or ""))
    )
    conn.create_function("plain", 1, strip_controls)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Register the filters that our templates apply to scraped text."""
    for function in FILTERS:
        env.filters[function.__name__] = function


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Register our own pages."""
    return ROUTES


@hookimpl
def canned_queries(database: str) -> dict[str, dict[str, Any]]:
    """Add the search of the front page and the terminal as a query that can be exported."""
    return {"search": SEARCH_QUERY} if database == DATABASE else {}


@hookimpl(trylast=True)
def register_output_renderer() -> dict[str, Any]:
    """Register Atom feeds, of named queries too. Last, so as to replace the renderer of datasette-atom."""
    return {"extension": "atom", "render": render_feed, "can_render": can_render_feed}


@hookimpl
def render_cell(row: Any, value: Any, column: str, datasette: Datasette) -> str | None:
    """Show titles as links, times to the minute and no control characters."""
    return render_value(column, value, row, datasette)


@hookimpl(wrapper=True)
def register_facet_classes() -> Generator[None, list[list[type[Facet]]], list[list[type[Facet]]]]:
    """Replace Datasette's facet by column with ours; without `wrapper` the hook can only add facets."""
    found = yield
    return [[StoredFacet if one is ColumnFacet else one for one in classes] for classes in found]


# Last, because Datasette's own search says that a table without `fts_table` has no search box.
@hookimpl(trylast=True)
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Awaitable[FilterArguments] | None:
    """Add the search box to tables of articles."""
    if database != DATABASE or table not in TABLES:
        return None
    return search_articles(datasette, request, database, table)


@hookimpl(wrapper=True)
def menu_links(datasette: Datasette) -> Generator[None, list[Any], list[Any]]:
    """Add a link to the front page, and remove the link to log in.

    Whoever sees the menu needs none: there is no password, or it was given.
    """
    found = yield
    log_in = [{"href": datasette.urls.path("/-/login"), "label": "Log in"}]
    front_page = [{"href": datasette.urls.instance(), "label": "Front page"}]
    return [front_page, *(links for links in found if links != log_in)]


@hookimpl
def extra_css_urls() -> list[str]:
    """Add our styles to Datasette's own pages."""
    return ["/assets/datasette.css"]


@hookimpl
def asgi_wrapper() -> Wrapper:
    """Add headers to every response that keep scraped content from running or loading anything, and a byte
    order mark to CSV."""
    return lambda app: add_security_headers(mark_csv(app))


@hookimpl
def forbidden(datasette: Datasette, request: Request) -> Response | None:
    """Redirect a person who has not logged in to the login form; a program gets status 403."""
    if request.actor or "text/html" not in request.headers.get("accept", ""):
        return None
    return Response.redirect(datasette.urls.path("-/login"))
