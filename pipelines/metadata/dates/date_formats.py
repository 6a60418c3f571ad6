"""Formats of dates on pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from shopwire.pipelines.metadata.dates.clocks import (
    CLOCK,
    CLOCK_BEFORE,
    HOUR_AND_MINUTE,
    ZONE,
    read_clock,
    read_zone,
)
from shopwire.pipelines.metadata.dates.date_labels import (
    DATE_LABEL,
)
from shopwire.pipelines.nlp.number_words import MONTHS, ORDINAL, YEAR

EARLIEST_YEAR = 1990
"""Year of the first web page; no date of publication is earlier."""

YEAR_NUMBER = rf"(?P<year>{YEAR})"
MONTH_NUMBER = r"(?P<month>\d{1,2})"
DAY_NUMBER = r"(?P<day>\d{1,2})"
DAY_FIRST = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s?(?:of|de|den|-)?\s?"
MONTH_WORD = r"(?P<name>[^\W\d_]{3,12})\.?"

_FORMS = (
    rf"(?<![\d.]){YEAR_NUMBER}\s?[年년]\s?{MONTH_NUMBER}\s?[月월]\s?{DAY_NUMBER}(?!\d)\s?[日号號일]?",
    (
        rf"(?<![\d./-]){YEAR_NUMBER}(?P<sep>[-/.]){MONTH_NUMBER}(?P=sep)"
        r"(?P<day>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d|-\d))(?:\.(?=\s))?"
    ),
    rf"(?<!\d){DAY_FIRST}{MONTH_WORD},?\s?(?:de\s|del\s|-)?{YEAR_NUMBER}(?!\d)",
    rf"(?<!\w){MONTH_WORD}\s?{DAY_NUMBER}{ORDINAL}?\s?,?\s?{YEAR_NUMBER}(?!\d)",
    rf"(?<![\d./-])(?P<first>\d{{1,2}})(?P<sep>[-/.])\s?(?P<other>\d{{1,2}})(?P=sep)\s?{YEAR_NUMBER}(?!\d)",
)
_YEAR_LAST = (
    rf"(?<!\w){MONTH_WORD}\s{{1,2}}{DAY_NUMBER}\s{HOUR_AND_MINUTE}(?:\s?[(（]?{ZONE}[)）]?)?"
    rf"\s{YEAR_NUMBER}(?!\d)"
)
DATE_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form, re.IGNORECASE) for form in (*(f"{form}(?:{CLOCK})?" for form in _FORMS), _YEAR_LAST)
)
"""Dates with a year; in the last form, of Java, C and Twitter, it stands behind the clock."""

WRITTEN_YEAR = re.compile(YEAR)
"""Matches a part of every date that DATE_PATTERNS match, at lower cost."""

YEARLESS = re.compile(
    rf"(?<![\d./年-]){MONTH_NUMBER}(?:-|/|\s?月\s?){DAY_NUMBER}(?!\d|[-/])\s?日?"
    rf"(?:{CLOCK})?"
)

COMPACT = re.compile(
    rf"(?<!\d){YEAR_NUMBER}(?P<month>[01]\d)(?P<day>[0-3]\d)"
    rf"(?:T?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?:[0-5]\d)?(?:[.,]\d{{1,9}})?(?:{ZONE})?)?(?!\d)"
)
SHORT_YEAR = re.compile(
    rf"(?<![\d./-])(?P<short>\d{{2}})(?P<sep>[-/.年])\s?{MONTH_NUMBER}(?:(?P=sep)|月)\s?{DAY_NUMBER}(?!\d|[-/])日?"
    rf"(?:{CLOCK})?"
)

ERAS: Mapping[str, int] = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988}
ERA_YEAR = re.compile(rf"({'|'.join(ERAS)})\s?(元|\d{{1,3}})\s?年")
"""A year counted from the beginning of an era, as on Taiwan (民國115年 is 2026) and in Japan."""

HAN_DIGITS = "〇一二三四五六七八九"
HAN_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十]{1,4}(?=\s?[年月日时時点點])")
AGO_PATTERN = re.compile(
    r"(?<![\w.])(?P<count>\d{1,3}|an?|one|two|three|[一二两兩三四五六七八九十半])\s?"
    r"(?P<unit>秒钟?|분|분간|시간|일|分钟?|分鐘|小时|小時|个小时|時間|天|日|周|星期|个月"
    r"|seconds?|sec|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|mo|years?|[hmd])\s?(?:之?前|ago\b|전)",
    re.IGNORECASE,
)

NAMED_DAY = re.compile(
    r"(?P<name>刚刚|剛剛|今天|今日|昨天|昨日|大前天|前天|오늘|어제|just now\b|\btoday\b|\byesterday\b)"
    rf"(?:{CLOCK})?",
    re.IGNORECASE,
)

DAYS_BACK: Mapping[str, int] = {"昨天": 1, "昨日": 1, "yesterday": 1, "어제": 1, "前天": 2, "大前天": 3}

COUNT_WORDS: Mapping[str, float] = {
    **{word: number for number, word in enumerate("一二三四五六七八九十", start=1)},
    **dict.fromkeys(("a", "an", "one"), 1),
    **dict.fromkeys(("两", "兩", "two"), 2),
    "three": 3,
    "半": 0.5,
}

UNIT_SECONDS: Mapping[str, int] = {
    unit: seconds
    for units, seconds in (
        ("秒 s", 1),
        ("分 분 m", 60),
        ("小 時 시 h", 3_600),
        ("天 日 일 d", 86_400),
        ("周 星 w", 7 * 86_400),
        ("月 mo", 30 * 86_400),
        ("y", 365 * 86_400),
    )
    for unit in units.split()
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date on a page, with clock and zone if these were written.

    `start` and `end` are its position in the line. `year_guessed` marks a date without a year, `relative` one
    that was counted back from the fetch time.
    """

    day: date
    clock: time | None = None
    zone: tzinfo | None = None
    start: int = 0
    end: int = 0
    year_guessed: bool = False
    relative: bool = False

    def format(self, home: tzinfo) -> str:
        """Return ISO 8601: a bare day, or minutes with offset (that of `home` if none was written)."""
        if self.clock is None:
            return self.day.isoformat()
        return self.to_datetime(home).isoformat(timespec="minutes")

    def to_datetime(self, home: tzinfo) -> datetime:
        """Return the date as `datetime`; a bare day begins at midnight."""
        return datetime.combine(self.day, self.clock or time(), self.zone or home)


