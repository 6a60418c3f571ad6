"""Dates of publication and update of an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from shopwire.pipelines.metadata.dates.clocks import HOME_ZONES, find_zone
from shopwire.pipelines.metadata.dates.date_candidates import (
    ABOVE_TRUST,
    DOUBT_TRUST,
    FAR_ELEMENT_TRUST,
    LISTING,
    NEAR_TITLE,
    RELATIVE_TRUST,
    SCRIPT_TRUST,
    WIDEST_ZONE,
    DateCandidate,
    DateReader,
    find_declared_dates,
    find_htmldate_dates,
    find_listing_dates,
    find_script_dates,
    find_url_dates,
    is_month_first,
)
from shopwire.pipelines.metadata.dates.date_formats import EARLIEST_YEAR, Moment
from shopwire.pipelines.metadata.dates.datelines import Datelines, cut_comments, drop_elements
from shopwire.pipelines.metadata.dates.shown_dates import (
    find_element_dates,
    find_line_dates,
    has_short_year,
    is_own_day,
)
from shopwire.pipelines.nlp.number_words import YEAR
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.layout_fields import RELATIVE
from shopwire.storage.text.country_zones import find_domain_zone, find_named_zone

CHINA_ZONE = HOME_ZONES["zh"]
UNKNOWN_ZONE = ZoneInfo("UTC")

ONE_DAY, HALF_HOUR = timedelta(days=1), timedelta(minutes=30)
SHOWN = {NEAR_TITLE, "element", "labelled line"}
"""The places where readers see a date."""

NO_CLOCK_TRUSTS = {RELATIVE_TRUST + 1, DOUBT_TRUST, FAR_ELEMENT_TRUST}
"""Candidates that lend their clock to no day, because they may belong to another article."""
URL_MONTH = re.compile(rf"[/_=.-](?P<year>{YEAR})[-/_]?(?P<month>0[1-9]|1[0-2])(?!\d{{3}})")
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
    zone: str = "",
    country_zone: str = "",
) -> Dates:
    """Return when an article was published and updated.

    `tree` is the parsed page, not changed (None for a plain text), `lines` are its visible lines, `title` is
    the headline, `fetched` has a zone, `listed_published` is the date from a feed or listing. A time without
    a zone is in `zone`, the one that its source names, else in China's on a Chinese page, else in the zone of
    the declared dates, else in that of the country of its domain, else in `country_zone`, that of its
    source's country, else in UTC. Dates after `fetched` are ignored. htmldate is used only if no other date
    is found.
    """
    own_zone = find_named_zone(zone)
    chinese = language == "zh"
    declared = list(find_declared_dates(meta))
    lines, below = cut_comments(lines, title)
    meta = drop_elements(meta, lines, below)
    reader = DateReader(
        fetched=fetched,
        home=own_zone or HOME_ZONES.get(language) or _find_declared_zone(declared),
        month_first=is_month_first(lines, default=meta.language in {"", "en", "en-us", "en_us"}),
        line_trust=10 if chinese else 30,
        chinese=chinese,
    )
    datelines = Datelines(tree, lines, title)
    found = [*declared, *find_line_dates(datelines, reader)]
    if reader.home is UNKNOWN_ZONE and not own_zone:
        reader = replace(reader, home=_guess_zone(found, url, country_zone))
    found += find_element_dates(meta, datelines, reader)
    found += find_url_dates(meta.canonical, url)
    found += find_listing_dates(listed_published, reader)
    if tree is not None and not any(item.trust < SCRIPT_TRUST and item.moment.clock for item in found):
        found += find_script_dates(tree, reader)
    if chinese:
        found = [_read_in_china(item) for item in found]
    possible = [item for item in found if _is_possible(item.moment, reader)]
    certain = [item for item in possible if not item.moment.year_guessed]
    if not certain and tree is not None:
        last = find_htmldate_dates(tree, url, fetched)
        certain = [item for item in last if _may_be_own(item.moment, datelines, below, reader)]
    guessed = [_complete_year(item, certain, reader) for item in possible if item.moment.year_guessed]
    possible = certain + guessed
    possible = _judge_days_above(possible, reader)
    possible.sort(key=lambda item: item.trust)
    return _choose_dates(_put_confirmed_first(possible, meta.canonical or url, reader.home), reader.home)


def _may_be_own(moment: Moment, datelines: Datelines, comments: Sequence[str], reader: DateReader) -> bool:
    """Return whether what htmldate has found may be the day of the article and no other."""
    return (
        _is_possible(moment, reader)
        and is_own_day(moment.day, datelines, comments, reader)
        and not (reader.chinese and has_short_year(datelines.lines, moment.day))
    )


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


def _judge_days_above(found: list[DateCandidate], reader: DateReader) -> list[DateCandidate]:
    """Return the candidates without days above the headline that are only the day of the fetch.

    Such a day is trusted as one below the headline if the URL or the listing confirms it.
    """
    known = {item.moment.day for item in found if item.place in {"url", LISTING}}
    today = {reader.fetched.astimezone(zone).date() for zone in (UTC, reader.home)}
    return [
        replace(item, trust=reader.line_trust + 1)
        if item.trust == ABOVE_TRUST and item.moment.day in known
        else item
        for item in found
        if item.trust != ABOVE_TRUST or item.moment.day in known or item.moment.day not in today
    ]


def _put_confirmed_first(found: list[DateCandidate], url: str, home: tzinfo) -> list[DateCandidate]:
    """Return the candidates with those first on whose day the page and its listing agree.

    Without such a day, what the page shows in the month of its URL comes before a day declared for another
    month, as that of the move of a whole site.
    """
    listed = {_find_local_day(item, home) for item in found if item.place == LISTING}
    agreed = [item for item in found if item.place != LISTING and _find_local_day(item, home) in listed]
    month = URL_MONTH.search(url[:500])
    if not agreed and month and found:
        parts = int(month["year"]), int(month["month"])
        day = found[0].moment.day
        if all((near.year, near.month) != parts for near in (day, day - ONE_DAY, day + ONE_DAY)):
            shown = (item for item in found if item.place in {*SHOWN, "url"})
            agreed = [item for item in shown if (item.moment.day.year, item.moment.day.month) == parts]
    first = [item for item in agreed if item.kind == "published" and not item.moment.relative]
    return first + [item for item in found if item not in first]


def _find_local_day(item: DateCandidate, home: tzinfo) -> date:
    return item.moment.to_datetime(home).astimezone(home).date() if item.moment.clock else item.moment.day


def _put_shown_day_first(found: list[DateCandidate]) -> list[DateCandidate]:
    """Return the candidates with the visible day first if the declared day, in UTC, is adjacent.

    Such a page declares UTC and shows the day in its own zone. A clock beside the day tells this zone.
    """
    first = next((item for item in found if item.kind == "published"), None)
    if first is None or first.moment.clock is None or first.moment.zone != UTC:
        return found
    declared = first.moment.to_datetime(UTC)
    adjacent = {declared.date() - ONE_DAY, declared.date() + ONE_DAY}
    shown = [item for item in found if item.place in SHOWN and item.kind == "published"]
    trusted = [item for item in shown if item.trust < SCRIPT_TRUST]
    if (
        not trusted
        or trusted[0].moment.day not in adjacent
        or declared.date() in {item.moment.day for item in trusted}
    ):
        return found
    for item in trusted:
        if item.moment.clock:
            offset = datetime.combine(item.moment.day, item.moment.clock, UTC) - declared
            if not offset % HALF_HOUR and abs(offset) <= WIDEST_ZONE:
                local = declared.astimezone(timezone(offset))
                moment = replace(first.moment, day=local.date(), clock=local.time(), zone=local.tzinfo)
                return [replace(first, moment=moment), *found]
    return found if trusted[0].moment.clock and trusted[0].place != NEAR_TITLE else [trusted[0], *found]


def _find_finest(found: list[DateCandidate], home: tzinfo) -> DateCandidate | None:
    """Return the first candidate with its clock or its zone from another one if it has none."""
    if not found:
        return None
    moment = found[0].moment
    if moment.clock:
        same = (item for item in found if (item.moment.day, item.moment.clock) == (moment.day, moment.clock))
        zoned = next((item for item in same if item.moment.zone), None) if home is UNKNOWN_ZONE else None
        return zoned or found[0]
    day = found[0].moment.day
    for item in found[1:]:
        if (
            item.moment.clock
            and item.trust not in NO_CLOCK_TRUSTS
            and day
            in {
                item.moment.day,
                _find_local_day(item, home),
            }
        ):
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
    return replace(item, trust=max(item.trust, YEARLESS_TRUST))


def _read_in_china(item: DateCandidate) -> DateCandidate:
    """Return a candidate with CST read as China Standard Time, not US Central Time."""
    moment = item.moment
    if moment.zone is None or moment.zone is not find_zone("cst"):
        return item
    return replace(item, moment=replace(moment, zone=CHINA_ZONE))


def _find_declared_zone(declared: list[DateCandidate]) -> tzinfo:
    """Return the zone of the declared dates, `UNKNOWN_ZONE` without one."""
    zones = (item.moment.zone for item in declared)
    return next((zone for zone in zones if zone not in {None, UTC}), None) or UNKNOWN_ZONE


def _guess_zone(found: list[DateCandidate], url: str, country_zone: str) -> tzinfo:
    """Return the zone written in the line with the day of a declared time without one, else that of the
    domain, else that of the country, else UTC."""
    timed = (item for item in found if item.moment.clock and item.place != NEAR_TITLE)
    declared = {item.moment.day for item in timed if item.moment.zone is None}
    shown = (item.moment for item in found if item.place == NEAR_TITLE)
    written = next((moment.zone for moment in shown if moment.zone and moment.day in declared), None)
    return written or find_domain_zone(url) or find_named_zone(country_zone) or UNKNOWN_ZONE
