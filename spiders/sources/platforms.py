"""Announcements of platforms and governments, in alphabetical order. Attributes only."""

from shopwire.spiders.api import ApiSource
from shopwire.spiders.feed import FeedSource


class Alizila(FeedSource):
    name = "alizila"
    title = "Alizila (Alibaba Group news)"
    home = "https://www.alizila.com/"
    language = "en"
    region = "CN"
    topic = "platform"
    feeds = ["https://www.alizila.com/feed/"]


class AmazonPress(FeedSource):
    name = "amazon_press"
    title = "Amazon Press Center"
    home = "https://press.aboutamazon.com/"
    language = "en"
    region = "US"
    topic = "platform"
    on_by_default = False
    feeds = ["https://press.aboutamazon.com/rss/news-releases.xml"]


class DoudianOpen(ApiSource):
    name = "doudian_open"
    title = "抖店开放平台公告"
    home = "https://op.jinritemai.com/"
    region = "CN"
    topic = "platform"
    # Directory 5: all announcements.
    lists = [
        "https://op.jinritemai.com/doc/external/open/queryDocArticleList?pageIndex=0&pageSize=20&status=1&dirId=5&orderType=3"
    ]
    rows = "data.articles"
    link = "https://op.jinritemai.com/docs/notice-docs/5/{id}"
    dated = "updateTime"
    article_url = (
        "https://op.jinritemai.com/doc/external/open/queryDocArticleDetail?articleId={id}&onlyView=false"
    )
    article_body = "data.article.content"


class EbayNews(FeedSource):
    name = "ebay_news"
    title = "eBay Inc. Stories"
    home = "https://www.ebayinc.com/"
    language = "en"
    region = "US"
    topic = "platform"
    feeds = ["https://www.ebayinc.com/stories/news/rss/"]


class FederalRegister(ApiSource):
    name = "federal_register"
    title = "US Federal Register · tariff and de minimis"
    home = "https://www.federalregister.gov/"
    language = "en"
    region = "US"
    topic = "government"
    lists = [
        "https://www.federalregister.gov/api/v1/documents.json?fields[]=title&fields[]=publication_date&fields[]=html_url&per_page=20&order=newest&conditions[term]=%22de+minimis%22+tariff"
    ]
    rows = "results"
    link = "{html_url}"
    dated = "publication_date"


class JdBlog(FeedSource):
    name = "jd_blog"
    title = "JD Corporate Blog"
    home = "https://jdcorporateblog.com/"
    language = "en"
    region = "CN"
    topic = "platform"
    feeds = ["https://jdcorporateblog.com/feed/"]


class PddIr(FeedSource):
    name = "pdd_ir"
    title = "PDD Holdings IR"
    home = "https://investor.pddholdings.com/"
    language = "en"
    region = "CN"
    topic = "platform"
    # Four to ten items a year.
    feeds = ["https://investor.pddholdings.com/rss/news-releases.xml"]


class ShopifyChangelog(FeedSource):
    name = "shopify_changelog"
    title = "Shopify Changelog"
    home = "https://changelog.shopify.com/"
    language = "en"
    region = "US"
    topic = "platform"
    feeds = ["https://changelog.shopify.com/feed.xml"]


class ShopifyDev(FeedSource):
    name = "shopify_dev"
    title = "Shopify Developer Changelog"
    home = "https://shopify.dev/changelog"
    language = "en"
    region = "US"
    topic = "platform"
    feeds = ["https://shopify.dev/changelog/feed.xml"]


class ShopifyNews(FeedSource):
    name = "shopify_news"
    title = "Shopify News"
    home = "https://news.shopify.com/"
    language = "en"
    region = "US"
    topic = "platform"
    feeds = ["https://news.shopify.com/feed"]


class Ustr(FeedSource):
    name = "ustr"
    title = "USTR press releases"
    home = "https://ustr.gov/"
    language = "en"
    region = "US"
    topic = "government"
    feeds = ["https://ustr.gov/rss.xml"]
