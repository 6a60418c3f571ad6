"""Links of lists: groups, expressions, and presets that a theme has outdated."""

import lxml.html
import pytest
from parsel import Selector

from shopwire.spiders.discovery.cms_presets import PRESETS
from shopwire.spiders.discovery.detected_links import choose_links
from shopwire.spiders.discovery.links.link_expression import build_expression
from shopwire.spiders.discovery.links.link_groups import describe_form, find_link_groups
from shopwire.spiders.readers.link_text import is_title

URL = "https://site.example/news/"


def make_rows(count: int, row: str, first: int = 1000) -> str:
    return "".join(
        row.format(n=first + number, title=f"第{number}条虚构的电商行业新闻标题") for number in range(count)
    )


def choose(html: str, *declared: str) -> str:
    return choose_links(Selector(f"<html><body>{html}</body></html>", "html"), URL, declared)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_gives_way_when_its_theme_has_changed(name: str) -> None:
    rows = make_rows(6, "<div class='item-row'><a class='headline' href='/a/{n}.html'>{title}</a></div>")
    assert choose(rows, PRESETS[name].links) == "a.headline"


def test_a_preset_with_enough_links_is_used() -> None:
    rows = f"<ul class='list-news'>{make_rows(6, '<li><h3><a href=/a/{n}.html>{title}</a></h3></li>')}</ul>"
    assert choose(rows, PRESETS["eyoucms"].links) == ".list-news h3 a"


def test_the_category_in_front_of_a_title_is_no_article() -> None:
    row = "<li>[<b><a href='/a/'>电商</a></b>]<a href='/a/{n}.html' class='title'>{title}</a></li>"
    html = f"<html><body><div class='listbox'><ul class='e2'>{make_rows(6, row)}</ul></div></body></html>"
    page = Selector(html, "html")
    found = page.css(choose_links(page, URL, (PRESETS["dedecms"].links,)))
    assert [one.attrib["href"] for one in found] == [f"/a/{n}.html" for n in range(1000, 1006)]


def test_a_declared_expression_with_few_links_is_better_than_nothing() -> None:
    assert choose("<p class='x'><a href='/1'>one</a></p>", ".x a") == ".x a"
    assert choose("<p class='x'><a href='/1'>one</a></p>", ".y a") == ""


def test_menus_other_sites_and_short_texts_are_no_list() -> None:
    menu = make_rows(9, "<a href='/a/{n}.html'>{title}</a>")
    other = make_rows(9, "<a href='https://other.example/a/{n}.html'>{title}</a>")
    short = "".join(f"<a href='/tag/{n}'>tag{n}</a>" for n in range(9))
    root = lxml.html.fromstring(f"<body><nav>{menu}</nav><footer>{menu}</footer>{other}{short}</body>")
    assert find_link_groups(root, URL) == []


def test_the_list_comes_before_the_column_at_its_side() -> None:
    main = make_rows(12, "<li><a href='/a/{n}.html'>{title}</a><i>2026-11-02</i></li>")
    side = make_rows(6, "<li><a href='/a/{n}.html'>{title}</a></li>", first=5000)
    root = lxml.html.fromstring(
        f"<body><div class='side'><ol>{side}</ol></div><ul class='main'>{main}</ul></body>"
    )
    groups = find_link_groups(root, URL)
    assert [len(group.links) for group in groups] == [12, 6]
    assert build_expression(groups[0]) == ".main a"
    assert build_expression(groups[1]) == ".side a"


def test_the_teasers_of_articles_are_no_titles() -> None:
    teaser = "<p><a href='/a/{n}.html'>{title} und was sonst noch in diesem langen Text steht</a></p>"
    rows = make_rows(6, "<li><h4><a href='/a/{n}.html'>{title}</a></h4>" + teaser + "</li>")
    (group,) = find_link_groups(lxml.html.fromstring(f"<body><ul id='list'>{rows}</ul></body>"), URL)
    assert all(link.title.endswith("新闻标题") for link in group.links)
    assert build_expression(group) == "#list h4 a"


def test_a_menu_in_cells_as_those_of_the_list_is_left_out() -> None:
    menu = "".join(f"<td><a href='list.asp?cid={n}'>第{n}个行业资讯栏目的名称</a></td>" for n in range(4))
    rows = make_rows(6, "<tr><td><a href='show.asp?id={n}'>{title}</a></td><td>2026-11-02</td></tr>")
    html = f"<body><table><tr>{menu}</tr></table><table>{rows}</table></body>"
    (group,) = find_link_groups(lxml.html.fromstring(html), URL)
    assert build_expression(group) == "a[href^='show.asp?id=']"


@pytest.mark.parametrize(
    "around",
    [
        "<form id='aspnetForm'><div class='list'>{}</div></form>",
        "<main><header><h1>News</h1></header><div class='list'>{}</div></main>",
        "<div class='list'>{}</div>",
    ],
)
@pytest.mark.parametrize(
    "row",
    [
        "<article><header><h2><a href='/a/{n}.html'>{title}</a></h2></header></article>",
        "<li><a href='/a/{n}.html'>{title}</a></li>",
    ],
)
def test_headers_of_articles_and_forms_around_a_page_are_no_menus(around: str, row: str) -> None:
    root = lxml.html.fromstring(f"<body>{around.format(make_rows(6, row))}</body>")
    (group,) = find_link_groups(root, URL)
    assert len(group.links) == 6


