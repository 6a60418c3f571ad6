"""Two ways to write the same have one form."""

import pytest

from shopwire.storage.text.folding import fold, fold_case, fold_scripts


@pytest.mark.parametrize("written", ["Temu: ＧＭＶ +8%", "temu：gmv +8 %", "TEMU GMV 8"])
def test_case_width_and_punctuation_do_not_count(written: str) -> None:
    assert fold(written) == "temugmv8"


def test_folded_case_keeps_spaces_and_punctuation() -> None:
    assert fold_case("Temu ＧＭＶ：+8%") == "temu gmv:+8%"


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("快遞與電商", "快递与电商"),
        ("臺灣網購平臺", "台湾网购平台"),
        ("綫上零售、衞生", "线上零售、卫生"),
        ("著裏", "着里"),
    ],
)
def test_both_scripts_have_one_form(traditional: str, simplified: str) -> None:
    assert fold_scripts(traditional) == fold_scripts(simplified) == simplified


def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text() -> None:
    # 乾 is 干 in 乾燥 but stays in 乾隆, when whole words are converted.
    for word in ("乾隆", "乾燥", "瞭望", "瞭解"):
        assert fold_scripts(word) == "".join(map(fold_scripts, word))


def test_no_folded_character_changes_when_folded_again() -> None:
    han = "".join(map(chr, range(0x4E00, 0xA000)))
    assert fold_scripts(fold_scripts(han)) == fold_scripts(han)
