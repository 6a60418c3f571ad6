"""Lists with `{page}`: the page behind the last one is their end and no fault."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.discovery.documents import Article, Document, Site, add_articles, make_articles, render_page
from bench.discovery.server import SiteServer, serve_sites
from bench.discovery.sites import cards

from shopwire.spiders.user_sources.write_table import format_table
from shopwire.storage.database import Store
from tests.support.crawling import shopwire

JSON, LAST = "application/json", 2
ENDS = {
    "blank": render_page("", "<p>No more news</p>"),
    "gone": Document(b"<h1>Not found</h1>", status=404),
    "null": Document(b'{"rows": null}', JSON),
    "none": Document(b'{"rows": []}', JSON),
}


def render_rows(articles: list[Article]) -> Document:
    rows = [{"path": one.path, "title": one.title} for one in articles]
    return Document(json.dumps({"rows": rows}).encode(), JSON)


def build_sites(_: str) -> list[Site]:
    """Return a site for each end of a list of two pages."""
    articles = make_articles("/story/{s}")
    parts = [articles[:3], articles[3:]]
    sites = []
    for name, end in ENDS.items():
        is_json = end.content_type == JSON
        pages = [render_rows(part) if is_json else render_page("", cards(part)) for part in parts]
        lists = {f"/list?p={number}": page for number, page in enumerate([*pages, end], 1)}
        sites.append(Site(name, "list", "", {**lists, **add_articles(articles)}))
    return sites


@pytest.fixture(scope="module")
def server() -> Iterator[SiteServer]:
    with serve_sites(build_sites) as running:
        yield running


@pytest.mark.parametrize("name", ENDS)
def test_the_end_of_a_numbered_list_is_no_fault(server: SiteServer, tmp_path: Path, name: str) -> None:
    base = server.base.format(name)
    json_keys = {"rows": "rows", "link": f"{base}{{path}}"}
    keys = json_keys if ENDS[name].content_type == JSON else {"links": "h2 a"}
    table = format_table("mine", {"language": "en", "lists": [f"{base}/list?p={{page}}"], **keys})
    (tmp_path / "sources.toml").write_text(table)
    (run,) = json.loads(shopwire("crawl", "mine", "--json", home=tmp_path))["runs"]
    assert (run["stored"], run["refused"]) == (6, {})
    with Store(tmp_path / "shopwire.db") as store:
        lists = store.rows("SELECT outcome, reason, links FROM fetches WHERE kind = 'listing' ORDER BY id")
        assert [row["outcome"] for row in lists] == ["listed"] * 3
        assert [row["links"] for row in lists] == [3, 3, 0]
        assert lists[-1]["reason"].startswith("the end of the list: ")
        assert server.asked[name, "/list?p=4"] == 0


def test_a_first_page_without_links_is_a_fault(server: SiteServer, tmp_path: Path) -> None:
    lists = [server.base.format("blank") + "/list?p=3&x={page}"]
    (tmp_path / "sources.toml").write_text(format_table("mine", {"lists": lists, "links": "h2 a"}))
    (run,) = json.loads(shopwire("crawl", "mine", "--json", home=tmp_path, code=1))["runs"]
    assert sum(run["refused"].values()) == 1
