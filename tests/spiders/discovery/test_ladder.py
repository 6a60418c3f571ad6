"""The ladder on sites of many systems, without a network."""

import json
import re
from contextlib import suppress

import lxml.html
import pytest
from bench.discovery.documents import (
    Document,
    Site,
    add_articles,
    make_articles,
    render_index,
    render_page,
    render_rss,
    render_sitemap,
)
from bench.discovery.sites import build_sites, cards
from bench.discovery.walk import answer, check_pages, walk
from scrapy.http import HtmlResponse

from shopwire.spiders.discovery.answers import Answer, find_wall
from shopwire.spiders.discovery.candidate import Candidate, Discovery, Ending, Step, Verdict
from shopwire.spiders.discovery.ladder import Ladder, Wish
from shopwire.spiders.discovery.page_feeds import list_declared_feeds
from shopwire.spiders.discovery.page_title import find_site_title

BASE = "http://{}.example"
SITES = {site.name: site for site in build_sites(BASE)}
KINDS = {"feeds": "feed", "sitemaps": "sitemap", "lists": "list"}
ENDINGS = {"blocked": Ending.BLOCKED, "nothing": Ending.NOTHING}


def describe(found: Discovery) -> tuple[str, str]:
    """Return the kind of what was found, and its path."""
    if found.candidate is None:
        return found.ending.value, ""
    key = next(key for key in KINDS if key in found.candidate.attributes)
    return KINDS[key], "/" + "/".join(found.candidate.attributes[key][0].split("/")[3:])


@pytest.mark.parametrize("name", SITES)
def test_what_a_site_has_is_found(name: str) -> None:
    site = SITES[name]
    found, _ = walk(site, BASE)
    assert describe(found) == (site.kind, site.address)
    assert found.ending is ENDINGS.get(site.kind, Ending.ADDED)


def test_three_requests_are_enough_on_average_and_one_for_a_wall() -> None:
    requests = {name: walk(site, BASE)[0].requests for name, site in SITES.items()}
    assert sum(requests.values()) <= 3 * len(SITES)
    assert requests["wall"] == requests["checkpage"] == 1
    assert max(requests.values()) <= 9


def test_the_list_of_a_known_system_is_named_by_it() -> None:
    for name, system in (("dedecmslist", "dedecms"), ("yzmcms", "yzmcms")):
        found, _ = walk(SITES[name], BASE)
        assert found.candidate is not None
        assert found.candidate.attributes["cms"] == system


def test_a_list_is_told_from_the_column_at_its_side() -> None:
    found, _ = walk(SITES["plainlist"], BASE)
    assert found.candidate is not None
    assert found.candidate.attributes["links"] == "a.t"
    assert len(found.candidate.links) == 6


def test_a_sitemap_without_news_has_a_pattern_of_its_articles() -> None:
    found, _ = walk(SITES["mapindex"], BASE)
    assert found.candidate is not None
    assert found.candidate.attributes["pages"] == "/blog/[^/]+/?$"
    assert len(found.candidate.links) == 6


def make_site(head: str, pages: dict[str, Document], body: str | None = None, start: str = "/") -> Site:
    articles = make_articles("/story/{s}")
    page = render_page(head, cards(articles) if body is None else body)
    return Site("site", "", "", {start: page, **pages, **add_articles(articles)}, start)


def test_the_feed_of_the_own_section_is_preferred() -> None:
    articles = make_articles("/story/{s}")
    feed = render_rss("http://site.example", articles)
    head = "".join(
        f"<link rel='home alternate' type='application/rss+xml' href='{path}'>"
        for path in ("/feed", "/trade/feed")
    )
    site = make_site(head, {"/feed": feed, "/trade/feed": feed}, start="/trade")
    assert describe(walk(site, BASE)[0]) == ("feed", "/trade/feed")


@pytest.mark.parametrize(
    ("head", "body", "address"),
    [
        ("<link rel='feed' type='application/atom+xml' href='/x.atom'>", "", "/x.atom"),
        ("", "<a href='feed:http://site.example/all.rss'>RSS</a>", "/all.rss"),
        ("", "<a href='/rss/news.xml'>RSS</a>", "/rss/news.xml"),
        ("", "<a href='/feeds/news/'>RSS</a>", "/feeds/news/"),
        ("", "<a href='/rss.aspx'><img alt='RSS'></a>", "/rss.aspx"),
    ],
)
def test_feeds_are_found_in_every_form_of_link(head: str, body: str, address: str) -> None:
    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    found, _ = walk(make_site(head, {address: feed}, body), BASE)
    assert describe(found) == ("feed", address)
    assert found.requests == 2


def test_the_last_pages_of_a_sitemap_without_dates_are_tested() -> None:
    articles = make_articles("/story/{s}")[::-1]
    sitemap = render_sitemap("http://site.example", articles)
    undated = Document(re.sub(rb"<lastmod>.*?</lastmod>", b"", sitemap.body), sitemap.content_type)
    _, asked = walk(make_site("", {"/sitemap.xml": undated}, ""), BASE)
    assert asked[3] == f"http://site.example{articles[-1].path}"


