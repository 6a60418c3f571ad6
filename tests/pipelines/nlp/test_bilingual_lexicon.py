"""Chinese and English meet in the stems of English words."""

from shopwire.pipelines.nlp.bilingual_lexicon import (
    chinese_words,
    commonness,
    english_stems,
    stem_counts,
    word_stems,
)
from shopwire.pipelines.nlp.chinese import simplified


def test_chinese_is_cut_into_the_longest_words() -> None:
    assert chinese_words("电子商务平台,直播 ok") == ["电子商务", "平台", "直播"]


def test_a_word_stands_for_the_stems_of_its_glosses() -> None:
    assert {"merchant", "busi", "enterpris"} <= set(word_stems("商家"))
    assert word_stems("价格") == ("price",)
    assert word_stems("不在词典里的词") == ()


def test_words_of_both_languages_meet() -> None:
    assert set(stem_counts("商家在平台直播")) & set(stem_counts("Merchants livestream on the platform"))


def test_stop_words_carry_nothing() -> None:
    assert english_stems("It is on the other one") == []


def test_traditional_script_is_the_same_text() -> None:
    assert simplified("電商平臺 Taobao") == "电商平台 Taobao"


def test_commonness_knows_everyday_words_without_having_counted() -> None:
    assert commonness("person") > commonness("livestream") >= commonness("douyin") > 0
    assert commonness("person") <= 0.5


def test_words_of_many_meanings_count_less_for_each() -> None:
    counts = stem_counts("打")
    assert len(counts) > 5
    assert max(counts.values()) < 0.5
