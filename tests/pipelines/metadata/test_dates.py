"""When an article was published, wherever and however its page says so."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from shopwire.pipelines.metadata.date_formats import (
    find_absolute_dates,
    find_relative_dates,
    parse_machine_date,
)
from shopwire.pipelines.metadata.dates import Dates, find_dates
from shopwire.pipelines.parsing.meta_tags import Meta, read_meta
from shopwire.pipelines.parsing.visible_text import read_visible_lines

FETCHED = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def page(head: str = "", body: str = "", language: str = "en", url: str = "", listed: str = "") -> Dates:
    tree = html.fromstring(f"<html><head>{head}</head><body>{body}<p>End.</p></body></html>")
    return find_dates(
        tree,
        read_meta(tree),
        read_visible_lines(tree),
        url=url,
        fetched=FETCHED,
        title="标题 Title",
        listed_published=listed,
        language=language,
    )


def text(*lines: str, language: str = "zh") -> Dates:
    lines = ("标题 Title", *lines)
    return find_dates(None, Meta(), lines, url="", fetched=FETCHED, title=lines[0], language=language)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2022-10-27 09:08:46 浏览:950 作者:疯狂美工萱萱", "2022-10-27T09:08+08:00"),
        ("2022-10-27", "2022-10-27"),
        ("http://biz.163.com 2005-04-25 08:24:06 来源: 日报 评论 0 条", "2005-04-25T08:24+08:00"),
        ("2026年11月11日", "2026-11-11"),
        ("2026年11月11日 08:30", "2026-11-11T08:30+08:00"),
        ("2026 年 1 月 5 日 下午 3:05 来源：新京报", "2026-01-05T15:05+08:00"),
        ("2005年03月31日03:18 北京娱乐信报", "2005-03-31T03:18+08:00"),
        ("2019-09-2612:11来源：证券时报网", "2019-09-26T12:11+08:00"),
        ("发布时间：2026/1/5 8:30", "2026-01-05T08:30+08:00"),
        ("2026.01.05", "2026-01-05"),
        ("2026-01-05 08:30 CST", "2026-01-05T08:30+08:00"),
        ("2026-01-05T00:30:00Z", "2026-01-05T00:30+00:00"),
        ("3小时前", "2026-11-22T11:00+08:00"),
        ("30分钟前 来源：界面", "2026-11-22T13:30+08:00"),
        ("昨天 12:30", "2026-11-21T12:30+08:00"),
        ("前天", "2026-11-20"),
        ("3天前", "2026-11-19"),
        ("刚刚", "2026-11-22T14:00+08:00"),
        ("2020-04-16 09:12:40 Source: interface news Comments 41", "2020-04-16T09:12+08:00"),
        ("评论 2020-04-16 09:12:40", ""),
        ("今日要闻", ""),
        ("昨天的直播", ""),
        ("10-27 09:08", "2026-10-27T09:08+08:00"),
        ("12月27日 9:08", "2025-12-27T09:08+08:00"),
        ("10月24日晚，天猫在抖音开播，共有一百三十万人观看。", ""),
        ("2019年10月15日，沈阳，在公园晨练的老年人。（视觉中国）", ""),
        ("Copyright © 2008-2019 版权所有 2019-01-01", ""),
        ("2026-13-45", ""),
        ("99999-01-01", ""),
        ("2026年2月30日", ""),
        ("1970-01-01 08:00", ""),
    ],
)
def test_chinese_datelines(line: str, published: str) -> None:
    assert text(line, "正文。").published == published


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("January 5, 2026", "2026-01-05"),
        ("Jan. 5, 2026 7:47 am EST", "2026-01-05T07:47-05:00"),
        ("By Jane Doe • March 12, 2025", "2025-03-12"),
        ("Published on November 7, 2025, 3:50pm ET", "2025-11-07T15:50-05:00"),
        ("July 7, 2025, 3:50pm ET", "2025-07-07T15:50-04:00"),
        ("5th of January 2026", "2026-01-05"),
        ("Mon, 05 Jan 2026 08:30:00 GMT", "2026-01-05T08:30+00:00"),
        ("2026-01-05 08:30 +0530", "2026-01-05T08:30+05:30"),
        ("4. August 2024, 19:30 Uhr", "2024-08-04T19:30+00:00"),
        ("12.02.2024 - 18:03", "2024-02-12T18:03+00:00"),
        ("9/17/2004 5:54:13 AM", "2004-09-17T05:54+00:00"),
        ("17/9/2004", "2004-09-17"),
        ("2 hours ago", "2026-11-22T04:00+00:00"),
        ("an hour ago", "2026-11-22T05:00+00:00"),
        ("yesterday", "2026-11-21"),
        ("Yesterday at 12:30", "2026-11-21T12:30+00:00"),
        ("On March 3, 2019 the company sold its shops. It never opened another one.", ""),
        ("Smarch 13, 2026", ""),
        ("5 ways to sell in 2026", ""),
        ("In today's interview we hear from sellers", ""),
    ],
)
def test_other_datelines(line: str, published: str) -> None:
    assert text(line, "Body.", language="en").published == published


def test_the_future_is_refused_as_far_as_the_clock_is_known() -> None:
    assert text("2026-11-22 14:50").published == "2026-11-22T14:50+08:00"
    assert text("2026-11-22 16:00").published == ""
    assert text("2026-11-22 19:00", language="en").published == "2026-11-22T19:00+00:00"
    assert text("2026-11-23 07:00 +0000", language="en").published == ""
    assert page(listed="Sat, 01 Jan 2100 00:00:00 GMT").published == ""
    assert page('<meta name="pubdate" content="2100-01-01">', url="/2099/01/01/a").published == ""
    late = page('<meta name="pubdate" content="2100-01-01">', "<p>标题 Title</p><p>May 5, 2026</p>")
    assert late.published == "2026-05-05"


def test_the_line_near_the_title_comes_first_on_chinese_pages() -> None:
    head = '<meta property="article:published_time" content="2026-01-05T09:00:00+08:00">'
    body = "<h1>标题 Title</h1><p>2026-01-04 10:00 来源：新京报</p>"
    url = "https://example.com/2026/01/03/a.html"
    for dates, published, place in (
        (page(head, body, "zh", url=url), "2026-01-04T10:00+08:00", "line near the title"),
        (page(head, "", "zh", url=url), "2026-01-05T09:00+08:00", "meta article:published_time"),
        (page("", "", "zh", url=url), "2026-01-03", "url"),
    ):
        assert (dates.published, dates.published_from) == (published, place)


def test_declared_dates_come_first_elsewhere_and_say_the_zone() -> None:
    node = '{"@type": "NewsArticle", "datePublished": "2026-01-05T09:00:00+01:00"}'
    head = f'<script type="application/ld+json">{node}</script>'
    assert page(head, "<p>标题 Title</p><p>January 4, 2026 10:00</p>").published == ("2026-01-05T09:00+01:00")
    updated = page(head, "<p>标题 Title</p><p>Updated January 6, 2026 10:00</p>").updated
    assert updated == "2026-01-06T10:00+01:00"


def test_the_minute_comes_from_whoever_agrees_on_the_day() -> None:
    head = '<meta property="article:published_time" content="2026-01-05T01:00:00Z">'
    dates = page(head, "<h1>标题 Title</h1><p>2026-01-05</p>", "zh")
    assert dates.published == "2026-01-05T01:00+00:00"


def test_the_day_shown_wins_over_its_neighbour_in_utc() -> None:
    head = '<meta property="article:published_time" content="2026-01-05T03:05:00Z">'
    assert page(head, "<p>标题 Title</p><p>January 4, 2026</p>").published == "2026-01-04"


def test_updated_is_told_from_published() -> None:
    dates = text("2026-01-05 08:30 来源：新京报", "最后更新: 2026-01-06 09:27:48")
    assert (dates.published, dates.updated) == (
        "2026-01-05T08:30+08:00",
        "2026-01-06T09:27+08:00",
    )
    only = text("更新时间：2026-01-06 09:27")
    assert (only.published, only.updated) == ("2026-01-06T09:27+08:00", "")
    reversed_ = page(
        '<meta property="article:published_time" content="2026-01-05T08:30Z">'
        '<meta property="article:modified_time" content="2026-01-04T08:30Z">'
    )
    assert (reversed_.published[:10], reversed_.updated) == ("2026-01-05", "")


@pytest.mark.parametrize(
    ("attribute", "published"),
    [
        ('datetime="2026-01-05T08:30:00+08:00"', "2026-01-05T08:30+08:00"),
        ('data-timestamp="1767573000"', "2026-01-05T00:30+00:00"),
        ('data-time="1767573000123"', "2026-01-05T00:30+00:00"),
        ('data-time="9999999999"', ""),
        ('datetime="soon"', ""),
    ],
)
def test_elements_say_it_for_machines(attribute: str, published: str) -> None:
    assert page("", f'<h1>标题 Title</h1><span class="date" {attribute}>x</span>').published == published


@pytest.mark.parametrize(
    ("url", "published"),
    [
        ("https://example.com/2026/01/05/a.html", "2026-01-05"),
        ("https://example.com/a/20260105/1.html", "2026-01-05"),
        ("https://example.com/a-2026-01-05-b", "2026-01-05"),
        ("https://example.com/item/20261399", ""),
        ("https://example.com/item/120260105", ""),
    ],
)
def test_addresses_carry_days(url: str, published: str) -> None:
    dates = page(url=url)
    assert dates.published == published
    assert dates.published_from == ("url" if published else "")


def test_the_listing_helps_where_the_page_is_silent() -> None:
    assert page(listed="Mon, 05 Jan 2026 08:30:00 +0800").published == "2026-01-05T08:30+08:00"
    assert page(listed="2026-01-05", language="zh").published_from == "listing"
    assert page(listed="3小时前", language="zh").published == "2026-11-22T11:00+08:00"
    assert page(listed="10-27", language="zh").published == "2026-10-27"


@pytest.mark.parametrize("line", ["3小时前", "昨天 12:30", "前天", "刚刚"])
def test_of_a_date_that_was_counted_back_it_is_said_so(line: str) -> None:
    assert text(line).published_from == "line near the title, relative"


def test_a_day_without_a_year_takes_that_of_its_twin() -> None:
    body = "<h1>标题 Title</h1><p>发布时间：09-30 22:46</p>"
    dates = page('<meta itemprop="dateUpdate" content="2019-09-30 22:50:13">', body, "zh")
    assert dates.published == "2019-09-30T22:46+08:00"


def test_a_day_takes_its_year_from_no_date_that_would_put_its_clock_after_the_fetch() -> None:
    """Found by Hypothesis: the clock is read in the zone of another date that the page declares."""
    dates = find_dates(
        None,
        Meta(tags={"article:published_time": ("Updated 2024-12-20T00:01:00-0500",)}),
        ["A title", "12月20日 09:01"],
        url="",
        fetched=datetime(2024, 12, 20, tzinfo=UTC),
        title="A title",
        listed_published="2024-12-20 00:00:00",
        language="en",
    )
    assert dates.published == "2024-12-20"


def test_htmldate_is_asked_last_and_leaves_the_tree_alone() -> None:
    tree = html.fromstring(
        "<html><head></head><body><div><h1>标题</h1><p>Text first.</p></div>"
        + "<p>Lines between.</p>" * 30
        + "<footer class='post-footer'>Posted 5 January 2026 under shops</footer></body></html>"
    )
    before = etree.tostring(tree)
    dates = find_dates(tree, Meta(), [], url="", fetched=FETCHED, language="en")
    assert (dates.published, dates.published_from) == ("2026-01-05", "htmldate")
    assert etree.tostring(tree) == before


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2026-01-05T08:30:00.123Z", "2026-01-05T08:30+00:00"),
        ("2026-01-05T08:30:00+0800", "2026-01-05T08:30+08:00"),
        ("2026-01-05T08:30:00-05:00", "2026-01-05T08:30-05:00"),
        ("2026-01-05T00:00:00+00:00", "2026-01-05"),
        ("2026-01-05T00:00Z", "2026-01-05"),
        ("20260105", "2026-01-05"),
        ("20260105083000", "2026-01-05T08:30+08:00"),
        ("Mon, 05 Jan 2026 08:30:00 GMT", "2026-01-05T08:30+00:00"),
    ],
)
def test_machine_values(value: str, published: str) -> None:
    moment = parse_machine_date(value)
    assert moment is not None
    assert moment.format(SHANGHAI) == published


@given(st.text(max_size=120) | st.text("0123456789-/: 年月日時分前天TZ+.,JanMay", max_size=60))
def test_any_text_is_read_without_raising(line: str) -> None:
    assert find_absolute_dates(line) == find_absolute_dates(line)
    parse_machine_date(line)
    for moment in find_relative_dates(line, FETCHED, SHANGHAI):
        assert moment.to_datetime(SHANGHAI) <= FETCHED + timedelta(days=1)
    assert text(line) == text(line)


@given(st.integers(631_300_000, 1_795_000_000), st.integers(-12, 14))
def test_a_declared_time_comes_back_to_the_minute(seconds: int, hours: int) -> None:
    stated = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours))).replace(second=0)
    moment = parse_machine_date(stated.isoformat())
    assert moment is not None
    midnight = (stated.hour, stated.minute) == (0, 0)
    whole = stated.date().isoformat() if midnight else stated.isoformat(timespec="minutes")
    assert moment.format(UTC) == whole


@pytest.mark.parametrize("piece", ["2026-", "1/", "January ", "3小时", "2026年", "发布时间：", "0"])
def test_a_megabyte_on_one_line_takes_no_time(piece: str) -> None:
    assert text(piece * (1_000_000 // len(piece))).published == ""


def test_a_date_that_stands_only_beside_other_titles_is_not_the_articles() -> None:
    neighbours = "".join(
        f"<li><a href='/{day}.html'>Another story of the scarf town</a> <span>2022-10-{day}</span></li>"
        for day in (10, 20, 27)
    )
    prose = "".join(f"<p>Paragraph {number} of the article.</p>" for number in range(20))
    assert page(body=f"<h1>标题 Title</h1>{prose}<ul>{neighbours}</ul>") == Dates()


def test_a_share_by_which_something_fell_is_no_byline() -> None:
    teaser = "<p>Parcel prices in the lake towns fell by 5 % this autumn 2026-09-08</p>"
    dates = page("", f"{teaser}<h1>标题 Title</h1><p>2026-09-01 10:00</p>", "en")
    assert dates.published.startswith("2026-09-01T10:00")
