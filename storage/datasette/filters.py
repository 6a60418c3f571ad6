"""The search box above tables of articles, bounded: a word that many articles hold is no reason to wait."""

from typing import Any

from datasette.app import Datasette
from datasette.filters import FilterArguments
from datasette.utils.asgi import Request

TABLES = ("latest", "articles")
# Datasette asks for the articles of so many hits five times (rows, their number, three facets) in a
# fraction of a second.
MOST = 10_000
COUNT = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH escape_fts(:search)"
HITS = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(:search)"
ALL = f"id IN ({HITS})"
NEWEST = f"id IN ({HITS} ORDER BY rowid DESC LIMIT {{most}})"
# With the sign the filters choose the articles and the hits are looked up, not the other way round.
AMONG_FILTERED = f"+id IN ({HITS})"


async def search_articles(datasette: Datasette, request: Request, database: str) -> FilterArguments:
    """What `?_search=` adds to the query of one of `TABLES`.

    Of a word with more hits than `MOST` the last stored ones are taken, and the page says so, unless
    another filter narrows them anyway.
    """
    words = request.args.get("_search") or ""
    context: dict[str, Any] = {"supports_search": True, "search": words}
    if not words:
        return FilterArguments([], {}, [], context)
    said, matches = f"search matches “{words}”", ALL
    counted = await datasette.get_database(database).execute(COUNT, {"search": words})
    number = counted.rows[0][0]
    if number > MOST and is_filtered(request):
        matches = AMONG_FILTERED
    elif number > MOST:
        matches = NEWEST.format(most=MOST)
        said += f" (the newest {MOST:,} of {number:,} hits; filter by day or source for older ones)"
    return FilterArguments([matches], {"search": words}, [said], context)


def is_filtered(request: Request) -> bool:
    """Whether the page of a table has a filter on a column, or one written in SQL."""
    return any(
        key in ("_where", "_through") or not key.startswith("_") or "__" in key
        for key in request.args
    )