def test_a_feed_that_answers_with_a_page_is_passed_by() -> None:
    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    head = "".join(
        f"<link rel=alternate type='application/rss+xml' href='/{one}'>" for one in ("dead", "live")
    )
    found, _ = walk(make_site(head, {"/dead": render_page("", "moved"), "/live": feed}), BASE)
    assert describe(found) == ("feed", "/live")
    assert "declared feed: http://site.example/dead: neither feed nor sitemap" in found.tried


def test_a_namespace_alone_makes_no_news_sitemap_and_no_host_does() -> None:
    found, asked = walk(SITES["newsmap"], BASE)
    assert asked[2] == "http://newsmap.example/news-sitemap.xml"
    assert found.requests == 3


def test_a_front_page_that_only_forwards_is_followed_on_its_own_host() -> None:
    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    page = "<link rel=alternate type='application/rss+xml' href='/feed'>"
    forward = "<meta http-equiv='Refresh' content=\"0; URL='/index.html'\">"
    pages = {"/index.html": render_page(page, ""), "/feed": feed, "/": Document(forward.encode())}
    site = Site("site", "feed", "/feed", {**make_site("", {}).pages, **pages})
    assert describe(walk(site, BASE)[0]) == ("feed", "/feed")
    foreign = Document(forward.replace("/index", "https://other.example/index").encode())
    found, asked = walk(Site("site", "nothing", "", {"/": foreign}), BASE)
    assert not any("other.example" in url for url in asked)
    assert found.ending is Ending.NOTHING


def test_a_numbered_child_of_an_index_is_read_through_the_index() -> None:
    articles = make_articles("/blog/{s}/")
    url = "http://site.example"
    pages = {
        "/": render_page("", ""),
        "/sitemap.xml": render_index([f"{url}/posts-{number}.xml" for number in (1, 2, 11)]),
        "/posts-11.xml": render_sitemap(url, articles),
        **add_articles(articles),
    }
    found, asked = walk(Site("site", "sitemap", "/sitemap.xml", pages), BASE)
    assert describe(found) == ("sitemap", "/sitemap.xml")
    assert f"{url}/posts-1.xml" not in asked


@pytest.mark.parametrize(
    ("title", "path", "name"),
    [
        ("Sample Trade - news for sellers", "/", "Sample Trade"),
        ("快讯_样例网", "/kuaixun/", "样例网"),
        ("", "/", "site.example"),
    ],
)
def test_the_name_of_a_site_is_in_its_title(title: str, path: str, name: str) -> None:
    root = lxml.html.fromstring(f"<html><head><title>{title}</title></head><body>x</body></html>")
    assert find_site_title(root, f"http://www.site.example{path}") == name


def test_the_next_rung_is_tried_when_the_pages_of_one_are_no_articles() -> None:
    def refuse_feeds(candidate: Candidate) -> Step[Verdict]:
        is_feed = "feeds" in candidate.attributes
        return Verdict(Ending.THIN if is_feed else Ending.ADDED, "2 of 3 thin" if is_feed else "")
        yield ""

    found, _ = walk(SITES["wordpress"], BASE, refuse_feeds)
    assert describe(found) == ("list", "/")
    assert any("2 of 3 thin" in line for line in found.tried)


def test_a_feed_itself_is_read_as_it_is() -> None:
    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    site = make_site("", {"/x.php": Document(feed.body, "text/html")})
    site = Site("site", "feed", "/x.php", site.pages, "/x.php")
    found, asked = walk(site, BASE)
    assert describe(found) == ("feed", "/x.php")
    assert asked[0] == "http://site.example/x.php"


def test_a_sitemap_of_unlike_addresses_is_told_from_an_empty_one() -> None:
    url = "http://site.example"
    entries = "".join(f"<url><loc>{url}/{name}</loc></url>" for name in ("about", "jobs", "shop"))
    pages = {"/": render_page("", ""), "/sitemap.xml": Document(f"<urlset>{entries}</urlset>".encode())}
    found, _ = walk(Site("site", "nothing", "", pages), BASE)
    assert found.ending is Ending.NOTHING
    assert "no common form among its 3 addresses" in found.reason


LIST = cards(make_articles("/story/{s}"))
FEED_LINK = "<link rel='alternate' type='application/rss+xml' href='/feed'>"
TOO_MANY = Document(b"Too many", "text/plain", 429)
FORBIDDEN = Document(b"<h1>403 Forbidden</h1>", status=403)
CHECK = render_page("", "<h1>Checking your browser before accessing</h1>")


@pytest.mark.parametrize(
    ("head", "refused", "document", "requests"),
    [
        ("", "/sitemap.xml", TOO_MANY, 3),
        ("", "/sitemap.xml", CHECK, 3),
        ("", "/robots.txt", TOO_MANY, 2),
        ("", "/feed", TOO_MANY, 5),
        (FEED_LINK, "/feed", FORBIDDEN, 2),
        (FEED_LINK, "/feed", CHECK, 2),
    ],
)
def test_a_wall_after_the_first_page_ends_the_discovery(
    head: str, refused: str, document: Document, requests: int
) -> None:
    found, asked = walk(make_site(head, {refused: document}), BASE)
    assert found.ending is Ending.BLOCKED
    assert asked[-1] == f"http://site.example{refused}"
    assert found.requests == len(asked) == requests


