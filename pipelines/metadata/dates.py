"""When an article was published, to the minute where the page says so, and where that stood."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from shopwire.pipelines.metadata.date_candidates import (
    NEAR_TITLE,
    WIDEST_ZONE,
    Found,
    Reader,
    from_declarations,
    from_htmldate,
    from_lines,
    from_listing,
    from_marks,
    from_url,
    is_own_day,
)
from shopwire.pipelines.metadata.date_formats import EARLIEST, Moment, zone
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.layout_fields import RELATIVE

CHINA = ZoneInfo("Asia/Shanghai")
TOLERANCE = timedelta(hours=1)
"""Clocks of servers differ by so much."""

YEARLESS_TRUST = 85
"""A day without a year is believed where only htmldate has another."""


@dataclass(frozen=True, slots=True)
class Dates:
    """When an article was published and updated (ISO 8601, "" when unknown).

    `published_from` is the place of the candidate that was believed, and that it was a relative
    phrase, if it was one.
    """

    published: str = ""
    published_from: str = ""
    updated: str = ""


def find_dates(
    tree: HtmlElement | None,
    meta: Meta,
    lines: Sequence[str],
    *,
    url: str,
    fetched: datetime,
    title: str = "",
    listed_published: str = "",
    language: str = "",
) -> Dates:
    """Decide when an article was published and updated.

    `tree` is the parsed page (None for a plain text, never changed), `lines` what its reader sees,
    `title` the headline found, `fetched` a time with zone, `listed_published` the date a feed or
    listing gave. A time without a zone is read as Shanghai's on a Chinese page, otherwise in the
    zone of the dates the page declares, UTC where it declares none. Nothing after the fetch is
    believed, and htmldate is asked only when nothing else is found.
    """
    chinese = language == "zh"
    declared = list(from_declarations(meta))
    reader = Reader(
        fetched=fetched,
        home=CHINA if chinese else _declared_zone(declared),
        month_first=meta.language in {"", "en", "en-us", "en_us"},
        line_trust=10 if chinese else 30,
    )
    found = [
        *declared,
        *from_lines(lines, title, reader),
        *from_marks(meta, reader),
        *from_url(meta.canonical, url),
        *from_listing(listed_published, reader),
    ]
    if chinese:
        found = [_in_china(item) for item in found]
    possible = [item for item in found if _possible(item.moment, reader)]
    certain = [item for item in possible if not item.moment.year_guessed]
    if not certain and tree is not None:
        last = from_htmldate(tree, url, fetched)
        certain = [
            item
            for item in last
            if _possible(item.moment, reader) and is_own_day(item.moment.day, lines, reader)
        ]
    guessed = [_with_year(item, certain, reader) for item in possible if item.moment.year_guessed]
    possible = certain + guessed
    return _choose(sorted(possible, key=lambda item: item.trust), reader.home)


def _choose(found: list[Found], home: tzinfo) -> Dates:
    """Believe the most trusted day, and of those that agree on it the first with a clock."""
    found = _as_shown(found)
    published = [item for item in found if item.kind == "published"]
    updated = [item for item in found if item.kind == "updated"]
    best = _finest(published or updated, home)
    if best is None:
        return Dates()
    last = _finest(updated, home)
    changed = last is not None and last.moment.instant(home) > best.moment.instant(home)
    return Dates(
        published=best.moment.text(home),
        published_from=best.place + (RELATIVE if best.moment.relative else ""),
        updated=last.moment.text(home) if last and changed else "",
    )


def _as_shown(found: list[Found]) -> list[Found]:
    """Put the day the reader sees first where the declared one, in UTC, is its neighbour.

    A page that declares UTC but shows the day before or after shows its own zone's day.
    """
    first = next((item for item in found if item.kind == "published"), None)
    if first is None or first.moment.clock is None or first.moment.zone != UTC:
        return found
    shown = [item for item in found if item.place == NEAR_TITLE and item.kind == "published"][:1]
    if shown and abs(shown[0].moment.day - first.moment.day) == timedelta(days=1):
        return shown + found
    return found


def _finest(found: list[Found], home: tzinfo) -> Found | None:
    if not found or found[0].moment.clock:
        return found[0] if found else None
    day = found[0].moment.day
    for item in found[1:]:
        if item.moment.clock and day in {
            item.moment.day,
            item.moment.instant(home).astimezone(home).date(),
        }:
            return item
    return found[0]


def _possible(moment: Moment, reader: Reader) -> bool:
    """Whether a moment lies in the days of the web and not after the fetch, as far as its
    writer's clock can be known."""
    fetched = reader.fetched
    if moment.day.year < EARLIEST:
        return False
    if moment.clock is None:
        return moment.day <= (fetched.astimezone(UTC) + WIDEST_ZONE).date()
    sure = moment.zone is not None or reader.home is CHINA
    return moment.instant(reader.home) <= fetched + (TOLERANCE if sure else WIDEST_ZONE)


def _with_year(item: Found, certain: list[Found], reader: Reader) -> Found:
    """Give a day without a year that of a certain date with the same day; trust it less else, or where
    its clock would lie after the fetch."""
    day = item.moment.day
    for other in certain:
        if (other.moment.day.month, other.moment.day.day) == (day.month, day.day):
            dated = replace(item.moment, day=other.moment.day)
            if _possible(dated, reader):
                return replace(item, moment=dated)
    return replace(item, trust=YEARLESS_TRUST)


def _in_china(item: Found) -> Found:
    """Read CST as China's standard time, not as America's."""
    moment = item.moment
    if moment.zone is None or moment.zone is not zone("cst"):
        return item
    return replace(item, moment=replace(moment, zone=CHINA))


def _declared_zone(declared: list[Found]) -> tzinfo:
    """The zone in which a page declares its dates, UTC where it does not say."""
    return next(
        (item.moment.zone for item in declared if item.moment.zone not in {None, UTC}), None
    ) or ZoneInfo("UTC")
