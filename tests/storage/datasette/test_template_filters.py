"""Any scraped text is safe to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.storage.datasette.pages.template_filters import (
    format_hours,
    format_local_time,
    shorten,
    strip_controls,
    web_url,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("淘宝 & <b>Temu</b>", "淘宝 & <b>Temu</b>"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("a\u2066b\u2069c\x00d\x1be", "abcde"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_control_characters_are_removed(text: str, shown: str) -> None:
    assert strip_controls(text) == shown


@given(st.text(), st.integers(1, 50))
def test_a_shortened_text_has_the_maximum_length(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= most


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https:///nowhere", ""),
        ("http://[broken", ""),
        ("/relative", ""),
        ("", ""),
    ],
)
def test_only_a_web_url_is_a_link(url: str, link: str) -> None:
    assert web_url(url) == link


def test_a_time_is_shown_to_the_minute() -> None:
    assert format_local_time("2026-11-22T08:30:59+08:00") == "2026-11-22 08:30"
    assert format_local_time("2026-11-22") == "2026-11-22"
    assert format_local_time(None) == ""


@pytest.mark.parametrize(
    ("hours", "shown"),
    [(0.4, "0.4 hours"), (7.9, "7.9 hours"), (26.2, "26 hours"), (384.4, "16 days")],
)
def test_a_duration_is_shown_in_hours_or_days(hours: float, shown: str) -> None:
    assert format_hours(hours) == shown
