"""The pages made for readers: front, article, story, search. No script runs on them."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import NotFound, Request, Response

from shopwire.storage.archive import ArchiveError, read_archived
from shopwire.storage.datasette import queries
from shopwire.storage.datasette.charts import daily_bars, days_until, shares
from shopwire.storage.datasette.security_headers import NO_SCRIPT
from shopwire.storage.search.full_text import SEARCH, match_query
from shopwire.storage.search.snippets import marked

# The name Datasette gives a file is its stem; metadata, links and dashboards go by it.
DATABASE = "shopwire"
CHART_DAYS = 30
CHART_SIZE = (600, 120)
STORY_DAYS = 7
HITS = 50
# The status words of a source that needs no look.
WELL = ("ok", "new", "quiet")

CHARSET = re.compile(r"[A-Za-z0-9_.:-]{1,40}")

# What SQLite takes for the number of a row.
NUMBER = re.compile("[0-9]{1,18}")

Rows = list[dict[str, Any]]


async def ask(datasette: Datasette, sql: str, **values: Any) -> Rows:
    """The rows of a query. Raises `QueryInterrupted` after Datasette's time limit."""
    found = await datasette.get_database(DATABASE).execute(sql, values)
    return [dict(row) for row in found.rows]


async def show(
    datasette: Datasette, request: Request, template: str, values: dict[str, Any]
) -> Response:
    """A page that may run no script at all."""
    html = await datasette.render_template([template], values, request=request)
    return Response.html(html, headers={"content-security-policy": NO_SCRIPT})


async def allow(datasette: Datasette, request: Request) -> None:
    """Raise `Forbidden` when the person may not read."""
    await datasette.ensure_permissions(
        request.actor, [("view-database", DATABASE), "view-instance"]
    )


async def front(datasette: Datasette, request: Request) -> Response:
    """What is new, what many write about, which sources are sick."""
    await allow(datasette, request)
    now = datetime.now(UTC)
    fresh = await ask(datasette, queries.FRESH, since=_iso(now - timedelta(days=1)))
    totals = (await ask(datasette, queries.TOTALS, today=now.date().isoformat()))[0]
    newest = date.fromisoformat(totals["newest"] or now.date().isoformat())
    days = days_until(newest, CHART_DAYS)
    per_day = await ask(datasette, queries.PER_DAY, since=days[0], until=days[-1])
    since = (newest - timedelta(days=STORY_DAYS)).isoformat()
    bars = daily_bars(per_day, days, *CHART_SIZE)
    health = await ask(datasette, queries.HEALTH)
    values = {
        "fresh": fresh[0]["articles"],
        "articles": totals["articles"] or 0,
        "told": (await ask(datasette, queries.TOLD, since=since))[0]["stories"],
        "newest": await ask(datasette, queries.NEWEST),
        "stories": await ask(datasette, queries.TOP_STORIES, since=since),
        "named": await ask(datasette, queries.NAMED_THIS_WEEK, since=since),
        "days": bars,
        "fullest": max(day.total for day in bars),
        "size": CHART_SIZE,
        "shares": shares(bars),
        "sick": [one for one in health if one["status"] not in WELL],
        "sources": len(health),
    }
    return await show(datasette, request, "desk_front.html", values)


async def article(datasette: Datasette, request: Request) -> Response:
    """One article, to be read."""
    await allow(datasette, request)
    row = await _one(datasette, queries.ARTICLE, request)
    values = {
        "article": row,
        "paragraphs": [line for line in row["text"].split("\n") if line.strip()],
        "named": await ask(datasette, queries.NAMED, id=row["id"]),
        "tags": json.loads(row["tags"]),
        "copies": await ask(datasette, queries.COPIES, id=row["id"]),
        "heat": await ask(datasette, queries.HEAT, id=row["id"]),
        "originals": await ask(datasette, queries.ORIGINALS, id=row["id"]),
    }
    return await show(datasette, request, "desk_article.html", values)


async def archived(datasette: Datasette, request: Request) -> Response:
    """The page as it came, byte for byte, as plain text: never as a page."""
    await allow(datasette, request)
    row = await _one(datasette, queries.ARTICLE, request)
    folder = Path(datasette.get_database(DATABASE).path).with_name("archive")
    try:
        page = read_archived(folder, row["archived_in"])
    except ArchiveError as error:
        raise NotFound(str(error)) from error
    charset = page.content_type.partition("charset=")[2].strip(" \"'")
    return Response(
        page.body,
        content_type=f"text/plain; charset={charset if CHARSET.fullmatch(charset) else 'utf-8'}",
        headers={"content-security-policy": NO_SCRIPT},
    )


async def story(datasette: Datasette, request: Request) -> Response:
    """One story: who wrote about it, in which order, and who copied whom."""
    await allow(datasette, request)
    row = await _one(datasette, queries.STORY, request)
    members = await ask(datasette, queries.TIMELINE, id=row["story"])
    copies: dict[int, Rows] = {}
    for member in members:
        if member["canonical_id"] != member["id"]:
            copies.setdefault(member["canonical_id"], []).append(member)
    ids = {member["id"] for member in members}
    leading = [
        member
        for member in members
        if member["canonical_id"] == member["id"] or member["canonical_id"] not in ids
    ]
    values = {"story": row, "members": leading, "copies": copies}
    return await show(datasette, request, "desk_story.html", values)


async def search(datasette: Datasette, request: Request) -> Response:
    """The best hits for what a person typed, each with the lines it stands in."""
    await allow(datasette, request)
    words = request.args.get("q") or ""
    found: Rows = []
    too_many = False
    if match := match_query(words):
        try:
            found = await ask(datasette, SEARCH, match=match, most=HITS)
        except QueryInterrupted:
            too_many = True
    for row in found:
        row["title_pieces"] = marked(row["title"], words, width=160)
        row["pieces"] = marked(row["text"], words, width=160)
    values = {"words": words, "found": found, "too_many": too_many, "most": HITS}
    return await show(datasette, request, "desk_search.html", values)


async def _one(datasette: Datasette, sql: str, request: Request) -> dict[str, Any]:
    number = request.url_vars["id"]
    if NUMBER.fullmatch(number) and (rows := await ask(datasette, sql, id=int(number))):
        return rows[0]
    raise NotFound(f"nothing here has the number {number}")


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


ROUTES = [
    (r"^/$", front),
    (r"^/search$", search),
    (r"^/article/(?P<id>[^/]+)$", article),
    (r"^/article/(?P<id>[^/]+)/original$", archived),
    (r"^/story/(?P<id>[^/]+)$", story),
]
