"""Chinese and English meet in the stems of English words."""

from shopwire.pipelines.nlp.bilingual_lexicon import (
    count_stems,
    estimate_article_shares,
    list_english_stems,
    list_gloss_stems,
    segment_chinese,
)
from shopwire.pipelines.nlp.chinese import simplify_chinese


def test_chinese_is_cut_into_the_longest_words() -> None:
    assert segment_chinese("电子商务平台,直播 ok") == ["电子商务", "平台", "直播"]


def test_a_word_stands_for_the_stems_of_its_glosses() -> None:
    assert {"merchant", "busi", "enterpris"} <= set(list_gloss_stems("商家"))
    assert list_gloss_stems("价格") == ("price",)
    assert list_gloss_stems("不在词典里的词") == ()


def test_words_of_both_languages_meet() -> None:
    assert set(count_stems("商家在平台直播")) & set(count_stems("Merchants livestream on the platform"))


def test_stop_words_carry_nothing() -> None:
    assert list_english_stems("It is on the other one") == []


def test_traditional_script_is_the_same_text() -> None:
    assert simplify_chinese("電商平臺 Taobao") == "电商平台 Taobao"


def test_commonness_knows_everyday_words_without_having_counted() -> None:
    shares = estimate_article_shares(["person", "livestream", "douyin"])
    assert 0.5 >= shares["person"] > shares["livestream"] >= shares["douyin"] > 0


def test_words_of_many_meanings_count_less_for_each() -> None:
    counts = count_stems("打")
    assert len(counts) > 5
    assert max(counts.values()) < 0.5
