"""All names of an entity find the same articles, unless a person quotes one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlite_utils import Database

from shopwire.storage.search.full_text import (
    build_match_query,
    build_typed_query,
    index_article,
    unindex_article,
)
from shopwire.storage.search.query_terms import (
    LONGEST_QUERY,
    MOST_TERMS,
    MOST_WIDENED,
    build_phrase,
    cut_query,
    find_entity,
    find_other_names,
    parse_query,
    remove_name,
    write_query,
)

PAIRS = [
    line.split(" = ")
    for line in """
淘宝 = Taobao
双11 = Double 11
双十一 = Singles' Day
雙11 = Singles Day
双十一 = Double Eleven
李佳琦 = Austin Li
李佳琦 = Li Jiaqi
台湾 = 臺灣
臺灣 = Taiwan
天猫 = Tmall
京东 = JD.com
京東 = Jingdong
拼多多 = Pinduoduo
拼多多 = PDD
抖音 = Douyin
快手 = Kuaishou
小红书 = Xiaohongshu
小紅書 = RedNote
微信 = WeChat
微信视频号 = WeChat Channels
微博 = Weibo
哔哩哔哩 = Bilibili
B站 = Bilibili
知乎 = Zhihu
美团 = Meituan
滴滴 = Didi Chuxing
唯品会 = Vipshop
苏宁易购 = Suning
国美 = Gome
当当网 = Dangdang
得物 = Poizon
得物 = Dewu
东方甄选 = Oriental Selection
东方甄选 = East Buy
希音 = SHEIN
虾皮 = Shopee
亚马逊 = Amazon
易贝 = eBay
沃尔玛 = Walmart
开市客 = Costco
美客多 = Mercado Libre
阿里巴巴 = Alibaba
阿里云 = Alibaba Cloud
蚂蚁集团 = Ant Group
腾讯 = Tencent
字节跳动 = ByteDance
百度 = Baidu
网易 = NetEase
小米 = Xiaomi
华为 = Huawei
特斯拉 = Tesla
比亚迪 = BYD
海尔 = Haier
欧莱雅 = L'Oréal
兰蔻 = Lancôme
宝洁 = Procter & Gamble
耐克 = Nike
李宁公司 = Li-Ning
优衣库 = Uniqlo
瑞幸咖啡 = Luckin Coffee
星巴克 = Starbucks
贵州茅台 = Moutai
泡泡玛特 = Pop Mart
顺丰 = SF Express
中通快递 = ZTO Express
极兔 = J&T Express
联邦快递 = FedEx
软银 = SoftBank
高盛 = Goldman Sachs
市场监管总局 = SAMR
商务部 = MOFCOM
马云 = Jack Ma
刘强东 = Richard Liu
黄峥 = Colin Huang
薇娅 = Viya
罗永浩 = Luo Yonghao
董宇辉 = Dong Yuhui
马斯克 = Elon Musk
双十二 = Double 12
黑色星期五 = Black Friday
双11 = 11.11
618 = 六一八
春节 = Spring Festival
直播带货 = live commerce
跨境电商 = cross-border e-commerce
百亿补贴 = 10 billion subsidy
仅退款 = refund-only
反垄断 = antitrust
""".strip().splitlines()
]


@pytest.fixture(scope="module")
def index() -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:")) as connection:
        db = Database(connection)
        db.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='')")
        for number, name in enumerate(sorted({name for pair in PAIRS for name in pair})):
            index_article(db, 2 * number, f"关于{name}的消息", "")
            index_article(db, 2 * number + 1, "", f"News of {name}, once more")
        yield db


def find(db: Database, words: str) -> set[int]:
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    return {row[0] for row in db.execute(sql, [build_match_query(words)])}


def test_other_names_are_not_ranked() -> None:
    assert build_match_query("直播带货 Taobao").count('"') > 20
    assert build_typed_query("直播带货 OR 卖货 Taobao -Temu") == (
        '("直播 播带 带货" OR "卖货") AND "taobao" NOT "temu"'
    )


def test_the_table_is_long_enough() -> None:
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_both_names_find_the_same_articles(index: Database, one: str, other: str) -> None:
    found = find(index, one)
    assert found == find(index, other)
    assert len(found) >= 4 or build_phrase(one) == build_phrase(other)
    assert find(index, f'"{one}"') <= found


def test_a_decimal_is_searched_for_only_where_it_is_typed(index: Database) -> None:
    index_article(index, 1000, "It grew by 6.18 percent", "")
    assert find(index, "6.18") == find(index, "618") | {1000}
    unindex_article(index, 1000, "It grew by 6.18 percent", "")


def test_a_quoted_name_is_only_itself(index: Database) -> None:
    assert find(index, "淘宝") == find(index, '"淘宝"') | find(index, '"Taobao"')
    assert not find(index, '"淘宝"') & find(index, '"Taobao"')


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Austin Li Double 11", ["Austin Li", "Double 11"]),
        ("Austin Powers", ["Austin", "Powers"]),
        ("sales -Taobao OR 淘宝", ["sales", "Taobao", "淘宝"]),
        ('"Austin Li" sales', ["Austin Li", "sales"]),
        ("Li OR Ning", ["Li", "Ning"]),
    ],
)
def test_words_of_one_name_are_one_term(words: str, written: list[str]) -> None:
    assert [term.written for term in parse_query(words)] == written


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a b", '"a" AND "b"'),
        ("a - b", '"a" AND "b"'),
        ("-a b -c", '"b" NOT "a" NOT "c"'),
        ('-"a b" "c d"', '"c d" NOT "a b"'),
        ("a OR b OR c d", '(("a" OR "b") OR "c") AND "d"'),
        ('a OR OR "" b', '("a" OR "b")'),
        ("OR a OR", '"a"'),
        ("-a OR b", '"b" NOT "a"'),
        ("a OR -b c", '"a" AND "c" NOT "b"'),
        ("淘宝 淘 宝a 宝贝a", '"淘宝" AND "淘" * AND "宝 a" AND "宝贝 贝 a"'),
    ],
)
def test_each_sign_has_its_meaning(words: str, expected: str) -> None:
    assert build_typed_query(words) == expected


def test_a_sign_between_the_words_of_a_name_does_not_part_them() -> None:
    assert [term.written for term in parse_query("Austin - Li")] == ["Austin - Li"]
    assert [term.written for term in parse_query("Austin -Li")] == ["Austin", "Li"]


def test_the_other_names_of_the_first_names_only_are_searched_for() -> None:
    names = ["Taobao", "Temu", "Tmall", "Shein", "Shopee", "Weibo", "Zhihu", "Meituan", "Weidian", "Douyin"]
    terms = parse_query(" ".join(names))
    assert [term.written for term in terms] == names
    assert [bool(term.others) for term in terms] == [True] * MOST_WIDENED + [False] * 2


def test_of_a_long_query_the_beginning_counts_up_to_a_whole_term() -> None:
    most, spaces = "a " * MOST_TERMS, " " * LONGEST_QUERY
    assert cut_query(most) == most
    assert cut_query(f"{most}a") == most.rstrip()
    assert cut_query(spaces) == spaces
    assert cut_query(f"{spaces}a") == ""
    assert cut_query(f'b "{spaces}"') == f'b "{spaces[3:]}'.rstrip()


def test_an_excluded_name_is_excluded_in_all_forms(index: Database) -> None:
    others = find(index, "news") - find(index, "Taobao")
    assert find(index, "news -淘宝") == find(index, "news -Taobao") == others


@pytest.mark.parametrize("words", ["淘宝 -Taobao", "-Taobao 淘宝"])
def test_a_name_can_be_searched_for_without_another_of_its_names(index: Database, words: str) -> None:
    assert find(index, words) == find(index, "淘宝") - find(index, '"Taobao"') != set()


@pytest.mark.parametrize("common", ["Apple", "TikTok e-commerce", "stripe", "多多", "预约"])
def test_common_words_and_names_of_two_things_stay_alone(common: str) -> None:
    assert find_other_names(common) == ()


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("Temu 台湾", "Taiwan", 'Temu "台湾"'),
        ("a OR 台湾 -b", "Taiwan", 'a OR "台湾" -b'),
        ('"a b" -"c d"', "Taiwan", '"a b" -"c d"'),
        ("a -极兔", "J&T", 'a -"极兔" -"Jitu" -"Jtexpress" -"Polar Rabbit"'),
    ],
)
def test_another_name_can_be_removed(words: str, name: str, expected: str) -> None:
    assert remove_name(parse_query(words), name) == expected


def test_a_quotation_mark_within_a_name_does_not_end_its_phrase() -> None:
    rewritten = remove_name(parse_query('a"b Austin"Li'), "Li Jiaqi")
    assert rewritten.startswith('a"b "Austin Li" OR "李佳琦" OR ')


def test_a_name_is_removed_beside_an_excluded_one_of_the_same() -> None:
    assert remove_name(parse_query("-Taobao 淘宝"), "手淘").startswith('-Taobao "淘宝" OR "Taobao"')


def test_the_names_that_remain_are_still_searched_for(index: Database) -> None:
    for name in find_other_names("李佳琦"):
        rewritten = remove_name(parse_query("李佳琦"), name)
        remaining = {"李佳琦", *find_other_names("李佳琦")} - {name}
        assert find(index, rewritten) == set().union(*(find(index, f'"{one}"') for one in remaining))


@pytest.mark.parametrize("words", ["淘宝 双11", 'a "b c" OR -d e', "-Taobao x", "Austin Li OR Viya"])
def test_a_written_query_means_the_same(words: str) -> None:
    assert build_match_query(write_query(parse_query(words))) == build_match_query(words)


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        *[(name, "Taobao") for name in ("taobao", "TAOBAO", "淘寶", "手机淘宝", "手淘")],
        # A name that is a common word too.
        ("菜鸟", "Cainiao"),
        # A name of its own, which is an alias of another one.
        ("TikTok", "TikTok"),
    ],
)
def test_any_name_leads_to_its_entity(name: str, entity: str) -> None:
    found = find_entity(name)
    assert found
    assert found.english == entity


def test_what_is_no_name_leads_to_none() -> None:
    assert find_entity("nothing of it") is None
