"""Headlines without the site's name or section, from pages and from plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from shopwire.pipelines.metadata.title import find_title
from shopwire.pipelines.parsing.meta_tags import Meta, read_meta
from shopwire.pipelines.parsing.visible_text import clean_line, read_visible_lines
from shopwire.storage.text.folding import fold


def title_of(head: str, body: str = "", url: str = "https://www.example.com/a", **more: str) -> str:
    tree = html.fromstring(f"<html><head>{head}</head><body>{body}<p>Body.</p></body></html>")
    return find_title(read_meta(tree), read_visible_lines(tree), url, **more)


@pytest.mark.parametrize(
    ("declared", "headline"),
    [
        ("天猫首次在抖音开播_电商资讯_疯狂的美工", "天猫首次在抖音开播"),
        ("天猫首次在抖音开播_凤凰网资讯_凤凰网", "天猫首次在抖音开播"),
        ("天猫首次在抖音开播|抖音|天猫_新浪科技_新浪网", "天猫首次在抖音开播"),
        ("天猫首次在抖音开播-搜狐财经", "天猫首次在抖音开播"),
        ("天猫首次在抖音开播--当代商报", "天猫首次在抖音开播"),
        ("天猫首次在抖音开播 - 要闻 - 云南日报网", "天猫首次在抖音开播"),
        (
            "棱镜|数据业整顿：爬虫与现金贷_财经_腾讯网",
            "棱镜|数据业整顿：爬虫与现金贷",
        ),
        (
            "书记这一周 | 奋马扬鞭争春色，全力开向未来",
            "书记这一周 | 奋马扬鞭争春色，全力开向未来",
        ),
        ("Sellers &amp;amp; buyers - Example News", "Sellers & buyers"),
        ("Sellers leave the platform | TechDaily", "Sellers leave the platform"),
        (
            "Double 11 - what sellers learned this year",
            "Double 11 - what sellers learned this year",
        ),
        ("E-commerce: a follow-up", "E-commerce: a follow-up"),
        ("The World Without Work?", "The World Without Work?"),
        ("001", "001"),
    ],
)
def test_a_title_alone_loses_the_site_and_keeps_its_own_dashes(declared: str, headline: str) -> None:
    assert title_of(f"<title>{declared}</title>") == headline


def test_declared_names_of_the_site_go_from_both_ends() -> None:
    site = '<meta property="og:site_name" content="Marktplatz Heute">'
    assert title_of(f"{site}<title>Marktplatz Heute | Händler warten</title>") == "Händler warten"
    assert title_of(f"{site}<title>Händler warten – Marktplatz Heute</title>") == "Händler warten"


def test_a_visible_line_tells_where_the_title_ends() -> None:
    head = "<title>大良街道到众创金融街开展调研工作 东区办事处_中山网</title>"
    assert title_of(head, "<div>大良街道到众创金融街开展调研工作</div>") == "大良街道到众创金融街开展调研工作"
    head = "<title>明日股市预测--联合国贸发报告：增长率降至2.3%</title>"
    body = "<h1>今日股市行情_明日大盘_股票行情网站</h1><div>联合国贸发报告：增长率降至2.3%</div>"
    assert title_of(head, body) == "联合国贸发报告：增长率降至2.3%"


def test_the_heading_outweighs_a_title_written_for_search_engines() -> None:
    head = '<title>Best Earbuds 2026</title><meta property="og:title" content="Best Earbuds 2026">'
    assert title_of(head, "<h1>Best Earbuds for Every Budget</h1>") == "Best Earbuds for Every Budget"


TRAMS = '<title>Trams: what comes next | Example</title><meta property="og:title" content="%s">'


def test_a_headline_shared_by_the_editor_outweighs_all() -> None:
    head = TRAMS % "How trams prepare for the heat"
    assert title_of(head, "<h1>Trams: what comes next</h1>") == "How trams prepare for the heat"


def test_a_title_for_social_media_counts_only_where_the_page_shows_it() -> None:
    head = TRAMS % "You won't believe these trams"
    head += """<meta name="twitter:title" content="You won't believe these trams">"""
    assert title_of(head, "<h1>Trams: what comes next</h1>") == "Trams: what comes next"
    shown = "<h1>Trams: what comes next</h1><p>You won't believe these trams</p>"
    assert title_of(head, shown) == "You won't believe these trams"


def test_a_slogan_of_the_site_is_no_headline() -> None:
    head = '<title>Nut mill opens</title><meta property="og:title" content="Millpost, news for mills">'
    assert title_of(head, "<h1>Nut mill opens</h1>", "https://millpost.example/a") == "Nut mill opens"


def test_a_headline_given_as_the_name_of_the_site_is_none() -> None:
    headline = "Nut mill in Brenn opens on Friday"
    head = f'<title>{headline} | Mill Post</title><meta name="application-name" content="{headline}">'
    assert title_of(head, f"<h1>mill post back to front page</h1><h1>{headline}</h1>") == headline
    name = "青禾仓配三号分拣中心下月启用"
    head = f'<title>{name}</title><meta property="og:site_name" content="{name}">'
    assert title_of(head, "<h1>站务</h1>") == name


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            '<title>Nut mill opens - Example</title><meta property="og:title" content="Nut mill opens">',
            "<h1><span>Quarrel in Brenn</span> - <span>Nut mill opens</span></h1>",
        ),
        (
            "<title>Nut mill opens</title>",
            "<h1><span>Quarrel in Brenn</span> <span>Nut mill opens</span></h1>",
        ),
        ("<title>After the quarrel: Nut mill opens</title>", "<h1>Quarrel in Brenn - Nut mill opens</h1>"),
    ],
)
def test_a_kicker_is_no_part_of_the_headline(head: str, body: str) -> None:
    assert title_of(head, body) == "Nut mill opens"


@pytest.mark.parametrize(
    ("heading", "below"),
    [
        ("<h1>青禾仓配三号仓投用</h1>", "<div>2026-11-24 14:02 来源：示例</div>"),
        ("<h1>青禾仓配<br>三号仓投用</h1>", "<div>日期：2026年11月8日</div>"),
        ("<h1>青禾仓配三号仓投用</h1>", "<div>文 | 林若溪</div>"),
    ],
)
def test_a_heading_above_the_dateline_outweighs_the_title_of_a_section(heading: str, below: str) -> None:
    found = title_of("<title>行业要闻</title>", f"<div>首页</div>{heading}{below}")
    assert fold(found) == fold("青禾仓配三号仓投用")


@pytest.mark.parametrize("below", ["<span>文 | 林若溪</span>", "<em>3小时前</em>"])
def test_a_title_that_only_names_the_site_yields_to_the_line_above_the_dateline(below: str) -> None:
    body = f"<section><span>青禾仓配三号仓下月投用</span></section>{below}"
    assert title_of("<title>示例快讯</title>", body) == "青禾仓配三号仓下月投用"


def test_a_heading_that_names_the_section_is_no_headline() -> None:
    head = "<title>Pharmacist may keep her van, court says</title>"
    assert title_of(head, "<h1>Pharmacies Today</h1>") == "Pharmacist may keep her van, court says"


def test_an_underscore_in_a_word_stays() -> None:
    assert title_of("<title>What replaces get_order in May</title>") == "What replaces get_order in May"
    head = "<title>What replaces get_order</title><h1>Quill & Nut</h1>"
    assert title_of(head) == "What replaces get_order"


def test_an_attribute_that_a_quotation_mark_cut_short_is_not_believed() -> None:
    head = '<title>狂奔的集团"暗伤"曝露？_网易财经</title><meta property="og:title" content="狂奔的集团">'
    assert title_of(head, '<h1>狂奔的集团"暗伤"曝露？</h1>') == '狂奔的集团"暗伤"曝露？'


def test_sections_and_logos_are_no_headlines() -> None:
    body = "<h1>新闻中心</h1><h1>Example Shop</h1><h1>京东发布第三季度财报</h1>"
    head = '<title>京东发布第三季度财报_新浪新闻</title><meta property="og:site_name" content="Example Shop">'
    assert title_of(head, body) == "京东发布第三季度财报"


def test_the_line_above_the_dateline_helps_where_the_title_names_a_section() -> None:
    body = "<div>首页</div><div>学术年会在重庆成功举行！</div><div>发布时间：2019-05-18</div>"
    assert title_of("<title>新闻动态--中国地理学会官网</title>", body) == "学术年会在重庆成功举行！"


def test_json_ld_and_listing_support_a_candidate() -> None:
    node = '{"@type": "NewsArticle", "headline": "A &amp; B grow"}'
    assert title_of(f'<script type="application/ld+json">{node}</script>') == "A & B grow"
    assert title_of("", listed_title="From the feed - Example News") == "From the feed"


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (["Current location: Home > News > A story", "A story", "2022-10-27"], "A story"),
        (
            ["天猫开播", "2022-10-27 09:08:46 浏览:950 作者:疯狂美工"],
            "天猫开播",
        ),
        (
            ["今年双11竟如此“开放”。", "昨天,有网友发现。"],
            "今年双11竟如此“开放”。",
        ),
        ([], ""),
    ],
)
def test_plain_text_opens_with_its_headline(lines: list[str], headline: str) -> None:
    assert find_title(Meta(), lines, "") == headline


def test_a_title_of_ten_thousand_characters_is_cut() -> None:
    found = title_of(f"<title>{'word ' * 2_000}</title>", f"<h1>{'字' * 10_000}</h1>")
    assert 0 < len(found) <= 301


def test_a_script_in_a_title_stays_text_on_one_line() -> None:
    found = title_of("<title>a &lt;script&gt;alert(1)&lt;/script&gt;\n b</title>")
    assert found == "a <script>alert(1)</script> b"


@pytest.mark.parametrize("url", ["", "http://[", "no url", "https://", "file:///x"])
def test_a_broken_address_is_no_obstacle(url: str) -> None:
    assert title_of("<title>Words stay</title>", url=url) == "Words stay"


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=8), st.text(max_size=60))
def test_any_text_gives_one_line_and_the_same_twice(declared: str, lines: list[str], listed: str) -> None:
    declared = clean_line(declared)
    meta = Meta(title=declared, tags={"og:title": (declared[:50],)})
    found = find_title(meta, lines, "https://example.com/", listed)
    assert found == find_title(meta, lines, "https://example.com/", listed)
    assert "\n" not in found


def test_fold_ignores_case_blanks_and_punctuation() -> None:
    assert fold("A_b — C!") == fold("abc")
