"""Watched pages: a change of their parts is a change of the article."""

from pathlib import Path
from typing import Any

import pytest
from bench.discovery.documents import Document, Site
from bench.discovery.server import serve_sites
from scrapy.http import HtmlResponse, Response

from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.spiders.page import FetchResult, Listed, Page
from shopwire.spiders.user_sources.build_source import build_source
from shopwire.spiders.user_sources.watch import WatchSource
from shopwire.spiders.user_sources.write_table import format_table
from shopwire.storage.database import Store
from tests.support.crawling import collect, shopwire

URL = "https://rules.example/fees"
RULE = "Sellers of household goods pay five per cent of the price of each item, settled every month."
HTML = """<html><head><title>Fees &amp; payment</title></head><body><nav>Menu {menu}</nav>
<div class="rule"><p>{rule}</p><p>{rule} Shipping is not counted.</p></div>
<p>Seen {menu} times</p></body></html>"""


def read(parts: str, rule: str = RULE, menu: str = "1") -> list[Any]:
    source: Any = build_source("rules", {"watch": [URL], "parts": parts})()
    response = HtmlResponse(URL, body=HTML.format(rule=rule, menu=menu).encode(), encoding="utf-8")
    return collect(source.parse_watched(response, URL, Listed()))


def extract(page: Page) -> Article:
    article = extract_article(page)
    assert isinstance(article, Article)
    return article


def test_the_parts_of_a_page_are_the_article() -> None:
    (page,) = read(".rule")
    article = extract(page)
    assert article.title == "Fees & payment"
    assert RULE in article.text
    assert "times" not in article.text


def test_only_a_change_of_the_parts_changes_the_text() -> None:
    first, again, changed = (
        read(".rule")[0],
        read(".rule", menu="2")[0],
        read(".rule", RULE.replace("five", "six"))[0],
    )
    assert extract(first).text_hash == extract(again).text_hash
    assert extract(first).text_hash != extract(changed).text_hash


@pytest.mark.parametrize("parts", [".absent", "//*[@id='absent']"])
def test_a_page_without_its_parts_is_named(parts: str) -> None:
    (found,) = read(parts)
    assert isinstance(found, FetchResult)
    assert found.reason == f"no element matches `parts`: {parts}"


def test_a_changed_rule_is_a_new_version(tmp_path: Path) -> None:
    def build(_: str) -> list[Site]:
        return [Site("rules", "", "", {"/fees": Document(HTML.format(rule=RULE, menu="1").encode())})]

    with serve_sites(build) as server:
        table = {"watch": [server.base.format("rules") + "/fees"], "parts": ".rule"}
        (tmp_path / "sources.toml").write_text(format_table("rules", table))
        for rule in (RULE, RULE, RULE.replace("five", "six")):
            page = Document(HTML.format(rule=rule, menu=str(len(rule))).encode())
            server.sites["rules"].pages["/fees"] = page
            shopwire("crawl", "rules", home=tmp_path)
    with Store(tmp_path / "shopwire.db") as store:
        rows = store.rows("SELECT outcome FROM fetches WHERE kind = 'page' ORDER BY id")
        assert [row["outcome"] for row in rows] == ["stored", "known", "updated"]
        assert "six per cent" in store.rows("SELECT text FROM articles")[0]["text"]


def test_a_file_is_no_page() -> None:
    source: Any = build_source("rules", {"watch": [URL], "parts": ".rule"})()
    (found,) = collect(source.parse_watched(Response(URL, body=b"\x01\x02"), URL, Listed()))
    assert found.reason == "no text"


def test_a_table_with_watch_is_a_watch_source() -> None:
    source = build_source("rules", {"watch": [URL], "parts": ".rule"})
    assert issubclass(source, WatchSource)
    assert source.home == "https://rules.example/"
