"""The front page, the pages of articles and stories, and the addresses of all our pages."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from shopwire.storage.archive import ArchiveError, read_archived_page
from shopwire.storage.briefing.build import Briefing, build_briefing, find_period, list_complete_days
from shopwire.storage.briefing.feed import build_feed
from shopwire.storage.briefing.render import write_sections, write_title
from shopwire.storage.datasette.access.asgi_wrappers import NO_SCRIPT
from shopwire.storage.datasette.access.login import show_login
from shopwire.storage.datasette.access.visit_cookie import find_new_after, find_visit
from shopwire.storage.datasette.pages import queries
from shopwire.storage.datasette.pages.charts import build_chart, compute_shares, find_week, list_days
from shopwire.storage.datasette.pages.entity_pages import show_comparison, show_entity
from shopwire.storage.datasette.pages.rendering import (
    ATOM,
    DATABASE,
    Rows,
    check_permission,
    fetch_together,
    render_page,
)
from shopwire.storage.datasette.pages.search_page import show_search
from shopwire.storage.datasette.pages.template_filters import strip_controls
from shopwire.storage.datasette.pages.watch_pages import count_watches, show_watch, show_watch_feed
from shopwire.storage.text.markdown import render_html

if TYPE_CHECKING:
    from datasette.app import Datasette

STATIC = Path(__file__).parents[1] / "static"
CHART_DAYS = 30
CHART_SIZE = (600, 120)
FEED_DAYS = 7
LONGEST_RENDERED = 200_000
"""Characters of Markdown; a longer article is shown as plain text."""

CHARSET = re.compile(r"[A-Za-z0-9_.:-]{1,40}")

# What SQLite accepts as an id.
ID = re.compile("[0-9]{1,18}")


async def show_front(datasette: Datasette, request: Request) -> Response:
    """Return the front page: newest articles, top stories, unhealthy sources."""
    await check_permission(datasette, request)
    now = datetime.now(UTC)
    today = now.date()
    yesterday = (now - timedelta(days=1)).isoformat(timespec="seconds")
    visit = find_visit(request)
    before = visit.before if visit else None
    after = find_new_after(request) if before else None
    found = await fetch_together(
        datasette, queries.NOW, since=yesterday, after=after, today=today.isoformat()
    )
    (totals,) = found.pop("totals")
    days = list_days(date.fromisoformat(totals["newest"] or today.isoformat()), CHART_DAYS)
    told = find_week(totals["newest_story"], today)
    named = find_week(totals["newest_mention"], today)
    found |= await fetch_together(
        datasette,
        queries.OF_PERIOD,
        first_day=days[0],
        last_day=days[-1],
        since=told.since,
        until=told.until,
        named_since=named.since,
        named_until=named.until,
    )
    chart = build_chart(found["per_day"], days, *CHART_SIZE)
    watches, watch_trouble = await count_watches(datasette)
    values = {
        "fresh": found["fresh"][0]["articles"],
        "articles": totals["articles"] or 0,
        "before": f"{before:%Y-%m-%d %H:%M}" if before else "",
        "unseen": found["unseen"][0]["articles"],
        "story_count": found["story_counts"][0]["stories"],
        "story_week": told.words,
        "newest": found["newest"],
        "stories": found["stories"],
        "entities": found["entities"],
        "entity_week": named.words,
        "days": chart,
        "largest": max(day.total for day in chart),
        "size": CHART_SIZE,
        "shares": compute_shares(chart),
        "watches": watches,
        "watch_trouble": watch_trouble,
        "unhealthy": found["unhealthy"],
        "sources": totals["sources"],
    }
    return await render_page(datasette, request, "front.html", values)


async def show_article(datasette: Datasette, request: Request) -> Response:
    """Return the page of one article."""
    await check_permission(datasette, request)
    found = await _fetch_by_id(datasette, queries.OF_ARTICLE, request)
    (row,) = found.pop("article")
    values = {
        "article": row,
        "paragraphs": [line for line in row["text"].split("\n") if line.strip()],
        "body": _render_body(row["markdown"]),
        "tags": json.loads(row["tags"]),
        **found,
    }
    return await render_page(datasette, request, "article.html", values)


def _render_body(markdown: str | None) -> str:
    """Return the HTML of an article, "" where its Markdown is unknown or would take seconds."""
    if not markdown or len(markdown) > LONGEST_RENDERED:
        return ""
    return render_html(strip_controls(markdown))


async def show_archived_page(datasette: Datasette, request: Request) -> Response:
    """Return the archived page of an article, byte for byte, as plain text, so that it never runs."""
    await check_permission(datasette, request)
    (row,) = (await _fetch_by_id(datasette, {"article": queries.ARTICLE}, request))["article"]
    folder = Path(datasette.get_database(DATABASE).path).with_name("archive")
    try:
        page = read_archived_page(folder, row["archived_in"])
    except ArchiveError as error:
        raise NotFound(str(error)) from error
    charset = page.content_type.partition("charset=")[2].strip(" \"'")
    return Response(
        page.body,
        content_type=f"text/plain; charset={charset if CHARSET.fullmatch(charset) else 'utf-8'}",
        headers={"content-security-policy": NO_SCRIPT},
    )


async def show_story(datasette: Datasette, request: Request) -> Response:
    """Return the page of one story: its articles in order of time, duplicates under their original."""
    await check_permission(datasette, request)
    found = await _fetch_by_id(datasette, queries.OF_STORY, request)
    members = compute_delays(found["members"])
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
    values = {"story": found["story"][0], "members": leading, "copies": copies, "digests": found["digests"]}
    return await render_page(datasette, request, "story.html", values)


def compute_delays(members: Rows) -> Rows:
    """Return the articles of a story, which are in order of time, each with the hours since the first one.

    A date without an hour is a day long: below two days no difference to it is given, `hours_later` is None.
    """
    first = next((member for member in members if member["hours"] is not None), None)
    for member in members:
        hours = member["hours"] - first["hours"] if first and member["hours"] is not None else 0
        is_known = hours >= 48 or (member["to_the_minute"] and members[0]["to_the_minute"])
        member["hours_later"] = round(hours, 1) if is_known else None
    return members


async def show_briefing(datasette: Datasette, request: Request) -> Response:
    """Return the briefing of the day in the URL, or of the newest days."""
    await check_permission(datasette, request)
    database = datasette.get_database(DATABASE)
    if written := request.url_vars.get("day"):
        try:
            since = until = date.fromisoformat(written)
        except ValueError as error:
            raise NotFound(f"There is no day {written}") from error
    else:
        since, until = await database.execute_fn(find_period)
    briefing = await database.execute_fn(lambda db: build_briefing(db, since, until))
    values = {
        "title": write_title(briefing),
        "body": render_html(write_sections(briefing, _get_home(datasette, request))),
        "before": since - timedelta(days=1),
        "after": until + timedelta(days=1),
    }
    return await render_page(datasette, request, "brief.html", values)


async def show_briefing_feed(datasette: Datasette, request: Request) -> Response:
    """Return the Atom feed of the briefings of the newest days that are over."""
    await check_permission(datasette, request)

    def build(db: sqlite3.Connection) -> list[Briefing]:
        return [build_briefing(db, day, day) for day in list_complete_days(db, FEED_DAYS)]

    briefings = await datasette.get_database(DATABASE).execute_fn(build)
    feed = build_feed(briefings, _get_home(datasette, request))
    return Response(feed.decode(), content_type=ATOM)


def _get_home(datasette: Datasette, request: Request) -> str:
    """Return the absolute address of the front page, which ends with a slash."""
    return str(datasette.absolute_url(request, datasette.urls.instance()))


async def _fetch_by_id(datasette: Datasette, of_one: Mapping[str, str], request: Request) -> dict[str, Rows]:
    """Return the rows of several queries for the id in the URL. Raise `NotFound` if the first has none."""
    number = request.url_vars["id"]
    if ID.fullmatch(number):
        found = await fetch_together(datasette, of_one, id=int(number))
        if found[next(iter(of_one))]:
            return found
    raise NotFound(f"There is nothing with the id {number}")


async def show_asset(request: Request) -> Response:
    """Return one of our style sheets."""
    file = STATIC / request.url_vars["name"]
    if file not in STATIC.iterdir():
        raise NotFound(f"There is no file {file.name}")
    return Response(file.read_text(encoding="utf-8"), content_type="text/css; charset=utf-8")


ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/assets/(?P<name>[^/]+)$", show_asset),
    (r"^/$", show_front),
    (r"^/brief$", show_briefing),
    (r"^/brief/(?P<day>[12][0-9]{3}-[0-9]{2}-[0-9]{2})$", show_briefing),
    (r"^/brief\.atom$", show_briefing_feed),
    (r"^/search$", show_search),
    (r"^/-/login$", show_login),
    (r"^/article/(?P<id>[^/]+)$", show_article),
    (r"^/article/(?P<id>[^/]+)/original$", show_archived_page),
    (r"^/story/(?P<id>[^/]+)$", show_story),
    (r"^/entity/(?P<name>[^/]+)$", show_entity),
    (r"^/compare$", show_comparison),
    (r"^/watch/(?P<name>[^/]+)\.atom$", show_watch_feed),
    (r"^/watch/(?P<name>[^/]+)$", show_watch),
]
