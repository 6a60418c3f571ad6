"""Originals, teasers, quoters, reposts and forms are the same groups in every order of arrival."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from shopwire.pipelines.article import Article
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.pipelines.deduplication.test_classify_pair import FLASH, OPENED
from tests.pipelines.deduplication.test_deduplicate import add, groups, piece
from tests.pipelines.prose import SALE, WAREHOUSE

LOSS = (
    "The grocer lost 31 million pounds last year on sales of 180 million. Its chairman said that buyers "
    "wanted choice more than speed, and that baskets packed in a large shop are twice as full as those "
    "from a back street."
)
OPENING = (
    "Marlow Pantry said on Tuesday that it would shut nine of its twenty-six back-street depots and give "
    "their orders to the shops of its new owner, which ends a three-year attempt to deliver within a "
    "quarter of an hour."
)
REST = (
    "About 350 packers are affected, of whom half will be offered work in the shops.\n"
    "Riders will wait at shop doors, and the promised time grows to three quarters of an hour."
)
OTHER = {"firm": "拾谷便利", "city": "襄阳", "size": 860, "name": "纪雨眠", "goods": 2100, "more": 7}
TITLE = "Marlow Pantry shuts nine depots"

# The same report in the words of the mainland and of Taiwan, which differ in thirty places.
MAINLAND = (
    "驿站宝周二发布新一代快递软件，卖家可以在手机上查看信息、打印面单和安排取件。\n"
    "公司称，这套程序已经在义乌的四百家网店试用三个月，视频客服的响应时间从六分钟缩短到两分钟，服务器的成本下降了一成八。\n"
    "负责人说，默认设置下网络数据只保存三十天，用户也可以随时在屏幕上删除；软件质量由第三方实验室检测，硬盘全部采用国产芯片。\n"
    "下一步，驿站宝打算把人工智能接入仓库的激光扫描仪，让打印机、鼠标和键盘这些小件商品的分拣错误率降到万分之三以下。"
)
TAIWAN = (
    "驛站寶週二釋出新一代快遞軟體，賣家可以在手機上檢視資訊、列印面單和安排取件。\n"
    "公司稱，這套程式已經在義烏的四百家網店試用三個月，影片客服的響應時間從六分鐘縮短到兩分鐘，伺服器的成本下降了一成八。\n"
    "負責人說，預設設定下網路資料只儲存三十天，使用者也可以隨時在螢幕上刪除；軟體質量由第三方實驗室檢測，硬碟全部採用國產晶片。\n"
    "下一步，驛站寶打算把人工智慧接入倉庫的雷射掃描器，讓印表機、滑鼠和鍵盤這些小件商品的分揀錯誤率降到萬分之三以下。"
)

FAMILIES = {
    "words of two regions": [
        piece("mainland", MAINLAND, title="驿站宝发布新一代快递软件"),
        piece("taiwan", TAIWAN, "agency", title="驛站寶推出賣家用的新軟體"),
        piece("other", FLASH.format(**OPENED), "daily", title="青柚超市绵阳首店开业"),
    ],
    "teaser": [
        piece("original", f"{OPENING}\n{LOSS}\n{REST}", title=f"{TITLE} and hands orders to shops"),
        piece("teaser", f"{OPENING}\n{LOSS}\nContinue reading on Blog", "agency", title=TITLE),
        piece("quoter", f"{SALE}\n{LOSS}\n{WAREHOUSE}", "daily", title="Why haste never paid"),
    ],
    "forms": [
        piece("one", FLASH.format(**OPENED), title="青柚超市绵阳首店开业"),
        piece("two", FLASH.format(**OTHER), "agency", title="拾谷便利襄阳首店开业"),
        piece("repost", f"好去处来了。{FLASH.format(**OPENED)}你会去吗？", "daily", title="排队排到了三楼"),
    ],
}
EXPECTED = {
    "words of two regions": {"mainland", "taiwan"},
    "teaser": {"original", "teaser"},
    "forms": {"one", "repost"},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_order_gives_the_same_groups(family: str, tmp_path: Path) -> None:
    articles = FAMILIES[family]
    rest = {article.url.rsplit("/", 1)[1] for article in articles} - EXPECTED[family]
    expected = {frozenset(EXPECTED[family]), *(frozenset({name}) for name in rest)}
    for number, order in enumerate(permutations(articles)):
        with Store(tmp_path / f"{number}.db") as store:
            _declare(store, order)
            add(store, *order)
            assert groups(store) == expected, [article.url for article in order]


STANDING = (
    "Parcels are delivered on six days a week, the carrier says, and whoever is not at home finds them at a "
    "corner shop for ten days. Shops are paid for each parcel they keep, complaints go to an office in the "
    "north, and nothing that leaks, smells or breathes is carried at any price."
)


def _write_own_words(name: str, count: int) -> str:
    return " ".join(f"{name}{chr(0x3B1 + number % 24)}{'y' * (number // 24)}" for number in range(count))


def test_an_article_does_not_stay_for_a_copy_that_is_there_only_for_it(store: Store) -> None:
    one, other = (f"{STANDING} {_write_own_words(name, 60)}." for name in ("one", "other"))
    first = piece("one", one, published="2026-11-19T08:00+00:00")
    similar = piece("other", other, "daily")
    long = [
        piece(f"long-{number}", f"{_write_own_words('long' + 'z' * number, 300)}. {STANDING}", "portal")
        for number in range(4)
    ]
    copy = piece("copy", f"{other} {_write_own_words('more', 4)}.", "agency")
    _declare(store, (first, similar, copy, *long))
    add(store, first, similar)
    assert groups(store) == {frozenset({"one", "other"})}
    add(store, *long, copy)
    alone = {frozenset({f"long-{number}"}) for number in range(4)}
    assert groups(store) == {frozenset({"one"}), frozenset({"other", "copy"}), *alone}
    [link] = store.rows("SELECT article_id, of_id, why FROM copies WHERE kind <> 'contains'")
    assert set(json.loads(link["why"])["between"]) == {link["article_id"], link["of_id"]}


def _declare(store: Store, articles: tuple[Article, ...]) -> None:
    with store.writing():
        for article in articles:
            declare_source(store, article.source, "", "", "en")
