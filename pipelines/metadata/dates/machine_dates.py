"""Dates that only programs write, as feeds, APIs and meta tags have them."""

import re
from datetime import UTC, datetime, time, tzinfo

from shopwire.pipelines.metadata.dates.clocks import find_zone
from shopwire.pipelines.metadata.dates.date_formats import (
    COMPACT,
    Moment,
    find_absolute_dates,
    read_date,
    write_digits,
)

EPOCH = re.compile(r"(?:\\?/|new )?(?:Date\()?(\d{10})(?:\d{3}){0,3}(?:[.,]\d{1,9})?([+-]\d{4})?\)?(?:\\?/)?")
"""Unix time in seconds, milliseconds, microseconds or nanoseconds, also as .NET writes it:
`/Date(1794188400000)/`."""

MACHINE_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # +5:30
        (r"(\d:\d\d(?:\.\d+)?\s?[+-])(\d:\d\d)\b", r"\g<1>0\2"),
        # 09:30:00 -8
        (r"(\d:\d\d(?:\.\d+)?\s?[+-])(\d)$", r"\g<1>0\2:00"),
        # 2026-11-9 9:3:5
        (r"^(\d{4}([-/.])\d{1,2}\2\d{1,2}[\sT]\d{1,2}:)(\d)(?=$|[:\s])", r"\g<1>0\3"),
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
        # 11/9/26 9:30 PM
        (r"^(\d{1,2})/(\d{1,2})/(2\d)(?=$|[\s,]{1,2}\d{1,2}:)", r"\1/\2/20\3"),
        # 09-Nov-26 08:49:37, 09 Nov 26 08:49 (RFC 850, RFC 822)
        (r"(?<!\d)(\d{1,2})([- ])([a-z]{3})\2(\d{2})(?=\s\d{1,2}:)", r"\1 \3 20\4"),
    )
)
"""Forms that only programs write, each with the form of DATE_PATTERNS that it is read as."""


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
        return read_date(match, month_first=False)
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
