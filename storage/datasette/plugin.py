"""Our Datasette plugin: search for Chinese words, pages of our own, stored facets and safe headers.

Datasette loads it by its entry point, also without `shopwire serve`. It acts where a database called
`shopwire` has our schema, and changes nothing for other databases.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import yaml
from datasette import hookimpl
from datasette.facets import ColumnFacet, Facet
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request, Response
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader

from shopwire.storage.database import build_reading_uri
from shopwire.storage.datasette.access.asgi_wrappers import App, Wrapper, add_security_headers, mark_csv
from shopwire.storage.datasette.access.host_check import check_host
from shopwire.storage.datasette.access.login import find_actor
from shopwire.storage.datasette.access.query_limits import limit_connection
from shopwire.storage.datasette.access.text_functions import bound_functions, take_texts
from shopwire.storage.datasette.access.visit_cookie import find_new_after, follow_visits
from shopwire.storage.datasette.atom_feeds import can_render_feed, render_feed
from shopwire.storage.datasette.cell_renderers import render_value
from shopwire.storage.datasette.mcp_tools import register_queries
from shopwire.storage.datasette.pages.html_pieces import WRITERS
from shopwire.storage.datasette.pages.rendering import DATABASE, fetch_seldom_changed, fetch_source_titles
from shopwire.storage.datasette.pages.site_pages import ROUTES
from shopwire.storage.datasette.pages.template_filters import FILTERS, strip_controls
from shopwire.storage.datasette.stored_facets import StoredFacet
from shopwire.storage.datasette.table_search import TABLES, search_articles
from shopwire.storage.search.full_text import SEARCH, build_match_query, build_typed_query
from shopwire.storage.search.query_terms import find_entity
from shopwire.storage.search.snippets import build_snippet
from shopwire.storage.spreadsheets.workbook import XLSX, write_workbook

if TYPE_CHECKING:
    from datasette.app import Datasette

HERE = Path(__file__).parent
TEMPLATES = HERE / "html"
METADATA: dict[str, Any] = yaml.safe_load((HERE / "metadata.yaml").read_text(encoding="utf-8"))
METADATA_OF: WeakKeyDictionary[Datasette, dict[str, Any]] = WeakKeyDictionary()
TABLE_RULES = ("allow", "facet_size")
"""What Datasette looks for when it asks for metadata by the key `tables`."""

NAME_CONTROLS = (HERE / "static" / "name_controls.js").read_text(encoding="utf-8")

SEARCH_QUERY = {
    "hide_sql": True,
    "title": "Ranked search",
    "example": {"q": "淘宝"},
    "description": "All words must occur. “Quoted words” are a phrase, OR means either, -word excludes.",
    "sql": SEARCH.replace(", text\n", ", snippet_of(text, :q) AS snippet\n")
    .replace(":match", "escape_fts(:q)")
    .replace(":typed", "typed_fts(:q)")
    .replace(":most", "200")
    .strip(),
}


@cache
def has_our_schema(path: str) -> bool:
    """Return whether the SQLite file has the views that our pages read."""
    with closing(sqlite3.connect(build_reading_uri(Path(path)), uri=True)) as db:
        return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'latest'").fetchone())


def has_store(datasette: Datasette) -> bool:
    """Return whether Datasette serves a store of ours."""
    database = datasette.databases.get(DATABASE)
    return bool(database and database.path and has_our_schema(str(database.path)))


def keep_table_rules(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of metadata that has `TABLE_RULES`."""
    databases = {
        name: {
            table: rules
            for table, about in database.get("tables", {}).items()
            if (rules := {rule: about[rule] for rule in TABLE_RULES if rule in about})
        }
        for name, database in metadata["databases"].items()
    }
    return {"databases": {name: {"tables": tables} for name, tables in databases.items() if tables}}


RULES_OF_TABLES = keep_table_rules(METADATA)


@hookimpl
def get_metadata(datasette: Datasette, key: str | None) -> dict[str, Any]:
    """Return titles, descriptions, queries and charts.

    Datasette asks dozens of times a page, and merges its own configuration into what it gets: each instance
    has one copy. To see who may read a table it copies all it gets, for each table of a page: then it gets
    only what can say that.
    """
    if not has_store(datasette):
        return {}
    if key == "tables":
        return copy.deepcopy(RULES_OF_TABLES)
    if datasette not in METADATA_OF:
        METADATA_OF[datasette] = copy.deepcopy(METADATA)
    return METADATA_OF[datasette]