def test_blocks_of_a_day_each_are_one_list() -> None:
    days = "".join(
        f"<div class='day'><h4>day</h4>{make_rows(2, '<p><a href=/n/{n}>{title}</a></p>', 10 * day)}</div>"
        for day in range(1, 5)
    )
    root = lxml.html.fromstring(f"<body><a href='/x'>short</a><section>{days}</section></body>")
    (group,) = find_link_groups(root, URL)
    assert len(group.links) == 8
    assert len(root.cssselect(build_expression(group))) == 8


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://a.example/news/123.html", "https://a.example/tech/9.html", True),
        ("https://a.example/2026/11/a-b-c-d/", "https://a.example/2025/01/e-f-g-h", True),
        ("https://a.example/view?id=3", "https://a.example/view?id=4", True),
        ("https://a.example/view?id=3", "https://a.example/view?tag=4", False),
        ("https://a.example/about", "https://a.example/news/123.html", False),
    ],
)
def test_addresses_of_one_form_are_alike(one: str, other: str, is_same: bool) -> None:
    assert (describe_form(one) == describe_form(other)) is is_same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平台下调小商家佣金", True),
        ("更多资讯", False),
        ("Marketplace lowers fees for sellers", True),
        ("Read more", False),
    ],
)
def test_a_title_is_long_enough(text: str, expected: bool) -> None:
    assert is_title(text) is expected


NEWS = "<p><a href='/a/{n}.html'>{title}，六个字的后半句</a><span>2026-11-20</span></p>"
UNDATED = "<p><a href='/a/{n}.html'>{title}，六个字的后半句</a></p>"


@pytest.mark.parametrize("news", [NEWS, UNDATED], ids=["dated", "undated"])
@pytest.mark.parametrize(
    "tag",
    [
        "<a href='/tag/{n}.html'>跨境电商平台专题标签第{n}号</a>",
        "<a href='/list?keyword={n}'>跨境电商平台专题标签第{n}号</a>",
        "<a rel='tag' href='/x/{n}.html'>跨境电商平台专题标签第{n}号</a>",
        "<a href='/authors/{n}.html'>跨境电商平台专题作者第{n}号</a>",
        "<a href='/x/{n}.html'>跨境电商第{n}号</a>",
        "<li><a href='/x/{n}/'>Cross-border trade {n}</a></li>",
    ],
)
@pytest.mark.parametrize("order", ["{news}{tags}", "{tags}{news}"])
def test_a_cloud_of_tags_is_not_the_list(order: str, tag: str, news: str) -> None:
    rows = f"<div class='news'>{make_rows(6, news)}</div>"
    html = order.format(news=rows, tags=f"<div class='cloud'>{make_rows(60, tag)}</div>")
    assert choose(html) in (".news a", "p > a", "a[href*='/a/']")


CARDS = [
    "<div><a href='/p/{n}'>{title}</a><b>¥{n}.00</b></div>",
    "<div><a href='/p/{n}'>{title}</a><i>¥</i><b>{n}</b><i>.00</i></div>",
    "<div><a href='/p/{n}'>{title}</a><span>from £{n}</span></div>",
    "<div><a href='/p/{n}'>{title}</a><span>{n},90 €</span></div>",
    "<li><h3><a href='/p/{n}'>{title}</a></h3><span>$ {n}</span><a href='?cart={n}'>Add to cart</a></li>",
    "<li><h3><a href='/p/{n}'>{title}</a></h3><a href='?cart={n}'>加入购物车</a></li>",
    "<div itemscope itemtype='https://schema.org/Product'><a href='/p/{n}'>{title}</a></div>",
    "<div><a href='/products/{n}'>{title}</a></div>",
    "<a href='/p/{n}'><h3>{title}</h3><p>R$ {n},00</p></a>",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_grid_of_products_is_no_list(card: str) -> None:
    assert choose(f"<div class='grid'>{make_rows(24, card)}</div>") == ""
    html = f"<div class='grid'>{make_rows(24, card)}</div><div class='news'>{make_rows(6, UNDATED)}</div>"
    assert choose(html) in (".news a", "p > a", "a[href*='/a/']")


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='/products/{n}'>{title}</a><i>2026-11-20</i></li>",
        "<li><a href='/a/{n}'>{title}：融资 $3,000</a></li>",
        "<li><a href='/a/{n}'>{title}</a><p>收入12亿元，利润3亿元，同比增长</p></li>",
    ],
)
def test_news_of_products_and_amounts_are_articles(row: str) -> None:
    assert choose(f"<ul class='news'>{make_rows(6, row)}</ul>") != ""


def test_the_day_above_several_links_is_their_date() -> None:
    days = "".join(
        f"<div><h4>{day} Nov 2026</h4>{make_rows(2, '<p><a href=/n/x>{title}</a></p>', 10 * day)}</div>"
        for day in range(20, 24)
    ).replace("/n/x", "/n/x{}")
    root = lxml.html.fromstring(f"<body><div>{days.format(*range(8))}</div></body>")
    (group,) = find_link_groups(root, URL)
    assert all(link.is_dated for link in group.links)
