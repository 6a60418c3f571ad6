"""Numbers and dates of a text as facts that mean the same in Chinese and in English.

130万 and "1.3 million", 5403亿元 and "540.3 billion yuan", 百分之八 and "8 per cent", 10月24日 and
"Oct. 24" come out as equal facts. Facts are what an article keeps through translation, and what two
articles of one template do not share.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shopwire.pipelines.nlp.number_words import (
    CURRENCIES,
    DIGITS,
    MONTHS,
    MYRIADS,
    NUMBER_WORDS,
    SCALES,
    STEPS,
)

Kind = Literal["date", "month", "year", "day", "time", "percent", "amount", "count"]


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_MONTH = _either(MONTHS)
_AMOUNT = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15})(?:\.\d{1,6})?"
_ZH_SCALE = r"[十百千]?[万萬]?[亿億]|[十百千]?[万萬]|[百千](?![米克瓦卡分])"
_EN_SCALE = _either(scale for scale in SCALES if scale.isascii() and len(scale) > 1)
_SUFFIX = _either(name for name in CURRENCIES if name[-1].isalpha())

_PREFIXES = [name for name in CURRENCIES if name.isupper() or not name[-1].isalpha()]
_NUMERALS = "".join((*DIGITS, *STEPS, *MYRIADS))
_NAMES = [name for name in (*MONTHS, *NUMBER_WORDS, *_PREFIXES) if len(name) > 1]
_INITIALS = "".join({name[0] for name in _NAMES})
_SIGNS = rf"\d{_NUMERALS}" + re.escape("".join({*_PREFIXES} - {*_NAMES}))

# Where a fact can begin, which is not inside a run of digits or letters. It spares most places of a text
# a pattern of many alternatives: `re` jumps to the next sign of the class that a pattern begins with.
_BEGINNING = re.compile(
    rf"[{_SIGNS}{_INITIALS}](?<![A-Za-z0-9].)(?<![0-9][.,].)"
    rf"(?:(?<=[{_SIGNS}])|(?={_either(name[1:] for name in _NAMES)}))"
)
# Every quantifier is bounded, so the scan is linear.
_FACT = re.compile(
    rf"""
      (?P<iso>(?P<iso_y>(?:19|20)\d\d)[-/.](?P<iso_m>\d\d?)[-/.](?P<iso_d>\d\d?)(?!\d))
    | (?P<zh_date>
        (?:(?P<zh_y>\d{{4}})\s?年\s?)?(?P<zh_m>\d\d?)\s?月
        (?:\s?(?P<zh_d>\d\d?)\s?[日号號])?)
    | (?P<zh_year>(?P<year>(?:19|20)\d\d)\s?年)
    | (?P<zh_day>(?P<day>\d\d?)\s?[日号號](?![线楼店院机]))
    | (?P<en_mdy>
        (?P<mdy_m>{_MONTH})\.?\s(?P<mdy_d>\d\d?)(?:st|nd|rd|th)?(?![\d:%])
        (?:\s?,?\s(?P<mdy_y>(?:19|20)\d\d)\b)?)
    | (?P<en_dmy>
        (?P<dmy_d>\d\d?)(?:st|nd|rd|th)?\s(?:of\s)?(?P<dmy_m>{_MONTH})\b\.?
        (?:,?\s(?P<dmy_y>(?:19|20)\d\d)\b)?)
    | (?P<en_my>(?P<my_m>{_MONTH})\.?(?:\sof)?,?\s(?P<my_y>(?:19|20)\d\d)\b)
    | (?P<en_day>(?P<the_day>\d\d?)(?:st|nd|rd|th)\b)
    | (?P<time>(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d))
    | (?P<zh_percent>
        百分之(?P<hundredths>\d{{1,3}}(?:\.\d{{1,3}})?|[{"".join(DIGITS)}十百点]{{1,8}}))
    | (?P<number>
        (?:(?P<prefix>{_either(_PREFIXES)})\s?)?(?P<amount>{_AMOUNT})
        (?:(?P<percent>\s?(?:%|per\s?cent\b|percentage\spoint|pct\b|个百分点))
        | [多余餘几]?\s?(?P<zh_scale>{_ZH_SCALE})?
          (?:[\s-]?(?P<en_scale>{_EN_SCALE})\b|(?P<letter>[kKmMbB])(?![A-Za-z0-9]))?
          [多余餘]?\s?(?P<suffix>{_SUFFIX})?))
    | (?P<zh_number>
        (?P<numeral>[{_NUMERALS}]{{2,12}})[多余餘]?(?P<zh_suffix>{_SUFFIX})?)
    | (?P<en_number>
        (?P<word>{_either(NUMBER_WORDS)})(?:[\s-](?P<word_scale>{_EN_SCALE}))?\b
        (?:\s(?P<word_suffix>yuan|dollars|euros|pounds))?)
    """,
    re.VERBOSE,
)
_LATIN_IN_CHINESE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+&.-]{0,30}[A-Za-z0-9+]")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or date: `value` in plain units, `unit` a currency code where one was written.

    A `date` is month * 100 + day, a `time` hour * 100 + minute, a `percent` in percent. An `amount`
    is a number of ten thousand or more, or of money; other plain numbers are a `count`.
    """

    kind: Kind
    value: float
    unit: str = ""


def find_facts(text: str) -> frozenset[Fact]:
    """Return the facts of a text in Chinese, English or both. Linear in the length of the text."""
    found: set[Fact] = set()
    normal = unicodedata.normalize("NFKC", text)
    end = 0
    for beginning in _BEGINNING.finditer(normal):
        at = beginning.start()
        if at >= end and (match := _FACT.match(normal, at)):
            found.update(_READERS[match.lastgroup or ""](match))
            end = match.end()
    return frozenset(found)


