"""Formats of dates and times on pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shopwire.pipelines.metadata.date_labels import (
    CLOCK_WORDS,
    DATE_LABEL,
    EVENING,
    MORNING,
    NIGHT,
    NOON,
    ZONE_OFFSETS,
)
from shopwire.pipelines.nlp.number_words import MONTHS, ORDINAL, YEAR

EARLIEST_YEAR = 1990
"""Year of the first web page; no date of publication is earlier."""

HOME_ZONES: Mapping[str, ZoneInfo] = {
    "zh": ZoneInfo("Asia/Shanghai"),
    "ja": ZoneInfo("Asia/Tokyo"),
    "ko": ZoneInfo("Asia/Seoul"),
}
"""The zone of the pages of a language that has only one."""

ZONE_WORD = "|".join(name for name in ZONE_OFFSETS if not re.fullmatch("[a-z]{1,4}", name))
ZONE = (
    r"\[?(?P<zone>(?:GMT|UTC?)\s?[+-]\d{1,2}(?::?\d{2})?\b|[+-]\d{2}:?\d{2}\b|[+-]\d{2}\b(?!:)|\+\d\b(?!:)|Z\b"
    rf"|{ZONE_WORD}|[A-Z][a-z]{{2,9}}/[A-Z][A-Za-z_]{{2,20}}|[A-Za-z]{{2,4}}\b)\]?"
)
HOUR_AND_MINUTE = (
    r"(?P<hour>\d{1,2})(?:(?:[:：]|\s?[时時点點시]\s?|h|\.(?=\d\d\s?(?:Uhr|h)\b))(?P<minute>\d{2}(?!\d)|\d(?=[分분])|半)"
    r"|(?:[时時点點]整?|시)(?![间間代期]))(?:[:：分분]\s?(?P<second>\d{2})(?!\d))?"
    r"(?:[.,]\d{1,9})?[分분]?秒?\s?(?P<noon>[ap]\.?m\b\.?)?"
)
CLOCK = (
    r"(?:[\sT,，|/·•–—-]|\b(?:at|um|às|as|kl|klo|om|ore|alle|at)\b\.?|à|星期.|周.|[(（][^\s()（）]{1,3}[)）]){0,6}"
    rf"(?P<place>(?:{ZONE_WORD})[:：]?)?\s?(?P<half>{'|'.join(CLOCK_WORDS)})?\s?"
    rf"{HOUR_AND_MINUTE}(?:\s?[(（]?{ZONE}[)）]?)?"
)
CLOCK_BEFORE = re.compile(
    rf"(?<![\d:：.–-])(?<![–-]\s){HOUR_AND_MINUTE}(?:\s?[(（]?{ZONE}[)）]?)?(?:[\s,，|·–—-]|\bon\b){{1,6}}$",
    re.IGNORECASE,
)
"""Matches a clock in front of a date, as in `3:15 PM EST, November 17, 2026`."""

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
EPOCH = re.compile(r"(?:\\?/|new )?(?:Date\()?(\d{10})(?:\d{3}){0,3}(?:[.,]\d{1,9})?([+-]\d{4})?\)?(?:\\?/)?")
"""Unix time in seconds, milliseconds, microseconds or nanoseconds, also as .NET writes it:
`/Date(1794188400000)/`."""

ERAS: Mapping[str, int] = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988}
ERA_YEAR = re.compile(rf"({'|'.join(ERAS)})\s?(元|\d{{1,3}})\s?年")
"""A year counted from the beginning of an era, as on Taiwan (民國115年 is 2026) and in Japan."""

MACHINE_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # +5:30
        (r"(\d:\d\d(?:\.\d+)?\s?[+-])(\d:\d\d)\b", r"\g<1>0\2"),
        # 2026-11-09T07:50:00 08:00: a plus in a URL is a blank
        (r"(\d\d:\d\d(?::\d\d)?(?:\.\d+)?)\s{1,2}((?:0\d|1[0-4]):?(?:00|30|45))$", r"\1+\2"),
        # 09 十一月 2026, 九 11月 2026
        (r"(?<!\d)(\d{1,2})[\s-](\d{1,2})月[\s-](\d{4})(?!\d)", r"\3-\2-\1"),
        (r"(?<!\d)(\d{1,2})月\s?(\d{1,2})日?,?\s(\d{4})(?!\d)", r"\3-\1-\2"),
        # 周一 11月 09 08:15:00 CST 2026
        (
            r"(?<!\d)(\d{1,2})月\s(\d{1,2})\s(\d{1,2}:\d\d(?::\d\d)?)((?:\s[+\w:-]{1,9})?)\s(\d{4})$",
            r"\5-\1-\2 \3\4",
        ),
        # 115-11-09, 115年11月9日: years of the Republic
        (r"^(1[0-4]\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", r"民國\1年\3月\4日"),
        (r"(?<!\d)(1[0-4]\d)\s?年(?=\s?\d{1,2}\s?月)", r"民國\1年"),
        # 09-Nov-26 08:49:37, 09 Nov 26 08:49 (RFC 850, RFC 822)
        (r"(?<!\d)(\d{1,2})([- ])([a-z]{3})\2(\d{2})(?=\s\d{1,2}:)", r"\1 \3 20\4"),
    )
)
"""Forms that only programs write, each with the form of DATE_PATTERNS that it is read as."""

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
            moment = _read_date(match, month_first)
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
    clock = _read_clock(match)
    start = moment.start - len(match[0])
    return replace(moment, clock=clock, zone=_read_zone(match), start=start) if clock else moment


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
            found.append(Moment(day, _read_clock(match), _read_zone(match), *match.span()))
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


def parse_machine_date(text: str, home: tzinfo = UTC, *, month_first: bool = False) -> Moment | None:
    """Return the date in a machine-readable value, None without one; Unix time is given in the zone `home`.

    Reads ISO 8601, RFC 822, compact dates, Unix time, MACHINE_FORMS and the dates of pages. Midnight is read
    as a day without a clock, because systems write it for those. With `month_first`, 1/2/2026 is the second
    of January.
    """
    text = text.strip()[:100]
    if match := EPOCH.fullmatch(text):
        seconds, zone = int(match[1]), find_zone(match[2] or "") or home
        if seconds % 86_400 == 0:
            return Moment(datetime.fromtimestamp(seconds, UTC).date())
        when = datetime.fromtimestamp(seconds, zone)
        return Moment(when.date(), when.time().replace(second=0), zone)
    text = normalize_machine_date(text)
    found = find_absolute_dates(text, month_first)
    if not found and (match := COMPACT.search(text)):
        return _read_date(match, month_first=False)
    moment = found[0] if found else None
    if moment and moment.clock == time():
        return Moment(moment.day)
    return moment


def normalize_machine_date(text: str) -> str:
    """Return a text with MACHINE_FORMS, Chinese numerals and years of an era in a form of DATE_PATTERNS."""
    text = write_digits(text)
    for pattern, replacement in MACHINE_FORMS:
        text = pattern.sub(replacement, text)
    return write_digits(text)


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
        clock = _read_clock(match)
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
        if not match["minute"] and match[0].strip() != text.strip():
            continue
        for year in (today.year, today.year - 1):
            day = _build_day(year, int(match["month"]), int(match["day"]))
            if day and day <= today:
                found.append(Moment(day, _read_clock(match), _read_zone(match), *match.span(), True))
                break
    return found


def _read_date(match: re.Match[str], month_first: bool) -> Moment | None:
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
    return Moment(day, _read_clock(match), _read_zone(match), *match.span()) if day else None


def _build_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


def _read_clock(match: re.Match[str]) -> time | None:
    groups = match.groupdict()
    if not groups.get("hour"):
        return None
    minutes = groups["minute"] or "0"
    hour, minute = int(groups["hour"]), 30 if minutes == "半" else int(minutes)
    noon, half = (groups.get("noon") or "").lower(), groups.get("half")
    if half in NIGHT and hour == 12:
        return None  # 晚12:30 may be of this day or the next.
    later = noon.startswith("p") or (half in EVENING and not (half in NIGHT and hour < 5))
    if (later and hour < 12) or (half in NOON and hour < 6):
        hour += 12
    elif (noon.startswith("a") or half in MORNING) and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


ZONE_BEFORE = re.compile(rf"(?:{ZONE_WORD})$", re.IGNORECASE)


def _read_zone(match: re.Match[str]) -> tzinfo | None:
    groups = match.groupdict()
    before = match.string[max(0, match.start() - 12) : match.start()].rstrip(" :：（(")
    words = (groups.get("place"), groups.get("zone"), *ZONE_BEFORE.findall(before)[-1:])
    return next((zone for word in words if word and (zone := find_zone(word.rstrip(":：").lower()))), None)


@cache
def find_zone(name: str) -> tzinfo | None:
    """Return the zone of an offset (`+08:00`, `-0500`, `gmt+8`), of a name of the tz database or of an
    abbreviation in lower case, None if unknown."""
    if match := re.fullmatch(r"(?:gmt|utc?)?\s?([+-])(\d{1,2}):?(\d{2})?", name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    if "/" in name:
        try:
            return ZoneInfo(name.title())
        except (ZoneInfoNotFoundError, ValueError):
            return None
    known = ZONE_OFFSETS.get(name)
    if isinstance(known, str):
        return ZoneInfo(known)
    return None if known is None else timezone(timedelta(hours=known))
