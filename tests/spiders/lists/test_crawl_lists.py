"""Real crawls of lists: the newest pages of long ones, and a word for those that lead elsewhere."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shopwire.storage.database import Store
from tests.faults.crawl import Crawled, run_spider
from tests.faults.lists import feed, item
from tests.faults.server import FaultServer, fault_server, whole

URLS, LIMIT, CHILDREN = 150_000, 5, 230
SETTINGS = {"RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 60}
MIB = 1024 * 1024


def urlset(first: int, end: int) -> bytes:
    entry = "<url><loc>/page/{0}.html</loc><lastmod>{1}-01-01</lastmod></url>"
    entries = (entry.format(number, 1991 + number * 30 // URLS) for number in range(first, end))
    return f"<urlset>{''.join(entries)}</urlset>".encode()


def build_children() -> dict[str, Any]:
    return {f"child{n}.xml": whole(urlset(n, n + 1)) for n in range(CHILDREN)}


ANSWERS = {
    "long": whole(gzip.compress(urlset(0, URLS), 1), content_encoding="gzip"),
    "few": whole(urlset(0, 30)),
    "index": whole(
        b"<sitemapindex>"
        + b"".join(b"<sitemap><loc>/child%d.xml</loc></sitemap>" % n for n in range(CHILDREN))
        + b"</sitemapindex>"
    ),
    **build_children(),
    "alerts": feed(*(item(f"http://elsewhere.example/url?q=1&amp;u=/page/{n}") for n in range(12))),
    "wrapped": feed(item("http://elsewhere.example/?u=http%3A%2F%2Fopen.localhost%2Fpage%2Fwrapped")),
}


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with fault_server(ANSWERS, {}) as running:
        yield running


def crawl_sitemap(server: FaultServer, home: Path, path: str) -> tuple[Crawled, list[str]]:
    """Crawl a sitemap with a limit of pages; return the results and the paths that were requested."""
    server.requests.clear()
    arguments = {"sitemaps": [server.url(path)], "limit": LIMIT}
    crawled = run_spider(home, "lists", arguments, {**SETTINGS, "CONCURRENT_REQUESTS": 1})
    return crawled, [one.path for one in server.requests]


def test_a_long_sitemap_gives_its_newest_pages(server: FaultServer, tmp_path: Path) -> None:
    crawled, paths = crawl_sitemap(server, tmp_path, "/long")
    assert paths == ["/long", *(f"/page/{URLS - number}.html" for number in range(1, LIMIT + 1))]
    reason = crawled.row(server.url("/long"))["reason"]
    assert reason == f"{URLS} links, 2000 new, {URLS - 2000} older ones left out"
    assert crawled.peak < 200 * MIB


def test_a_long_index_gives_the_pages_of_its_newest_sitemaps(server: FaultServer, tmp_path: Path) -> None:
    crawled, paths = crawl_sitemap(server, tmp_path, "/index")
    newest = [CHILDREN - number for number in range(1, LIMIT + 1)]
    expected = (path for number in newest for path in (f"/child{number}.xml", f"/page/{number}.html"))
    assert paths == ["/index", *expected]
    reason = crawled.row(server.url("/index"))["reason"]
    assert reason == f"{CHILDREN} further lists, {CHILDREN - 199} older lists left out"


def test_a_feed_whose_links_lead_elsewhere_says_where(server: FaultServer, tmp_path: Path) -> None:
    feeds = [server.url("/alerts"), server.url("/wrapped")]
    crawled = run_spider(tmp_path, "lists", {"feeds": feeds}, SETTINGS)
    row = crawled.row(server.url("/alerts"))
    assert (row["outcome"], row["reason"]) == ("foreign_list", "12 links, 12 to elsewhere.example")
    assert crawled.row(server.url("/wrapped"))["reason"] == "1 links, 1 new"
    assert crawled.row("http://open.localhost/page/wrapped")["kind"] == "page"


@pytest.mark.fault("46p", "A source with more pages than a crawl may ask for", "ends, the next crawl goes on")
def test_a_crawl_leaves_what_is_over_its_budget_to_the_next(server: FaultServer, tmp_path: Path) -> None:
    server.requests.clear()
    settings = {**SETTINGS, "CONCURRENT_REQUESTS": 1}
    arguments = {"sitemaps": [server.url("/few")]}
    run_spider(tmp_path, "lists", arguments, settings, SHOPWIRE_CRAWL_PAGES="8")
    assert 1 < len(server.requests) < 16
    with Store(tmp_path / "shopwire.db") as store:
        run = store.row("SELECT outcome, reason FROM runs ORDER BY id DESC")
        assert run is not None
        assert run["reason"] == "limit"
    run_spider(tmp_path, "lists", arguments, settings)
    assert {one.path for one in server.requests} >= {f"/page/{number}.html" for number in range(30)}