def fact_keys(facts: Iterable[Fact]) -> frozenset[str]:
    """Return short keys under which equal facts meet in an index.

    Values are rounded to three significant digits; an amount has a second key of two digits, where
    1.34 million meets 130万. Currencies are left out, because a repost often drops them.
    """
    keys: set[str] = set()
    for fact in facts:
        keys.add(f"{fact.kind}:{fact.value:.3g}" if fact.kind != "date" else f"date:{fact.value:g}")
        if fact.kind == "amount":
            keys.add(f"about:{fact.value:.2g}")
    return frozenset(keys)


def number_agreement(a: frozenset[Fact], b: frozenset[Fact]) -> float:
    """Return the share, 0 to 1, of the facts of the poorer text that the richer one holds too.

    It tells a repost (high) from the same template filled with other numbers (low). Where the
    poorer text has no facts at all there is nothing to disagree about: 1.0.
    """
    poorer, richer = sorted((a, b), key=len)
    if not poorer:
        return 1.0
    held = {(fact.kind, fact.value) for fact in richer}
    return sum((fact.kind, fact.value) in held for fact in poorer) / len(poorer)


def latin_tokens(text: str) -> frozenset[str]:
    """Return the Latin-script words of a Chinese text (GMV, iPhone, SHEIN), in lower case."""
    return frozenset(match.group().lower() for match in _LATIN_IN_CHINESE.finditer(text))


def _calendar(year: str | None, month: int, day: str | None) -> list[Fact]:
    facts = [Fact("year", int(year))] if year else []
    if not 1 <= month <= 12:
        return facts
    if day is None:
        return [*facts, Fact("month", month)]
    return [*facts, Fact("date", month * 100 + int(day))] if 1 <= int(day) <= 31 else facts


def _read_number(match: re.Match[str]) -> list[Fact]:
    value = float(match["amount"].replace(",", ""))
    if match["percent"]:
        return [Fact("percent", value)]
    unit = CURRENCIES.get(match["prefix"] or match["suffix"] or "", "")
    letter = match["letter"] or ""
    if letter and not (unit or letter.isupper()):  # 5m may be metres
        letter = ""
    scale = match["zh_scale"] or match["en_scale"] or letter.lower()
    plain = not scale and not unit and "," not in match["amount"]
    if plain and value.is_integer() and 1980 <= value < 2050:
        return [Fact("year", value)]
    return _quantity(value * _scale(scale), unit)


def _scale(written: str) -> float:
    if written in SCALES or not written:
        return SCALES.get(written, 1.0)
    product = 1.0
    for sign in written:
        product *= MYRIADS.get(sign) or STEPS[sign]
    return product


def _quantity(value: float, unit: str) -> list[Fact]:
    value = float(f"{value:.9g}")
    return [Fact("amount" if value >= 10_000 or unit else "count", value, unit)]


def _read_chinese_numeral(match: re.Match[str]) -> list[Fact]:
    value = chinese_number(match["numeral"])
    unit = CURRENCIES.get(match["zh_suffix"] or "", "")
    return _quantity(value, unit) if value >= 10 else []


def chinese_number(written: str) -> float:
    """Return the value of a Chinese numeral (三百二十万 is 3,200,000), 0 where it is none."""
    total = section = digit = 0
    for sign in written:
        if sign in DIGITS:
            digit = digit * 10 + DIGITS[sign]
        elif sign in STEPS:
            section += (digit or 1) * STEPS[sign]
            digit = 0
        elif sign in MYRIADS:
            step = MYRIADS[sign]
            kept = total if total >= step else 0
            total = kept + (total - kept + section + digit) * step
            section = digit = 0
    return float(total + section + digit)


def _read_english_number(match: re.Match[str]) -> list[Fact]:
    value = NUMBER_WORDS[match["word"]] * SCALES.get(match["word_scale"] or "", 1.0)
    unit = CURRENCIES.get(match["word_suffix"] or "", "")
    return _quantity(value, unit) if value > 1 else []


def _read_chinese_percent(match: re.Match[str]) -> list[Fact]:
    written = match["hundredths"]
    if written[0].isdecimal():
        return [Fact("percent", float(written))]
    whole, _, part = written.partition("点")
    tenths = "".join(str(DIGITS.get(sign, 0)) for sign in part)
    return [Fact("percent", float(f"{chinese_number(whole):g}.{tenths or 0}"))]


# By the group that closes last, which is the outermost one of its alternative.
_READERS = {
    "iso": lambda m: _calendar(m["iso_y"], int(m["iso_m"]), m["iso_d"]),
    "zh_date": lambda m: _calendar(m["zh_y"], int(m["zh_m"]), m["zh_d"]),
    "zh_year": lambda m: [Fact("year", int(m["year"]))],
    "zh_day": lambda m: [Fact("day", int(m["day"]))],
    "en_mdy": lambda m: _calendar(m["mdy_y"], MONTHS[m["mdy_m"]], m["mdy_d"]),
    "en_dmy": lambda m: _calendar(m["dmy_y"], MONTHS[m["dmy_m"]], m["dmy_d"]),
    "en_my": lambda m: _calendar(m["my_y"], MONTHS[m["my_m"]], None),
    "en_day": lambda m: [Fact("day", int(m["the_day"]))],
    "time": lambda m: [Fact("time", int(m["hour"]) * 100 + int(m["minute"]))],
    "zh_percent": _read_chinese_percent,
    "number": _read_number,
    "zh_number": _read_chinese_numeral,
    "en_number": _read_english_number,
}
