"""How Datasette's tables show the values of some columns: titles as links, times to the minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from shopwire.storage.datasette.pages.template_filters import (
    format_amount,
    format_local_time,
    shorten,
    strip_controls,
)

if TYPE_CHECKING:
    from datasette.app import Datasette

Row = Mapping[str, Any]
# Takes the value, its row and Datasette; returns None where the value is to be shown as it is.
Renderer = Callable[[Any, Row, "Datasette"], str | None]

TIMES = ("time", "first_seen", "last_seen", "last_success", "last_article", "next_due", "since")


def render_value(column: str, value: Any, row: Row | None, datasette: Datasette) -> str | None:
    """Return what a cell shows, None where that is the value itself; a text never has control characters."""
    renderer = RENDERERS.get(column)
    if renderer and (rendered := renderer(value, dict(row or {}), datasette)):
        return rendered
    if isinstance(value, str) and (stripped := strip_controls(value)) != value:
        return stripped
    return None


def render_title(value: Any, row: Row, datasette: Datasette) -> str | None:
    """Return a title as a link to its article, or to its story where the row is not an article."""
    if value and "day" in row and "id" in row:
        return build_link(datasette.urls.path(f"/article/{row['id']}"), shorten(value, 160))
    return render_headline(value, row, datasette)


def render_headline(value: Any, row: Row, datasette: Datasette) -> str | None:
    """Return the title of a story as a link to the story."""
    if value and row.get("story"):
        return build_link(datasette.urls.path(f"/story/{row['story']}"), shorten(value, 160))
    return None


def render_story(value: Any, _: Row, datasette: Datasette) -> str | None:
    """Return the id of a story as a link to the story."""
    if isinstance(value, int):
        return build_link(datasette.urls.path(f"/story/{value}"), str(value))
    return None


def render_amount(value: Any, *_: Any) -> str | None:
    """Return a number as its reader writes it."""
    return format_amount(value) if isinstance(value, float) else None


def render_time(value: Any, *_: Any) -> str | None:
    """Return a time to the minute."""
    return format_local_time(value) if isinstance(value, str) else None


def build_link(path: str, text: str) -> Markup:
    """Return a link to another of our pages."""
    return Markup('<a href="{}">{}</a>').format(path, text)


RENDERERS: Mapping[str, Renderer] = {
    "title": render_title,
    "chinese": render_headline,
    "english": render_headline,
    "story": render_story,
    "story_id": render_story,
    "value": render_amount,
    **dict.fromkeys(TIMES, render_time),
}
