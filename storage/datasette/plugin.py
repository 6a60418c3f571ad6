"""What we add to Datasette: search for Chinese words, pages made for readers, and safe headers."""

import sqlite3
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.facets import ColumnFacet, Facet
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request, Response
from jinja2 import Environment
from markupsafe import Markup

from shopwire.storage.datasette.atom_feeds import can_render_feed, render_feed
from shopwire.storage.datasette.pages import DATABASE, ROUTES
from shopwire.storage.datasette.security_headers import Wrapper, secure
from shopwire.storage.datasette.stored_facets import StoredFacet
from shopwire.storage.datasette.table_search import TABLES, search_articles
from shopwire.storage.datasette.template_filters import minute, plain, short, span, web_url, zoned
from shopwire.storage.search.full_text import SEARCH, match_query
from shopwire.storage.search.snippets import snippet

# Columns that are shown to the minute.
MOMENTS = ("time", "first_seen", "last_seen", "last_success", "last_article", "next_due", "since")
SEARCH_QUERY = {
    "hide_sql": True,
    "title": "Search, ranked",
    "description": "All words must occur; a “quoted phrase” as it stands; OR for either; -word excludes.",
    "sql": SEARCH.replace(", text\n", ", snippet_of(text, :q) AS snippet\n")
    .replace(":match", "escape_fts(:q)")
    .replace(":most", "200")
    .strip(),
}


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Let SQL search in the words of our index, and show where a hit stands.

    Last, because Datasette defines an `escape_fts` too and the later definition holds.
    """
    conn.create_function("escape_fts", 1, lambda words: match_query(words or "") or '""')
    conn.create_function("snippet_of", 2, lambda text, words: plain(snippet(text, words or "")))
    conn.create_function("plain", 1, plain)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Filters for scraped text in our templates."""
    for function in (plain, web_url, minute, short, span, zoned):
        env.filters[function.__name__] = function


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """The pages made for readers."""
    return ROUTES


@hookimpl
def canned_queries(database: str) -> dict[str, dict[str, Any]]:
    """The search of the front page and the terminal, as a query that can be exported."""
    return {"search": SEARCH_QUERY} if database == DATABASE else {}


@hookimpl(trylast=True)
def register_output_renderer() -> dict[str, Any]:
    """Atom feeds as datasette-atom makes them, and of every query that has a name."""
    return {"extension": "atom", "render": render_feed, "can_render": can_render_feed}


@hookimpl
def render_cell(row: Any, value: Any, column: str, datasette: Datasette) -> Any:
    """In a cell, a title leads to its article, a story to its page, and text has no hidden signs."""
    names = row.keys() if row is not None else ()
    if column == "title" and value and "day" in names and "id" in names:
        return link(datasette.urls.path(f"/article/{row['id']}"), short(value, 160))
    if column in ("story", "story_id") and isinstance(value, int):
        return link(datasette.urls.path(f"/story/{value}"), str(value))
    if column == "value" and isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000 else f"{value:g}"
    if column in ("title", "chinese", "english") and value and "story" in names:
        return link(datasette.urls.path(f"/story/{row['story']}"), short(value, 160))
    if column in MOMENTS and isinstance(value, str):
        return minute(value)
    if isinstance(value, str) and (seen := plain(value)) != value:
        return seen
    return None


def link(path: str, text: str) -> Markup:
    """A link within the desk."""
    return Markup('<a href="{}">{}</a>').format(path, text)


@hookimpl(wrapper=True)
def register_facet_classes() -> Generator[None, list[list[type[Facet]]], list[list[type[Facet]]]]:
    """Replace Datasette's facet by column with ours: the hook alone can only add classes."""
    found = yield
    return [[StoredFacet if one is ColumnFacet else one for one in classes] for classes in found]


# Last, because Datasette's own search says that a table without `fts_table` has none.
@hookimpl(trylast=True)
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Awaitable[FilterArguments] | None:
    """The search box of tables of articles."""
    if database != DATABASE or table not in TABLES:
        return None
    return search_articles(datasette, request, database, table)


@hookimpl(wrapper=True)
def menu_links(datasette: Datasette) -> Generator[None, list[Any], list[Any]]:
    """The way back to the front page. Whoever sees a menu needs no link to log in: there is no password,
    or it was given."""
    found = yield
    log_in = [{"href": datasette.urls.path("/-/login"), "label": "Log in"}]
    front_page = [{"href": datasette.urls.instance(), "label": "Front page"}]
    return [front_page, *(links for links in found if links != log_in)]


@hookimpl
def extra_css_urls() -> list[str]:
    """Our colours on Datasette's own pages."""
    return ["/desk/datasette.css"]


@hookimpl
def asgi_wrapper() -> Wrapper:
    """Every answer carries headers that keep what was scraped from doing anything."""
    return secure


@hookimpl
def forbidden(datasette: Datasette, request: Request) -> Response | None:
    """Show a person who has not logged in the form to do so; a program gets its 403."""
    if request.actor or "text/html" not in request.headers.get("accept", ""):
        return None
    return Response.redirect(datasette.urls.path("-/login"))
