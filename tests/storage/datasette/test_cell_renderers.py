"""What the cells of Datasette's tables show."""

from typing import Any

import pytest
from datasette.app import Datasette

from shopwire.storage.datasette.cell_renderers import render_value

ARTICLE = {"id": 7, "day": "2026-11-22", "story": 3}


@pytest.mark.parametrize(
    ("column", "value", "row", "shown"),
    [
        ("title", "A <b>", ARTICLE, '<a href="/article/7">A &lt;b&gt;</a>'),
        ("title", "A\u202e", {"story": 3}, '<a href="/story/3">A</a>'),
        ("title", "A", {"story": None}, None),
        ("title", "A\u202e", {}, "A"),
        ("title", "", ARTICLE, None),
        ("title", "A", None, None),
        ("chinese", "淘宝", {"story": 3}, '<a href="/story/3">淘宝</a>'),
        ("english", None, {"story": 3}, None),
        ("story", 3, {}, '<a href="/story/3">3</a>'),
        ("story_id", None, {}, None),
        ("value", 540300000000.0, {}, "540,300,000,000"),
        ("value", 12.5, {}, "12.5"),
        ("value", "12", {}, None),
        ("time", "2026-11-22T08:30:59+00:00", {}, "2026-11-22 08:30"),
        ("time", None, {}, None),
        ("author", "Li", ARTICLE, None),
        ("author", "Li\u202e", ARTICLE, "Li"),
        ("views", 9, ARTICLE, None),
    ],
)
def test_a_cell_shows(column: str, value: Any, row: dict[str, Any] | None, shown: str | None) -> None:
    assert render_value(column, value, row, Datasette()) == shown
