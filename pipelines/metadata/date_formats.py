"""Formats of dates and times on pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from shopwire.pipelines.nlp.number_words import MONTHS, ORDINAL, YEAR

EARLIEST_YEAR = 1990
"""Year of the first web page; no date of publication is earlier."""

ZONE_OFFSETS: Mapping[str, str | float] = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "bst": "Europe/London",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "est": -5,
    "edt": -4,
    "et": "America/New_York",
    "cst": -6,
    "cdt": -5,
    "ct": "America/Chicago",
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "pt": "America/Los_Angeles",
    "ist": 5.5,
    "sgt": 8,
    "hkt": 8,
    "jst": 9,
    "kst": 9,
    "aest": 10,
    "aedt": 11,
    "北京时间": 8,
    "京港台时间": 8,
}
"""Offset in hours, or the zone that determines which of two offsets applies."""

CLOCK = (
    r"(?:[\sT,，|·–—-]|\bat\b|\bum\b|à|星期.|周.|[(（].{1,3}[)）]){0,6}"
    r"(?P<half>上午|下午|晚上|凌晨|中午|오전|오후)?\s?"
    r"(?P<hour>\d{1,2})(?:[:：]|\s?[时時点點]\s?|h)(?P<minute>\d{2})(?!\d)(?:[:：分]\s?(?P<second>\d{2})(?!\d))?"
    r"(?:[.,]\d{1,9})?分?秒?\s?(?P<noon>[ap]\.?m\b\.?)?"
    r"(?:\s?\(?(?P<zone>[+-]\d{2}:?\d{2}\b|[+-]\d{2}\b(?!:)|Z\b|[A-Za-z]{2,4}\b|北京时间|京港台时间)\)?)?"
)
YEAR_NUMBER = rf"(?P<year>{YEAR})"
MONTH_NUMBER = r"(?P<month>\d{1,2})"
DAY_NUMBER = r"(?P<day>\d{1,2})"
DAY_FIRST = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s?(?:of|de|den|-)?\s?"
MONTH_WORD = r"(?P<name>[^\W\d_]{3,12})\.?"

DATE_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern + f"(?:{CLOCK})?", re.IGNORECASE)
    for pattern in (
        rf"(?<![\d.]){YEAR_NUMBER}\s?[年년]\s?{MONTH_NUMBER}\s?[月월]\s?{DAY_NUMBER}(?!\d)\s?[日号號일]?",
        (
            rf"(?<![\d./-]){YEAR_NUMBER}(?P<sep>[-/.]){MONTH_NUMBER}(?P=sep)"
            r"(?P<day>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d|-\d))"
        ),
        rf"(?<!\d){DAY_FIRST}{MONTH_WORD},?\s?(?:de\s|del\s|-)?{YEAR_NUMBER}(?!\d)",
        rf"(?<!\w){MONTH_WORD}\s?{DAY_NUMBER}{ORDINAL}?\s?,?\s?{YEAR_NUMBER}(?!\d)",
        rf"(?<![\d./-])(?P<first>\d{{1,2}})(?P<sep>[-/.])\s?(?P<other>\d{{1,2}})(?P=sep)\s?{YEAR_NUMBER}(?!\d)",
    )
)
WRITTEN_YEAR = re.compile(YEAR)
"""Matches a part of every date that DATE_PATTERNS match, at lower cost."""

YEARLESS = re.compile(
    rf"(?<![\d./年-]){MONTH_NUMBER}(?:-|/|\s?月\s?){DAY_NUMBER}(?!\d|[-/])\s?日?"
    rf"(?:{CLOCK})?"
)
COMPACT = re.compile(
    rf"(?<!\d){YEAR_NUMBER}(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:T?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?:[0-5]\d)?)?(?!\d)"
)
EPOCH = re.compile(r"\d{10}(?:\d{3})?")

AGO_PATTERN = re.compile(
    r"(?<![\w.])(?P<count>\d{1,3}|an?|one)\s?(?P<unit>秒钟?|分钟?|分鐘|小时|小時|个小时|天|日|周|星期|个月"
    r"|seconds?|sec|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|mo|years?|[hmd])\s?(?:之?前|ago\b)",
    re.IGNORECASE,
)
NAMED_DAY = re.compile(
    r"(?P<name>刚刚|剛剛|今天|今日|昨天|昨日|前天|just now\b|\btoday\b|\byesterday\b)"
    rf"(?:{CLOCK})?",
    re.IGNORECASE,
)
DAYS_BACK: Mapping[str, int] = {"昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2}
UNIT_SECONDS: Mapping[str, int] = {
    "秒": 1,
    "s": 1,
    "分": 60,
    "m": 60,
    "小": 3_600,
    "h": 3_600,
    "天": 86_400,
    "日": 86_400,
    "d": 86_400,
    "周": 7 * 86_400,
    "星": 7 * 86_400,
    "w": 7 * 86_400,
    "月": 30 * 86_400,
    "mo": 30 * 86_400,
    "y": 365 * 86_400,
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
    return sorted(found, key=lambda moment: moment.start)


def parse_machine_date(text: str) -> Moment | None:
    """Return the date in a machine-readable value, None without one.

    Reads ISO 8601, RFC 822, compact dates and Unix time. Midnight is read as a day without a clock, because
    systems write it for those.
    """
    text = text.strip()[:100]
    if EPOCH.fullmatch(text):
        seconds = int(text[:10])
        when = datetime.fromtimestamp(seconds, UTC)
        return Moment(when.date(), when.time().replace(second=0), UTC)
    found = find_absolute_dates(text)
    if not found and (match := COMPACT.search(text)):
        return _read_date(match, month_first=False)
    moment = found[0] if found else None
    if moment and moment.clock == time():
        return Moment(moment.day)
    return moment


def find_relative_dates(text: str, fetched: datetime, home: tzinfo) -> list[Moment]:
    """Return dates such as 3小时前, 昨天 12:30 or 2 hours ago, relative to the fetch time, in zone `home`.

    A named day without a clock counts only if the text contains nothing else (今日要闻 is no date).
    """
    now = fetched.astimezone(home)
    found: list[Moment] = []
    for match in AGO_PATTERN.finditer(text):
        count = int(match["count"]) if match["count"].isdigit() else 1
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
        if not match["hour"] and match[0].strip() != text.strip():
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
    hour, minute = int(groups["hour"]), int(groups["minute"])
    noon = (groups.get("noon") or "").lower()
    afternoon = noon.startswith("p") or groups.get("half") in {"下午", "晚上", "오후"}
    if afternoon and hour < 12:
        hour += 12
    elif (noon.startswith("a") or groups.get("half") in {"凌晨", "오전"}) and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _read_zone(match: re.Match[str]) -> tzinfo | None:
    return find_zone((match.groupdict().get("zone") or "").lower())


@cache
def find_zone(name: str) -> tzinfo | None:
    """Return the zone of an offset (`+08:00`, `-0500`) or a lower-case abbreviation, None if unknown."""
    if match := re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    known = ZONE_OFFSETS.get(name)
    if isinstance(known, str):
        return ZoneInfo(known)
    return None if known is None else timezone(timedelta(hours=known))
