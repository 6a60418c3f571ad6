"""Numbers and dates of a text, as quantities that are equal in Chinese and in English.

130万 and "1.3 million", 5403亿元 and "540.3 billion yuan", 百分之八 and "8 per cent", 10月24日 and
"Oct. 24" are equal quantities. A translation preserves them, and two articles written from one template
differ in them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shopwire.pipelines.nlp.number_words import (
    CURRENCIES,
    ENGLISH_MONTHS,
    ENGLISH_NUMBERS,
    HAN_DIGITS,
    MYRIADS,
    ORDINAL,
    SCALES,
    STEPS,
    YEAR,
)

QuantityKind = Literal["date", "month", "year", "day", "time", "percent", "amount", "count"]


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """One number or date: `value` in plain units, `unit` a currency code if one was written.

    A `date` is month * 100 + day, a `time` hour * 100 + minute, a `percent` in percent. An `amount`
    is a number of ten thousand or more, or of money; other plain numbers are a `count`.
    """

    kind: QuantityKind
    value: float
    unit: str = ""


def _match_any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# A sign or a short abbreviation stands before the number: R$ 5, Rp 5, USD 5.
_PREFIXES = [name for name in CURRENCIES if not name[-1].isalpha() or (name[0].isupper() and len(name) <= 3)]
_SUFFIX = _match_any(name for name in CURRENCIES if name[-1].isalpha())
_MONTH = _match_any(ENGLISH_MONTHS)
_NUMERALS = "".join((*HAN_DIGITS, *STEPS, *MYRIADS))
_CHINESE_SCALE = r"[十百千]?[万萬]?[亿億]|[十百千]?[万萬]|[百千](?![米克瓦卡分])"
_ENGLISH_SCALE = _match_any(scale for scale in SCALES if scale.isascii() and len(scale) > 1)

# Every quantifier is bounded, so that a search is linear.
_DATES = (
    # 2026-10-24
    rf"(?P<year>{YEAR})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
    # 2026年10月24日, 10月24日, 10月
    r"(?:(?P<year>\d{4})\s?年\s?)?(?P<month>\d\d?)\s?月(?:\s?(?P<day>\d\d?)\s?[日号號])?",
    # 2026年
    rf"(?P<year>{YEAR})\s?年",
    # 24日, but not the number of a line, a building or a shop
    r"(?P<day>\d\d?)\s?[日号號](?![线楼店院机])",
    # Oct. 24th, 2026
    rf"(?P<month>{_MONTH})\.?\s(?P<day>\d\d?){ORDINAL}?(?![\d:%])(?:\s?,?\s(?P<year>{YEAR})\b)?",
    # 24th of October 2026
    rf"(?P<day>\d\d?){ORDINAL}?\s(?:of\s)?(?P<month>{_MONTH})\b\.?(?:,?\s(?P<year>{YEAR})\b)?",
    # October 2026
    rf"(?P<month>{_MONTH})\.?(?:\sof)?,?\s(?P<year>{YEAR})\b",
    # 24th
    rf"(?P<day>\d\d?){ORDINAL}\b",
)
_TIME = r"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)"
_CHINESE_PERCENT = rf"百分之(?P<percent>\d{{1,3}}(?:\.\d{{1,3}})?|[{''.join(HAN_DIGITS)}十百点]{{1,8}})"
_NUMBER = (
    rf"(?:(?P<prefix>{_match_any(_PREFIXES)})\s?)?"
    r"(?P<amount>(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15})(?:\.\d{1,6})?)"
    r"(?:(?P<percent>\s?(?:%|per\s?cent\b|percentage\spoint|pct\b|个百分点))"
    rf"|[多余餘几]?\s?(?P<chinese_scale>{_CHINESE_SCALE})?"
    rf"(?:[\s-]?(?P<english_scale>{_ENGLISH_SCALE})\b|(?P<letter>[kKmMbB])(?![A-Za-z0-9]))?"
    rf"[多余餘]?\s?(?:(?P<suffix>{_SUFFIX})(?!(?<=[a-z])[a-z]))?)"
)
_CHINESE_NUMBER = rf"(?P<numeral>[{_NUMERALS}]{{2,12}})[多余餘]?(?P<suffix>{_SUFFIX})?"
_ENGLISH_NUMBER = (
    rf"(?P<word>{_match_any(ENGLISH_NUMBERS)})(?:[\s-](?P<scale>{_ENGLISH_SCALE}))?\b"
    rf"(?:\s(?P<suffix>{_SUFFIX})(?!(?<=[a-z])[a-z]))?"
)

_NAMES = [name for name in (*ENGLISH_MONTHS, *ENGLISH_NUMBERS, *_PREFIXES) if len(name) > 1]
_INITIALS = "".join({name[0] for name in _NAMES})
_SIGNS = rf"\d{_NUMERALS}" + re.escape("".join({*_PREFIXES} - {*_NAMES}))

# Positions where a quantity can begin: not inside a run of digits or letters. `re` finds these fast because
# the pattern begins with a character class.
_BEGINNING = re.compile(
    rf"[{_SIGNS}{_INITIALS}](?<![A-Za-z0-9].)(?<![0-9][.,].)"
    rf"(?:(?<=[{_SIGNS}])|(?={_match_any(name[1:] for name in _NAMES)}))"
)
_LATIN_IN_CHINESE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+&.-]{0,30}[A-Za-z0-9+]")


def find_quantities(text: str) -> frozenset[Quantity]:
    """Return the quantities of a text in Chinese, English or both, in time linear in its length."""
    normal = unicodedata.normalize("NFKC", text)
    return frozenset(quantity for quantity, _, _ in locate_quantities(normal))


def locate_quantities(normal: str) -> Iterator[tuple[Quantity, int, int]]:
    """Yield the quantities of a text of normal form NFKC, each with its start and its end, in order."""
    end = 0
    for beginning in _BEGINNING.finditer(normal):
        start = beginning.start()
        if start >= end and (any_form := _ANY_FORM.match(normal, start)):
            pattern, read = _FORMS[(any_form.lastindex or 0) - 1]
            end = any_form.end()
            if match := pattern.match(normal, start):
                last = start + len(any_form.group().rstrip())
                for quantity in read(match):
                    yield quantity, start, last


def build_quantity_keys(quantities: Iterable[Quantity]) -> frozenset[str]:
    """Return short keys by which an index finds equal quantities.

    Values are rounded to three significant digits. An amount has a second key of two digits, which
    1.34 million and 130万 share. Currencies are left out, because a copy often omits them.
    """
    keys: set[str] = set()
    for item in quantities:
        keys.add(f"{item.kind}:{item.value:.3g}" if item.kind != "date" else f"date:{item.value:g}")
        if item.kind == "amount":
            keys.add(f"about:{item.value:.2g}")
    return frozenset(keys)


def measure_number_agreement(a: frozenset[Quantity], b: frozenset[Quantity]) -> float:
    """Return the share, 0 to 1, of the smaller set of quantities that the larger one contains.

    It is high for a copy and low for the same template with other numbers, and 1.0 if the smaller set is
    empty.
    """
    smaller, larger = sorted((a, b), key=len)
    if not smaller:
        return 1.0
    known = {(item.kind, item.value) for item in larger}
    return sum((item.kind, item.value) in known for item in smaller) / len(smaller)


def find_latin_words(text: str) -> frozenset[str]:
    """Return the words of a Chinese text in Latin script (GMV, iPhone, SHEIN), in lower case."""
    return frozenset(match.group().lower() for match in _LATIN_IN_CHINESE.finditer(text))


def parse_chinese_number(written: str) -> float:
    """Return the value of a Chinese numeral (三百二十万 is 3,200,000), 0 if it is none."""
    total = section = digit = 0
    for sign in written:
        if sign in HAN_DIGITS:
            digit = digit * 10 + HAN_DIGITS[sign]
        elif sign in STEPS:
            section += (digit or 1) * STEPS[sign]
            digit = 0
        elif sign in MYRIADS:
            step = MYRIADS[sign]
            higher = total if total >= step else 0
            total = higher + (total - higher + section + digit) * step
            section = digit = 0
    return float(total + section + digit)


def _read_calendar_date(match: re.Match[str]) -> list[Quantity]:
    year, month, day = map(match.groupdict().get, ("year", "month", "day"))
    found = [Quantity("year", int(year))] if year else []
    if month is None:
        return [*found, Quantity("day", int(day))] if day else found
    number = ENGLISH_MONTHS.get(month) or int(month)
    if not 1 <= number <= 12:
        return found
    if day is None:
        return [*found, Quantity("month", number)]
    return [*found, Quantity("date", number * 100 + int(day))] if 1 <= int(day) <= 31 else found


def _read_time(match: re.Match[str]) -> list[Quantity]:
    return [Quantity("time", int(match["hour"]) * 100 + int(match["minute"]))]


def _read_chinese_percent(match: re.Match[str]) -> list[Quantity]:
    written = match["percent"]
    if written[0].isdecimal():
        return [Quantity("percent", float(written))]
    whole, _, part = written.partition("点")
    tenths = "".join(str(HAN_DIGITS.get(sign, 0)) for sign in part)
    return [Quantity("percent", float(f"{parse_chinese_number(whole):g}.{tenths or 0}"))]


def _read_number(match: re.Match[str]) -> list[Quantity]:
    value = float(match["amount"].replace(",", ""))
    if match["percent"]:
        return [Quantity("percent", value)]
    unit = CURRENCIES.get(match["prefix"] or match["suffix"] or "", "")
    letter = match["letter"] or ""
    if letter and not (unit or letter.isupper()):  # 5m may be metres
        letter = ""
    scale = match["chinese_scale"] or match["english_scale"] or letter.lower()
    plain = not scale and not unit and "," not in match["amount"]
    if plain and value.is_integer() and 1980 <= value < 2050:
        return [Quantity("year", value)]
    return _classify_number(value * _parse_scale(scale), unit)


def _read_chinese_number(match: re.Match[str]) -> list[Quantity]:
    value = parse_chinese_number(match["numeral"])
    unit = CURRENCIES.get(match["suffix"] or "", "")
    return _classify_number(value, unit) if value >= 10 else []


def _read_english_number(match: re.Match[str]) -> list[Quantity]:
    value = ENGLISH_NUMBERS[match["word"]] * SCALES.get(match["scale"] or "", 1.0)
    unit = CURRENCIES.get(match["suffix"] or "", "")
    return _classify_number(value, unit) if value > 1 else []


def _parse_scale(written: str) -> float:
    if written in SCALES or not written:
        return SCALES.get(written, 1.0)
    product = 1.0
    for sign in written:
        product *= MYRIADS.get(sign) or STEPS[sign]
    return product


def _classify_number(value: float, unit: str) -> list[Quantity]:
    value = float(f"{value:.9g}")
    return [Quantity("amount" if value >= 10_000 or unit else "count", value, unit)]


_FORMS = [
    (re.compile(pattern), read)
    for pattern, read in (
        *((date, _read_calendar_date) for date in _DATES),
        (_TIME, _read_time),
        (_CHINESE_PERCENT, _read_chinese_percent),
        (_NUMBER, _read_number),
        (_CHINESE_NUMBER, _read_chinese_number),
        (_ENGLISH_NUMBER, _read_english_number),
    )
]
"""Patterns of all ways to write a quantity, each with its reader; the first match wins."""

# One group per form, because matching the forms one by one takes several times as long.
_ANY_FORM = re.compile(
    "|".join(f"({re.sub(r'[?]P<[a-z_]+>', '?:', pattern.pattern)})" for pattern, _ in _FORMS)
)
