"""Find the addresses of feeds that a page names, or that the system that made it usually has."""

import re
from collections.abc import Iterator
from operator import itemgetter
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.discovery.cms_presets import SYSTEMS

FEED_TYPES = re.compile(
    r"(rss|atom|rdf|feed)\s*\+?\s*(xml|json)?|^application/(xml|json)$|^text/xml$", re.IGNORECASE
)
# Feeds of comments, authors and searches are no feeds of articles.
NO_ARTICLES = re.compile(
    r"comments?\b|kommentar|commentaire|comentario|comentário|commenti\b|reacties|/author/|/search/|replies"
    r"|oembed|/wp-json/|评论|回复|留言|コメント|댓글",
    re.IGNORECASE,
)
# Feeds of one part of a site; others are tried first.
PARTS = re.compile(r"podcast|video|jobs?\b|stellen|events?\b|termine|eventos|agenda", re.IGNORECASE)
ANCHOR = re.compile(
    r"(?:/(?:rss|feeds?)/[\w./-]+$|(?:^|[/._-])(?:rss2?|feeds?|atom)(?:\.(?:xml|php|aspx?|rdf|json))?/?(?:$|\?)|\.(?:rss|atom|rdf)$|type=rss2?\b"
    r"|mod=rss|c=rss|rss\.php|format=feed|[?&]type=100\b|[?&]feed=|feeds/posts/default|/data/rss/)",
    re.IGNORECASE,
)
XML = re.compile(r"\.(?:xml|rss|rdf)$", re.IGNORECASE)
GUESSES = ("/feed", "/rss.xml", "/rss", "/atom.xml", "/feed.xml")
MOST_DECLARED, MOST_ANCHORS, MOST_SYSTEM_PATHS = 5, 3, 3
MARKS_HEAD = 200_000


def list_declared_feeds(root: HtmlElement, url: str) -> list[str]:
    """Return the feeds of `link rel=alternate`, that of the page's own section first."""
    found = []
    for element in root.iter("link"):
        words = (element.get("rel") or "").lower().split()
        kind, title, href = (element.get(name) or "" for name in ("type", "title", "href"))
        if (
            {"alternate", "feed"} & set(words)
            and FEED_TYPES.search(kind)
            and not NO_ARTICLES.search(f"{title} {href}")
        ):
            found.append((bool(PARTS.search(f"{title} {href}")), _resolve(root, url, href)))
    feeds = [one for _, one in sorted(found, key=itemgetter(0))]
    section = urlsplit(url).path.rstrip("/")
    own = [one for one in feeds if section and urlsplit(one).path.startswith(section)]
    return [*dict.fromkeys(filter(None, [*own, *feeds]))][:MOST_DECLARED]


def list_overview_feeds(root: HtmlElement, url: str) -> list[str]:
    """Return the links of a page about feeds, to XML or with an address that looks like that of a feed."""
    found = [(element.get("href") or "").strip() for element in root.iter("a")]
    named = [_resolve(root, url, href) for href in found if XML.search(href) and not NO_ARTICLES.search(href)]
    return [*dict.fromkeys(filter(None, [*named, *list_feed_anchors(root, url)]))][:MOST_ANCHORS]


def list_feed_anchors(root: HtmlElement, url: str) -> list[str]:
    """Return the links whose address looks like that of a feed."""
    hrefs = [(element.get("href") or "").strip() for element in root.iter("a")]
    plain = [re.sub("^feed:(?=//)", "http:", re.sub("^feed:(?=http)", "", href)) for href in hrefs]
    found = [
        _resolve(root, url, href) for href in plain if ANCHOR.search(href) and not NO_ARTICLES.search(href)
    ]
    return [*dict.fromkeys(filter(None, found))][:MOST_ANCHORS]


def find_system(html: str) -> str:
    """Return the name of the content management system that made a page; empty if it is not known."""
    head = html[:MARKS_HEAD]
    return next((name for name, one in SYSTEMS.items() if re.search(one.marks, head, re.IGNORECASE)), "")


def list_system_feeds(name: str, html: str, url: str) -> list[str]:
    """Return where a system usually has its feeds, the one of the page's section first."""
    system = SYSTEMS[name]
    numbers = re.search(system.ids, f"{url} {html[:MARKS_HEAD]}", re.IGNORECASE) if system.ids else None
    paths = list(_fill_paths(system.feeds, numbers[1] if numbers else ""))
    section = urlsplit(url).path
    if name in ("wordpress", "typecho") and section.strip("/"):
        paths.insert(0, f"{section.rstrip('/')}/feed/")
    return [*dict.fromkeys(urljoin(url, path) for path in paths)][:MOST_SYSTEM_PATHS]


def _fill_paths(paths: tuple[str, ...], number: str) -> Iterator[str]:
    for path in paths:
        if "{id}" not in path:
            yield path
        elif number:
            yield path.format(id=number)


def _resolve(root: HtmlElement, url: str, href: str) -> str:
    base = root.find(".//base[@href]")
    try:
        full = urljoin(urljoin(url, base.get("href") or "") if base is not None else url, href.strip())
    except ValueError:
        return ""
    return full if get_canonical_url(full) else ""