def name_entity(name: str) -> str:
    """Return the English name of an entity, however it is written; a name that we do not know as it is."""
    entity = find_entity(name)
    return entity.english if entity else name


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Limit what a query may take, and register functions that query our full-text index and show hits.

    Last, because Datasette registers an `escape_fts` too and the last one registered is used.
    """
    if database != DATABASE or not has_store(datasette):
        return
    limit_connection(conn)
    bound_functions(conn)
    functions: dict[str, tuple[int, Callable[..., str]]] = {
        "escape_fts": (1, lambda words: build_match_query(words) or '""'),
        "typed_fts": (1, lambda words: build_typed_query(words) or '""'),
        "snippet_of": (2, lambda text, words: strip_controls(build_snippet(text, words))),
        "entity_of": (1, name_entity),
        "plain": (1, strip_controls),
    }
    for name, (count, function) in functions.items():
        conn.create_function(name, count, take_texts(function), deterministic=True)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Load our templates before Datasette's, the filters that they apply to scraped text, and the path of
    the front page, with which their links begin: a page has dozens."""
    if has_store(datasette):
        env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), cast("BaseLoader", env.loader)])
    env.globals["home"] = str(datasette.urls.instance())
    for function in (*FILTERS, *WRITERS):
        env.filters[function.__name__] = function


@hookimpl
def extra_template_vars(
    datasette: Datasette, request: Request | None
) -> Callable[[], Awaitable[dict[str, Any]]] | None:
    """Give every template the titles of the sources by name, which stand where a table has the name, and the
    id above which articles are new to the reader."""

    async def read_variables() -> dict[str, Any]:
        return {
            "source_titles": await fetch_source_titles(datasette),
            "new_after": find_new_after(request),
        }

    return read_variables if has_store(datasette) else None


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Register our own pages."""
    return ROUTES if has_store(datasette) else []


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, dict[str, Any]]:
    """Add the search of the front page and the terminal as a query that can be exported."""
    return {"search": SEARCH_QUERY} if database == DATABASE and has_store(datasette) else {}


@hookimpl(trylast=True)
def register_output_renderer(datasette: Datasette) -> list[dict[str, Any]] | None:
    """Register Excel workbooks, and Atom feeds, of named queries too. Last, so as to replace the renderer of
    datasette-atom."""
    if not has_store(datasette):
        return None
    return [
        {"extension": "xlsx", "render": render_xlsx},
        {"extension": "atom", "render": render_feed, "can_render": can_render_feed},
    ]


def render_xlsx(columns: list[str], rows: list[Any], table: str | None, query_name: str | None) -> Response:
    """Return the rows of a page as an Excel workbook."""
    file = BytesIO()
    write_workbook(file, columns, (list(row) for row in rows))
    name = f'attachment; filename="{table or query_name or "rows"}.xlsx"'
    return Response(file.getvalue(), content_type=XLSX, headers={"content-disposition": name})


@hookimpl
def render_cell(row: Any, value: Any, column: str, database: str, datasette: Datasette) -> str | None:
    """Show titles as links, times to the minute and no control characters."""
    if database != DATABASE or not has_store(datasette):
        return None
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
    if database != DATABASE or table not in TABLES or not has_store(datasette):
        return None
    return search_articles(datasette, request, database, table)


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Add our styles to Datasette's own pages."""
    return ["/assets/tables.css"] if has_store(datasette) else []


@hookimpl
def extra_body_script(datasette: Datasette) -> str:
    """Name the controls of Datasette's editor and of Vega's charts, which screen readers need."""
    return NAME_CONTROLS if has_store(datasette) else ""


@hookimpl
def register_mcp_tools(datasette: Datasette, mcp: Any) -> None:
    """Add our queries to the tools of datasette-mcp, which has this hook."""
    if has_store(datasette):
        register_queries(
            datasette, mcp, {"search": SEARCH_QUERY, **METADATA["databases"][DATABASE]["queries"]}
        )


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Wrapper:
    """Refuse unknown host names, follow the visits of readers, and add headers to every response that keep
    scraped content from running or loading anything, and a byte order mark to CSV."""
    if not has_store(datasette):
        return lambda app: app
    hosts = getattr(datasette, "shopwire_hosts", None)

    async def read_newest() -> int:
        # Some seconds old it is too low, so that a reader may see an article as new twice, but never miss it.
        found = await fetch_seldom_changed(datasette, "SELECT 'newest', max(id) FROM articles")
        return found["newest"] or 0

    def wrap(app: App) -> App:
        followed = mark_csv(follow_visits(app, read_newest))
        return add_security_headers(followed if hosts is None else check_host(followed, hosts))

    return wrap


@hookimpl
def actor_from_request(datasette: Datasette, request: Request) -> dict[str, str] | None:
    """Recognize whoever sends the password with the request."""
    return find_actor(getattr(datasette, "shopwire_login", None), request)


@hookimpl
def forbidden(datasette: Datasette, request: Request) -> Response | None:
    """Redirect a person who has not logged in to the login form; a program gets status 403."""
    if not has_store(datasette) or request.actor or "text/html" not in request.headers.get("accept", ""):
        return None
    return Response.redirect(datasette.urls.path("-/login"))
