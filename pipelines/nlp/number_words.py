"""Years, months, currencies, scales and number words: data for the patterns that read them."""

YEAR = r"(?:19|20)\d\d"
DATE_START = rf"{YEAR}[-/.年]\d"
"""The beginning of a date whose year comes first."""

ORDINAL = "(?:st|nd|rd|th)"
"""The suffix of a day in an English date."""

_MONTH_NAMES = """
january jan / januar jänner janvier janv enero ene gennaio gen januari janeiro stycznia ocak января
february feb / februar feber février févr febrero febbraio februari fevereiro fev lutego şubat февраля
march mar / märz maerz mrz mars marzo maart março mart marca marzec марта
april apr / avril avr abril abr aprile aprel kwietnia nisan апреля
may / mai mayo maggio mag mei maio maj maja mayıs мая
june jun / juni juin junio giugno giu junho czerwca haziran июня
july jul / juli juillet juil julio luglio lug julho lipca temmuz июля
august aug / août aout agosto ago augustus augusti sierpnia ağustos августа
september sept sep / septembre septiembre settembre set setembro września eylül сентября
october oct / oktober okt octobre octubre ottobre ott outubro out października ekim октября
november nov / novembre noviembre novembro listopada kasım ноября
december dec / dezember dez décembre déc diciembre dic dicembre dezembro grudnia aralık des декабря
"""
"""One line per month: English names and abbreviations, then those in other languages of the trade press."""

_MONTHS = tuple(enumerate(_MONTH_NAMES.strip().splitlines(), start=1))

MONTHS = {name: number for number, names in _MONTHS for name in names.replace("/", "").split()}
"""Month numbers by lower-case name in all languages."""

ENGLISH_MONTHS = {
    name.capitalize(): number for number, names in _MONTHS for name in names.partition("/")[0].split()
}
"""Month numbers by capitalised English name; "may" in lower case is another word."""


def _index_names(table: str) -> dict[str, str]:
    """Return the value of each name; a line of the table has a value and its names."""
    rows = (line.partition(": ") for line in table.strip().splitlines())
    return {name: value for value, _, names in rows for name in names.split(", ")}


_CURRENCY_NAMES = """
usd: US$, USD, $, 美元, 美金, US dollars, U.S. dollars, dollars
hkd: HK$, 港元, 港币, Hong Kong dollars
eur: €, EUR, 欧元, 歐元, euros, euro
gbp: £, 英镑, 英鎊, pounds
cny: ¥, RMB, CNY, rmb, 人民币, 人民幣, 元人民币, 元, 块钱, yuan, renminbi
jpy: 日元, yen
krw: 韩元, won
inr: 卢比, rupees
"""
CURRENCIES = _index_names(_CURRENCY_NAMES)
"""Currency codes by every name and sign of the currency."""

_SCALE_NAMES = """
1e2: 百, hundred
1e3: 千, thousand, k
1e4: 万, 萬, ten thousand, w
1e5: 十万, hundred thousand
1e6: 百万, 百萬, million, mln, mn, m
1e7: 千万, 千萬
1e8: 亿, 億, hundred million
1e9: 十亿, billion, bln, bn, b
1e10: 百亿
1e11: 千亿
1e12: 万亿, 萬億, trillion, trn, tn
"""
SCALES = {name: float(scale) for name, scale in _index_names(_SCALE_NAMES).items()}
"""Factors by the words for them."""

HAN_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
STEPS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
ENGLISH_NUMBERS = {word: value for value, word in enumerate(_UNITS, start=1)} | _TENS
