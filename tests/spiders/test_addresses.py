"""What a spider asks for, and what it takes a redirect for."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Request, XmlResponse

from shopwire.pipelines.store_article import store_page
from shopwire.spiders.base import ListedLink, Tally
from shopwire.spiders.crawl_session import CrawlSession
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.page import FetchResult, Listed, Page
from tests.support.makers import a_page, an_article

SITE = "https://www.blog.example"
TEXTS = ("A port opened a hall for parcels.", "Shops measure feet.", "A court fined a marketplace.")


class Blog(ListingSource):
    name = "blog"
    title = "A blog"
    home = f"{SITE}/start.html"
    lists = [f"{SITE}/news.html"]
    links = "a"


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Blog]:
    """A spider of a site on which `?zz=` means nothing, with three articles."""
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    spider = Blog()
    spider.crawl = CrawlSession()
    asyncio.run(spider.crawl.open_run(spider))
    for number, text in enumerate(TEXTS):
        for query in ("", "?zz=1"):
            url = f"{SITE}/a/{number}.html{query}"
            store_page(spider.crawl.store, a_page(url, requested=url), an_article(url, text), None)
    yield spider
    asyncio.run(spider.crawl.close_run(spider, "finished"))


def ask(blog: Blog, link: str, response: HtmlResponse | XmlResponse | None = None) -> Request | None:
    listed = response or HtmlResponse(f"{SITE}/list/", encoding="utf-8")
    page = blog.accept_link(ListedLink(link), listed, Tally())
    return blog.build_page_request(page) if page else None


@pytest.mark.parametrize("link", ["/a/1.html", "/a/1.html?zz=1", "/a/1.html?zz=2", "/a/1.html?utm_id=2"])
def test_no_variant_of_a_known_page_is_asked_for(blog: Blog, link: str) -> None:
    assert ask(blog, link) is None


def test_of_the_variants_of_a_new_page_one_is_asked_for_as_it_is_listed(blog: Blog) -> None:
    request = ask(blog, "/a/9.html?zz=7")
    assert request is not None
    assert (request.url, request.cb_kwargs["name"]) == (f"{SITE}/a/9.html?zz=7", f"{SITE}/a/9.html")
    assert ask(blog, "/a/9.html") is None
    assert ask(blog, "/a/9.html?id=1&zz=3") is not None


def test_a_feed_is_not_decoded_to_find_where_its_links_lead(blog: Blog) -> None:
    feed = XmlResponse(f"{SITE}/feed/news.xml", body=b"<urlset/>")
    assert blog.resolve_url("../a/9.html", feed) == f"{SITE}/a/9.html"
    # Scrapy keeps the text beside the body: the memory of a long sitemap twice.
    assert feed._cached_ubody is None


def test_a_query_is_sent_in_the_charset_of_an_html_page(blog: Blog) -> None:
    html = HtmlResponse(f"{SITE}/list/", headers={"Content-Type": "text/html; charset=gb2312"})
    request = ask(blog, "/词/3.asp?k=三轮车", html)
    assert request is not None
    assert request.url == f"{SITE}/%E8%AF%8D/3.asp?k=%C8%FD%C2%D6%B3%B5"
    request = ask(blog, "/5.asp?k=😀", html)
    assert request is not None
    assert ask(blog, "/6.asp?k=😀", HtmlResponse(f"{SITE}/list/", encoding="big5")) is not None
    feed = XmlResponse(f"{SITE}/feed", headers={"Content-Type": "text/xml; charset=gb2312"})
    request = ask(blog, "/4.asp?k=三轮车", feed)
    assert request is not None
    assert request.url == f"{SITE}/4.asp?k=%E4%B8%89%E8%BD%AE%E8%BD%A6"


def arrive(blog: Blog, requested: str, url: str) -> Page | FetchResult:
    request = Request(url, meta={"redirect_urls": [requested]})
    (result,) = blog.parse_page(HtmlResponse(url, body=b"<p>", request=request), requested, Listed())
    return result


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/index.html",
        "/?from=gone",
        "/start.html",
        "/news.html",
        "/news/2026/",
        "/news/",
        "/latest",
        "/tech/parcels/list.html",
        "/error/404.html",
        "/notfound",
        "/search?q=parcels-2026",
        "/user/login.php?next=%2Fnews%2F1",
    ],
)
def test_a_page_that_redirects_to_a_list_was_removed(blog: Blog, target: str) -> None:
    blog.requested_lists.add(f"{SITE}/news.html")
    result = arrive(blog, f"{SITE}/news/2026/parcels.html", SITE + target)
    assert isinstance(result, FetchResult)
    assert (result.outcome, result.url) == ("not_found", f"{SITE}/news/2026/parcels.html")
    assert result.reason == f"removed: redirects to {SITE}{target}"


@pytest.mark.parametrize(
    "target",
    ["/news/2026/parcels/", "/parcels", "/price-war/", "/a/12.html", "/news/31874", "/?p=12", "/news/2026"],
)
def test_a_page_that_has_moved_is_read(blog: Blog, target: str) -> None:
    result = arrive(
        blog,
        f"{SITE}/news/2026?id=5" if target == "/news/2026" else f"{SITE}/news/2026/parcels",
        SITE + target,
    )
    assert isinstance(result, Page)


def test_a_front_page_that_is_itself_listed_is_read_without_a_redirect(blog: Blog) -> None:
    response = HtmlResponse(f"{SITE}/", body=b"<p>", request=Request(f"{SITE}/"))
    (result,) = blog.parse_page(response, f"{SITE}/", Listed())
    assert isinstance(result, Page)
