"""Two ways to write the same have one form."""

import pytest

from shopwire.storage.text.folding import fold, fold_case


@pytest.mark.parametrize("written", ["Temu: ＧＭＶ +8%", "temu：gmv +8 %", "TEMU GMV 8"])
def test_case_width_and_punctuation_do_not_count(written: str) -> None:
    assert fold(written) == "temugmv8"


def test_folded_case_keeps_spaces_and_punctuation() -> None:
    assert fold_case("Temu ＧＭＶ：+8%") == "temu gmv:+8%"
