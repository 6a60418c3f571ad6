"""When an article was published, wherever and however its page says so."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from shopwire.pipelines.metadata.dates.date_formats import (
    find_absolute_dates,
    find_relative_dates,
)
from shopwire.pipelines.metadata.dates.find_dates import Dates, find_dates
from shopwire.pipelines.metadata.dates.machine_dates import parse_machine_date
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
        ("2026年11月11日晚9：30", "2026-11-11T21:30+08:00"),
        ("2026-11-11 早6:50", "2026-11-11T06:50+08:00"),
        ("2026-11-11 傍晚5:40", "2026-11-11T17:40+08:00"),
        ("2026-11-11 凌晨12:20", "2026-11-11T00:20+08:00"),
        ("2026-11-11 中午1:20", "2026-11-11T13:20+08:00"),
        ("2026-11-11 深夜1:20", "2026-11-11T01:20+08:00"),
        ("2026-11-11 晚12:20", "2026-11-11"),
        ("2026年11月11日晚8点半", "2026-11-11T20:30+08:00"),
        ("2026年11月11日下午三点", "2026-11-11T15:00+08:00"),
        ("2026年11月11日20时", "2026-11-11T20:00+08:00"),
        ("2026年11月11日（星期三）香港時間9時05分", "2026-11-11T09:05+08:00"),
        ("2026-11-11 21:30（北京时间）", "2026-11-11T21:30+08:00"),
        ("纽约时间2026年11月11日9:30", "2026-11-11T09:30-05:00"),
        ("二〇二六年十月二十四日", "2026-10-24"),
        ("十月二十四日", "2026-10-24"),
        ("两天前", "2026-11-20"),
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
        ("Published 7:20 PM EST, March 12, 2025", "2025-03-12T19:20-05:00"),
        ("March 12, 2025, 8:05 am (Beijing time)", "2025-03-12T08:05+08:00"),
        ("12.02.2024, 18.03 Uhr", "2024-02-12T18:03+00:00"),
        ("12 de fevereiro de 2024 às 18h03", "2024-02-12T18:03+00:00"),
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


PROSE = (
    "<p>Sellers of tea pots in the lake towns waited for the new tariff all summer and autumn long.</p>" * 4
)
NODE = '<script type="application/ld+json">{}</script>'


def test_a_relative_phrase_comes_after_every_other_date() -> None:
    flash = (
        "<div>5 minutes ago</div><h1>标题 Title</h1><div>By Ada Moor</div><div>Nov 2, 2026 4:05 PM PST</div>"
    )
    assert page("", flash).published == "2026-11-02T16:05-08:00"
    exact = '<h1>标题 Title</h1>Posted <time datetime="2026-11-19T21:10:00-05:00">2 days ago</time>'
    assert page("", exact).published == "2026-11-19T21:10-05:00"
    river = "<div>5分钟前</div><h1>标题 Title</h1><p>正文。</p>"
    listed = "Thu, 19 Nov 2026 10:15:00 +0800"
    assert page("", river, "zh", listed=listed).published == "2026-11-19T10:15+08:00"


def test_the_date_nearest_below_the_heading_wins() -> None:
    ticker = (
        "<div>20.11.2026 16:28</div><a href='/2'>标题 Title</a><div>19.11.2026 09:12</div>"
        "<h1>标题 Title</h1><div>Created: 18.11.2026 18:36</div>"
    )
    assert page("", ticker).published == "2026-11-18T18:36+00:00"
    banner = "<div>Fair +++ 03.11.2026 – 05.11.2026</div><h1>标题 Title</h1><p>mm — 18 November 2026</p>"
    assert page("", banner).published == "2026-11-18"


def test_the_date_of_today_above_the_headline_is_not_believed() -> None:
    bar = '<div class="header-date">Sunday, 22.11.2026</div><h1>标题 Title</h1>'
    head = '<meta name="date" content="2026-11-10T07:05:00+0100">'
    assert page(head, bar).published == "2026-11-10T07:05+01:00"
    head = '<meta property="article:published_time" content="2026-11-21T19:48:21+00:00">'
    assert page(head, bar).published == "2026-11-21T19:48+00:00"
    menu = "<div>November 19, 2026</div><h1>标题 Title</h1><p>November 18, 2026</p>"
    head = '<meta property="article:published_time" content="2026-11-18T15:27:17+00:00">'
    assert page(head, menu).published == "2026-11-18T15:27+00:00"


def test_dates_of_linked_headlines_and_after_the_text_are_in_doubt() -> None:
    cards = "<h2><a href='/x'>A locker shop closes <span>24.04.2026</span></a></h2>"
    fact = "<ul><li><b>Datum</b> 28.04.2026</li></ul>"
    assert page("", f"<h1>标题 Title</h1>{PROSE}{cards}{fact}").published == "2026-04-28"
    beside = "<a href='/y'>Another story of the scarf town</a><div>2026-10-10</div>"
    assert page("", f"<h1>标题 Title</h1>{beside}", url="/2026/10/05/a").published == "2026-10-05"
    assert page("", f"<h1>标题 Title</h1><div>{beside}</div>", listed="2026-10-05").published == "2026-10-05"


def test_a_shown_clock_tells_the_zone_of_a_declared_moment() -> None:
    head = '<meta property="article:published_time" content="2026-11-19T04:15:00Z">'
    shown = "<h1>标题 Title</h1><div>November 18, 2026, 11:15 PM</div>"
    assert page(head, shown).published == "2026-11-18T23:15-05:00"
    head = NODE.format('{"@type": "NewsArticle", "datePublished": "2026-11-17T15:15:00"}')
    shown = "<h1>标题 Title</h1><div>3:15 PM EST, November 17, 2026</div>"
    assert page(head, shown).published == "2026-11-17T15:15-05:00"
    for language, offset in (("ja", "+09:00"), ("ko", "+09:00")):
        shown = "<h1>标题 Title</h1><div>2026年11月20日 10時00分</div>"
        assert page("", shown, language).published == f"2026-11-20T10:00{offset}"


@pytest.mark.parametrize(
    ("script", "published"),
    [
        ('var ct = "1793000000";', "2026-10-26T15:33+08:00"),
        ('{"createTime": 1793000000123}', "2026-10-26T15:33+08:00"),
        ('window.state={"a":{"publish_time":"2026-10-26 15:33:20"}}', "2026-10-26T15:33+08:00"),
        (r'parse("{\"pubTime\":\"2026-10-26T15:33:20+08:00\"}")', "2026-10-26T15:33+08:00"),
        ("%7B%22publishTime%22%3A%20%222026-10-26%2015%3A33%22%7D", "2026-10-26T15:33+08:00"),
        ('var product = "1793000000";', "2026-11-20"),
    ],
)
def test_scripts_know_the_time(script: str, published: str) -> None:
    body = f"<h1>标题 Title</h1><em>前天</em><p>正文。</p><script>{script}</script>"
    assert page("", body, "zh").published == published


def test_any_element_may_hold_the_time_in_an_attribute() -> None:
    for attribute in (
        'data-timestamp="1793000000000"',
        'data-time="1793000000"',
        'data-ptime="2026-10-26 15:33"',
    ):
        body = f"<h1>标题 Title</h1><em {attribute}>3小时前</em>"
        assert page("", body, "zh").published == "2026-10-26T15:33+08:00"


def test_a_year_of_two_digits_is_read_with_a_clock_or_a_label() -> None:
    assert text("26-11-18 08:30").published == "2026-11-18T08:30+08:00"
    assert text("发布时间：26-11-18").published == "2026-11-18"
    assert page("", "<h1>标题 Title</h1><div>26-11-18</div>", "zh").published == ""


def test_comments_are_cut_off() -> None:
    comment = "<div>Posted Nov 18, 2026 8:10 UTC by packer</div>"
    body = f"<h1>标题 Title</h1><div>November 18, 2026</div>{PROSE}"
    for heading in ("Log in to post comments", "3 thoughts", "Comments (2)"):
        assert page("", f"{body}<h3>{heading}</h3>{comment}").published == "2026-11-18"
    date = '<span class="date">November 3, 2026 at 8:12 pm</span>'
    body = f"<h1>标题 Title</h1>{PROSE}"
    assert page("", f'{body}<div id="cmts"><h3>3 thoughts</h3>{date}</div>').published == ""


def test_a_declared_day_outside_the_month_of_the_url_gives_way_to_the_shown_day() -> None:
    head = NODE.format('{"@type": "BlogPosting", "datePublished": "2026-01-18T03:00:00+00:00"}')
    body = "<h1>标题 Title</h1><div>Posted on May 6, 2024, 9:12 am</div>"
    assert page(head, body, url="https://a.example/2024/05/lockers/").published == "2024-05-06T09:12+00:00"
    assert page(head, body, url="https://a.example/lockers/").published == "2026-01-18T03:00+00:00"
    assert page(head, "<h1>标题 Title</h1>", url="https://a.example/2024/05/x").published[:10] == "2026-01-18"


def test_other_dates_of_the_page_settle_the_order_of_day_and_month() -> None:
    body = "<h1>标题 Title</h1><p>03/10/2025</p>"
    assert page("", body).published == "2025-03-10"
    assert page("", f"{body}<p>Night vans 27/10/2025</p>").published == "2025-10-03"


def test_a_listing_confirms_one_of_the_dates_of_a_page() -> None:
    head = NODE.format('{"@type": "NewsArticle", "datePublished": "2026-01-18T03:00:00+00:00"}')
    body = "<h1>标题 Title</h1><div>May 6, 2026 9:12</div>"
    dates = page(head, body, listed="Wed, 06 May 2026 09:30:00 GMT")
    assert (dates.published, dates.published_from) == ("2026-05-06T09:12+00:00", "line near the title")
    assert page(head, body, listed="Thu, 07 May 2026 09:30:00 GMT").published[:10] == "2026-01-18"


def test_the_first_publication_is_told_wherever_it_stands() -> None:
    body = (
        f"<h1>标题 Title</h1><p>Last updated 12 Jan 2026</p>{PROSE}<p>3 Sept 2024 | Originally published</p>"
    )
    dates = page("", body)
    assert (dates.published, dates.updated) == ("2024-09-03", "2026-01-12")


def test_comments_begin_below_a_headline_only() -> None:
    assert page("", f"{PROSE}<h3>Comments</h3><p>Published November 3, 2026</p>").published == "2026-11-03"


def test_an_element_in_the_link_of_another_article_is_in_doubt() -> None:
    card = "<h2><a href='/x'>A locker shop in the hills closes <span class='date'>24.04.2026</span></a></h2>"
    fact = "<li><b>Datum</b> 28.04.2026</li>"
    assert page("", f"<h1>标题 Title</h1>{PROSE * 2}{card}{fact}").published == "2026-04-28"


def test_a_day_above_the_headline_counts_where_the_url_confirms_it() -> None:
    head = '<meta property="article:published_time" content="2026-10-31T23:11:00+00:00">'
    body = "<div>2026-11-01</div><h1>标题 Title</h1>"
    assert page(head, body, url="https://a.example/2026/11/01/x").published == "2026-11-01"
    assert page(head, body, url="https://a.example/x").published == "2026-10-31T23:11+00:00"


def test_a_clock_without_a_zone_takes_that_of_an_equal_clock() -> None:
    body = "<h1>标题 Title</h1><p>30 August 2026 • 4:45pm</p>"
    time = '<time datetime="2026-08-30T16:45:00+01:00">on Sunday</time>'
    assert page("", body + time).published == "2026-08-30T16:45+01:00"


def test_the_day_of_the_fetch_above_the_headline_is_dropped() -> None:
    bar = '<div class="current-date">Sunday, November 22, 2026</div><nav>Home</nav><h1>标题 Title</h1>'
    assert page("", bar).published == ""
    assert page("", bar, url="https://a.example/2026/11/22/x").published == "2026-11-22"


def test_the_full_day_of_the_url_comes_before_a_declared_day_of_another_month() -> None:
    head = NODE.format('{"@type": "BlogPosting", "datePublished": "2026-01-18T03:00:00+00:00"}')
    body = "<h1>标题 Title</h1>"
    assert page(head, body, url="https://a.example/2024/05/06/lockers").published == "2024-05-06"


def test_a_tooltip_holds_the_time_of_a_relative_phrase() -> None:
    body = "<h1>标题 Title</h1><abbr class='timeago' title='2026-11-19T12:22:42-05:00'>3 days ago</abbr>"
    assert page("", body).published == "2026-11-19T12:22-05:00"