def find_absolute_dates(text: str, month_first: bool = False) -> list[Moment]:
    """Return the valid dates with a year in a line, in order.

    With `month_first`, 1/2/2026 is the second of January.
    """
    found: list[Moment] = []
    for pattern in DATE_PATTERNS:
        for match in pattern.finditer(text):
            moment = read_date(match, month_first)
            if moment and not any(m.start < moment.end and moment.start < m.end for m in found):
                found.append(moment)
    ends = 0
    ordered = []
    for moment in sorted(found, key=lambda moment: moment.start):
        ordered.append(_read_clock_before(moment, text[max(ends, moment.start - 40) : moment.start]))
        ends = moment.end
    return ordered


def _read_clock_before(moment: Moment, before: str) -> Moment:
    """Return a day with the clock that stands in front of it."""
    if moment.clock or not (match := CLOCK_BEFORE.search(before)):
        return moment
    clock = read_clock(match)
    start = moment.start - len(match[0])
    return replace(moment, clock=clock, zone=read_zone(match), start=start) if clock else moment


def find_short_dates(text: str, fetched: datetime) -> list[Moment]:
    """Return dates such as 26-11-18 08:30, whose year has two digits and comes first, as on Chinese pages.

    Without a clock, such numbers are a date only behind a label.
    """
    found = []
    for match in SHORT_YEAR.finditer(text):
        year = 2000 + int(match["short"])
        day = _build_day(year, int(match["month"]), int(match["day"]))
        labelled = DATE_LABEL.search(text[max(0, match.start() - 10) : match.start()])
        if day and year <= fetched.year and (match["hour"] or labelled):
            found.append(Moment(day, read_clock(match), read_zone(match), *match.span()))
    return found


