"""Paths and templates of JSON lists."""

from typing import Any

import pytest

from shopwire.spiders.lists.json_values import (
    fill_template,
    fill_template_values,
    get_by_path,
    has_page_number,
    set_page_number,
)

ROW = {
    "id": 7,
    "item": {"guid": "g1", "tags": [{"name": "trade"}]},
    "a.b": "dotted",
    "empty": "",
    "none": None,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", 7),
        ("item.guid", "g1"),
        ("item.tags.0.name", "trade"),
        ("item.tags.5.name", None),
        ("a.b", "dotted"),
        ("item.guid.more", None),
        ("absent", None),
        ("", None),
    ],
)
def test_a_path_leads_through_objects_and_arrays(path: str, value: Any) -> None:
    assert get_by_path(ROW, path) == value


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("https://a.example/{id}", "https://a.example/7"),
        ("https://a.example/{item.guid}-{id}.html", "https://a.example/g1-7.html"),
        ("https://a.example/{empty}", ""),
        ("https://a.example/{none}", ""),
        ("https://a.example/{item}", ""),
        ("https://a.example/", "https://a.example/"),
    ],
)
def test_a_template_needs_all_its_values(template: str, filled: str) -> None:
    assert fill_template(template, ROW) == filled


def test_a_body_keeps_the_types_of_its_values() -> None:
    body = {"content_id": "{id}", "path": "x/{item.guid}", "page": 1, "deep": [{"id": "{id}"}]}
    assert fill_template_values(body, ROW) == {
        "content_id": 7,
        "path": "x/g1",
        "page": 1,
        "deep": [{"id": 7}],
    }


def test_the_number_of_a_page_is_set_in_urls_forms_and_bodies() -> None:
    assert set_page_number("https://a.example/?p={page}", 3) == "https://a.example/?p=3"
    assert set_page_number({"page": "{page}", "x": [{"n": "no {page}"}], "size": 20}, 3) == {
        "page": 3,
        "x": [{"n": "no 3"}],
        "size": 20,
    }
    assert has_page_number("https://a.example/", {}, {"page": "{page}"})
    assert not has_page_number("https://a.example/", {}, {"page": 1})
