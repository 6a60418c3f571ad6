"""The dates of lists: every form that programs write, each with its zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from shopwire.spiders.lists.dates_near_links import DatesNearLinks
from shopwire.spiders.lists.list_dates import build_list_dates
from tests.faults.lists import ODD_DATES

CHINESE = build_list_dates("zh", "https://a.example/")
AMERICAN = build_list_dates("en", "https://a.example/")
BRITISH = build_list_dates("en", "https://www.a.co.uk/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-09T09:30:00+08:00", "2026-11-09T01:30"),
        ("2026-11-09T09:30:00Z", "2026-11-09T09:30"),
        ("2026-11-09 09:30:00", "2026-11-09T01:30"),
        ("2026-11-09", "2026-11-08T16:00"),
        ("Mon, 09 Nov 2026 09:30:00 GMT", "2026-11-09T09:30"),
        ("Mon, 09 Nov 2026 09:30:00 +0800", "2026-11-09T01:30"),
        ("Mon, 09 Nov 2026 09:30:00 CST", "2026-11-09T01:30"),
        ("Mon, 09 Nov 2026 09:30:00 GMT+8", "2026-11-09T01:30"),
        ("Mon, 09 Nov 2026 09:30:00 GMT+0530", "2026-11-09T04:00"),
        ("Mon, 09 Nov 2026 09:30:00 UTC-5", "2026-11-09T14:30"),
        ("Mon, 09 Nov 2026 09:30:00+5:30", "2026-11-09T04:00"),
        ("Mon, 09 Nov 2026 09:30:00 EST", "2026-11-09T14:30"),
        ("Mon, 09 Nov 2026 09:30:00 -5", "2026-11-09T14:30"),
        ("2026-11-9 9:3", "2026-11-09T01:03"),
        ("2026/11/9 9:3:5", "2026-11-09T01:03"),
        ("Monday, 09-Nov-26 09:30:00 GMT", "2026-11-09T09:30"),
        ("09 Nov 26 09:30 +0100", "2026-11-09T08:30"),
        ("Mon Nov 09 09:30:00 CST 2026", "2026-11-09T01:30"),
        ("Mon Nov  9 09:30:00 PST 2026", "2026-11-09T17:30"),
        ("Mon Nov 09 09:30:00 +0900 2026", "2026-11-09T00:30"),
        ("Mon Nov 09 2026 09:30:00 GMT+0800 (China Standard Time)", "2026-11-09T01:30"),
        ("周一, 09 十一月 2026 09:30:00 +0800", "2026-11-09T01:30"),
        ("星期一 十一月 09 09:30:00 CST 2026", "2026-11-09T01:30"),
        ("民國115年11月9日 09:30", "2026-11-09T01:30"),
        ("中華民國一一五年十一月九日 上午9:30", "2026-11-09T01:30"),
        ("115/11/09 09:30", "2026-11-09T01:30"),
        ("令和8年11月9日 09:30", "2026-11-09T01:30"),
        ("2026-11-09T09:30:00 08:00", "2026-11-09T01:30"),
        ("Mon, 09 Nov 2026 09:30:00  0800", "2026-11-09T01:30"),
        ("2026-11-09T09:30:00+08:00[Asia/Shanghai]", "2026-11-09T01:30"),
        ("2026-11-09T09:30 [America/New_York]", "2026-11-09T14:30"),
        ("2026-11-09 09:30:00 +0800 CST", "2026-11-09T01:30"),
        ("20261109T013000Z", "2026-11-09T01:30"),
        ("20261109093000", "2026-11-09T01:30"),
        ("1794187800", "2026-11-09T01:30"),
        ("1794187800.25", "2026-11-09T01:30"),
        ("1794187800123", "2026-11-09T01:30"),
        ("1794187800123456", "2026-11-09T01:30"),
        ("/Date(1794187800000)/", "2026-11-09T01:30"),
        (r"\/Date(1794187800000+0800)\/", "2026-11-09T01:30"),
        ("new Date(1794187800000)", "2026-11-09T01:30"),
        ("2026年11月9日 09:30", "2026-11-09T01:30"),
        ("2026/11/9 上午9:30", "2026-11-09T01:30"),
        ("9 Nov 2026 09:30 MSK", "2026-11-09T06:30"),
    ],
)
def test_a_form_is_read_with_its_zone(text: str, expected: str) -> None:
    found = CHINESE.read(text)
    assert found is not None
    assert f"{found.astimezone(UTC):%Y-%m-%dT%H:%M}" == expected


def test_the_month_comes_first_on_american_sources_alone() -> None:
    assert str(AMERICAN.read("11/9/2026 9:00:00 PM")) == "2026-11-09 21:00:00+00:00"
    assert str(AMERICAN.read("11/9/26, 9:00 PM")) == "2026-11-09 21:00:00+00:00"
    assert str(AMERICAN.read("25/12/2025")) == "2025-12-25 00:00:00+00:00"
    assert str(BRITISH.read("9/11/2026 21:00")) == "2026-11-09 21:00:00+00:00"


@pytest.mark.fault("34", "pubDate `2026年11月11日 08:30`", "read, never 1 November")
def test_a_date_in_chinese_is_read() -> None:
    assert CHINESE.read(ODD_DATES[0].replace("2026", "2025")) == datetime(2025, 11, 11, 0, 30, tzinfo=UTC)


@pytest.mark.fault(
    "35a", "Dates in 2100, in 99999, without zone, in no form", "none, or in the source's zone"
)
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Wed, 11 Nov 2100 08:00:00 GMT", None),
        ("Wed, 11 Nov 99999 08:00:00 GMT", None),
        ("Wed, 11 Nov 2020 08:00:00 +9999999999999999", datetime(2020, 11, 11, 8, tzinfo=UTC)),
        ("1970-01-01", None),
        ("soon", None),
        ("9" * 10_000, None),
        ("/Date(-62135596800000)/", None),
        ("0", None),
        ("2020-11-11T08:00:00", datetime(2020, 11, 11, 8, tzinfo=UTC)),
        ("Wed, 11 Nov 2020 16:00:00 +0800", datetime(2020, 11, 11, 8, tzinfo=UTC)),
    ],
)
def test_absurd_dates_are_no_dates(said: str, expected: datetime | None) -> None:
    assert AMERICAN.read(said) == expected


@given(st.text(max_size=120) | st.text("0123456789-/: 年月日民國Date()GMTUC+.,NovMon十一", max_size=60))
def test_any_text_is_read_without_raising(text: str) -> None:
    for dates in (CHINESE, AMERICAN):
        for found in (dates.read(text), dates.find(text)):
            assert found is None or found <= datetime.now(UTC) + timedelta(days=1)


OTHER = "<li><a href='/2'>Another report of the lake towns</a> <span>2024-01-02</span></li>"


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='/1'>A title</a> <span>2026-11-09</span></li>",
        "<li><span>2026-11-09</span><h3><a href='/1'><img></a></h3><p><a href='/1'>A title</a></p></li>",
        "<li><a href='/1'>A title <em>2026-11-09</em></a></li>",
        "<li><a href='/1'>A title</a><time datetime='2026-11-09T09:30'>Monday</time></li>",
        "<tr><td><a href='/1'>A title</a></td><td>Ada Moor</td><td>2026-11-09</td></tr>",
        "<dt><a href='/1'>A title</a></dt><dd>来源：日报 2026-11-09</dd>",
        "<a href='/1'>A title</a> 2026-11-09<br>",
        "<div><div><div><a href='/1'>A title</a></div></div><p>Prose about it.</p><i>2026年11月9日</i></div>",
    ],
)
def test_a_date_beside_a_link_is_found(row: str) -> None:
    tag = "table" if row.startswith("<tr") else "ul"
    other = OTHER.replace("li>", "tr>").replace("span>", "td>") if tag == "table" else OTHER
    tree = html.fromstring(f"<html><body><{tag}>{row}{other}</{tag}></body></html>")
    links = tree.xpath("//a")
    found = DatesNearLinks(links, CHINESE).find(links[0])
    assert found is not None
    assert f"{found.astimezone(CHINESE.zone):%Y-%m-%d}" == "2026-11-09"


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='/1'>A title</a></li>",
        "<li><a href='/1'>A title</a><p>Sellers of tea pots waited until 9 November 2026 for it.</p></li>",
    ],
)
def test_a_link_has_no_date_of_another_one_or_of_a_sentence(row: str) -> None:
    tree = html.fromstring(f"<html><body><ul>{row}{OTHER}</ul></body></html>")
    links = tree.xpath("//a")
    assert DatesNearLinks(links, CHINESE).find(links[0]) is None


@pytest.mark.parametrize(
    ("language", "home", "zone", "expected"),
    [
        ("de", "https://a.example.de/", "", "2026-09-15T08:30"),
        ("pt", "https://a.com.br/", "", "2026-09-15T13:30"),
        ("ja", "https://a.example.com/", "", "2026-09-15T01:30"),
        ("en", "https://a.example.com/", "Asia/Singapore", "2026-09-15T02:30"),
        ("en", "https://a.example.com/", "", "2026-09-15T10:30"),
    ],
)
def test_a_time_without_a_zone_is_in_that_of_its_source(
    language: str, home: str, zone: str, expected: str
) -> None:
    found = build_list_dates(language, home, zone).read("2026-09-15 10:30")
    assert found is not None
    assert found.astimezone(UTC).isoformat().startswith(expected)
