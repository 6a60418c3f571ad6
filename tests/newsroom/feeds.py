"""Build the machine-readable lists of the sites: RSS 2.0, Atom, sitemaps and a JSON API.

Each function takes a site, its articles (newest first) and the base URL
(`http://crown.localhost:8420`) and returns a `Document` with validators.
"""

import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.newsroom.content import Article
from tests.newsroom.document import Document

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{title}</title>
<link>{base}/</link>
<description>{title}</description>
<language>zh-cn</language>
{items}
</channel>
</rss>
"""
RSS_ITEM = """<item>
<title>{title}</title>
<link>{base}{path}?utm_source=rss&amp;utm_medium=feed</link>
<guid isPermaLink="false">{slug}</guid>
<dc:creator>{author}</dc:creator>
<pubDate>{date}</pubDate>
<description><![CDATA[{summary}]]></description>
</item>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>{title}</title>
<id>{base}/</id>
<link rel="self" href="{base}/feed.atom"/>
<link rel="alternate" type="text/html" href="{base}/"/>
<updated>{date}</updated>
{items}
</feed>
"""
ATOM_ENTRY = """<entry>
<title>{title}</title>
<id>tag:eastgate.localhost,2021:{slug}</id>
<link rel="alternate" type="text/html" href="{base}{path}"/>
<published>{published}</published>
<updated>{updated}</updated>
<author><name>{author}</name></author>
<summary>{summary}</summary>
</entry>"""

SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"
SITEMAP_INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="{space}">
<sitemap><loc>{base}/sitemaps/articles.xml.gz</loc><lastmod>{date}</lastmod></sitemap>
<sitemap><loc>{base}/sitemaps/news.xml</loc><lastmod>{date}</lastmod></sitemap>
</sitemapindex>
"""
URLSET = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{space}" xmlns:news="{news}">
{items}
</urlset>
"""
URL = "<url><loc>{base}{path}</loc><lastmod>{updated}</lastmod></url>"
NEWS_URL = """<url><loc>{base}{path}</loc><lastmod>{updated}</lastmod>
<news:news>
<news:publication><news:name>{site}</news:name><news:language>zh-cn</news:language></news:publication>
<news:publication_date>{published}</news:publication_date>
<news:title>{title}</news:title>
</news:news></url>"""

NEWS_SITEMAP_ARTICLES = 3
API_PAGE = 5


def rss(title: str, articles: Sequence[Article], base: str) -> Document:
    """Return RSS 2.0 with short descriptions and tracked links, as many Chinese portals serve it."""
    items = (
        RSS_ITEM.format(
            base=base,
            path=article.path,
            slug=article.slug,
            title=escape(article.title),
            author=escape(article.author),
            date=format_datetime(_dated(article)),
            summary=f"{article.summary[:48]}……",
        )
        for article in articles
    )
    text = RSS.format(title=title, base=base, items="\n".join(items))
    return _with_validators(text, "application/rss+xml; charset=utf-8", articles)


def atom(title: str, articles: Sequence[Article], base: str) -> Document:
    """Return Atom (RFC 4287) with summaries and an `updated` of its own for each entry."""
    items = (ATOM_ENTRY.format(**_fields(article, base)) for article in articles)
    date = _newest(articles).isoformat()
    text = ATOM.format(title=title, base=base, date=date, items="\n".join(items))
    return _with_validators(text, "application/atom+xml", articles)


def sitemap_index(title: str, articles: Sequence[Article], base: str) -> Document:
    """Return a sitemap index of the two sitemaps below."""
    date = _newest(articles).isoformat()
    text = SITEMAP_INDEX.format(space=SITEMAP_SPACE, base=base, date=date)
    return _with_validators(text, "application/xml", articles)


def sitemap(title: str, articles: Sequence[Article], base: str) -> Document:
    """Return a gzipped sitemap of every article with `lastmod`."""
    text = _urlset(URL.format(**_fields(article, base)) for article in articles)
    body = gzip.compress(text.encode(), mtime=0)
    return Document(body, "application/gzip", modified=_newest(articles))


def news_sitemap(title: str, articles: Sequence[Article], base: str) -> Document:
    """Return a news sitemap of the newest articles with titles and publication dates."""
    newest = articles[:NEWS_SITEMAP_ARTICLES]
    text = _urlset(NEWS_URL.format(**_fields(article, base) | {"site": title}) for article in newest)
    return _with_validators(text, "application/xml", articles)


def api(articles: Sequence[Article], page: int) -> Document:
    """Return one page of article numbers; the articles are at `/article/<id>.htm`."""
    start = (page - 1) * API_PAGE
    rows = [{"id": int(article.slug), "title": article.title} for article in articles]
    more = len(rows) > start + API_PAGE
    answer = {
        "total": len(rows),
        "items": rows[start : start + API_PAGE],
        "next": f"/api/articles?page={page + 1}" if more else None,
    }
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    return _with_validators(text, "application/json", articles)


def _fields(article: Article, base: str) -> dict[str, str]:
    return {
        "base": base,
        "path": article.path,
        "slug": article.slug,
        "title": escape(article.title),
        "author": escape(article.author),
        "summary": escape(article.summary[:160]),
        "published": _dated(article).isoformat(),
        "updated": (article.modified or _dated(article)).isoformat(),
    }


def _dated(article: Article) -> datetime:
    if article.published is None:
        raise ValueError(f"{article.site}/{article.slug} needs a date to be in a feed")
    return article.published


def _urlset(items: Iterable[str]) -> str:
    return URLSET.format(space=SITEMAP_SPACE, news=NEWS_SPACE, items="\n".join(items))


def _newest(articles: Sequence[Article]) -> datetime | None:
    """Return the time of the newest change, None for an empty list."""
    dates = (article.modified.astimezone(UTC) for article in articles if article.modified)
    return max(dates, default=None)


def _with_validators(text: str, content_type: str, articles: Sequence[Article]) -> Document:
    return Document(text.encode(), content_type, modified=_newest(articles))
