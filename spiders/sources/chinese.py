"""Chinese trade and retail press, logistics and research, in alphabetical order. Attributes only."""

from shopwire.spiders.api import ApiSource
from shopwire.spiders.listing import ListingSource


class Aliresearch(ApiSource):
    name = "aliresearch"
    title = "阿里研究院"
    home = "http://www.aliresearch.com/"
    region = "CN"
    topic = "research"
    lists = ["http://www.aliresearch.com/ch/listArticle"]
    json_body = {"pageNo": "{page}", "pageSize": 10, "type": "新闻"}
    rows = "data"
    link = "http://www.aliresearch.com/ch/information/informationdetails?articleCode={articleCode}"
    dated = "gmtCreated"
    article_url = "http://www.aliresearch.com/ch/getArticle"
    article_json = {"articleCode": "{articleCode}"}


class Amz123(ApiSource):
    name = "amz123"
    title = "AMZ123 跨境电商快讯"
    home = "https://www.amz123.com/"
    region = "CN"
    topic = "trade"
    lists = ["https://api.amz123.com/ugc/v1/user_content/forum_list"]
    json_body = {"page": "{page}", "page_size": 30, "tag_id": 0, "fid": 4, "ban": 0, "is_new": 1}
    rows = "data.rows"
    link = "https://www.amz123.com/kx/{id}"
    dated = "published_at"


class Baijing(ApiSource):
    name = "baijing"
    title = "白鲸出海"
    home = "https://www.baijing.cn/"
    region = "CN"
    topic = "trade"
    lists = ["https://www.baijing.cn/index/ajax/get_article/"]
    rows = "data.article_list"
    link = "https://www.baijing.cn/article/{id}"


class Brandark(ListingSource):
    name = "brandark"
    title = "品牌方舟"
    home = "https://www.brandark.com/"
    region = "CN"
    topic = "trade"
    on_by_default = False
    lists = ["https://www.brandark.com/"]
    links = "//a[contains(@href, '/article/')]"


class Cbndata(ApiSource):
    name = "cbndata"
    title = "CBNData 消费站"
    home = "https://www.cbndata.com/"
    region = "CN"
    topic = "research"
    lists = ["https://www.cbndata.com/api/v3/informations?page={page}&per_page=20"]
    rows = "data"
    link = "https://www.cbndata.com/information/{id}"
    dated = "date"
    article_url = "https://www.cbndata.com/api/v3/informations/{id}"


class Ccfa(ListingSource):
    name = "ccfa"
    title = "中国连锁经营协会"
    home = "http://www.ccfa.org.cn/"
    region = "CN"
    topic = "retail"
    lists = [
        "http://www.ccfa.org.cn/portal/cn/xiehui_list.jsp?type=2",
        "http://www.ccfa.org.cn/portal/cn/xiehui_list.jsp?type=1",
    ]
    links = "div.page_right ul li a"


class Chinawuliu(ListingSource):
    name = "chinawuliu"
    title = "中国物流与采购网"
    home = "http://www.chinawuliu.com.cn/"
    region = "CN"
    topic = "logistics"
    on_by_default = False
    lists = ["http://www.chinawuliu.com.cn/zixun/node_524.shtml"]
    links = "//a[contains(@href, '/zixun/') and contains(@href, '.shtml') and not(contains(@href, 'node_'))]"


class Chwang(ListingSource):
    name = "chwang"
    title = "出海网"
    home = "https://www.chwang.com/"
    region = "CN"
    topic = "trade"
    lists = ["https://www.chwang.com/daily", "https://www.chwang.com/news"]
    links = (
        "//a[h2[contains(@class, 'chw-dailyGroupItem__title')]] | "
        "//a[starts-with(@href, '/news/') and string-length(@href) > 7 and not(contains(@class, 'more'))]"
    )
    titled = "./h2/text()"


