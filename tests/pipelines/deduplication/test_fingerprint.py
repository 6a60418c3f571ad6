"""What two texts share in form does not count, and what they share in words survives sampling."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shopwire.pipelines.deduplication import fingerprint as fp


def keys(text: str) -> fp.Keys:
    words = fp.tokenize(fp.normalise(text))
    return fp.sort_distinct(fp.hash_shingles(words, fp.choose_shingle_size(words)))


def test_script_case_width_and_punctuation_are_form() -> None:
    assert fp.hash_text("阿里巴巴推出「萬人團」，GMV達１３０萬。") == fp.hash_text(
        "阿里巴巴推出“万人团” gmv达130万"
    )
    assert fp.hash_text("Prices rose by 4 per cent") != fp.hash_text("Prices rose by 5 per cent")


def test_a_han_character_is_a_token_and_a_word_is_one() -> None:
    assert fp.tokenize(fp.normalise("淘宝 App 上线 3.5 版")) == [
        *"淘宝",
        "app",
        *"上线",
        "3",
        "5",
        "版",
    ]


def test_chinese_is_cut_into_five_tokens_and_english_into_three() -> None:
    assert fp.choose_shingle_size(fp.tokenize("跨境电商平台今日宣布")) == 5
    assert fp.choose_shingle_size(fp.tokenize("a platform said today")) == 3
    assert fp.choose_shingle_size(["one"]) == 1
    assert len(keys("a platform said today")) == 2


def test_an_empty_text_has_no_shingles() -> None:
    assert len(keys("")) == 0
    assert len(fp.sample_keys(keys("  …  "))) == 0


@given(st.text(alphabet="电商平台直播 ab1。\n", max_size=200))
def test_keys_are_48_bits_distinct_and_ascending(text: str) -> None:
    found = keys(text)
    assert np.all(np.diff(found) > 0)
    assert np.all((found >= 0) & (found < 1 << fp.KEY_BITS))


def words(start: int, count: int) -> str:
    return " ".join(f"word{number}" for number in range(start, start + count))


def test_the_sample_is_a_sixty_fourth_with_a_floor_and_a_cap() -> None:
    assert len(fp.sample_keys(keys(words(0, 20)))) == 18
    assert len(fp.sample_keys(keys(words(0, 1_000)))) == fp.SAMPLE_FLOOR
    assert 80 < len(fp.sample_keys(keys(words(0, 8_000)))) < 170
    assert len(fp.sample_keys(keys(words(0, 60_000)))) == fp.SAMPLE_CAP


def test_a_part_keeps_its_share_of_the_sample_of_the_whole() -> None:
    whole, part = fp.sample_keys(keys(words(0, 16_000))), fp.sample_keys(keys(words(4_000, 4_000)))
    shared = len(np.intersect1d(whole, part))
    assert shared > 0.9 * len(part[part <= whole[-1]])


@given(st.text(st.characters(max_codepoint=127), max_size=200))
def test_ascii_text_has_the_same_tokens_as_any_other(text: str) -> None:
    assert fp.tokenize(text) == fp.TOKEN.findall(text)
