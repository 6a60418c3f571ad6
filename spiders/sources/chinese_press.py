"""Chinese business and tech press, in alphabetical order. Attributes only."""

from shopwire.spiders.api import ApiSource
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource


class Chinaventure(ListingSource):
    name = "chinaventure"
    title = "投中网 · 新消费"
    home = "https://www.chinaventure.com.cn/"
    region = "CN"
    topic = "tech"
    lists = ["https://www.chinaventure.com.cn/news/116.html", "https://www.chinaventure.com.cn/news/78.html"]
    links = ".common_newslist_pc a"


class Cyzone(ApiSource):
    name = "cyzone"
    title = "创业邦"
    home = "https://www.cyzone.cn/"
    region = "CN"
    topic = "tech"
    lists = ["https://api1.cyzone.cn/v2/content/channel/getArticle"]
    rows = "data.article"
    link = "https://www.cyzone.cn/article/{item.guid}.html"
    titled = "item.title"
    dated = "item.published_at"
    article_url = "https://api1.cyzone.cn/v2/content/app_content/show"
    article_form = {"content_id": "{item.guid}"}


class Eeo(ApiSource):
    name = "eeo"
    title = "经济观察网快讯"
    home = "https://www.eeo.com.cn/"
    region = "CN"
    topic = "business"
    about = True
    lists = [
        "https://app.eeo.com.cn/?app=article&controller=index&action=getMoreArticle&catid=3690&uuid=b048c7211db949eeb7443cd5b9b3bfe3&page={page}&pageSize=50"
    ]
    rows = "data"
    link = "{url}"
    dated = "published"


class GelonghuiEc(ApiSource):
    name = "gelonghui_ec"
    title = "格隆汇 · 电商检索"
    home = "https://www.gelonghui.com/"
    region = "CN"
    topic = "business"
    # A search by word: cross-border e-commerce, live commerce.
    lists = [
        "https://www.gelonghui.com/api/post/search/v4?keyword=%E8%B7%A8%E5%A2%83%E7%94%B5%E5%95%86&isVipArticle=false&count=20&page={page}&searchArea=all",
        "https://www.gelonghui.com/api/post/search/v4?keyword=%E7%9B%B4%E6%92%AD%E7%94%B5%E5%95%86&isVipArticle=false&count=20&page={page}&searchArea=all",
    ]
    rows = "result"
    link = "{link}"
    dated = "timestamp"


class Huxiu(ApiSource):
    name = "huxiu"
    title = "虎嗅"
    home = "https://www.huxiu.com/"
    region = "CN"
    topic = "business"
    aliases = {"m.huxiu.com": "www.huxiu.com"}
    # Channel 103: consumption.
    lists = ["https://api-web-article.huxiu.com/web/channel/articleListV1"]
    form = {"platform": "www", "channel_id": "103", "pagesize": "20"}
    rows = "data.dataList"
    link = "https://www.huxiu.com/article/{aid}.html"
    dated = "dateline"
    article_url = "https://api-web-article.huxiu.com/web/article/detail"
    article_form = {"platform": "www", "aid": "{aid}"}


class HuxiuMoment(ApiSource):
    name = "huxiu_moment"
    title = "虎嗅 24 小时"
    home = "https://www.huxiu.com/moment/"
    region = "CN"
    topic = "business"
    about = True
    lists = ["https://moment-api.huxiu.com/web-v3/moment/feed?platform=www"]
    headers = {"Referer": "https://www.huxiu.com/moment/"}
    rows = "data.moment_list.datalist"
    link = "https://www.huxiu.com/moment/{object_id}.html"
    titled = "content"
    dated = "publish_time"


class Ifanr(FeedSource):
    name = "ifanr"
    title = "爱范儿"
    home = "https://www.ifanr.com/"
    region = "CN"
    topic = "tech"
    about = True
    feeds = ["https://www.ifanr.com/feed"]


class Iheima(ApiSource):
    name = "iheima"
    title = "i黑马"
    home = "https://www.iheima.com/"
    region = "CN"
    topic = "tech"
    lists = ["https://www.iheima.com/?page={page}&pagesize=20"]
    headers = {"X-Requested-With": "XMLHttpRequest"}
    rows = "contents"
    link = "{url}"
    dated = "published"


class Jiemian(ListingSource):
    name = "jiemian"
    title = "界面新闻 · 消费、零售、物流、互联网"
    home = "https://www.jiemian.com/"
    region = "CN"
    topic = "business"
    aliases = {"m.jiemian.com": "www.jiemian.com"}
    # Without the column of flashes at the side.
    lists = [
        "https://www.jiemian.com/lists/31.html",
        "https://www.jiemian.com/lists/847.html",
        "https://www.jiemian.com/lists/841.html",
        "https://www.jiemian.com/lists/851.html",
    ]
    links = "//a[contains(@href, '/article/') and not(ancestor::*[contains(@class, 'sub-col-right')])]"


