"""What shipped sources read from lists in the form of their sites, with invented entries."""

import json
from datetime import UTC
from typing import Any

import lxml.html
import pytest

from shopwire.commands.common.source_registry import load_sources
from shopwire.spiders.lists.json_article import build_article_page
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.readers.link_text import find_link_title
from shopwire.spiders.readers.list_body import ListBody

SOURCES = load_sources()
DATED = "2026-11-09T01:30"


def read(
    name: str, body: bytes | str | dict[str, Any] | list[Any], kind: str = "text/html"
) -> list[ListedLink]:
    """Return the links that a source reads from its list."""
    source: Any = SOURCES[name]()
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    data = body.encode() if isinstance(body, str) else body
    url = next(getattr(source, key)[0] for key in ("feeds", "sitemaps", "lists") if hasattr(source, key))
    reader = source.build_reader() if hasattr(source, "build_reader") else source.build_entry_reader()
    return [one for one in reader.read(ListBody(url, data, kind)) if isinstance(one, ListedLink)]


def show(links: list[ListedLink]) -> list[tuple[str, str]]:
    return [(one.url, one.listed.title) for one in links]


RSS = """<rss version="2.0"><channel><title>x</title><item><title><![CDATA[Fees & sellers]]></title>
<link>https://www.retaildive.com/news/fees/1/</link><pubDate>Mon, 09 Nov 2026 01:30:00 GMT</pubDate>
</item></channel></rss>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://etailment.de/magazin/handel/gebuehren</loc><n:news>
<n:publication_date>2026-11-09T02:30:00+01:00</n:publication_date><n:title>Gebühren</n:title></n:news></url>
<url><loc>https://etailment.de/jobs/1</loc></url></urlset>"""


LINK_WITH_ATTRIBUTE = (
    "<ul class='newslist'><li><a href='/news/1.html' title='下调配送费'>下调配送费<i>11-09</i></a></li></ul>"
)
CASES: list[tuple[str, Any, str, list[tuple[str, str]]]] = [
    ("retaildive", RSS, "text/xml", [("https://www.retaildive.com/news/fees/1/", "Fees & sellers")]),
    ("etailment", NEWS, "text/xml", [("https://etailment.de/magazin/handel/gebuehren", "Gebühren")]),
    (
        "amz123",
        {"data": {"rows": [{"id": 7, "title": "虚构站点", "published_at": 1794187800}]}},
        "application/json",
        [("https://www.amz123.com/kx/7", "虚构站点")],
    ),
    (
        "163",
        (
            'artiList({"BA8D4A3Rwangning":[{"title":"图集","url":""},'
            '{"title":"芯片","url":"https://www.163.com/tech/1.html","ptime":"2026-11-09 09:30:00"}]})'
        ),
        "application/javascript",
        [("https://www.163.com/tech/1.html", "芯片")],
    ),
    (
        "gelonghui_ec",
        {"result": [{"link": "https://www.gelonghui.com/p/1", "title": "<em>电商</em>收入 &amp; 毛利"}]},
        "application/json",
        [("https://www.gelonghui.com/p/1", "电商收入 & 毛利")],
    ),
    (
        "cyzone",
        {"data": {"article": [{"item": {"guid": 9, "title": "一家样例公司", "published_at": "1794187800"}}]}},
        "application/json",
        [("https://www.cyzone.cn/article/9.html", "一家样例公司")],
    ),
    (
        "iresearch",
        {"List": [{"NewsId": 7, "Title": "样例报告", "Uptime": "2026/11/09 09:30:00"}]},
        "application/json",
        [("https://www.iresearch.com.cn/Detail/report?id=7&isfree=0", "样例报告")],
    ),
    (
        "yicai",
        [{"url": "/news/1.html", "NewsTitle": "样例", "CreateDate": "2026-11-09T09:30:00"}],
        "application/json",
        [("/news/1.html", "样例")],
    ),
    (
        "ebrun",
        (
            "<div class='news-item'><p class='title'><a href='/20261109/1.shtml'>头条</a></p></div>"
            "<ul id='quick-list'><li class='quick-list__item-title'>"
            "<a href='/20261109/2.shtml'>快讯</a></li></ul>"
            "<a href='/about'>关于</a>"
        ),
        "text/html",
        [("/20261109/1.shtml", "头条"), ("/20261109/2.shtml", "快讯")],
    ),
    (
        "linkshop",
        "<meta charset=gbk><a href='/news/2026123.shtml'>联商样例</a><a href='/shop/1'>店</a>".encode(
            "gb18030"
        ),
        "text/html",
        [("/news/2026123.shtml", "联商样例")],
    ),
    (
        "jiemian",
        (
            "<div class='news'><a href='/article/1.html'>消费</a></div>"
            "<div class='sub-col-right'><a href='/article/2.html'>快报</a></div>"
        ),
        "text/html",
        [("/article/1.html", "消费")],
    ),
    (
        "ikjzd",
        LINK_WITH_ATTRIBUTE,
        "text/html",
        [("/news/1.html", "下调配送费")],
    ),
    (
        "mjzj",
        (
            "<a class='article-a-wrap' href='//mjzj.com/article/1'><p class='article-wrap-title'>"
            "七日达专线</p>"
            "<p class='article-wrap-summary'>摘要</p><p class='article-wrap-b-time'>2026-11-09 09:30</p></a>"
        ),
        "text/html",
        [("//mjzj.com/article/1", "七日达专线")],
    ),
    (
        "chwang",
        "<a href='/news/1'><h2 class='chw-dailyGroupItem__title'><span>01</span>本地仓</h2></a>",
        "text/html",
        [("/news/1", "本地仓")],
    ),
]


