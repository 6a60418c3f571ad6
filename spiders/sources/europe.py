"""European sources in languages other than English, in alphabetical order. Attributes only."""

from shopwire.spiders.feed import FeedSource
from shopwire.spiders.sitemap import SitemapSource


class EcommerceMagazin(FeedSource):
    name = "ecommerce_magazin"
    title = "e-commerce Magazin"
    home = "https://www.e-commerce-magazin.de/"
    language = "de"
    region = "DE"
    topic = "trade"
    feeds = ["https://www.e-commerce-magazin.de/feed/"]


class EcommercemagFr(FeedSource):
    name = "ecommercemag_fr"
    title = "E-commerce Mag"
    home = "https://www.ecommercemag.fr/"
    language = "fr"
    region = "FR"
    topic = "trade"
    on_by_default = False
    feeds = ["https://www.ecommercemag.fr/rss"]


class Emerce(FeedSource):
    name = "emerce"
    title = "Emerce"
    home = "https://www.emerce.nl/"
    language = "nl"
    region = "NL"
    topic = "trade"
    on_by_default = False
    feeds = ["https://www.emerce.nl/rss"]


class Etailment(SitemapSource):
    name = "etailment"
    title = "etailment"
    home = "https://etailment.de/"
    language = "de"
    region = "DE"
    topic = "retail"
    # Not the whole sitemap: a migration has set lastmod of 25 years of articles anew.
    sitemaps = ["https://etailment.de/news-sitemap.xml"]
    pages = "/magazin/"


class Excitingcommerce(FeedSource):
    name = "excitingcommerce"
    title = "Exciting Commerce"
    home = "https://excitingcommerce.de/"
    language = "de"
    region = "DE"
    topic = "trade"
    on_by_default = False
    feeds = ["https://excitingcommerce.de/feed/"]


class Marketing4ecommerce(FeedSource):
    name = "marketing4ecommerce"
    title = "Marketing4eCommerce"
    home = "https://marketing4ecommerce.net/"
    language = "es"
    region = "ES"
    topic = "trade"
    feeds = ["https://marketing4ecommerce.net/feed/"]


class Ohn(SitemapSource):
    name = "ohn"
    title = "Onlinehändler-News (Händlerbund)"
    home = "https://ohn.haendlerbund.de/"
    language = "de"
    region = "DE"
    topic = "trade"
    aliases = {"www.onlinehaendler-news.de": "ohn.haendlerbund.de"}
    sitemaps = ["https://ohn.haendlerbund.de/sitemap.xml"]
    pages = "^https://ohn\\.haendlerbund\\.de/[^/]+/[^/]+/[^/?]+$"


class T3n(FeedSource):
    name = "t3n"
    title = "t3n"
    home = "https://t3n.de/"
    language = "de"
    region = "DE"
    topic = "business"
    about = True
    feeds = ["https://t3n.de/rss.xml"]


class Twinkle(FeedSource):
    name = "twinkle"
    title = "Twinkle"
    home = "https://twinklemagazine.nl/"
    language = "nl"
    region = "NL"
    topic = "trade"
    on_by_default = False
    feeds = ["https://twinklemagazine.nl/rss"]
