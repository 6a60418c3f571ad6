"""Latin American sources, in alphabetical order. Attributes only."""

from shopwire.spiders.feed import FeedSource
from shopwire.spiders.sitemap import SitemapSource


class AmericaRetail(FeedSource):
    name = "america_retail"
    title = "América Retail"
    home = "https://www.america-retail.com/"
    language = "es"
    region = "LATAM"
    topic = "retail"
    on_by_default = False
    feeds = ["https://www.america-retail.com/feed/"]


class Ecommercebrasil(SitemapSource):
    name = "ecommercebrasil"
    title = "E-Commerce Brasil"
    home = "https://www.ecommercebrasil.com.br/"
    language = "pt"
    region = "BR"
    topic = "trade"
    on_by_default = False
    sitemaps = ["https://www.ecommercebrasil.com.br/sitemap.xml"]
    pages = "/(noticias|artigos)/"


class EcommercenewsPe(FeedSource):
    name = "ecommercenews_pe"
    title = "Ecommerce News Perú"
    home = "https://www.ecommercenews.pe/"
    language = "es"
    region = "LATAM"
    topic = "trade"
    on_by_default = False
    feeds = ["https://www.ecommercenews.pe/feed"]


class Mercadoeconsumo(FeedSource):
    name = "mercadoeconsumo"
    title = "Mercado&Consumo"
    home = "https://mercadoeconsumo.com.br/"
    language = "pt"
    region = "BR"
    topic = "retail"
    on_by_default = False
    feeds = ["https://mercadoeconsumo.com.br/feed/"]
