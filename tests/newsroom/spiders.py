"""The newsroom's six sites as sources, which the demo and the tests crawl; see `settings.py`."""

import os

from shopwire.spiders.api import ApiSource
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.sitemap import SitemapSource

PORT = os.environ.get("SHOPWIRE_NEWSROOM_PORT", "8420")


def build_url(site: str, path: str = "/") -> str:
    """Return the address of a path in the newsroom."""
    return f"http://{site}.localhost:{PORT}{path}"


class Crown(ListingSource):
    name = "newsroom_crown"
    title = "Golden Crown Club"
    home = build_url("crown")
    language = "en"
    lists = [build_url("crown", "/news/")]
    links = "ul.newslist a"
    next_page = ".fy a.next"


class Eastgate(FeedSource):
    name = "newsroom_eastgate"
    title = "Eastgate Daily"
    home = build_url("eastgate")
    language = "en"
    feeds = [build_url("eastgate", "/feed.atom")]


class Meigong(FeedSource):
    name = "newsroom_meigong"
    title = "疯狂的美工官网"
    home = build_url("meigong")
    feeds = [build_url("meigong", "/rss.xml")]


class Mirror(ApiSource):
    name = "newsroom_mirror"
    title = "Trade Mirror"
    home = build_url("mirror")
    language = "en"
    lists = [build_url("mirror", "/api/articles")]
    rows = "items"
    link = build_url("mirror", "/article/{id}.htm")
    next_page = "next"


class Xiaoxi(SitemapSource):
    name = "newsroom_xiaoxi"
    title = "小玺君电商笔记"
    home = build_url("xiaoxi")
    sitemaps = [build_url("xiaoxi", "/sitemap.xml")]


class Zhuanzai(ListingSource):
    name = "newsroom_zhuanzai"
    title = "网商快讯"
    home = build_url("zhuanzai")
    lists = [build_url("zhuanzai", "/list.php")]
    links = ".list ul a"
    next_page = ".pages a.next"
