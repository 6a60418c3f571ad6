"""Lists without declared links are read by themselves."""

from typing import Any

import pytest

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.readers.list_body import ListBody
from shopwire.spiders.user_sources.build_source import build_source

URL = "https://site.example/news/"


def read(html: str, **values: Any) -> list[ListedLink]:
    source: Any = build_source("mine", {"lists": [URL], **values})()
    found = source.build_reader().read(ListBody(URL, html.encode()))
    return [one for one in found if isinstance(one, ListedLink)]


def make_rows(count: int, row: str) -> str:
    return "".join(row.format(n=number, title=f"第{number}条虚构的电商新闻标题") for number in range(count))


def make_list(count: int, around: str, row: str) -> str:
    return f"<html><body><a href='/about'>关于</a>{around.format(make_rows(count, row))}</body></html>"


EYOU = "<div class='list-news'>{}</div>"
EYOU_ROW = "<h3><a href='/a/{n}.html'>{title}</a></h3><span class='time'>2026-11-{n}</span>"
THEME = "<div class='cards'>{}</div>"
THEME_ROW = "<div><a class='card' href='/a/{n}.html'>{title}</a><i>2026-11-{n}</i></div>"


@pytest.mark.parametrize(
    "values", [{"cms": "eyoucms"}, {"cms": "dedecms"}, {}], ids=["preset", "other", "none"]
)
@pytest.mark.parametrize(("around", "row"), [(EYOU, EYOU_ROW), (THEME, THEME_ROW)], ids=["default", "theme"])
def test_a_list_of_any_theme_is_read_with_titles_and_dates(
    values: dict[str, Any], around: str, row: str
) -> None:
    found = read(make_list(6, around, row), **values)
    assert [one.url for one in found] == [f"/a/{number}.html" for number in range(6)]
    assert all("电商新闻标题" in one.listed.title for one in found)
    assert all(one.date for one in found[1:])


def test_own_links_come_before_the_preset() -> None:
    html = make_list(6, EYOU, EYOU_ROW.replace("/a/", "/b/"))
    html = html.replace("</body>", THEME.format(make_rows(6, THEME_ROW)) + "</body>")
    assert read(html, cms="eyoucms", links=".card")[0].url == "/a/0.html"
    assert read(html, cms="eyoucms")[0].url == "/b/0.html"


def test_a_page_without_a_list_says_so() -> None:
    with pytest.raises(UnreadableListError, match="no list of similar links"):
        read("<html><body><p>nothing here</p></body></html>", cms="dedecms")


def test_titles_are_read_from_links_around_a_card() -> None:
    row = "<a class='card' href='/a/{n}.html'><h3>{title}</h3><i>2026-11-{n}</i><p>关于{title}的话。</p></a>"
    found = read(make_list(6, THEME, row))
    assert [one.listed.title for one in found] == [f"第{number}条虚构的电商新闻标题" for number in range(6)]
    assert read(make_list(6, THEME, row), titled="p")[1].listed.title == "关于第1条虚构的电商新闻标题的话。"