class Kr36(FeedSource):
    name = "36kr"
    title = "36氪"
    home = "https://36kr.com/"
    region = "CN"
    topic = "business"
    about = True
    aliases = {"www.36kr.com": "36kr.com"}
    # The site's lists are protected by an anti-bot check.
    feeds = ["https://36kr.com/feed", "https://36kr.com/feed-newsflash"]


class Latepost(ApiSource):
    name = "latepost"
    title = "晚点 LatePost"
    home = "https://www.latepost.com/"
    region = "CN"
    topic = "business"
    # Section 1: exclusive reports.
    lists = ["https://www.latepost.com/news/get-news-data"]
    form = {"page": "{page}", "limit": "20", "programa": "1"}
    rows = "data"
    link = "{detail_url}"
    dated = "release_time"


class Leiphone(FeedSource):
    name = "leiphone"
    title = "雷峰网"
    home = "https://www.leiphone.com/"
    region = "CN"
    topic = "tech"
    about = True
    feeds = ["https://www.leiphone.com/feed"]


class Letschuhai(ListingSource):
    name = "letschuhai"
    title = "36氪出海"
    home = "https://letschuhai.com/"
    region = "CN"
    topic = "business"
    on_by_default = False
    lists = ["https://letschuhai.com/industry/dianshangpingtai"]
    links = "//a[h2 or h3]"


class Netease(ApiSource):
    name = "163"
    title = "网易科技"
    home = "https://www.163.com/"
    region = "CN"
    topic = "business"
    about = True
    aliases = {"3g.163.com": "www.163.com", "m.163.com": "www.163.com"}
    lists = ["https://3g.163.com/touch/reconstruct/article/list/BA8D4A3Rwangning/0-20.html"]
    rows = "BA8D4A3Rwangning"
    link = "{url}"
    dated = "ptime"


class Niaogebiji(ApiSource):
    name = "niaogebiji"
    title = "鸟哥笔记"
    home = "https://www.niaogebiji.com/"
    region = "CN"
    topic = "tech"
    lists = ["https://www.niaogebiji.com/pc/index/getMoreArticle"]
    rows = "return_data"
    link = "{link}"
    dated = "published_at"


class SinaTech(ApiSource):
    name = "sina_tech"
    title = "新浪科技滚动"
    home = "https://news.sina.com.cn/"
    region = "CN"
    topic = "business"
    about = True
    hosts = ("sina.com.cn",)
    lists = ["https://feed.mix.sina.com.cn/api/roll/get?pageid=153&lid=2515&k=&num=50&page={page}"]
    headers = {"Referer": "https://news.sina.com.cn/"}
    rows = "result.data"
    link = "{url}"
    dated = "intime"


class Stcn(ListingSource):
    name = "stcn"
    title = "证券时报 · 公司、产经"
    home = "https://www.stcn.com/"
    region = "CN"
    topic = "business"
    about = True
    lists = ["https://www.stcn.com/article/list/company.html", "https://www.stcn.com/article/list/cj.html"]
    links = "ul.infinite-list div.tt a"


class ThepaperCompany(ApiSource):
    name = "thepaper_company"
    title = "澎湃新闻 · 10%公司"
    home = "https://www.thepaper.cn/"
    region = "CN"
    topic = "business"
    about = True
    aliases = {"m.thepaper.cn": "www.thepaper.cn"}
    lists = ["https://api.thepaper.cn/contentapi/nodeCont/getByNodeIdPortal"]
    json_body = {"nodeId": "25434"}
    rows = "data.list"
    link = "https://www.thepaper.cn/newsDetail_forward_{contId}"
    titled = "name"
    dated = "pubTimeLong"


class Tmtpost(ApiSource):
    name = "tmtpost"
    title = "钛媒体 · 最新、出海、消费"
    home = "https://www.tmtpost.com/"
    region = "CN"
    topic = "business"
    # The newest articles; the columns of outbound business and of consumption.
    lists = [
        "https://api.tmtpost.com/v1/lists/new?limit=20",
        "https://api.tmtpost.com/v1/categories/multi_content/list?limit=20&subtype=post&category_guid=6998081",
        "https://api.tmtpost.com/v1/categories/multi_content/list?limit=20&subtype=post&category_guid=3882530",
    ]
    headers = {"app-version": "web1.0"}
    rows = "data"
    link = "{share_link}"
    dated = "time_published"


class Woshipm(FeedSource):
    name = "woshipm"
    title = "人人都是产品经理"
    home = "https://www.woshipm.com/"
    region = "CN"
    topic = "tech"
    about = True
    feeds = ["https://www.woshipm.com/feed"]


class Yicai(ApiSource):
    name = "yicai"
    title = "第一财经"
    home = "https://www.yicai.com/"
    region = "CN"
    topic = "business"
    about = True
    # The answer is the array itself.
    lists = ["https://www.yicai.com/api/ajax/getjuhelist?action=news&page={page}&pagesize=30"]
    link = "{url}"
    titled = "NewsTitle"
    dated = "CreateDate"
