"""Documents of the sites: articles, feeds, sitemaps and pages, with invented text."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

ARTICLES = tomllib.loads((Path(__file__).parent / "articles.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Document:
    """A response."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its documents by path and query. `kind` is what is to be found (`feed`, `sitemap`, `list`,
    `nothing` or `blocked`), `address` the path of it. `fallback` answers for every other path."""

    name: str
    kind: str
    address: str
    pages: dict[str, Document]
    start: str = "/"
    fallback: Document = field(default=Document(b"<h1>Not Found</h1>", status=404))

    def answer(self, target: str) -> Document:
        """Return the response to a GET for a path and query."""
        return self.pages.get(target, self.fallback)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a site."""

    path: str
    title: str
    text: str
    day: datetime


def make_articles(pattern: str, language: str = "en") -> list[Article]:
    """Return six articles of the last days, the newest first."""
    now = datetime.now(UTC).replace(microsecond=0)
    made = []
    for number, written in enumerate(ARTICLES[language]):
        day = now - timedelta(days=number)
        path = pattern.format(n=8400 - number, d=day, s=slug(written["title"]))
        made.append(Article(path, written["title"], written["text"], day))
    return made


def slug(title: str) -> str:
    """Return the slug of an English title."""
    return "-".join(word for word in title.lower().replace("-", " ").split() if word.isalnum())


def render_page(head: str, body: str, title: str = "Sample News", charset: str = "utf-8") -> Document:
    """Return a page with a menu and a footer around its body."""
    html = (
        f"<!DOCTYPE html><html><head><meta charset='{charset}'><title>{title}</title>{head}</head><body>"
        "<nav><a href='/'>Home</a><a href='/about-this-publication'>About this invented publication</a></nav>"
        f"{body}<footer><a href='/imprint-and-privacy'>Imprint and privacy of this site</a></footer>"
        "</body></html>"
    )
    return Document(html.encode(charset), f"text/html; charset={charset}")


def render_article(article: Article, charset: str = "utf-8") -> Document:
    """Return the page of an article."""
    body = (
        f"<article><h1>{article.title}</h1><time datetime='{article.day.isoformat()}'>"
        f"{article.day:%Y-%m-%d %H:%M}</time><div class='content'><p>{article.text}</p></div></article>"
    )
    return render_page("", body, article.title, charset)


def render_rss(base: str, articles: Sequence[Article], charset: str = "utf-8") -> Document:
    """Return an RSS 2.0 feed."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(base + one.path)}</link>"
        f"<pubDate>{format_datetime(one.day)}</pubDate></item>"
        for one in articles
    )
    channel = f"<rss version='2.0'><channel><title>Sample</title>{items}</channel></rss>"
    xml = f"<?xml version='1.0' encoding='{charset}'?>{channel}"
    return Document(xml.encode(charset), "text/xml")


def render_atom(base: str, articles: Sequence[Article]) -> Document:
    """Return an Atom feed."""
    entries = "".join(
        f"<entry><title>{escape(one.title)}</title><link href='{escape(base + one.path)}'/>"
        f"<updated>{one.day.isoformat()}</updated></entry>"
        for one in articles
    )
    xml = f"<?xml version='1.0'?><!-- made --><feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"
    return Document(xml.encode(), "application/atom+xml")


def render_sitemap(base: str, articles: Sequence[Article], has_news: bool = False) -> Document:
    """Return a sitemap of articles and of pages of the menu; the latter not with news."""
    urls = "".join(
        f"<url><loc>{escape(base + one.path)}</loc><lastmod>{one.day.isoformat()}</lastmod>"
        + (
            f"<news:news><news:publication_date>{one.day.isoformat()}</news:publication_date>"
            f"<news:title>{escape(one.title)}</news:title></news:news>"
            if has_news
            else ""
        )
        + "</url>"
        for one in articles
    )
    menu = "" if has_news else f"<url><loc>{base}/about</loc></url><url><loc>{base}/contact</loc></url>"
    spaces = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    xml = f"<?xml version='1.0'?><urlset {spaces}>{menu}{urls}</urlset>"
    return Document(xml.encode(), "application/xml")


def render_index(urls: Sequence[str]) -> Document:
    """Return an index of sitemaps."""
    children = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    xml = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{children}</sitemapindex>"
    return Document(xml.encode(), "application/xml")


def add_articles(articles: Sequence[Article], charset: str = "utf-8") -> dict[str, Document]:
    """Return the pages of articles by path."""
    return {one.path: render_article(one, charset) for one in articles}


Render = Callable[[Article], str]


def render_list(articles: Sequence[Article], render: Render, around: str = "<ul class='list'>{}</ul>") -> str:
    """Return a list of articles, each rendered by a function."""
    return around.format("".join(map(render, articles)))
