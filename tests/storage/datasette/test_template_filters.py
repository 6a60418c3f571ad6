"""Scraped text is fit to be shown, whatever it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.storage.datasette.template_filters import minute, plain, short, span, web_url


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("淘宝 & <b>Temu</b>", "淘宝 & <b>Temu</b>"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("a\u2066b\u2069c\x00d\x1be", "abcde"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_signs_that_steer_the_display_go(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(), st.integers(1, 50))
def test_short_is_short(text: str, most: int) -> None:
    assert len(short(text, most)) <= most


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
def test_only_an_address_of_the_web_is_a_link(url: str, link: str) -> None:
    assert web_url(url) == link


def test_a_moment_is_shown_to_the_minute() -> None:
    assert minute("2026-11-22T08:30:59+08:00") == "2026-11-22 08:30"
    assert minute("2026-11-22") == "2026-11-22"
    assert minute(None) == ""


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0.4, "0.4 hours"), (7.9, "7.9 hours"), (26.2, "26 hours"), (384.4, "16 days")],
)
def test_a_span_is_said_as_people_do(hours: float, said: str) -> None:
    assert span(hours) == said
