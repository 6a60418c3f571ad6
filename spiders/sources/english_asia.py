"""English sources of Asia, in alphabetical order. Attributes only."""

from shopwire.spiders.api import ApiSource
from shopwire.spiders.feed import FeedSource


class Caixinglobal(ApiSource):
    name = "caixinglobal"
    title = "Caixin Global"
    home = "https://www.caixinglobal.com/"
    language = "en"
    region = "CN"
    topic = "business"
    about = True
    lists = [
        "https://gateway.caixin.com/api/extapi/homeInterface.jsp?subject=100990318;100990314;100990311&start=0&count=20&type=2"
    ]
    rows = "datas"
    link = "{link}"
    titled = "desc"
    dated = "time"


class CgtnBusiness(FeedSource):
    name = "cgtn_business"
    title = "CGTN Business"
    home = "https://www.cgtn.com/"
    language = "en"
    region = "CN"
    topic = "business"
    about = True
    feeds = ["https://www.cgtn.com/subscribe/rss/section/business.xml"]


class ChinadailyBiz(FeedSource):
    name = "chinadaily_biz"
    title = "China Daily Business"
    home = "https://www.chinadaily.com.cn/"
    language = "en"
    region = "CN"
    topic = "business"
    about = True
    feeds = ["https://www.chinadaily.com.cn/rss/bizchina_rss.xml"]


class E27(FeedSource):
    name = "e27"
    title = "e27"
    home = "https://e27.co/"
    language = "en"
    region = "SEA"
    topic = "tech"
    about = True
    feeds = ["https://e27.co/feed/"]


class EtRetail(FeedSource):
    name = "et_retail"
    title = "ET Retail"
    home = "https://retail.economictimes.indiatimes.com/"
    language = "en"
    region = "IN"
    topic = "retail"
    feeds = ["https://retail.economictimes.indiatimes.com/rss/topstories"]


class Inc42(FeedSource):
    name = "inc42"
    title = "Inc42"
    home = "https://inc42.com/"
    language = "en"
    region = "IN"
    topic = "tech"
    about = True
    feeds = ["https://inc42.com/feed/"]


class InsideretailAsia(FeedSource):
    name = "insideretail_asia"
    title = "Inside Retail Asia"
    home = "https://insideretail.asia/"
    language = "en"
    region = "SEA"
    topic = "retail"
    feeds = ["https://insideretail.asia/feed/"]


class MarketingInteractive(FeedSource):
    name = "marketing_interactive"
    title = "Marketing-Interactive"
    home = "https://www.marketing-interactive.com/"
    language = "en"
    region = "HK"
    topic = "tech"
    about = True
    on_by_default = False
    feeds = ["https://www.marketing-interactive.com/feed"]


class Pandaily(FeedSource):
    name = "pandaily"
    title = "Pandaily"
    home = "https://pandaily.com/"
    language = "en"
    region = "CN"
    topic = "tech"
    feeds = ["https://pandaily.com/feed/"]


class Splash247(FeedSource):
    name = "splash247"
    title = "Splash247"
    home = "https://splash247.com/"
    language = "en"
    region = "SG"
    topic = "logistics"
    feeds = ["https://splash247.com/feed/"]


class Techinasia(FeedSource):
    name = "techinasia"
    title = "Tech in Asia"
    home = "https://www.techinasia.com/"
    language = "en"
    region = "SEA"
    topic = "tech"
    about = True
    feeds = ["https://www.techinasia.com/feed"]


class Technode(FeedSource):
    name = "technode"
    title = "TechNode"
    home = "https://technode.com/"
    language = "en"
    region = "CN"
    topic = "tech"
    feeds = ["https://technode.com/feed/"]


class Vulcanpost(FeedSource):
    name = "vulcanpost"
    title = "Vulcan Post"
    home = "https://vulcanpost.com/"
    language = "en"
    region = "SEA"
    topic = "tech"
    about = True
    feeds = ["https://vulcanpost.com/feed/"]


class Yourstory(FeedSource):
    name = "yourstory"
    title = "YourStory"
    home = "https://yourstory.com/"
    language = "en"
    region = "IN"
    topic = "tech"
    about = True
    feeds = ["https://yourstory.com/feed"]