class Cifnews(ListingSource):
    name = "cifnews"
    title = "雨果跨境"
    home = "https://www.cifnews.com/"
    region = "CN"
    topic = "trade"
    aliases = {"m.cifnews.com": "www.cifnews.com"}
    lists = ["https://www.cifnews.com/subject/news", "https://www.cifnews.com/"]
    links = "//a[contains(@href, '/article/')]"


class Dashu(ListingSource):
    name = "dashu"
    title = "大数跨境"
    home = "https://www.10100.com/"
    region = "CN"
    topic = "trade"
    lists = ["https://www.10100.com/"]
    links = "//a[contains(@href, '/article/')]"


class Dsb(ListingSource):
    name = "dsb"
    title = "电商报"
    home = "https://www.dsb.cn/"
    region = "CN"
    topic = "trade"
    on_by_default = False
    # Three generations of markup.
    lists = ["https://www.dsb.cn/news", "https://www.dsb.cn/"]
    links = (
        "//a[contains(@href, '/p/')] | "
        "//ol/li//a | "
        "//*[contains(@class, 'timeline-container')]//a[contains(@class, 'news-title')]"
    )


class Dtyicai(ApiSource):
    name = "dtyicai"
    title = "DT 商业观察"
    home = "https://dt.yicai.com/"
    region = "CN"
    topic = "research"
    lists = ["https://dt.yicai.com/api/getNewsList?page={page}&rid=2&cid=&pageSize=20"]
    rows = "data.data"
    link = "{url}"
    titled = "newstitle"
    dated = "utc_createdate"


class Ebrun(ListingSource):
    name = "ebrun"
    title = "亿邦动力"
    home = "https://www.ebrun.com/"
    region = "CN"
    topic = "trade"
    aliases = {"m.ebrun.com": "www.ebrun.com"}
    lists = ["https://www.ebrun.com/information/", "https://www.ebrun.com/newest/"]
    links = ".news-item .title a, #quick-list .quick-list__item-title a, .news-item .info p.title a"


class Ec100(ListingSource):
    name = "100ec"
    title = "网经社"
    home = "https://www.100ec.cn/"
    region = "CN"
    topic = "research"
    aliases = {"imgs-b2b.100ec.cn": "www.100ec.cn"}
    lists = ["https://www.100ec.cn/DigitalRetail"]
    links = "//a[contains(@href, '/detail--')]"


class Egainnews(ListingSource):
    name = "egainnews"
    title = "蓝海亿观"
    home = "https://www.egainnews.com/"
    region = "CN"
    topic = "trade"
    lists = ["https://www.egainnews.com/", "https://www.egainnews.com/category/amazon"]
    links = "//a[contains(@href, '/article/')]"


class FashionnetworkCn(ListingSource):
    name = "fashionnetwork_cn"
    title = "FashionNetwork 中国"
    home = "https://fashionnetwork.cn/"
    region = "CN"
    topic = "retail"
    lists = ["https://fashionnetwork.cn/lists/11"]
    links = "div.home__item h2.family-title a"


class Foodtalks(ApiSource):
    name = "foodtalks"
    title = "FoodTalks"
    home = "https://www.foodtalks.cn/"
    region = "CN"
    topic = "retail"
    lists = ["https://api-we.foodtalks.cn/news/news/page?current={page}&size=20&isLatest=1&language=ZH"]
    headers = {"Referer": "https://www.foodtalks.cn/"}
    rows = "data.records"
    link = "https://www.foodtalks.cn/news/{id}"
    dated = "publishTime"
    article_url = "https://api-we.foodtalks.cn/news/news/{id}?language=ZH"


class Ikjzd(ListingSource):
    name = "ikjzd"
    title = "跨境知道"
    home = "https://www.ikjzd.com/"
    region = "CN"
    topic = "trade"
    lists = ["https://www.ikjzd.com/"]
    links = ".newslist li a[href*='/news/']"


