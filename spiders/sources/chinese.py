"""Chinese sources, in alphabetical order. Attributes only; a site that needs code has its own file."""

from shopwire.spiders.api import ApiSource
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource


class Amz123(ApiSource):
    name = "amz123"
    title = "AMZ123 跨境电商快讯"
    home = "https://www.amz123.com/"
    # ApiSource
    lists = ["https://api.amz123.com/ugc/v1/user_content/forum_list"]
    json_body = {"page": 1, "page_size": 30, "tag_id": 0, "fid": 4, "ban": 0, "is_new": 1}
    rows = "data.rows"
    link = "https://www.amz123.com/kx/{id}"
    dated = "published_at"


class Cifnews(ListingSource):
    name = "cifnews"
    title = "雨果跨境"
    home = "https://www.cifnews.com/"
    aliases = {"m.cifnews.com": "www.cifnews.com"}
    # ListingSource
    lists = ["https://www.cifnews.com/subject/news"]
    links = "//a[contains(@href, '/article/')]"


class Dsb(ListingSource):
    name = "dsb"
    title = "电商报"
    home = "https://www.dsb.cn/"
    # ListingSource
    lists = ["https://www.dsb.cn/news"]
    links = ".timeline-container > div a.news-title"


class Ebrun(ListingSource):
    name = "ebrun"
    title = "亿邦动力"
    home = "https://www.ebrun.com/"
    aliases = {"m.ebrun.com": "www.ebrun.com"}
    # ListingSource
    lists = ["https://www.ebrun.com/information/", "https://www.ebrun.com/newest/"]
    links = ".news-item .title a, #quick-list .quick-list__item-title a"


class Ec100(ListingSource):
    name = "100ec"
    title = "网经社"
    home = "https://www.100ec.cn/"
    aliases = {"imgs-b2b.100ec.cn": "www.100ec.cn"}
    # ListingSource
    lists = ["https://www.100ec.cn/DigitalRetail"]
    links = "//a[contains(@href, '/detail--')]"


class Huxiu(ApiSource):
    name = "huxiu"
    title = "虎嗅"
    home = "https://www.huxiu.com/"
    aliases = {"m.huxiu.com": "www.huxiu.com"}
    # ApiSource
    lists = ["https://api-web-article.huxiu.com/web/article/articleList"]
    form = {"platform": "www", "pagesize": "20"}
    rows = "data.dataList"
    link = "https://www.huxiu.com/article/{aid}.html"
    dated = "dateline"


class Iheima(ApiSource):
    name = "iheima"
    title = "i黑马"
    home = "https://www.iheima.com/"
    # ApiSource
    lists = ["https://www.iheima.com/?page=1&pagesize=20"]
    headers = {"X-Requested-With": "XMLHttpRequest"}
    rows = "contents"
    link = "{url}"
    dated = "published"


class Jiemian(ListingSource):
    name = "jiemian"
    title = "界面新闻 · 消费、零售、物流、互联网"
    home = "https://www.jiemian.com/"
    aliases = {"m.jiemian.com": "www.jiemian.com"}
    # ListingSource
    lists = [f"https://www.jiemian.com/lists/{number}.html" for number in (31, 847, 841, 851)]
    links = "//a[contains(@href, '/article/')]"


class Kr36(FeedSource):
    name = "36kr"
    title = "36氪"
    home = "https://36kr.com/"
    aliases = {"www.36kr.com": "36kr.com"}
    # FeedSource: the site's lists are protected by an anti-bot check.
    feeds = ["https://36kr.com/feed", "https://36kr.com/feed-newsflash"]


class Linkshop(ListingSource):
    name = "linkshop"
    title = "联商网"
    home = "http://www.linkshop.com.cn/"
    # ListingSource
    lists = ["http://www.linkshop.com.cn/Web/News_Index.aspx?isAjax=1&action=zixun_zx&pageNo=1"]
    links = "//a[contains(@href, '/web/archives/')]"


class Netease(ApiSource):
    name = "163"
    title = "网易科技"
    home = "https://www.163.com/"
    aliases = {"3g.163.com": "www.163.com", "m.163.com": "www.163.com"}
    # ApiSource
    lists = ["https://3g.163.com/touch/reconstruct/article/list/BA8D4A3Rwangning/0-20.html"]
    rows = "BA8D4A3Rwangning"
    link = "{url}"
    dated = "ptime"


class Tmtpost(ApiSource):
    name = "tmtpost"
    title = "钛媒体"
    home = "https://www.tmtpost.com/"
    # ApiSource
    lists = ["https://api.tmtpost.com/v1/lists/new?limit=20"]
    headers = {"app-version": "web1.0"}
    rows = "data"
    link = "{share_link}"
    dated = "time_published"
