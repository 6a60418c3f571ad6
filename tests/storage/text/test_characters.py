"""Each class of characters holds what it is named for, and the stored ones never change."""

import re

import pytest

from shopwire.storage.text import characters


@pytest.mark.parametrize("sign", "一龥㐀﨑々〇𠮷\U00030000")
def test_every_chinese_character_is_han(sign: str) -> None:
    assert re.fullmatch(f"[{characters.HAN}]", sign)


@pytest.mark.parametrize("sign", "あア한A，。ー・䷀")
def test_nothing_else_is_han(sign: str) -> None:
    assert not re.fullmatch(f"[{characters.HAN}]", sign)


@pytest.mark.parametrize("sign", "Zéšø")
def test_letters_with_marks_are_latin(sign: str) -> None:
    assert re.fullmatch(f"[{characters.LATIN}]", sign)


@pytest.mark.parametrize("sign", "×÷1я")
def test_signs_of_arithmetic_are_not_latin(sign: str) -> None:
    assert not re.fullmatch(f"[{characters.LATIN}]", sign)


def test_what_stores_depend_on_is_as_it_was() -> None:
    assert characters.INDEXED_CJK == (
        "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
    )
    assert characters.HASHED_CJK == (
        "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
    )
