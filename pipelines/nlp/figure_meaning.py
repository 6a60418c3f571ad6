"""What a figure counts, and whose it is: 6亿用户 are people of the name before them."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from shopwire.pipelines.nlp.quantities import Quantity
from shopwire.storage.text.characters import HAN

Counted = Literal["money", "people", "parcels", "goods", "places", "views", "rate", "percent", ""]

# What an amount without a currency counts, by the nouns beside it.
CHINESE_NOUNS: Mapping[Counted, str] = {
    "people": (
        "人次|人群|人员|用户|会员|买家|卖家|商家|主播|粉丝|员工|消费者|顾客|客户|网民|骑手|创作者|达人|店主|"
        "从业者|劳动者|司机|家庭|户|名|位|人"
    ),
    "parcels": "包裹|小包|快件|快递|订单|运单|单(?![价日月])|票",
    "goods": "商品|件|台(?!湾)|辆|款|部(?!分)|双|瓶|箱|份(?!额)|SKU",
    "places": "门店|店铺|网店|商铺|仓库|站点|驿站|城市|企业|家|间",
    "views": "播放|浏览|观看|点击|曝光|下载|搜索|点赞|次",
}
ENGLISH_NOUNS: Mapping[Counted, str] = {
    "people": (
        "people|persons?|users?|customers?|consumers?|shoppers?|buyers?|sellers?|merchants?|subscribers?|members?|"
        "followers?|fans|viewers?|workers?|employees?|staff|jobs|drivers?|couriers?|creators?|visitors?|"
        "households?|vendors?|retailers?"
    ),
    "parcels": "parcels?|packages?|orders?|shipments?|deliver(?:y|ies)|consignments?",
    "goods": "items?|products?|units?|pieces?|goods|listings?|SKUs?|vehicles?|phones?",
    "places": (
        "stores?|shops?|outlets?|warehouses?|storefronts?|branches|lockers?|cities|villages?|companies|firms|"
        "businesses|enterprises|brands?"
    ),
    "views": "views?|downloads?|clicks?|visits?|searches|impressions?|likes?|installs?|plays",
}
# Areas, weights, lengths, volumes, energy and times count nothing: 38万平方米跨境仓 is one warehouse.
_MEASURED = re.compile(
    r"[多余]?\s?(?:平方|平米|公顷|亩|[万千]?吨|公?斤|千?克(?!拉)|[公海英]里|千?米(?!兰)|[毫厘]米|立方|"
    r"[毫公]?升(?![至级])|[千万兆]瓦|[小工]时|分钟|秒(?!杀)|周(?![边年])|天(?![猫然])|年(?![轻货度终会])|"
    r"个(?:多)?(?:小时|月|季度|工作日)|岁)|"
    r"[\s-]+(?:square|sq|cubic|hectares?|acres?|tonn?es?|tons?|kilogram(?:me)?s?|kgs?|grams?|pounds?|lbs?|ounces?|"
    r"kilomet(?:re|er)s?|km|miles?|met(?:re|er)s?|feet|foot|inch(?:es)?|lit(?:re|er)s?|gallons?|[kmg]wh?|"
    r"(?:mega|giga|kilo)watts?|seconds|minutes|hours|days|weeks|months|quarters|years)\b",
    re.IGNORECASE,
)
PARCEL_WORDS = re.compile(r"快递|快件|包裹|小包|发货|业务量|寄递|揽收|投递|邮政")
PIECES = "件"
"""Of these, a sentence about couriers counts parcels."""
_CHINESE = "|".join(f"(?P<{kind}>{words})" for kind, words in CHINESE_NOUNS.items())
_ENGLISH = "|".join(f"(?P<{kind}>{words})" for kind, words in ENGLISH_NOUNS.items())
_STOPS = (
    "and|or|in|to|from|for|by|with|on|at|as|after|before|than|while|that|which|when|per|a|an|but|since|"
    "is|are|was|were|has|have|had"
)
# 6亿月活跃用户: up to four characters stand before the noun.
_AFTER_CHINESE = re.compile(rf"[多余]?\s?[{HAN}A-Za-z]{{0,4}}?(?:{_CHINESE})")
_NOUN_CHINESE = re.compile(_CHINESE)
_AFTER_ENGLISH = re.compile(
    rf"(?:[\s-]+(?!(?:{_STOPS})\b)[\w'’-]{{1,20}}){{0,3}}?[\s-]+(?:{_ENGLISH})\b", re.IGNORECASE
)
# 用户数达到6亿, users reached 600 million
_REACHED = (
    "(?:已经?|将|约|近|均|达到?|超过?|突破|为|有|共|逾|累计|增至|增长至|升至|降至|[数量]|总|规模|额|:|"
    r"\s){0,6}$"
)
_BEFORE_CHINESE = re.compile(rf"(?:{_CHINESE}){_REACHED}")
_BEFORE_ENGLISH = re.compile(
    rf"\b(?:{_ENGLISH})\s(?:(?:ha[sd]|have|had|will|was|were|is|are|now|to|a|by|the|record|of|at|more|than|over|"
    r"about|nearly|around|almost|some|reach(?:ed|es|ing)?|hit|topp?ed|exceed(?:ed|s|ing)?|surpass(?:ed|es)?|"
    r"total(?:l?ed|s)?|number(?:ed|s)?|rose|grew|climbed|fell|dropped|increased|passed|stood)\s){1,6}$",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"(?:(?:增长|下降|上升|上涨|下跌|下滑|提高|提升|增加|减少|回落|涨|跌|增|降)了?(?:约|近|超过?)?\s?|"
    r"\b(?:up|down|rose|rise|rises|grew|grow|fell|fall|falls|dropped|declined|increased?|decreased?|jumped|"
    r"climbed|surged|slipped|gained|lost)\s(?:(?:by|about|nearly|around|almost|over|some)\s){0,2})$",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(
    r"(?:(?:率|占比|份额|比例|比重|占)[^\d。，,；;]{0,10}|"
    r"\b(?:rate|share|margin|ratio|proportion|percentage|accounts?|accounted|accounting)\b[^\d.,;]{0,30})$",
    re.IGNORECASE,
)
_RATE_AFTER = re.compile(
    r"\s?的?(?:市场)?(?:份额|占比|比例)|\s(?:market\s)?(?:share|margin)\b|\sof\s", re.IGNORECASE
)
# 2万名主播, 2万件包裹: a noun that follows a measure word says more.
_MEASURES = frozenset("名位件家间款台部份次单票")
_LONGEST_GAP = 3
_APART = frozenset("的和与在到去是有从向把被及")
NEAR = 40
"""Characters around a figure that say what it counts."""


def find_counted(text: str, quantity: Quantity, start: int, end: int) -> Counted:
    """Return what the figure between two positions of a sentence in simplified Chinese or English counts."""
    before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    if quantity.kind == "percent":
        is_rate = _RATE_BEFORE.search(before) or _RATE_AFTER.match(after)
        return "rate" if is_rate and not _CHANGED.search(before) else "percent"
    if quantity.unit:
        return "money"
    if _MEASURED.match(after):
        return ""
    match = _match_after(after) or _BEFORE_CHINESE.search(before) or _BEFORE_ENGLISH.search(before)
    if match is None:
        return ""
    if match.group().endswith(PIECES) and PARCEL_WORDS.search(text):
        return "parcels"
    return next(kind for kind in CHINESE_NOUNS if match.group(kind))


def _match_after(after: str) -> re.Match[str] | None:
    """Return the noun that a figure stands before."""
    if found := _AFTER_ENGLISH.match(after):
        return found
    found = _AFTER_CHINESE.match(after)
    while found and found.group()[-1] in _MEASURES:
        more = _NOUN_CHINESE.search(after, found.end())
        if more is None or not _is_near(after[found.end() : more.start()]):
            break
        found = more
    return found


def _is_near(between: str) -> bool:
    """Return whether what stands between a measure word and a noun belongs to them: 件新款商品."""
    return len(between) <= _LONGEST_GAP and (not between or between.isalpha()) and not (_APART & set(between))


def find_subject(names: Sequence[tuple[int, str]], start: int) -> str:
    """Return the last name before a position of a sentence, else the first one after it, "" without any.

    `names` are the positions and names of the sentence, in order.
    """
    before = [name for at, name in names if at < start]
    return before[-1] if before else next((name for _, name in names), "")