class Iresearch(ApiSource):
    name = "iresearch"
    title = "艾瑞咨询 · 电子商务报告"
    home = "https://www.iresearch.com.cn/"
    region = "CN"
    topic = "research"
    lists = [
        "https://www.iresearch.com.cn/api/products/GetReportList?classId=86&fee=0&date=&lastId=&pageSize=12",
        "https://www.iresearch.com.cn/api/products/GetReportList?classId=69&fee=0&date=&lastId=&pageSize=12",
    ]
    rows = "List"
    link = "https://www.iresearch.com.cn/Detail/report?id={NewsId}&isfree=0"
    titled = "Title"
    dated = "Uptime"
    article_url = "https://www.iresearch.com.cn/api/Detail/reportM?id={NewsId}&isfree=0"
    article_body = "List.0.Content"


class It199(ListingSource):
    name = "199it"
    title = "199IT 中文互联网数据资讯网"
    home = "https://www.199it.com/"
    region = "CN"
    topic = "research"
    lists = ["https://www.199it.com/newly"]
    links = "article.newsplus h2.entry-title a"


class Linkshop(ListingSource):
    name = "linkshop"
    title = "联商网"
    home = "https://www.linkshop.com/"
    region = "CN"
    topic = "retail"
    aliases = {"linkshop.com.cn": "www.linkshop.com", "www.linkshop.com.cn": "www.linkshop.com"}
    lists = ["https://www.linkshop.com/news"]
    links = "//a[contains(@href, '/news/') and contains(@href, '.shtml')]"


class Mjzj(ListingSource):
    name = "mjzj"
    title = "卖家之家"
    home = "https://mjzj.com/"
    region = "CN"
    topic = "trade"
    lists = ["https://mjzj.com/"]
    links = "a.article-a-wrap[href*='/article/']"
    titled = ".article-wrap-title"
    dated = ".article-wrap-b-time"


class Qianzhan(ListingSource):
    name = "qianzhan"
    title = "前瞻经济学人"
    home = "https://www.qianzhan.com/analyst/"
    region = "CN"
    topic = "research"
    about = True
    lists = ["https://www.qianzhan.com/analyst/"]
    links = ".ptb30.bb1e.clf .f22 a"


class Questmobile(ApiSource):
    name = "questmobile"
    title = "QuestMobile 研究院"
    home = "https://www.questmobile.com.cn/"
    region = "CN"
    topic = "research"
    lists = [
        "https://www.questmobile.com.cn/api/v2/report/article-list?version=0&pageSize=20&pageNo={page}&industryId=-1&labelId=-1"
    ]
    rows = "data"
    link = "https://www.questmobile.com.cn/research/report/{id}"
    dated = "publishTime"


class ShipSh(ListingSource):
    name = "ship_sh"
    title = "航运界"
    home = "https://www.ship.sh/"
    region = "CN"
    topic = "logistics"
    lists = ["https://www.ship.sh/"]
    links = "//a[contains(@href, '/articles/')]"


class Wanlian(ListingSource):
    name = "wanlian"
    title = "万联网 · 跨境与供应链"
    home = "https://info.10000link.com/"
    region = "CN"
    topic = "logistics"
    lists = [
        "https://info.10000link.com/newsCrossborder.aspx",
        "https://info.10000link.com/newslogistics.aspx",
    ]
    links = "ul.l_newshot li dl.lhotnew2 dd h1 a"


class Winshang(ListingSource):
    name = "winshang"
    title = "赢商网"
    home = "http://news.winshang.com/"
    region = "CN"
    topic = "retail"
    hosts = ("news.winshang.com",)
    lists = ["http://news.winshang.com/list-7006.html", "http://news.winshang.com/list-7008.html"]
    links = "//a[contains(@href, '/html/')]"


class Wl123(ListingSource):
    name = "wl123"
    title = "WL123 跨境物流资讯"
    home = "https://www.wl123.com/"
    region = "CN"
    topic = "logistics"
    lists = ["https://www.wl123.com/wu-liu-zi-xun"]
    links = "//a[contains(@href, '/wu-liu-zi-xun/')]"
