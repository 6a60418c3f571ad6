"""The page and the feed of a watch, and the numbers of all watches on the front page."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from datasette.utils.asgi import NotFound, Request, Response
from feedgen.feed import FeedGenerator

from shopwire.storage.configuration.load import FILE, ConfigurationError, load_configuration
from shopwire.storage.configuration.options import Watch
from shopwire.storage.datasette.access.visit_cookie import ID
from shopwire.storage.datasette.pages.rendering import ATOM, DATABASE, check_permission, render_page
from shopwire.storage.datasette.pages.template_filters import shorten, web_url
from shopwire.storage.timestamps import assume_utc
from shopwire.storage.watches.matches import (
    RECENT_DAYS,
    SHOWN_DAYS,
    Match,
    count_recent,
    describe_watch,
    list_recent,
)

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class WatchCount:
    """A watch, and how many articles of the last days match it; `newest` is the id of the last one stored."""

    name: str
    articles: int
    newest: int


def read_watches(datasette: Datasette) -> dict[str, Watch]:
    """Return the watches of the configuration beside the store, by name. Raises `ConfigurationError`."""
    file = Path(datasette.get_database(DATABASE).path).with_name(FILE)
    try:
        state = file.stat()
    except OSError:
        return dict(load_configuration(file).watches)
    return dict(_load_watches(file, (state.st_mtime_ns, state.st_size)))


# The front page has the watches, and a file of them seldom changes.
@lru_cache(maxsize=8)
def _load_watches(file: Path, _state: tuple[int, int]) -> Mapping[str, Watch]:
    return load_configuration(file).watches


async def count_watches(datasette: Datasette) -> tuple[list[WatchCount], str]:
    """Return the watches with their numbers, and what is wrong with the configuration, "" if it is right."""
    try:
        watches = read_watches(datasette)
    except ConfigurationError as error:
        return [], str(error)

    def count(db: sqlite3.Connection) -> list[WatchCount]:
        now = datetime.now(UTC)
        return [
            WatchCount(name, *count_recent(db, watch, now, RECENT_DAYS)) for name, watch in watches.items()
        ]

    return await datasette.get_database(DATABASE).execute_fn(count), ""


async def show_watch(datasette: Datasette, request: Request) -> Response:
    """Return the page of a watch: its matches of the last days, the last stored ones first, one a story."""
    name, watch, found = await _find_matches(datasette, request)
    more: dict[object, int] = {}
    for match in found:
        more[_get_story(match)] = more.get(_get_story(match), -1) + 1
    first = list({_get_story(match): match for match in reversed(found)}.values())[::-1]
    values: dict[str, Any] = {
        "name": name,
        "asks_for": describe_watch(watch),
        "search": watch.words,
        "matches": first,
        "more": {match.id: more[_get_story(match)] for match in first},
        "total": len(found),
        "days": SHOWN_DAYS,
    }
    return await render_page(datasette, request, "watch.html", values)


async def show_watch_feed(datasette: Datasette, request: Request) -> Response:
    """Return the Atom feed of a watch; with `?after=` only of the articles stored after that one."""
    name, _, found = await _find_matches(datasette, request)
    if ID.fullmatch(after := request.args.get("after") or ""):
        found = [match for match in found if match.id > int(after)]
    home = str(datasette.absolute_url(request, datasette.urls.instance()))
    feed = FeedGenerator()
    page = f"{home}watch/{quote(name)}"
    feed.id(f"urn:shopwire:watch:{quote(name)}")
    feed.title(f"shopwire: {name}")
    feed.link(href=f"{page}.atom", rel="self")
    feed.link(href=page, rel="alternate")
    times = [assume_utc(datetime.fromisoformat(match.time)) for match in found]
    feed.updated(max(times, default=datetime(1970, 1, 1, tzinfo=UTC)))
    for match, time in zip(found[:MOST_ENTRIES], times, strict=False):
        entry = feed.add_entry(order="append")
        entry.id(f"urn:shopwire:article:{match.id}")
        entry.title(shorten(match.title) or "(no title)")
        entry.link(href=web_url(match.url) or f"{home}article/{match.id}")
        entry.updated(time)
        entry.author(name=shorten(match.source_title))
    return Response(feed.atom_str(pretty=True).decode(), content_type=ATOM)


async def _find_matches(datasette: Datasette, request: Request) -> tuple[str, Watch, list[Match]]:
    """Return the watch in the address with its matches. Raises `NotFound` if there is no such watch."""
    await check_permission(datasette, request)
    name = unquote(request.url_vars["name"])
    try:
        watch = read_watches(datasette).get(name)
    except ConfigurationError as error:
        raise NotFound(str(error)) from error
    if watch is None:
        raise NotFound(f"There is no watch called {name} in {FILE}")
    found = await datasette.get_database(DATABASE).execute_fn(
        lambda db: list_recent(db, watch, datetime.now(UTC), SHOWN_DAYS)
    )
    return name, watch, found


def _get_story(match: Match) -> object:
    return match.story or ("article", match.id)
