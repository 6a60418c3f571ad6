"""The page of one entity, and the comparison of several."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from datasette.utils.asgi import NotFound, Request, Response

from shopwire.storage.datasette.pages import queries
from shopwire.storage.datasette.pages.charts import build_chart, build_line, list_weeks
from shopwire.storage.datasette.pages.rendering import Rows, check_permission, fetch_rows, render_page
from shopwire.storage.search.query_terms import find_entity, find_other_names
from shopwire.storage.search.snippets import iterate_hits
from shopwire.storage.text.gazetteer import COMMON

if TYPE_CHECKING:
    from datasette.app import Datasette

WEEKS = 26
SIZE = (600, 120)
FEWEST_COMPARED, MOST_COMPARED = 2, 5
MOST_FIGURES = 12


async def show_entity(datasette: Datasette, request: Request) -> Response:
    """Return the page of an entity; any other name of it redirects to its English name."""
    await check_permission(datasette, request)
    asked = unquote(request.url_vars["name"])
    entity = find_entity(asked)
    name = entity.english if entity else asked
    if name != asked:
        return Response.redirect(datasette.urls.path(f"/entity/{quote(name, safe='')}"))
    kinds = await fetch_rows(datasette, queries.KIND_OF_NAME, name=name)
    if not entity and not kinds:
        raise NotFound(f"There is no entity called {name}")
    weeks = await list_recent_weeks(datasette)
    counts = await count_per_week(datasette, name, weeks)
    rows = [{"day": week, "language": "", "articles": number} for week, number in counts.items()]
    values = {
        "name": name,
        "kind": entity.kind if entity else kinds[0]["kind"],
        "aliases": [one.removeprefix(COMMON) for one in entity.written[1:]] if entity else [],
        "is_widened": bool(find_other_names(name)),
        "chart": build_chart(rows, weeks, *SIZE),
        "largest": max(counts.values()),
        "size": SIZE,
        "total": sum(counts.values()),
        "stories": await fetch_rows(datasette, queries.NAMED_STORIES, name=name),
        "articles": await fetch_rows(datasette, queries.NAMED_ARTICLES, name=name),
        "together": await fetch_rows(datasette, queries.NAMED_TOGETHER, name=name),
        "figures": await list_figures(datasette, name),
    }
    return await render_page(datasette, request, "entity.html", values)


async def show_comparison(datasette: Datasette, request: Request) -> Response:
    """Return the articles per week of the names in `?names=`, two to five, separated by commas."""
    await check_permission(datasette, request)
    asked = [one.strip() for one in (request.args.get("names") or "").replace("，", ",").split(",")]
    found = {one: entity.english if (entity := find_entity(one)) else one for one in asked if one}
    names = list(dict.fromkeys(found.values()))
    weeks = await list_recent_weeks(datasette)
    counts = {name: await count_per_week(datasette, name, weeks) for name in names[:MOST_COMPARED]}
    largest = max((number for one in counts.values() for number in one.values()), default=0)
    values = {
        "asked": ", ".join(names),
        "names": names,
        "fewest": FEWEST_COMPARED,
        "most": MOST_COMPARED,
        "counts": counts,
        "weeks": weeks,
        "largest": largest,
        "size": SIZE,
        "lines": {name: build_line(list(one.values()), largest, *SIZE) for name, one in counts.items()},
    }
    return await render_page(datasette, request, "compare.html", values)


async def list_recent_weeks(datasette: Datasette) -> list[str]:
    """Return the last weeks that the store knows of, each as its Monday."""
    today = datetime.now(UTC).date()
    newest = (await fetch_rows(datasette, queries.NEWEST_DAY, today=today.isoformat()))[0]["day"]
    return list_weeks(date.fromisoformat(newest) if newest else today, WEEKS)


async def count_per_week(datasette: Datasette, name: str, weeks: list[str]) -> dict[str, int]:
    """Return the number of articles that mention a name in each week, 0 in weeks without one."""
    rows = await fetch_rows(datasette, queries.PER_WEEK, name=name, since=weeks[0])
    found = {row["week"]: row["articles"] for row in rows}
    return {week: found.get(week, 0) for week in weeks}


async def list_figures(datasette: Datasette, name: str) -> Rows:
    """Return the newest figures in whose sentence the name stands, each sentence once."""
    found: dict[str, dict[str, object]] = {}
    for row in await fetch_rows(datasette, queries.NAMED_FIGURES, name=name):
        if len(found) == MOST_FIGURES:
            break
        if row["sentence"] not in found and any(iterate_hits(row["sentence"], name)):
            found[row["sentence"]] = row
    return list(found.values())
