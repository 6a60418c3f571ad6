"""The sites of the bundled newsroom (`tests/newsroom`), which the demo and the tests crawl.

They stand on this machine, so they take `SHOPWIRE_ALLOW_LOOPBACK=1`, and are not crawled unasked.
"""

import os

from shopwire.spiders.api import ApiSource
from shopwire.spiders.base import Source
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.sitemap import SitemapSource

PORT = os.environ.get("SHOPWIRE_NEWSROOM_PORT", "8420")


def at(site: str, path: str = "/") -> str:
    """An address in the newsroom."""
    return f"http://{site}.localhost:{PORT}{path}"


class Newsroom(Source):
    """What holds for all of them: a server of one's own needs no rest."""

    on_by_default = False
    custom_settings = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}


class Crown(Newsroom, ListingSource):
    name = "newsroom_crown"
    title = "Golden Crown Club"
    home = at("crown")
    language = "en"
    lists = [at("crown", "/news/")]
    links = "ul.newslist a"
    next_page = ".fy a.next"


class Eastgate(Newsroom, FeedSource):
    name = "newsroom_eastgate"
    title = "Eastgate Daily"
    home = at("eastgate")
    language = "en"
    feeds = [at("eastgate", "/feed.atom")]


class Meigong(Newsroom, FeedSource):
    name = "newsroom_meigong"
    title = "疯狂的美工官网"
    home = at("meigong")
    feeds = [at("meigong", "/rss.xml")]


class Mirror(Newsroom, ApiSource):
    name = "newsroom_mirror"
    title = "Trade Mirror"
    home = at("mirror")
    language = "en"
    lists = [at("mirror", "/api/articles")]
    rows = "items"
    link = at("mirror", "/article/{id}.htm")
    next_page = "next"


class Xiaoxi(Newsroom, SitemapSource):
    name = "newsroom_xiaoxi"
    title = "小玺君电商笔记"
    home = at("xiaoxi")
    sitemaps = [at("xiaoxi", "/sitemap.xml")]


class Zhuanzai(Newsroom, ListingSource):
    name = "newsroom_zhuanzai"
    title = "网商快讯"
    home = at("zhuanzai")
    lists = [at("zhuanzai", "/list.php")]
    links = ".list ul a"
    next_page = ".pages a.next"
