"""The text of a feed is used where the site refuses its pages, and only there."""

from pathlib import Path

import pytest
from bench.discovery.documents import Document, Site, add_articles, make_articles
from bench.discovery.server import serve_sites

from shopwire.spiders.lists.read_list import read_list
from shopwire.spiders.page import Listed, build_feed_page
from shopwire.spiders.user_sources.write_table import format_table
from shopwire.storage.database import Store
from tests.support.crawling import shopwire
from tests.support.makers import a_page

CHECK = Document(
    b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
)
WAITING = Document(CHECK.body, status=503)
FORBIDDEN = Document(b"<h1>403 Forbidden</h1>", status=403)


def build_site(base: str, refusal: Document | None) -> list[Site]:
    """Return a site with whole articles in its feed, whose pages are refused if a refusal is given."""
    articles = make_articles("/story/{s}")
    items = "".join(
        f"<item><title>{one.title}</title><link>{base.format('walled')}{one.path}</link>"
        f"<encoded xmlns='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;{one.text}&lt;/p&gt;</encoded></item>"
        for one in articles[:3]
    )
    feed = Document(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "text/xml")
    robots = Document(b"", "text/plain", 404)
    pages = dict.fromkeys(add_articles(articles), refusal) if refusal else add_articles(articles)
    return [Site("walled", "feed", "/feed", {"/feed": feed, "/robots.txt": robots, **pages})]


@pytest.mark.parametrize(
    ("refusal", "text_from"),
    [(FORBIDDEN, "feed"), (CHECK, "feed"), (WAITING, "feed"), (None, "")],
    ids=["403", "check page", "check page with 503", "open"],
)
def test_a_refused_page_has_the_text_of_its_feed(
    tmp_path: Path, refusal: Document | None, text_from: str
) -> None:
    with serve_sites(lambda base: build_site(base, refusal)) as server:
        table = {"feeds": [server.base.format("walled") + "/feed"], "language": "en"}
        (tmp_path / "sources.toml").write_text(format_table("walled", table))
        shopwire("crawl", "walled", home=tmp_path)
    with Store(tmp_path / "shopwire.db") as store:
        rows = store.rows("SELECT title, text, text_from FROM articles")
    assert len(rows) == 3
    assert {row["text_from"] for row in rows} == {text_from}
    first = next(row for row in rows if row["title"].startswith("Invented marketplace"))
    assert "three per cent instead of five" in first["text"]


@pytest.mark.parametrize(
    ("length", "is_whole"),
    [(199, False), (200, True), (19_000, True), (20_000, False), (60_000, False)],
)
def test_a_teaser_is_no_text_and_neither_is_one_that_may_be_cut(length: int, is_whole: bool) -> None:
    text = "x" * length
    rss = f"<rss><item><link>https://a.example/1</link><description>{text}</description></item></rss>"
    atom = f"<feed><entry><link href='https://a.example/1'/><content>{text}</content></entry></feed>"
    feed = f'{{"items":[{{"url":"https://a.example/1","content_html":"{text}"}}]}}'
    for body in (rss, atom, feed):
        (entry,) = read_list(body.encode())
        assert bool(entry.text) is is_whole


def test_a_page_without_a_text_in_its_feed_stays_refused() -> None:
    assert build_feed_page(a_page(listed=Listed("A title"))) is None
