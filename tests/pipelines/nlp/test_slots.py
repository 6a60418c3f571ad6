"""What two texts on one form have in its slots."""

import pytest

from shopwire.pipelines.nlp.slots import Comparison, compare_texts, mark_text

OPENING = (
    "{firm}首家{city}门店今日开业，营业面积{size}平方米，由{name}担任店长。"
    "门店提供三十分钟送达服务，商品价格与线上一致。公司表示，后续还将在当地继续开店。"
)
RAISE = (
    "{firm}, a maker of label printers, has raised {money} in a round led by {fund}. "
    "The company will hire engineers and open an office in {city}, chief executive {name} said."
)
FIRST = {"firm": "青柚超市", "city": "绵阳", "size": "1200", "name": "白秋实"}
SECOND = {"firm": "拾谷便利", "city": "襄阳", "size": "860", "name": "纪雨眠"}


def compare(one: str, other: str) -> Comparison:
    return compare_texts(mark_text("", one), mark_text("", other))


def test_a_form_for_two_firms_contradicts_in_names_and_numbers() -> None:
    found = compare(OPENING.format(**FIRST), OPENING.format(**SECOND))
    assert found.is_form
    assert ("1200", "860") in found.numbers
    assert ("白秋实", "纪雨眠") in found.names
    assert min(found.covered) > 0.7


def test_a_form_for_one_firm_on_two_days_contradicts_in_the_rest() -> None:
    later = {**FIRST, "city": "襄阳", "size": "860", "name": "纪雨眠"}
    assert compare(OPENING.format(**FIRST), OPENING.format(**later)).is_form


def test_a_form_without_numbers_is_one() -> None:
    text = "{firm}今日宣布，任命{name}为首席财务官，即日起生效，向首席执行官汇报。{name}将负责投资者关系。"
    assert compare(text.format(**FIRST), text.format(**SECOND)).is_form


def test_a_form_is_one_from_either_side() -> None:
    text = "{firm}今日宣布，任命{name}为首席财务官。加入{firm}之前，{name}曾任财务副总裁，从业二十年。"
    one = text.format(firm="橡树家居", name="倪怀远")
    other = text.format(firm="云集客", name="顾南星")
    assert compare(one, other).is_form
    assert compare(other, one).is_form


def test_english_names_contradict_too() -> None:
    one = RAISE.format(firm="Tagwell", money="$4 million", fund="Elm Partners", city="Turin", name="Ida Voss")
    two = RAISE.format(firm="Printora", money="$9 million", fund="Oak Fund", city="Porto", name="Jon Reyes")
    found = compare(one, two)
    assert found.is_form
    assert {"tagwell", "elm partners", "turin", "ida voss"} <= {ours for ours, _ in found.names}


def test_a_repost_with_other_words_is_no_form() -> None:
    text = OPENING.format(**FIRST)
    edited = text.replace("表示", "透露").replace("继续开店", "陆续布局").replace("提供", "推出")
    assert not compare(text, f"好消息来了。{edited}你会去吗？").is_form


def test_a_name_that_the_other_text_has_elsewhere_does_not_contradict() -> None:
    one = "合作由青柚超市与拾谷便利今日签署，双方将共用仓库和配送队伍。"
    other = "合作由拾谷便利与青柚超市今日签署，双方将共用仓库和配送队伍。"
    assert compare(one, other).names == ()


def test_a_slip_in_a_name_does_not_contradict() -> None:
    text = OPENING.format(**FIRST)
    assert compare(text, text.replace("白秋实", "白秋石")).names == ()


@pytest.mark.parametrize(
    ("right", "slip"), [("Carsten Holm", "Crsten Holm"), ("427bn", "4x27bn"), ("1.3006", "1n3006")]
)
def test_a_lost_letter_and_a_letter_in_a_number_do_not_contradict(right: str, slip: str) -> None:
    text = "Orders in Porto rose to {} in the autumn, the association of printers said in its report."
    found = compare(text.format(right), text.format(slip))
    assert (found.names, found.numbers) == ((), ())
    assert compare(text.format(right), text.format("9.1")).numbers or right == "Carsten Holm"


def test_a_short_name_without_a_letter_is_another_name() -> None:
    text = (
        "The founders sold the firm to Mr {} on Monday, after they had looked for a buyer since the spring."
    )
    assert compare(text.format("Klei"), text.format("Kli")).names == (("klei", "kli"),)


@pytest.mark.parametrize(("one", "other"), [("1,200", "1200"), ("The Firm's", "The Firm")])
def test_spellings_are_one(one: str, other: str) -> None:
    assert mark_text("", one).words == mark_text("", other).words


def test_traditional_script_is_the_same() -> None:
    assert mark_text("", "電商平臺宣布").words == mark_text("", "电商平台宣布").words


@pytest.mark.parametrize("text", ["", "…", "一", "one"])
def test_texts_of_almost_nothing_are_compared_without_error(text: str) -> None:
    found = compare(text, OPENING.format(**FIRST))
    assert found.covered == (0.0, 0.0)
    assert not found.is_form
