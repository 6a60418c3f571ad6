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

CURRENCIES = {
    "US$": "usd",
    "USD": "usd",
    "HK$": "hkd",
    "$": "usd",
    "€": "eur",
    "EUR": "eur",
    "£": "gbp",
    "¥": "cny",
    "RMB": "cny",
    "CNY": "cny",
    "rmb": "cny",
    "人民币": "cny",
    "人民幣": "cny",
    "元人民币": "cny",
    "元": "cny",
    "块钱": "cny",
    "yuan": "cny",
    "renminbi": "cny",
    "美元": "usd",
    "美金": "usd",
    "US dollars": "usd",
    "U.S. dollars": "usd",
    "dollars": "usd",
    "港元": "hkd",
    "港币": "hkd",
    "Hong Kong dollars": "hkd",
    "欧元": "eur",
    "歐元": "eur",
    "euros": "eur",
    "euro": "eur",
    "英镑": "gbp",
    "英鎊": "gbp",
    "pounds": "gbp",
    "日元": "jpy",
    "yen": "jpy",
    "韩元": "krw",
    "won": "krw",
    "卢比": "inr",
    "rupees": "inr",
}

SCALES = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "百萬": 1e6,
    "千万": 1e7,
    "千萬": 1e7,
    "亿": 1e8,
    "億": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    "萬億": 1e12,
    "hundred": 1e2,
    "thousand": 1e3,
    "ten thousand": 1e4,
    "hundred thousand": 1e5,
    "million": 1e6,
    "mln": 1e6,
    "mn": 1e6,
    "hundred million": 1e8,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "trn": 1e12,
    "tn": 1e12,
    "k": 1e3,
    "w": 1e4,
    "m": 1e6,
    "b": 1e9,
}

HAN_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
STEPS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
ENGLISH_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
