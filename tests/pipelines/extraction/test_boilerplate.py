"""Boilerplate rules remove what they should, and no sentence."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.pipelines.extraction.boilerplate import (
    is_meta_line,
    remove_boilerplate,
)
from shopwire.pipelines.parsing.visible_text import INVISIBLE
from shopwire.storage.text.folding import hash_line

BODY = [
    "平台在周一公布了新的商家入驻规则，新规从下月一日起生效。",
    "负责招商的经理说，过去半年里有三成新商家放弃了入驻。",
    "The lockers take returns as well, which shop owners had asked for.",
]

ANYWHERE = [
    "当前位置：首页 > 资讯 > 正文",
    "Current location: Home > News > E-commerce Information > Lockers",
    "您所在的位置：首页 > 快讯",
    "首页 > 电商 > 正文",
    "1.jpg",
    "IMG_2041.JPEG",
    "分享到：微信 微博 QQ空间",
    "收藏 | 打印 | 关闭",
    "【打印本页】【关闭窗口】",
    "字号：大 中 小",
    "返回顶部",
    "【随机内容】",
    "×",
    "No content yet",
    "Privacy Policy",
    "· Privacy Policy",
    "粤ICP备12345678号",
    "Copyright © 2009-2024 商讯 版权所有",
    "违法和不良信息举报电话：010-12345678",
    "网友评论仅供其表达个人看法，并不表明本站立场。",
    "（原标题：保证金下调）",
    "相关阅读：",
    "猜你喜欢",
    "网友评论(12)",
    "Leave a comment",
    "Related articles",
    "Photo credit: J. Peel / The Weir",
]
TOP = [
    "2024-03-04 10:12:33 浏览:950 作者:林一舟",
    "2024年03月04日 10:12 来源：东门商讯",
    "By Jonas Peel",
    "Published on 12 March 2024",
    "Photo source: visual China",
    "文/林一舟",
]
BOTTOM = [
    "（责任编辑：周雨）",
    "编辑：周雨 审核：林一舟",
    "本文来源：东门商讯 责任编辑：周雨_NT2541",
    "Source: responsible editor of interface news: Wang Fengzhi_ NT2541",
    "转载请注明出处：东门商讯",
    "未经授权不得转载，违者必究。",
    "声明：本文仅代表作者个人观点，与本站立场无关。",
    "如有侵权请联系我们删除。",
    "标签：保证金 入驻",
    "Tags: lockers, returns",
    "上一篇：快递涨价了",
    "欢迎扫描下方二维码关注官方微信",
    "Sign up for our newsletter to get the latest updates",
    "Write to Jonas Peel at jonas@weir.example",
    "以上就是今天的内容,关注东门官网,每天分享不同的商圈动态!",
]
SENTENCES = [
    "铁路部门提醒广大旅客，请通过官方网站和“铁路”客户端购票，避免非正常渠道购票带来的风险。",
    "企业开展网上经营前，需要先办理ICP备案手续。",
    "平台要求商家转载图片时注明出处，违者将被扣分。",
    "该店铺的分享次数超过三百万，收藏数也创下新高。",
    "他在文章中写道，来源不明的商品一律不得上架。",
    "以上就是监管部门给出的答复，商家可以在十五日内申诉。",
    "She said that nobody would share a photo of a parcel locker.",
    "Readers can comment on the plan until the end of May.",
    "2024年3月4日，平台公布了新规。",
    "为了帮助商家度过淡季，平台减免了三个月的服务费。",
    "编辑软件的价格在三年里降了一半。",
]


@pytest.mark.parametrize("line", ANYWHERE)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_chrome_goes_from_anywhere(line: str, place: int) -> None:
    assert remove_boilerplate([*BODY[:place], line, *BODY[place:]]) == BODY


@pytest.mark.parametrize("line", TOP)
def test_bylines_and_datelines_go_from_the_top(line: str) -> None:
    assert remove_boilerplate([line, *BODY]) == BODY


@pytest.mark.parametrize("line", BOTTOM)
def test_editors_rights_and_promotion_go_from_the_bottom(line: str) -> None:
    assert remove_boilerplate([*BODY, line]) == BODY


@pytest.mark.parametrize("line", SENTENCES)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_no_sentence_goes_whatever_it_speaks_of(line: str, place: int) -> None:
    lines = [*BODY[:place], line, *BODY[place:]]
    assert remove_boilerplate(lines) == lines


@pytest.mark.parametrize("line", [*TOP[:4], *TOP[5:], *BOTTOM[:4]])
def test_what_belongs_to_an_edge_stays_in_the_middle(line: str) -> None:
    lines = [*BODY * 6, line, *BODY * 6]
    assert remove_boilerplate(lines) == lines


def test_the_headline_goes_from_the_top_only() -> None:
    lines = ["平台下调保证金", *BODY, "平台下调保证金"]
    assert remove_boilerplate(lines, "平台下调保证金") == lines[1:]


def test_what_follows_the_tags_goes_if_it_is_little() -> None:
    assert (
        remove_boilerplate([*BODY * 3, "Tags for this article: Back to list", "Club membership"]) == BODY * 3
    )
    lines = [BODY[0], "标签：保证金", *BODY * 3]
    assert remove_boilerplate(lines)[-1] == BODY[-1]


def test_a_sign_off_goes_with_the_half_sentence_that_leads_to_it() -> None:
    sign_off = [
        "因此，为了帮助大家承接住更多的流量，在大促中成功突围。",
        "小编也给大家整理了一套客服话术技巧。",
        "福利不止一个，还有一套运营表格等你来拿。",
        "戳戳小编，所见即所得哦~",
    ]
    assert remove_boilerplate([*BODY, *sign_off]) == BODY


def test_questions_of_an_interview_stay() -> None:
    asked = [
        "记者：你通过什么渠道最快的获取这些信息？",
        "记者：这么看你平时也很关注国家的相关政策，所以你也可以称作是专家了。",
    ]
    assert remove_boilerplate([*BODY, *asked]) == [*BODY, *asked]


def test_lines_of_the_site_go() -> None:
    known = frozenset({hash_line("负责招商的经理说,过去半年里有三成新商家放弃了入驻")})
    assert remove_boilerplate(BODY, site_lines=known) == [BODY[0], BODY[2]]


def test_a_meta_line_is_no_sentence() -> None:
    assert is_meta_line("2024-03-04 10:12 来源：东门商讯 作者：林一舟")
    assert not is_meta_line("2024年3月4日，平台公布了新的商家入驻规则和保证金标准。")


@given(st.text())
def test_a_hash_fits_the_store_and_knows_no_form(line: str) -> None:
    assert 0 <= hash_line(line) < 2**63
    assert hash_line(line) == hash_line(f" {line}! ")


LINES = st.lists(
    st.text(max_size=60)
    | st.sampled_from([*ANYWHERE, *TOP, *BOTTOM, *BODY])
    | st.text("来源：作者（）2024-01 By，。.!>12x", max_size=20),
    max_size=24,
)


def bare(line: str) -> str:
    """A line without what `remove_boilerplate` may take out of one."""
    return "".join(INVISIBLE.sub("", line).split())


ZH = [
    "青藤集团周三说，它在湖州的两座仓库将在五月合并，届时分拣线会从四条减到三条。",
    "合并之后，夜班的人数不变，白班会有十一人转去退货组，工资照旧。",
    "集团去年处理了六千万件包裹，今年头两个月比去年同期多了一成。",
    "附近的商家说，他们更关心的是截单时间，而不是仓库在哪条街上。",
    "运价没有变动，集团要到秋天才会公布下一年的价目。",
]


@pytest.mark.parametrize(
    "line",
    [
        "扫一扫在手机打开当前页",
        "【打开青藤财经APP 查看更多精彩资讯】",
        "打开小藤新闻客户端 查看更多",
        "（关注青藤早报微信公众号：qingteng，获取每日早报）",
        "长按识别二维码关注我们",
        "点击下方名片，关注我们",
        "喜欢就点个「在看」吧",
        "为了不错过推送，请把「青藤早报」设为星标⭐",
        "您认为这篇文章与“青藤集团”相关度高吗？",
        "❤️点赞 🔁转发 ⭐收藏",
        "举报/反馈",
        "图为合并前的分拣线　摄影/林又青",
        "湖州仓库的夜班 受访者供图",
        "▲夜里的分拣线（图源：青藤集团）",
        "何以宁/摄",
    ],
)
def test_furniture_of_chinese_accounts_goes_anywhere(line: str) -> None:
    assert remove_boilerplate([*ZH[:2], line, *ZH[2:]]) == ZH


@pytest.mark.parametrize("end", ["—— END ——", "- THE END -", "END", "（全文完）"])
def test_what_follows_the_end_goes(end: str) -> None:
    assert remove_boilerplate([*ZH, end, "往期文章都在菜单里"]) == ZH


@pytest.mark.parametrize(
    "line",
    [
        "仓库门口的牌子上写着：“转载请注明出处。”值班的人说，没人知道是谁挂的。",
        "店主说，她的群公告一直没变：长按识别二维码，留下楼号，八点截单，每天有一百来单。",
        "一位司机在群里说：“以上内容不代表公司观点，别再问我了。”大家都笑了。",
        "他在商场里打开淘宝客户端比价，发现同一盏灯便宜了三成，于是转身走了。",
        "记者看到，队伍从收银台一直排到门外，有人举着手机扫码付款，有人在找零钱。",
        "The sign at the gate says “We use cookies to count visitors”, and nobody laughs any more.",
        "“By signing up you agree to our terms,” the driver read aloud, and he signed all the same.",
        "The firm uses cookies as a gift for drivers who bring back more than forty empty cages.",
    ],
)
def test_a_sentence_that_quotes_a_notice_stays(line: str) -> None:
    assert remove_boilerplate([*ZH, line]) == [*ZH, line]
    assert remove_boilerplate([*ZH[:3], line, *ZH[3:]]) == [*ZH[:3], line, *ZH[3:]]


@pytest.mark.parametrize(
    "line",
    [
        "Recommended external content",
        "At this point you will find external content from ClipBox that goes with the article.",
        "I agree that external content is shown to me. Personal data may be sent to third parties.",
        "An dieser Stelle finden Sie einen externen Inhalt von ClipBox, der den Artikel ergänzt.",
        "This site uses cookies. Whoever reads on agrees to that.",
        "Your privacy matters to us. We and our partners use cookies to count readers.",
        "The Cage, our weekly mail",
        "What moved the quay, each Friday. By signing up you agree to our terms.",
        "Sign up for Night Boat, our daily mail about parcels, before the first coffee.",
        "This content is reserved for subscribers only",
        "View this email in your browser",
        "You are receiving this newsletter because you signed up on the quay. Unsubscribe here.",
        "We and our 312 partners store what you read on your device.",
    ],
)
def test_consent_and_sign_up_go_anywhere(line: str) -> None:
    assert remove_boilerplate([*PROSE[:2], line, *PROSE[2:]]) == PROSE


def test_the_pitch_of_an_author_goes() -> None:
    pitch = [
        "Do you want to hand over your parcels to somebody else?",
        "We offer a free call of twenty minutes in which we look at your labels.",
        "Click the link below to pick a day.",
        "Please forward this letter to a friend who packs at night.",
    ]
    assert remove_boilerplate([*PROSE, *pitch]) == PROSE


PROSE = [
    "The ferry company Nordsund will carry parcels for three online shops from the first of May.",
    "Its night boats have room for nine hundred cages, of which a third has been empty until now.",
    "A driver takes the cages from the quay to the sorting hall before the first train leaves.",
    "The shops pay by the cage and not by weight, which suits sellers of lamps and of pillows.",
]


def test_invisible_characters_go_without_a_blank() -> None:
    lines = ["The ware\u00adhouse near the canal re\u200bopens on Mon\u2060day, the firm\u200d said.\ufeff"]
    assert remove_boilerplate(lines) == ["The warehouse near the canal reopens on Monday, the firm said."]
    assert remove_boilerplate(["👩\u200d🔧 می\u200cخواهم را می\u200cگویند."]) == [
        "👩\u200d🔧 می\u200cخواهم را می\u200cگویند."
    ]


@given(LINES, st.text(max_size=30))
def test_nothing_is_added_and_the_order_stays(lines: list[str], title: str) -> None:
    left = iter([bare(line) for line in lines])
    assert all(bare(line) in left for line in remove_boilerplate(lines, title))


@given(LINES, st.text(max_size=30))
def test_what_is_clean_stays_as_it_is(lines: list[str], title: str) -> None:
    once = remove_boilerplate(lines, title)
    assert remove_boilerplate(once, title) == once


@pytest.mark.parametrize(
    "piece", ["分享", "首页>", "2024-01-01 ", "a.b", "来源：", "（", "（责任编辑：", " "]
)
def test_hostile_lines_take_no_time(piece: str) -> None:
    started = time.process_time()
    for length in (250, 299, 200_000):
        remove_boilerplate([(piece * length)[:length] + "x"] * 20)
    assert time.process_time() - started < 2


def test_the_rules_hold_in_traditional_script_and_leave_sentences_as_they_are() -> None:
    sentences = [
        "平臺在週一公佈了新的商家進駐規則，把保證金從兩萬元下調到五千元。",
        "許多店主還在觀望，他們擔心流量費用會跟著上漲。",
    ]
    chrome = [
        "聲明：本文轉載自網絡，如有侵權請聯繫刪除。",
        "（責任編輯：小編）",
        "關鍵詞：跨境 選品",
    ]
    chrome += ["分享到： 微信 QQ好友 新浪微博 複製鏈接"]
    headline = "平台新規則公布"
    assert remove_boilerplate(["平臺新規則公佈", *sentences, *chrome], headline) == sentences