def write_digits(text: str) -> str:
    """Return a text with Chinese numerals before 年, 月 and 日 as digits: 十月二十四日 as 10月24日.

    Years of an era become those of the common era: 民國115年 is 2026年.
    """
    text = HAN_NUMERAL.sub(lambda match: _read_numeral(match[0]), text) if "月" in text else text
    return ERA_YEAR.sub(_read_era_year, text)


def _read_era_year(match: re.Match[str]) -> str:
    return f"{ERAS[match[1]] + (1 if match[2] == '元' else int(match[2]))}年"


def _read_numeral(word: str) -> str:
    digits = [str(HAN_DIGITS.find(sign)) for sign in word.replace("零", "〇").replace("○", "〇")]
    if "十" not in word:
        return "".join(digits)
    tens, _, ones = word.partition("十")
    return str(10 * max(HAN_DIGITS.find(tens[-1:] or "一"), 1) + max(HAN_DIGITS.find(ones[:1] or "〇"), 0))


def find_relative_dates(text: str, fetched: datetime, home: tzinfo) -> list[Moment]:
    """Return dates such as 3小时前, 昨天 12:30 or 2 hours ago, relative to the fetch time, in zone `home`.

    A named day without a clock counts only if the text contains nothing else (今日要闻 is no date).
    """
    now = fetched.astimezone(home)
    found: list[Moment] = []
    for match in AGO_PATTERN.finditer(text):
        word = match["count"].lower()
        count = COUNT_WORDS[word] if word in COUNT_WORDS else int(word)
        unit = match["unit"].lower().removeprefix("个")
        seconds = UNIT_SECONDS.get(unit[:2] if unit.startswith("mo") else unit[:1], 0)
        when = now - timedelta(seconds=count * seconds)
        clock = when.time().replace(second=0, microsecond=0) if seconds < 86_400 else None
        found.append(Moment(when.date(), clock, home, *match.span(), relative=True))
    for match in NAMED_DAY.finditer(text):
        if not match["hour"] and match[0].strip() != text.strip():
            continue
        name = match["name"].lower()
        when = now - timedelta(days=DAYS_BACK.get(name, 0))
        clock = read_clock(match)
        if name in {"刚刚", "剛剛", "just now"}:
            clock = now.time().replace(second=0, microsecond=0)
        found.append(Moment(when.date(), clock, home, *match.span(), relative=True))
    return sorted(found, key=lambda moment: moment.start)


def find_yearless_dates(text: str, fetched: datetime, home: tzinfo) -> list[Moment]:
    """Return dates such as 10-27 09:08 or 10月27日 9:08, as the last such day before the fetch.

    Without a clock, such numbers are a date only if the text contains nothing else.
    """
    today = fetched.astimezone(home).date()
    found: list[Moment] = []
    for match in YEARLESS.finditer(text):
        if not match["hour"] and match[0].strip() != text.strip():
            continue
        for year in (today.year, today.year - 1):
            day = _build_day(year, int(match["month"]), int(match["day"]))
            if day and day <= today:
                found.append(Moment(day, read_clock(match), read_zone(match), *match.span(), True))
                break
    return found


def read_date(match: re.Match[str], month_first: bool) -> Moment | None:
    """Return the date that one of the patterns has matched, None if there is no such day."""
    groups = match.groupdict()
    if "name" in groups:
        month, day_number = MONTHS.get(groups["name"].lower(), 0), int(groups["day"])
    elif "first" in groups:
        first, other = int(groups["first"]), int(groups["other"])
        swap = first > 12 or (other <= 12 and not (month_first and groups["sep"] == "/"))
        month, day_number = (other, first) if swap else (first, other)
    else:
        month, day_number = int(groups["month"]), int(groups["day"])
    day = _build_day(int(groups["year"]), month, day_number)
    return Moment(day, read_clock(match), read_zone(match), *match.span()) if day else None


def _build_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None
