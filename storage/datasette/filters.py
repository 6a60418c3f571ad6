"""The search box above tables of articles, bounded: a word that many articles hold is no reason to wait."""

from typing import Any

from datasette.app import Datasette
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request

TABLES = ("latest", "articles")
# Rows that SQLite sorts within a fraction of Datasette's time limit.
MOST = 20_000
COUNT = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH escape_fts(:search)"
MATCHES = (
    "id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(:search){newest})"
)


async def search_articles(datasette: Datasette, request: Request, database: str) -> FilterArguments:
    """What `?_search=` adds to the query of one of `TABLES`.

    Of a word with more hits than `MOST` the last stored ones are taken, and the page says so, unless
    another filter narrows them anyway.
    """
    words = request.args.get("_search") or ""
    context: dict[str, Any] = {"supports_search": True, "search": words}
    if not words:
        return FilterArguments([], {}, [], context)
    said = f"search matches “{words}”"
    newest = ""
    if not any(key in ("_where", "_through") or is_filter(key) for key in request.args):
        counted = await datasette.get_database(database).execute(COUNT, {"search": words})
        number = counted.rows[0][0]
        if number > MOST:
            newest = f" ORDER BY rowid DESC LIMIT {MOST}"
            said += (
                f" (the newest {MOST:,} of {number:,} hits; filter by day or source for older ones)"
            )
    return FilterArguments([MATCHES.format(newest=newest)], {"search": words}, [said], context)


def is_filter(key: str) -> bool:
    """Whether a parameter of a table's page is a filter on a column."""
    return not key.startswith("_") or "__" in key
