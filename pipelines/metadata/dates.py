"""Dates of publication and update of an article."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from shopwire.pipelines.metadata.date_candidates import (
    NEAR_TITLE,
    WIDEST_ZONE,
    DateCandidate,
    DateReader,
    find_declared_dates,
    find_element_dates,
    find_htmldate_dates,
    find_line_dates,
    find_listing_dates,
    find_url_dates,
    is_own_day,
)
from shopwire.pipelines.metadata.date_formats import EARLIEST_YEAR, Moment, find_zone
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.layout_fields import RELATIVE

CHINA_ZONE = ZoneInfo("Asia/Shanghai")
CLOCK_TOLERANCE = timedelta(hours=1)
"""How far a server's clock may be ahead."""

YEARLESS_TRUST = 85
"""Trust in a day without a year: lower than in all places except htmldate."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Publication and update of an article in ISO 8601, "" if unknown.

    `published_from` is the place of the date, with a suffix for relative dates.
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
    """Return when an article was published and updated.

    `tree` is the parsed page, not changed (None for a plain text), `lines` are its visible lines, `title` is
    the headline, `fetched` has a zone, `listed_published` is the date from a feed or listing. A time without
    a zone is in China's on a Chinese page, else in the zone of the declared dates, else in UTC. Dates after
    `fetched` are ignored. htmldate is used only if no other date is found.
    """
    chinese = language == "zh"
    declared = list(find_declared_dates(meta))
    reader = DateReader(
        fetched=fetched,
        home=CHINA_ZONE if chinese else _find_declared_zone(declared),
        month_first=meta.language in {"", "en", "en-us", "en_us"},
        line_trust=10 if chinese else 30,
    )
    found = [
        *declared,
        *find_line_dates(lines, title, reader),
        *find_element_dates(meta, reader),
        *find_url_dates(meta.canonical, url),
        *find_listing_dates(listed_published, reader),
    ]
    if chinese:
        found = [_read_in_china(item) for item in found]
    possible = [item for item in found if _is_possible(item.moment, reader)]
    certain = [item for item in possible if not item.moment.year_guessed]
    if not certain and tree is not None:
        last = find_htmldate_dates(tree, url, fetched)
        certain = [
            item
            for item in last
            if _is_possible(item.moment, reader) and is_own_day(item.moment.day, lines, reader)
        ]
    guessed = [_complete_year(item, certain, reader) for item in possible if item.moment.year_guessed]
    possible = certain + guessed
    return _choose_dates(sorted(possible, key=lambda item: item.trust), reader.home)


def _choose_dates(found: list[DateCandidate], home: tzinfo) -> Dates:
    """Return the most trusted day, with the clock of the first candidate that agrees on the day."""
    found = _put_shown_day_first(found)
    published = [item for item in found if item.kind == "published"]
    updated = [item for item in found if item.kind == "updated"]
    best = _find_finest(published or updated, home)
    if best is None:
        return Dates()
    last = _find_finest(updated, home)
    changed = last is not None and last.moment.to_datetime(home) > best.moment.to_datetime(home)
    return Dates(
        published=best.moment.format(home),
        published_from=best.place + (RELATIVE if best.moment.relative else ""),
        updated=last.moment.format(home) if last and changed else "",
    )


def _put_shown_day_first(found: list[DateCandidate]) -> list[DateCandidate]:
    """Return the candidates with the visible day first if the declared day, in UTC, is adjacent.

    Such a page declares UTC and shows the day in its own zone.
    """
    first = next((item for item in found if item.kind == "published"), None)
    if first is None or first.moment.clock is None or first.moment.zone != UTC:
        return found
    shown = [item for item in found if item.place == NEAR_TITLE and item.kind == "published"][:1]
    if shown and abs(shown[0].moment.day - first.moment.day) == timedelta(days=1):
        return shown + found
    return found


def _find_finest(found: list[DateCandidate], home: tzinfo) -> DateCandidate | None:
    if not found or found[0].moment.clock:
        return found[0] if found else None
    day = found[0].moment.day
    for item in found[1:]:
        if item.moment.clock and day in {
            item.moment.day,
            item.moment.to_datetime(home).astimezone(home).date(),
        }:
            return item
    return found[0]


def _is_possible(moment: Moment, reader: DateReader) -> bool:
    """Return whether a date is later than the first web page and not after the fetch.

    If its zone is unknown, the widest offset is allowed.
    """
    fetched = reader.fetched
    if moment.day.year < EARLIEST_YEAR:
        return False
    if moment.clock is None:
        return moment.day <= (fetched.astimezone(UTC) + WIDEST_ZONE).date()
    sure = moment.zone is not None or reader.home is CHINA_ZONE
    return moment.to_datetime(reader.home) <= fetched + (CLOCK_TOLERANCE if sure else WIDEST_ZONE)


def _complete_year(item: DateCandidate, certain: list[DateCandidate], reader: DateReader) -> DateCandidate:
    """Return a day without a year completed by a certain candidate with the same day and month.

    Without one, or if the date would be after the fetch, the candidate is trusted less.
    """
    day = item.moment.day
    for other in certain:
        if (other.moment.day.month, other.moment.day.day) == (day.month, day.day):
            dated = replace(item.moment, day=other.moment.day)
            if _is_possible(dated, reader):
                return replace(item, moment=dated)
    return replace(item, trust=YEARLESS_TRUST)


def _read_in_china(item: DateCandidate) -> DateCandidate:
    """Return a candidate with CST read as China Standard Time, not US Central Time."""
    moment = item.moment
    if moment.zone is None or moment.zone is not find_zone("cst"):
        return item
    return replace(item, moment=replace(moment, zone=CHINA_ZONE))


def _find_declared_zone(declared: list[DateCandidate]) -> tzinfo:
    """Return the zone of the declared dates, UTC without one."""
    return next(
        (item.moment.zone for item in declared if item.moment.zone not in {None, UTC}), None
    ) or ZoneInfo("UTC")
