"""Clocks and zones in the dates of pages."""

import re
from collections.abc import Mapping
from datetime import time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shopwire.pipelines.metadata.dates.date_labels import (
    CLOCK_WORDS,
    EVENING,
    MORNING,
    NIGHT,
    NOON,
    ZONE_OFFSETS,
)

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
    r"(?P<hour>\d{1,2})(?:(?:[:：]|\s?[时時点點시]\s?|h|\.(?=\d\d\s?(?:Uhr|h|[ap]\.?m)\b))(?P<minute>\d{2}(?!\d)|\d(?=[分분])|半|[一三]刻)"
    r"|(?:[时時点點]整?|시)(?![间間代期]))(?:[:：分분]\s?(?P<second>\d{2})(?!\d))?"
    r"(?:[.,]\d{1,9})?[分분]?秒?\s?(?P<noon>[ap]\.?m\b\.?)?"
)

CLOCK = (
    r"(?:[\sT,，|/·•–—-]|\b(?:at|um|às|as|a|las?|les|kl|klo|om|o|ore|alle|godz|vers)\b\.?|à|星期.|[周週].|[礼禮]拜.|[(（][^\s()（）]{1,3}[)）]){0,6}"
    rf"(?P<place>(?:{ZONE_WORD})[:：]?)?\s?(?P<half>{'|'.join(CLOCK_WORDS)})?\s?"
    rf"{HOUR_AND_MINUTE}(?:\s?[(（]?{ZONE}[)）]?)?"
)

CLOCK_BEFORE = re.compile(
    rf"(?<![\d:：.–-])(?<![–-]\s){HOUR_AND_MINUTE}(?:\s?[(（]?{ZONE}[)）]?)?(?:[\s,，|·–—-]|\bon\b|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\b\.?){{1,6}}$",
    re.IGNORECASE,
)
"""Matches a clock in front of a date, as in `3:15 PM EST, November 17, 2026`."""

PARTS_OF_HOUR: Mapping[str, int] = {"一刻": 15, "半": 30, "三刻": 45}


def read_clock(match: re.Match[str]) -> time | None:
    groups = match.groupdict()
    if not groups.get("hour"):
        return None
    minutes = groups["minute"] or "0"
    hour, minute = int(groups["hour"]), PARTS_OF_HOUR.get(minutes) or int(minutes)
    noon, half = (groups.get("noon") or "").lower(), (groups.get("half") or "").upper()
    if half in NIGHT and hour == 12:
        return None  # 晚12:30 may be of this day or the next.
    later = noon.startswith("p") or (half in EVENING and not (half in NIGHT and hour < 5))
    if (later and hour < 12) or (half in NOON and hour < 6):
        hour += 12
    elif (noon.startswith("a") or half in MORNING) and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


ZONE_BEFORE = re.compile(rf"(?:{ZONE_WORD})$", re.IGNORECASE)


def read_zone(match: re.Match[str]) -> tzinfo | None:
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
