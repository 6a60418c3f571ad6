"""Numbers and dates mean the same in both languages."""

import time

import pytest

from shopwire.pipelines.nlp.quantities import (
    Quantity,
    build_quantity_keys,
    find_latin_words,
    find_quantities,
    measure_number_agreement,
    parse_chinese_number,
)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("共有130万人次观看", "viewed 1.3 million times"),
        ("成交额5403亿元", "a total of 540.3 billion yuan"),
        ("同比增长8.45%", "up 8.45 per cent on the year"),
        ("占比百分之八", "a share of 8 percent"),
        ("10月24日晚", "on the evening of October 24"),
        ("10月24号", "on 24th October"),
        ("2022年10月24日", "Oct. 24, 2022"),
        ("融资3亿美元", "raised $300 million"),
        ("融资3亿美元", "raised US$300m"),
        ("六亿日活用户", "6 hundred million daily users"),
        ("三百二十万件", "3.2 million pieces"),
        ("两亿元补贴", "two hundred million yuan in subsidies"),
        ("市值1.2万亿美元", "worth $1.2 trillion"),
        ("超过30多万商家", "over 300,000 merchants"),
        ("１００万元", "1 million yuan"),
        ("晚上19:30开播", "on air at 19:30"),
        ("2021年9月", "in September 2021"),
        ("31日发布", "published on the 31st"),
    ],
)
def test_the_same_fact_in_both_languages(chinese: str, english: str) -> None:
    assert find_quantities(chinese) == find_quantities(english) != frozenset()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "2022-10-27 09:08:46",
            {Quantity("year", 2022), Quantity("date", 1027), Quantity("time", 908)},
        ),
        ("¥12 and £75m", {Quantity("amount", 12, "cny"), Quantity("amount", 75e6, "gbp")}),
        ("600亿至800亿元", {Quantity("amount", 6e10), Quantity("amount", 8e10, "cny")}),
        ("增长12个百分点", {Quantity("percent", 12)}),
        ("跑了3千米", {Quantity("count", 3)}),
        ("5m long", {Quantity("count", 5)}),
        ("the A320 and h264", set()),
        ("may 5", {Quantity("count", 5)}),
        ("13月45日", set()),
        ("一个人", set()),
    ],
)
def test_facts_of_a_text(text: str, facts: set[Quantity]) -> None:
    assert find_quantities(text) == facts


@pytest.mark.parametrize(
    ("written", "value"),
    [("三百二十万", 3.2e6), ("十二", 12), ("一亿五千万", 1.5e8), ("二零二二", 2022), ("万", 0)],
)
def test_chinese_numerals(written: str, value: float) -> None:
    assert parse_chinese_number(written) == value


def test_a_rounded_amount_meets_the_exact_one_under_its_loose_key() -> None:
    exact = build_quantity_keys(find_quantities("attracted 1.34 million viewers"))
    rounded = build_quantity_keys(find_quantities("共有130万人次观看"))
    assert exact & rounded == {"about:1.3e+06"}


def test_currencies_do_not_keep_facts_apart_in_the_index() -> None:
    assert build_quantity_keys(find_quantities("5403亿")) == build_quantity_keys(
        find_quantities("540.3 billion yuan")
    )


def test_number_agreement_tells_a_repost_from_a_template() -> None:
    monday = find_quantities("3月30日0时至24时,新增确诊病例48例,治愈出院282例,死亡1例")
    repost = find_quantities("据通报,3月30日新增确诊病例48例,治愈出院282例")
    tuesday = find_quantities("3月31日0时至24时,新增确诊病例36例,治愈出院170例,死亡7例")
    assert measure_number_agreement(monday, repost) == 1.0
    assert measure_number_agreement(monday, tuesday) < 0.5
    assert measure_number_agreement(monday, frozenset()) == 1.0


def test_latin_tokens_of_a_chinese_text() -> None:
    assert find_latin_words("SHEIN的GMV和iPhone 14,由AT&T发布") == {
        "shein",
        "gmv",
        "iphone",
        "at&t",
    }


@pytest.mark.parametrize(
    "hostile", ["1", "1,", "1 ", "三", "百分之", "two ", "2022年", "$ ", "May ", " ", "a", "1."]
)
def test_a_very_long_line_takes_linear_time(hostile: str) -> None:
    line = hostile * (300_000 // len(hostile))
    started = time.process_time()
    find_quantities(line)
    find_latin_words(line)
    assert time.process_time() - started < 5
