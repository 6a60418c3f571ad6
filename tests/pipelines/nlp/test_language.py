"""One answer for one text: the script first, langdetect for the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.pipelines.nlp.language import detect_language

CHINESE = [
    "天猫官方账号首次在抖音开启了直播,观看人数破百万",
    "淘宝",
    "返回顶部",
    "阿里巴巴集團公佈季度業績，淘寶天貓收入增長",
    "蝦皮購物宣布調整台灣站手續費",
    "iPhone 15 Pro Max 开售",
    "Temu SHEIN TikTok Shop 出海",
    "Amazon Prime Day 2026 数据",
    "JD.com京东Q3",
    "小红书 RED",
    "SHEIN IPO 再生变数",
]


@pytest.mark.parametrize("title", CHINESE)
def test_chinese_of_every_kind_is_zh(title: str) -> None:
    assert detect_language(title) == "zh"
    assert detect_language("", title) == "zh"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Douyin and Kuaishou both want to do e-commerce this year.", "en"),
        ("How Douyin (抖音) Became a Shopping App", "en"),
        ("ファッション通販サイトの売上が伸びた", "ja"),
        ("쿠팡 분기 매출이 늘었다", "ko"),
        ("O Mercado Livre cresce no Brasil e abre novos centros de distribuição", "pt"),
        ("Der Onlinehandel wächst in Deutschland wieder etwas schneller", "de"),
    ],
)
def test_other_languages_keep_their_name(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_langdetect_decides_each_text_without_east_asian_script(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def detect(text: str) -> str:
        asked.append(text)
        return "xx"

    monkeypatch.setattr("shopwire.pipelines.nlp.language._detect_words", detect)
    texts = [
        "The platform said that it would lower the fees for sellers. " * 40,
        "Der Händler wächst in Deutschland, sagte der Chef am Montag. " * 40,
        "O Mercado Livre cresce no Brasil.",
    ]
    assert [detect_language(text) for text in texts] == ["xx"] * 3
    assert [text[:20] for text in asked] == [text[:20] for text in texts]
    assert max(map(len, asked)) == 300


@pytest.mark.parametrize(
    "text",
    ["", "   ", "123 456", "2026-11-11", "https://example.com/a/b", "😀🎉", "...", "a@b.cn", "GMV"],
)
def test_what_carries_no_words_is_undetermined(text: str) -> None:
    assert detect_language(text) == "und"
    assert detect_language(text, text) == "und"


def test_the_body_decides_and_the_title_helps_out() -> None:
    assert detect_language("Sellers on the platform pay less from May.", "淘宝") == "en"
    assert detect_language("1234", "京东发布财报") == "zh"


def test_only_the_head_of_a_long_body_is_read() -> None:
    assert detect_language("电商平台公布数据。" * 200 + "an English tail " * 10_000) == "zh"


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_gets_the_same_answer_twice(text: str, title: str) -> None:
    language = detect_language(text, title)
    assert language == detect_language(text, title)
    assert language == "und" or language.isalpha()
