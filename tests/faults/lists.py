"""Malformed and hostile feeds, sitemaps and listings."""

import gzip
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from tests.faults.server import Answer, FaultServer, Request, Writer, whole

ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
DATE = "Wed, 11 Nov 2026 08:00:00 GMT"


def rss(*items: str, before: str = "", declared: str = "utf-8") -> str:
    """Return a feed of items."""
    first = f'<?xml version="1.0" encoding="{declared}"?>{before}'
    return f"{first}<rss version='2.0'><channel><title>Feed</title>{''.join(items)}</channel></rss>"


def item(link: str, title: str = "A title", date: str = DATE) -> str:
    """Return a feed item."""
    return ITEM.format(link=link, title=title, date=date)


def feed(*items: str, before: str = "") -> Answer:
    """Return a response with a feed of items."""
    return whole(rss(*items, before=before).encode(), content_type="application/rss+xml")


def _laughs() -> str:
    lines = ["<!DOCTYPE rss [", '<!ENTITY l0 "ha">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return "".join([*lines, "]>"])


XXE = '<!DOCTYPE rss [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'
HOSTILE_LINKS = (
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "http://[half",
    "http://a.example:99999/",
    "//",
    "mailto:desk@news.example",
    "http://%31%32%37.0.0.1/",
)
ODD_DATES = (
    "2026年11月11日 08:30",
    "Wed, 11 Nov 2100 08:00:00 GMT",
    "Wed, 11 Nov 99999 08:00:00 GMT",
    "soon",
)


async def nest(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send a sitemap index that lists itself and ever more sitemap indexes."""
    depth = request.path.removeprefix("/nest")
    below = "".join(
        f"<sitemap><loc>{server.url(f'/nest{depth}/{number}')}</loc></sitemap>" for number in range(60)
    )
    here = f"<sitemap><loc>{server.url(request.path)}</loc></sitemap>"
    body = f"<sitemapindex>{here}{below}</sitemapindex>".encode()
    await whole(body, content_type="application/xml")(server, request, writer)


async def calendar(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send the page of a month with a link to the next month, without end."""
    month = int(parse_qs(urlsplit(request.path).query).get("month", ["0"])[0])
    day = server.url(f"/article/month-{month}")
    body = f"<ul class=list><li><a href={day}>Day</a></ul><a class=next href=/calendar?month={month + 1}>"
    await whole(body.encode())(server, request, writer)


async def sessions(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send a list that has several URLs with session ids for one page."""
    names = ("PHPSESSID=0123456789abcdef", "sid=0123456789abcdef0123456789abcdef", "jsessionid=A1")
    links = [f"/article/one?{name}" for name in names]
    links += ["/article/one;jsessionid=A1B2", "/(S(lit3py55t21z5v55vlm25s55))/article/one"]
    body = "<ul class=list>" + "".join(f"<li><a href={link}>One</a>" for link in links)
    await whole(body.encode())(server, request, writer)


def _sitemap(count: int) -> bytes:
    return b"<urlset>" + b"<url><loc>/article/map</loc></url>" * count + b"</urlset>"


LISTS: Mapping[str, Answer] = {
    "laughs": feed(item("/article/laughs", "&l9;"), before=_laughs()),
    "xxe": feed(item("/article/xxe", "&xxe;"), before=XXE),
    "gbk-feed": whole(
        rss(item("/article/gbk-feed", "跨境平台公布秋季物流新规")).encode("gbk"),
        content_type="application/rss+xml; charset=utf-8",
    ),
    "hostile-links": feed(*map(item, HOSTILE_LINKS), item("/article/among-hostile")),
    "odd-dates": feed(*(item(f"/article/date-{n}", date=date) for n, date in enumerate(ODD_DATES))),
    "markup-feed": feed(
        item(
            "/article/markup-feed",
            "&lt;script&gt;alert(1)&lt;/script&gt;<b>Bold</b> &amp;amp; plain",
        )
    ),
    "many-items": feed(*(item(f"http://elsewhere.example/{number}") for number in range(20_000))),
    "attribute-feed": feed("<item " + " ".join(f"a{n}='1'" for n in range(40_000)) + ">x</item>"),
    "cut-feed": feed(item("/article/before-the-cut"), "<item><title>half an it"),
    "html-feed": whole(b"<!doctype html><title>Gone</title><p>This blog has moved."),
    "deep-json": whole(b'{"items": ' + b"[" * 200_000, content_type="application/feed+json"),
    "surrogate-json": whole(
        json.dumps(
            {"items": [{"url": "/article/half", "title": "half \ud800 a character", "id": 2**63}]}
        ).encode(),
        content_type="application/feed+json",
    ),
    "nest": nest,
    "bad-gz": whole(b"\x1f\x8b\x08 this is not gzip", content_type="application/gzip"),
    "bomb-gz": whole(gzip.compress(b"<urlset>" + b" " * (257 << 20)), content_type="application/gzip"),
    "big-gz": whole(gzip.compress(_sitemap(50_000)), content_type="application/gzip"),
    "calendar": calendar,
    "sessions": sessions,
}
