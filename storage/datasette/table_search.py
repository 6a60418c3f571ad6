"""The search box above tables of articles, fast even for a word that occurs in many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.filters import FilterArguments, Filters
from datasette.utils.asgi import Request

if TYPE_CHECKING:
    from datasette.app import Datasette

# The tables with a search box, and the column that orders each by age.
TABLES = {"latest": "time", "articles": "id"}
# Datasette queries the articles of the hits five times (rows, their number, three facets); with so many hits
# that takes a fraction of a second.
MAX_HITS = 5000
HITS = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(:search)"
COUNT = f"SELECT count(*) FROM ({HITS})"
ALL = f"id IN ({HITS})"
NEWEST = f"id IN ({HITS} ORDER BY rowid DESC LIMIT {{most}})"
# The sign + keeps SQLite from reading all hits first: it applies the filters and then looks up the hits.
NEWEST_FILTERED = f"""id IN (SELECT id FROM {{table}} WHERE {{filters}} AND +id IN ({HITS})
ORDER BY {{newest}} DESC LIMIT {{most}})"""


async def search_articles(
    datasette: Datasette, request: Request, database: str, table: str
) -> FilterArguments:
    """Return what `?_search=` adds to the query of one of `TABLES`.

    Of more than `MAX_HITS` hits it keeps the newest that pass the other filters, `MAX_HITS` at most, and
    the page says so.
    """
    words = request.args.get("_search") or ""
    context: dict[str, Any] = {"supports_search": True, "search": words}
    if not words:
        return FilterArguments([], {}, [], context)
    counted = await datasette.get_database(database).execute(COUNT, {"search": words})
    number = counted.rows[0][0]
    description, matches = f"search matches “{words}”", ALL
    if number > MAX_HITS:
        filters = build_filters(request, table)
        matches = (NEWEST_FILTERED if filters else NEWEST).format(
            table=table, filters=" AND ".join(filters), newest=TABLES[table], most=MAX_HITS
        )
        description += f" (only the newest {MAX_HITS:,} of {number:,} hits that pass the filters)"
    return FilterArguments([matches], {"search": words}, [description], context)


def list_filters(request: Request) -> list[tuple[str, str]]:
    """Return the arguments of a table's page that filter by the value of a column, in Datasette's order."""
    return sorted(
        (key, value)
        for key in request.args
        if not key.startswith("_") or "__" in key
        for value in request.args.getlist(key)
    )


def build_filters(request: Request, table: str) -> list[str]:
    """Return the filters of a table's page as SQL, with the parameter names that Datasette gives them."""
    clauses, _ = Filters(list_filters(request)).build_where_clauses(table)
    return [*clauses, *(f"({sql})" for sql in request.args.getlist("_where"))]
