"""Articles from the site's own JSON request."""

import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.spiders.api import ApiSource
from shopwire.spiders.lists.json_article import ArticleRequest, build_article_page, build_article_request
from shopwire.spiders.lists.reading import ListedLink, ListedPage
from shopwire.spiders.page import FetchResult, Listed, Page
from shopwire.spiders.readers.list_body import ListBody
from tests.support.crawling import collect

TEXT = "虚构平台在周三的发布会上表示，新的费率将覆盖全部中小商家，并给出分三步的时间表，首批为家居类目。" * 4
LISTED = Listed("虚构平台下调佣金", "", "2026-11-09 09:30:00")


class Shell(ApiSource):
    name = "shell"
    home = "https://a.example/"
    lists = ["https://a.example/api"]
    rows = "data"
    link = "https://a.example/news/{id}"
    article_url = "https://a.example/api/detail"
    article_json = {"id": "{id}"}
    article_author = "data.author"


def read_rows(source: ApiSource, answer: Any) -> list[ListedLink]:
    body = ListBody("https://a.example/api", json.dumps(answer).encode())
    return [one for one in source.build_reader().read(body) if isinstance(one, ListedLink)]


def test_the_request_of_an_article_is_filled_from_its_row() -> None:
    row = {"id": 7, "item": {"guid": "g"}}
    assert build_article_request(row, "https://a.example/{id}", {}, {}) == ArticleRequest(
        "https://a.example/7"
    )
    form = build_article_request(row, "https://a.example/d", {"aid": "{item.guid}", "p": "www"}, {})
    assert form == ArticleRequest("https://a.example/d", "aid=g&p=www", "application/x-www-form-urlencoded")
    assert build_article_request(row, "https://a.example/{absent}", {}, {}) is None


def test_the_page_of_an_article_is_requested_and_extracted() -> None:
    source: Any = Shell()
    (link,) = read_rows(source, {"data": [{"id": 7, "title": LISTED.title}]})
    assert link.article is not None
    request = source.build_page_request(ListedPage(link.url, link.url, LISTED, link.article))
    assert (request.url, request.method, request.body) == (
        "https://a.example/api/detail",
        "POST",
        b'{"id": 7}',
    )
    answer = {"code": 0, "data": {"content": f"<p>{TEXT}</p>", "author": "王小明", "title": "x"}}
    response = Response(request.url, body=json.dumps(answer).encode())
    (page,) = collect(source.parse_article(response, **request.cb_kwargs))
    assert isinstance(page, Page)
    assert page.url == "https://a.example/news/7"
    article = extract_article(page)
    assert isinstance(article, Article)
    assert article.title == LISTED.title
    assert article.author == "王小明"
    assert article.published.startswith("2026-11-09T09:30")
    assert TEXT[:40] in article.text


@pytest.mark.parametrize("body", [b"{}", b"no json", b'{"data": {"content": "short"}}', b"[" * 3_000])
def test_an_answer_without_a_text_is_named(body: bytes) -> None:
    response = Response("https://a.example/api/detail", body=body)
    (found,) = collect(Shell().parse_article(response, "https://a.example/7", LISTED))
    assert isinstance(found, FetchResult)
    assert found.reason.startswith("no text in the JSON of the article")


def test_a_plain_text_keeps_its_lines_and_no_markup_gets_in() -> None:
    page = build_article_page({"text": f"{TEXT}\n{TEXT}"}, Listed("<b>x</b>"), "text", "", "").decode()
    assert page.count("<p>") == 2
    assert "<b>" not in page


def test_a_source_without_a_request_of_its_own_gets_pages() -> None:
    class Plain(ApiSource):
        name = "plain"
        home = "https://a.example/"
        link = "https://a.example/{id}"

    source: Any = Plain()
    (link,) = read_rows(source, [{"id": 7}])
    request: Request = source.build_page_request(ListedPage(link.url, link.url, LISTED, link.article))
    assert (request.url, request.method) == ("https://a.example/7", "GET")
