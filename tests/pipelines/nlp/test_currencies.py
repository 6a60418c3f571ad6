"""Money of many countries is read in both languages, and ordinary words are no currency."""

import pytest

from shopwire.pipelines.nlp.number_words import CURRENCIES
from shopwire.pipelines.nlp.quantities import Quantity, find_quantities

WRITTEN = [
    ("usd", "5亿美元", "500 million dollars"),
    ("hkd", "5亿港元", "HK$500 million"),
    ("eur", "5亿欧元", "500 million euros"),
    ("gbp", "5亿英镑", "£500 million"),
    ("cny", "5亿元", "500 million yuan"),
    ("jpy", "5亿日元", "500 million yen"),
    ("krw", "5亿韩元", "500 million won"),
    ("inr", "5亿卢比", "Rs 500 million"),
    ("pkr", "5亿巴基斯坦卢比", "500 million Pakistani rupees"),
    ("vnd", "5亿越南盾", "500 million dong"),
    ("idr", "5亿印尼盾", "Rp 500 million"),
    ("thb", "5亿泰铢", "500 million baht"),
    ("myr", "5亿林吉特", "RM500 million"),
    ("php", "5亿菲律宾比索", "₱500 million"),
    ("sgd", "5亿新加坡元", "S$500 million"),
    ("twd", "5亿新台币", "NT$500 million"),
    ("aud", "5亿澳元", "A$500 million"),
    ("nzd", "5亿新西兰元", "NZ$500 million"),
    ("cad", "5亿加元", "C$500 million"),
    ("brl", "5亿雷亚尔", "R$500 million"),
    ("mxn", "5亿墨西哥比索", "500 million Mexican pesos"),
    ("ars", "5亿阿根廷比索", "500 million Argentine pesos"),
    ("clp", "5亿智利比索", "500 million Chilean pesos"),
    ("chf", "5亿瑞士法郎", "CHF 500 million"),
    ("rub", "5亿卢布", "500 million roubles"),
    ("try", "5亿里拉", "500 million lira"),
    ("pln", "5亿兹罗提", "500 million zlotys"),
    ("sek", "5亿瑞典克朗", "SEK 500 million"),
    ("nok", "5亿挪威克朗", "500 million Norwegian kroner"),
    ("dkk", "5亿丹麦克朗", "DKK 500 million"),
    ("aed", "5亿迪拉姆", "500 million dirhams"),
    ("sar", "5亿沙特里亚尔", "500 million riyals"),
    ("egp", "5亿埃及镑", "500 million Egyptian pounds"),
    ("ngn", "5亿奈拉", "500 million naira"),
    ("zar", "5亿兰特", "500 million rand"),
    ("kes", "5亿肯尼亚先令", "KES 500 million"),
    ("bdt", "5亿塔卡", "500 million taka"),
    ("ils", "5亿谢克尔", "500 million shekels"),
    ("cop", "5亿哥伦比亚比索", "500 million Colombian pesos"),
    ("pen", "5亿秘鲁索尔", "500 million Peruvian soles"),
    ("czk", "5亿捷克克朗", "500 million Czech koruna"),
    ("huf", "5亿福林", "HUF 500 million"),
    ("ron", "5亿罗马尼亚列伊", "500 million Romanian lei"),
    ("uah", "5亿格里夫纳", "500 million hryvnia"),
    ("kzt", "5亿坚戈", "500 million tenge"),
    ("lkr", "5亿斯里兰卡卢比", "LKR 500 million"),
    ("mmk", "5亿缅元", "500 million kyat"),
    ("khr", "5亿瑞尔", "500 million riels"),
    ("mop", "5亿澳门元", "500 million patacas"),
    ("qar", "5亿卡塔尔里亚尔", "500 million Qatari riyals"),
    ("kwd", "5亿科威特第纳尔", "500 million Kuwaiti dinars"),
    ("mad", "5亿摩洛哥迪拉姆", "500 million Moroccan dirhams"),
    ("ghs", "5亿塞地", "500 million cedis"),
]
# Other ways to write some of them.
VARIANTS = [
    ("krw", "5亿韩圆", "500 million South Korean won"),
    ("inr", "5亿印度卢比", "Rs. 50 crore"),
    ("inr", "5亿卢比", "5,000 lakh rupees"),
    ("twd", "5亿元新台币", "NT$ 500m"),
    ("sgd", "5亿新元", "S$500m"),
    ("aud", "5亿澳大利亚元", "AU$500 million"),
    ("cad", "5亿加拿大元", "CA$500 million"),
    ("vnd", "5亿越盾", "₫500 million"),
    ("brl", "5亿巴西雷亚尔", "500 million Brazilian reais"),
    ("myr", "5亿马来西亚令吉", "500 million Malaysian ringgit"),
    ("aed", "5亿阿联酋迪拉姆", "500 million UAE dirhams"),
    ("zar", "5亿南非兰特", "500 million South African rand"),
    ("kes", "5亿肯尼亚先令", "KSh 500 million"),
    ("bdt", "5亿孟加拉塔卡", "৳500 million"),
    ("ils", "5亿新谢克尔", "NIS 500 million"),
]


@pytest.mark.parametrize(("code", "chinese", "english"), WRITTEN + VARIANTS)
def test_an_amount_has_the_same_currency_in_both_languages(code: str, chinese: str, english: str) -> None:
    expected = {Quantity("amount", 5e8, code)}
    assert find_quantities(f"销售额达{chinese}。") == expected
    assert find_quantities(f"sales of {english} last spring") == expected


def test_every_currency_is_tested() -> None:
    assert {code for code, *_ in WRITTEN} == set(CURRENCIES.values())


@pytest.mark.parametrize(
    "text",
    [
        "20 random users",
        "30 wonders",
        "12 donga lines",
        "40 liras",
        "20 dollarized",
        "30 Madrid",
        "50 Ronald",
    ],
)
def test_the_beginning_of_a_word_is_no_currency(text: str) -> None:
    assert {item.unit for item in find_quantities(text)} == {""}