@pytest.mark.parametrize(("name", "body", "kind", "expected"), CASES)
def test_a_source_reads_links_and_titles(
    name: str, body: Any, kind: str, expected: list[tuple[str, str]]
) -> None:
    assert show(read(name, body, kind)) == expected


@pytest.mark.parametrize(
    "name", ["retaildive", "etailment", "amz123", "163", "cyzone", "iresearch", "yicai", "mjzj"]
)
def test_a_source_reads_the_date_of_a_link(name: str) -> None:
    body, kind = next((body, kind) for one, body, kind, _ in CASES if one == name)
    (link,) = read(name, body, kind)
    assert link.listed.modified is not None
    assert link.listed.modified.astimezone(UTC).isoformat().startswith(DATED)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<a href='/1' title='A whole title'>A whole title 3 hours ago</a>", "A whole title"),
        ("<a href='/1' title='A whole title of a report'>A whole title…</a>", "A whole title of a report"),
        ("<a href='/1' title='A whole title of a report'>A whole ti...</a>", "A whole title of a report"),
        ("<a href='/1' title='Read more'>A whole title</a>", "A whole title"),
        ("<a href='/1' title=''>A whole title</a>", "A whole title"),
    ],
)
def test_the_attribute_of_a_link_is_its_title_where_the_text_begins_with_it(html: str, title: str) -> None:
    assert find_link_title(lxml.html.fromstring(html)) == title


TEXT = "<p>" + "样例平台宣布，自下月起调低卖家的佣金。" * 5 + "</p>"
ARTICLES: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    (
        "aliresearch",
        {"data": [{"articleCode": "a7"}]},
        "http://www.aliresearch.com/ch/getArticle",
        '{"articleCode": "a7"}',
        {"data": {"content": TEXT}},
    ),
    (
        "cbndata",
        {"data": [{"id": 7}]},
        "https://www.cbndata.com/api/v3/informations/7",
        "",
        {"data": {"content": TEXT}},
    ),
    (
        "cyzone",
        {"data": {"article": [{"item": {"guid": 7}}]}},
        "https://api1.cyzone.cn/v2/content/app_content/show",
        "content_id=7",
        {"data": {"content": TEXT}},
    ),
    (
        "doudian_open",
        {"data": {"articles": [{"id": 7}]}},
        "https://op.jinritemai.com/doc/external/open/queryDocArticleDetail?articleId=7&onlyView=false",
        "",
        {"data": {"article": {"content": TEXT}}},
    ),
    (
        "foodtalks",
        {"data": {"records": [{"id": 7}]}},
        "https://api-we.foodtalks.cn/news/news/7?language=ZH",
        "",
        {"data": {"content": TEXT}},
    ),
    (
        "huxiu",
        {"data": {"dataList": [{"aid": 7}]}},
        "https://api-web-article.huxiu.com/web/article/detail",
        "platform=www&aid=7",
        {"data": {"content": TEXT}},
    ),
    (
        "iresearch",
        {"List": [{"NewsId": 7}]},
        "https://www.iresearch.com.cn/api/Detail/reportM?id=7&isfree=0",
        "",
        {"List": [{"Content": TEXT, "Topic": "/rimgs/7/1.jpg"}]},
    ),
]


@pytest.mark.parametrize(("name", "rows", "url", "body", "answer"), ARTICLES)
def test_an_article_is_read_from_the_json_of_its_site(
    name: str, rows: dict[str, Any], url: str, body: str, answer: dict[str, Any]
) -> None:
    (link,) = read(name, rows, "application/json")
    assert link.article
    assert (link.article.url, link.article.body) == (url, body)
    source: Any = SOURCES[name]()
    page = build_article_page(answer, link.listed, source.article_body, "", "").decode()
    assert "自下月起调低卖家的佣金" in page


def test_all_sources_with_json_articles_are_tried() -> None:
    with_json = {name for name, source in SOURCES.items() if getattr(source, "article_url", "")}
    assert with_json == {case[0] for case in ARTICLES}