def test_a_guessed_address_may_be_forbidden() -> None:
    site = make_site("", dict.fromkeys(("/robots.txt", "/sitemap.xml", "/feed"), FORBIDDEN))
    assert describe(walk(site, BASE)[0]) == ("list", "/")


def test_check_pages_instead_of_articles_end_the_discovery() -> None:
    def refuse(candidate: Candidate) -> Step[Verdict]:
        yield candidate.links[0].url
        return Verdict(Ending.BLOCKED, "its articles are refused: a check page")

    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    found, asked = walk(make_site(FEED_LINK, {"/feed": feed}), BASE, refuse)
    assert (found.ending, found.reason) == (Ending.BLOCKED, "its articles are refused: a check page")
    assert len(asked) == 3


def test_a_redirect_to_a_login_is_a_wall() -> None:
    form = "<form><input name=user><input type=password name=pw></form>"
    response = HtmlResponse("https://site.example/login?next=/", body=form.encode())
    assert "a login" in find_wall(Answer("https://site.example/", response), re.compile("captcha"))
    assert find_wall(Answer(response.url, response), re.compile("captcha")) == ""


@pytest.mark.parametrize("title", ["Kommentare", "Feed de los comentarios", "Comentários", "Latest"])
def test_a_feed_of_comments_is_passed_by(title: str) -> None:
    articles = make_articles("/story/{s}")
    feed = render_rss("http://site.example", articles)
    comments = Document(feed.body.replace(b"</link>", b"#comment-7</link>"), feed.content_type)
    link = "<link rel='alternate' type='application/rss+xml' title='{}' href='{}'>"
    head = link.format(title, "/c.xml") + link.format("", "/news.xml")
    found, _ = walk(make_site(head, {"/c.xml": comments, "/news.xml": feed}), BASE)
    assert describe(found) == ("feed", "/news.xml")
    unnamed, _ = walk(make_site(link.format("", "/c.xml"), {"/c.xml": comments}), BASE)
    assert describe(unnamed) == ("list", "/")


def test_feeds_of_parts_of_a_site_come_last() -> None:
    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    names = ("podcast", "termine", "jobs", "aktuell")
    link = "<link rel='alternate' type='application/rss+xml' title='{0}' href='/{0}'>"
    site = make_site("".join(map(link.format, names)), dict.fromkeys((f"/{name}" for name in names), feed))
    found, asked = walk(site, BASE)
    assert describe(found) == ("feed", "/aktuell")
    assert asked[1] == "http://site.example/aktuell"


def test_a_feed_of_another_site_is_said_to_be_one() -> None:
    feed = render_rss("http://other.test", make_articles("/story/{s}"))
    found, _ = walk(make_site(FEED_LINK, {"/feed": feed}), BASE)
    assert (found.ending, found.reason) == (Ending.ADDED, "its pages are on other.test, not on site.example")


def test_a_page_about_feeds_is_followed() -> None:
    feed = render_rss("http://site.example", make_articles("/story/{s}"))
    overview = render_page("", "<a href='/abo/news.xml'>All news</a><a href='/abo/help.html'>Help</a>")
    pages = {"/rss-feeds/": overview, "/abo/news.xml": feed}
    found, asked = walk(make_site("", pages, "<a href='/rss-feeds/'>RSS</a>"), BASE)
    assert describe(found) == ("feed", "/abo/news.xml")
    assert not any("help" in url for url in asked)


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ("<link rel='alternate' type='application/json' href='/feeds/main.json'>", "/feeds/main.json"),
        ("<link rel='preconnect' href='https://static.wixstatic.com'>", "/blog-feed.xml"),
    ],
)
def test_feeds_of_json_and_of_wix_are_found(head: str, path: str) -> None:
    items = [
        {"url": f"http://site.example{one.path}", "title": one.title} for one in make_articles("/story/{s}")
    ]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()
    found, asked = walk(make_site(head, {path: Document(feed, "application/json")}, ""), BASE)
    assert describe(found) == ("feed", path)
    assert len(asked) == 5


def test_the_json_of_one_page_is_no_feed() -> None:
    head = "<link rel='alternate' type='application/json' href='http://site.example/wp-json/wp/v2/pages/2'>"
    assert list_declared_feeds(lxml.html.fromstring(f"<html><head>{head}</head></html>"), BASE) == []


def test_a_list_is_read_though_the_front_page_is_gone() -> None:
    site = make_site("", {"/list": render_page("", LIST), "/": Document(b"gone", status=404)})
    wish = Wish("http://site.example/", ["http://site.example/list"], "", re.compile("captcha"))
    ladder = Ladder(wish, check_pages)
    steps = ladder.climb()
    url = next(steps)
    with suppress(StopIteration):
        while True:
            url = steps.send(answer(site, url))
    assert describe(ladder.found) == ("list", "/list")
