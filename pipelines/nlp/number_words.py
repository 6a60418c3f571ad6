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
usd: US$, USD, $, 美元, 美金, US dollars, U.S. dollars, American dollars, dollars, dollar
hkd: HK$, HKD, 港元, 港币, 港幣, 元港币, Hong Kong dollars
eur: €, EUR, 欧元, 歐元, euros, euro
gbp: £, GBP, 英镑, 英鎊, 英磅, British pounds, pounds
cny: ¥, RMB, CNY, rmb, 人民币, 人民幣, 元人民币, 元人民幣, 元, 块钱, Chinese yuan, yuan, renminbi
jpy: JPY, 日元, 日圆, 日圓, 日币, Japanese yen, yen
krw: ₩, KRW, 韩元, 韓元, 韩币, 韩圆, 韓圓, 韩圜, South Korean won, Korean won, won
inr: ₹, INR, Rs, Rs., 卢比, 盧比, 印度卢比, Indian rupees, rupees
pkr: PKR, 巴基斯坦卢比, Pakistani rupees
vnd: ₫, VND, 越南盾, 越盾, Vietnamese dong, dong
idr: Rp, Rp., IDR, 印尼盾, 印尼卢比, 印度尼西亚卢比, 印尼盧比, Indonesian rupiah, rupiah
thb: ฿, THB, 泰铢, 泰銖, Thai baht, baht
myr: RM, MYR, 林吉特, 马来西亚林吉特, 令吉, 马来西亚令吉, 马币, Malaysian ringgit, ringgit
php: ₱, PHP, 菲律宾比索, Philippine pesos
sgd: S$, SGD, 新加坡元, 新加坡币, 新币, 新元, 坡币, Singapore dollars
twd: NT$, TWD, 新台币, 新臺幣, 元新台币, 元新臺幣, 台币, 臺幣, 元台币, New Taiwan dollars, Taiwan dollars
aud: A$, AU$, AUD, 澳元, 澳币, 澳大利亚元, Australian dollars
nzd: NZ$, NZD, 新西兰元, 纽元, 纽币, New Zealand dollars
cad: C$, CA$, CAD, 加元, 加币, 加拿大元, Canadian dollars
brl: R$, BRL, 雷亚尔, 雷亞爾, 巴西雷亚尔, 巴西雷亞爾, Brazilian reais, Brazilian reals, reais
mxn: MX$, MXN, 墨西哥比索, Mexican pesos
ars: ARS, 阿根廷比索, Argentine pesos
clp: CLP, 智利比索, Chilean pesos
chf: CHF, 瑞士法郎, 瑞郎, Swiss francs
rub: ₽, RUB, 卢布, 盧布, 俄罗斯卢布, Russian roubles, Russian rubles, roubles, rubles
try: ₺, 土耳其里拉, 里拉, Turkish lira, lira
pln: PLN, 兹罗提, 波兰兹罗提, Polish zlotys, Polish zloty, zlotys, zloty
sek: SEK, 瑞典克朗, Swedish kronor, Swedish krona, kronor
nok: NOK, 挪威克朗, Norwegian kroner
dkk: DKK, 丹麦克朗, Danish kroner
aed: AED, 阿联酋迪拉姆, 迪拉姆, UAE dirhams, Emirati dirhams, dirhams, dirham
sar: SAR, 沙特里亚尔, 里亚尔, Saudi riyals, riyals
egp: EGP, 埃及镑, Egyptian pounds
ngn: ₦, NGN, 奈拉, 尼日利亚奈拉, Nigerian naira, naira
zar: ZAR, 兰特, 南非兰特, South African rand, rand
kes: KSh, KES, 肯尼亚先令, Kenyan shillings
bdt: ৳, BDT, 塔卡, 孟加拉塔卡, Bangladeshi taka, taka
ils: ₪, NIS, ILS, 谢克尔, 新谢克尔, shekels
cop: COP, 哥伦比亚比索, Colombian pesos
pen: PEN, 秘鲁索尔, 索尔, Peruvian soles
czk: Kč, CZK, 捷克克朗, Czech koruna, Czech korunas, Czech crowns
huf: HUF, 福林, 匈牙利福林, Hungarian forints, forints, forint
ron: RON, 罗马尼亚列伊, 列伊, Romanian lei
uah: ₴, UAH, 格里夫纳, hryvnias, hryvnia
kzt: ₸, KZT, 坚戈, tenge
lkr: LKR, 斯里兰卡卢比, Sri Lankan rupees
mmk: MMK, 缅元, 缅币, kyat
khr: KHR, 瑞尔, Cambodian riels, riels
mop: MOP, 澳门元, 澳门币, Macanese patacas, patacas
qar: QAR, 卡塔尔里亚尔, Qatari riyals
kwd: KWD, 科威特第纳尔, Kuwaiti dinars
mad: MAD, 摩洛哥迪拉姆, Moroccan dirhams
ghs: GHS, 塞地, cedis
"""
CURRENCIES = _index_names(_CURRENCY_NAMES)
"""Currency codes by every name and sign of the currency."""

_SCALE_NAMES = """
1e2: 百, hundred
1e3: 千, thousand, k
1e4: 万, 萬, ten thousand, w
1e5: 十万, hundred thousand, lakh
1e6: 百万, 百萬, million, mln, mn, m
1e7: 千万, 千萬, crore
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
