"""Paths and templates of JSON lists."""

from typing import Any

import pytest

from shopwire.spiders.lists.json_values import (
    fill_template,
    fill_template_values,
    get_by_path,
    has_page_number,
    list_values,
    load_json,
    set_page_number,
    write_date,
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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1794187800, "1794187800"),
        ([2026, 11, 9, 9, 30], "2026-11-09 09:30"),
        ([2026, 11, 9, 9, 5, 7, 123000000], "2026-11-09 09:05:07"),
        ([2026, 11, 9], "2026-11-09"),
        (["2026-11-09"], "['2026-11-09']"),
        ({"$date": "2026-11-09T01:30:00Z"}, "2026-11-09T01:30:00Z"),
        ({"year": 126, "month": 10, "time": 1794187800000, "timezoneOffset": -480}, "1794187800000"),
        ({"seconds": 1794187800, "nanoseconds": 123000000}, "1794187800"),
        (
            {"date": "2026-11-09 09:30:00.000000", "timezone_type": 3, "timezone": "Asia/Shanghai"},
            "2026-11-09 09:30:00.000000 Asia/Shanghai",
        ),
        ({}, ""),
        (None, ""),
    ],
)
def test_dates_as_systems_write_them(value: Any, text: str) -> None:
    assert write_date(value) == text


def test_an_array_with_gaps_is_an_array() -> None:
    assert list_values({"0": "a", "2": "b"}) == ["a", "b"]
    assert list_values(["a"]) == ["a"]
    assert list_values({}) is list_values({"0": "a", "name": "b"}) is list_values("a") is None


def test_a_string_may_have_a_tab() -> None:
    assert load_json(b'{"a": "1\t2\n"}') == {"a": "1\t2\n"}
