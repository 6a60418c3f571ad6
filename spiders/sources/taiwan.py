"""Taiwanese sources, in alphabetical order. Attributes only."""

from shopwire.spiders.api import ApiSource
from shopwire.spiders.feed import FeedSource


class Bnext(FeedSource):
    name = "bnext"
    title = "數位時代 BusinessNext"
    home = "https://www.bnext.com.tw/"
    region = "TW"
    topic = "tech"
    # The feed is emptied every day at midnight in Taipei.
    feeds = ["https://rss.bnextmedia.com.tw/feed/bnext"]


class CnaTw(ApiSource):
    name = "cna_tw"
    title = "中央社 · 產經"
    home = "https://www.cna.com.tw/"
    region = "TW"
    topic = "business"
    about = True
    lists = ["https://www.cna.com.tw/cna2018api/api/WNewsList"]
    json_body = {"action": "0", "category": "aie", "pagesize": 20, "pageidx": "{page}"}
    rows = "ResultData.Items"
    link = "{PageUrl}"
    titled = "HeadLine"
    dated = "CreateTime"


class EctimesTw(FeedSource):
    name = "ectimes_tw"
    title = "電子商務時報"
    home = "https://www.ectimes.org.tw/"
    region = "TW"
    topic = "trade"
    feeds = ["https://www.ectimes.org.tw/feed/"]


class InsideTw(FeedSource):
    name = "inside_tw"
    title = "INSIDE 硬塞的網路趨勢觀察"
    home = "https://www.inside.com.tw/"
    region = "TW"
    topic = "tech"
    feeds = ["https://www.inside.com.tw/feed/rss"]


class IthomeTw(FeedSource):
    name = "ithome_tw"
    title = "iThome"
    home = "https://www.ithome.com.tw/"
    region = "TW"
    topic = "tech"
    about = True
    feeds = ["https://www.ithome.com.tw/rss"]


class TechnewsTw(FeedSource):
    name = "technews_tw"
    title = "科技新報"
    home = "https://technews.tw/"
    region = "TW"
    topic = "tech"
    about = True
    feeds = ["https://technews.tw/feed/"]


class Techorange(FeedSource):
    name = "techorange"
    title = "科技報橘"
    home = "https://techorange.com/"
    region = "TW"
    topic = "tech"
    about = True
    feeds = ["https://techorange.com/feed/"]


class UdnMoney(FeedSource):
    name = "udn_money"
    title = "經濟日報"
    home = "https://money.udn.com/"
    region = "TW"
    topic = "business"
    about = True
    on_by_default = False
    feeds = ["https://money.udn.com/rssfeed/news/1001/5591"]
