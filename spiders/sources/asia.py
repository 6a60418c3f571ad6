"""Japanese and Korean sources, in alphabetical order. Attributes only."""

from shopwire.spiders.feed import FeedSource


class Byline(FeedSource):
    name = "byline"
    title = "바이라인네트워크"
    home = "https://byline.network/"
    language = "ko"
    region = "KR"
    topic = "tech"
    about = True
    feeds = ["https://byline.network/feed/"]


class DiamondRm(FeedSource):
    name = "diamond_rm"
    title = "ダイヤモンド・チェーンストア"
    home = "https://diamond-rm.net/"
    language = "ja"
    region = "JP"
    topic = "retail"
    feeds = ["https://diamond-rm.net/feed/"]


class Ecnomikata(FeedSource):
    name = "ecnomikata"
    title = "ECのミカタ"
    home = "https://ecnomikata.com/"
    language = "ja"
    region = "JP"
    topic = "trade"
    feeds = ["https://ecnomikata.com/rss/"]


class Lnews(FeedSource):
    name = "lnews"
    title = "LNEWS"
    home = "https://www.lnews.jp/"
    language = "ja"
    region = "JP"
    topic = "logistics"
    about = True
    feeds = ["https://www.lnews.jp/feed"]


class NetshopImpress(FeedSource):
    name = "netshop_impress"
    title = "ネットショップ担当者フォーラム"
    home = "https://netshop.impress.co.jp/"
    language = "ja"
    region = "JP"
    topic = "trade"
    feeds = ["https://netshop.impress.co.jp/rss.xml"]


class Platum(FeedSource):
    name = "platum"
    title = "플래텀"
    home = "https://platum.kr/"
    language = "ko"
    region = "KR"
    topic = "tech"
    about = True
    feeds = ["https://platum.kr/feed"]


class Ryutsuu(FeedSource):
    name = "ryutsuu"
    title = "流通ニュース"
    home = "https://www.ryutsuu.biz/"
    language = "ja"
    region = "JP"
    topic = "retail"
    feeds = ["https://www.ryutsuu.biz/feed"]
