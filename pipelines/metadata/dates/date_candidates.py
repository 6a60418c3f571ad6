"""Dates in the different places of a page, with the trust in each place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from urllib.parse import unquote

from htmldate import find_date
from lxml.html import HtmlElement

from shopwire.pipelines.metadata.dates.date_formats import (
    COMPACT,
    WRITTEN_YEAR,
    Moment,
    find_absolute_dates,
    find_relative_dates,
    find_short_dates,
    find_yearless_dates,
)
from shopwire.pipelines.metadata.dates.date_labels import (
    DECLARATIONS,
    DateKind,
)
from shopwire.pipelines.metadata.dates.machine_dates import parse_machine_date
from shopwire.pipelines.nlp.number_words import YEAR
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta

WIDEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC the clock of a date without a zone may be."""

URL_DAY = re.compile(
    rf"[/_=.-](?P<year>{YEAR})(?P<sep>[-/_]?)(?P<month>[01]\d)(?P=sep)(?P<day>[0-3]\d)(?!\d)"
)

SLASH_DATE = re.compile(rf"(?<![\d/])(\d{{1,2}})/(\d{{1,2}})/{YEAR}(?!\d)")
LONGEST_DATELINE = 160
"""A dateline is no longer than this."""

FIRST_TRUST, ELEMENT_TRUST, SCRIPT_TRUST, FAR_TRUST, URL_TRUST = 15, 32, 34, 40, 50
ABOVE_TRUST, FAR_ELEMENT_TRUST, DOUBT_TRUST, LISTING_TRUST = 52, 53, 54, 60
RELATIVE_TRUST, HTMLDATE_TRUST = 88, 90
"""Trust in dates by place. Above the headline is often the date of today; a date in doubt stands behind the
text of the article or beside the headline of another one."""

NEAR_TITLE, LISTING = "line near the title", "listing"
NEXT, CLOSE = 8, 150
"""An element more elements than these below the headline may be, and is, part of another article."""

MOST_SCRIPT, MOST_SCRIPT_TIMES = 1_000_000, 6
SCRIPT_TIME = re.compile(
    r"""[:=]\s{0,3}(?:(?:new\s)?\w{1,20}\(\s?)?\\?["']?(?P<value>1\d{9}(?:\d{3})?(?!\d)"""
    r"""|20\d\d[-/]\d{1,2}[-/]\d{1,2}(?:T|\s)\d\d:\d\d[\d:.+Z-]{0,16})"""
)

SCRIPT_NAME = re.compile(
    r"""(?:\b(?:ct|ctime|ptime|add_?time|input_?time|news_?time)|date_?(?:published|created)"""
    r"""|(?:creat|publi[sc]|pub|post|releas|issu)(?:e|h|ed|hed|ation)?_?(?:time|date|at|on)(?:stamp)?)\\?["']?\)?\s{0,3}$""",
    re.IGNORECASE,
)
"""The names under which scripts hold the time of publication, up to the value."""


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date on a page, its place, and the trust in it: a lower number is trusted more."""

    moment: Moment
    kind: DateKind
    place: str
    text: str
    trust: int


@dataclass(frozen=True, slots=True)
class DateReader:
    """How to read the dates of a page: fetch time, default zone, order of day and month."""

    fetched: datetime
    home: tzinfo
    month_first: bool
    line_trust: int
    chinese: bool = False

    def find_absolute(self, text: str) -> list[Moment]:
        """Return the dates with a year in a text."""
        found = find_absolute_dates(text, self.month_first) if WRITTEN_YEAR.search(text) else []
        return found or (find_short_dates(text, self.fetched) if self.chinese else [])

    def find_relative(self, text: str) -> list[Moment]:
        """Return the relative dates in a text, or else those without a year."""
        found = find_relative_dates(text, self.fetched, self.home)
        return found or find_yearless_dates(text, self.fetched, self.home)


def find_declared_dates(meta: Meta) -> Iterator[DateCandidate]:
    """Yield the dates in JSON-LD and meta tags."""
    for place, kind, names, trust in DECLARATIONS:
        for name in names:
            for text in _list_declared(meta, place, name):
                if moment := parse_machine_date(text):
                    yield DateCandidate(moment, kind, f"{place} {name}", text, trust)


def _list_declared(meta: Meta, place: str, name: str) -> Sequence[str]:
    if place == "meta":
        return meta.tags.get(name, ())[:2]
    return [text for value in meta.find_values(name) for text in list_texts(value)][:3]


def find_script_dates(tree: HtmlElement, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the times of publication in the scripts of a page, which often draw its date.

    Times of several days belong to several articles, and then only the first is read, in doubt.
    """
    scripts = (script for script in tree.iter("script") if "ld+json" not in script.get("type", ""))
    times = (moment for script in scripts for moment in _find_script_times(script.text or "", reader))
    found = list(islice(times, MOST_SCRIPT_TIMES))
    several = len({moment.day for moment in found}) > 1
    for moment in found[:1] if several else found:
        trust = DOUBT_TRUST if several else SCRIPT_TRUST
        yield DateCandidate(moment, "published", "script", "", trust)


def _find_script_times(text: str, reader: DateReader) -> Iterator[Moment]:
    text = text[:MOST_SCRIPT]
    if text.lstrip().startswith("%7B"):
        text = unquote(text)
    for match in SCRIPT_TIME.finditer(text):
        named = SCRIPT_NAME.search(text, max(0, match.start() - 30), match.start())
        if named and (moment := parse_machine_date(match["value"], reader.home)):
            yield moment


def find_url_dates(*urls: str) -> Iterator[DateCandidate]:
    """Yield the dates in the paths of URLs."""
    for url in urls:
        if match := URL_DAY.search(url[:500]):
            digits = f"{match['year']}{match['month']}{match['day']}"
            if COMPACT.fullmatch(digits) and (moment := parse_machine_date(digits)):
                yield DateCandidate(moment, "published", "url", url[:200], URL_TRUST)


def find_listing_dates(text: str, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the date from a feed or listing."""
    moment = parse_machine_date(text, reader.home, month_first=reader.month_first)
    for read in [moment] if moment else reader.find_relative(text[:100])[:1]:
        trust = reader.line_trust + 1 if moment else RELATIVE_TRUST if read.relative else LISTING_TRUST
        yield DateCandidate(read, "published", LISTING, text[:80], trust)


def find_htmldate_dates(tree: HtmlElement, url: str, fetched: datetime) -> Iterator[DateCandidate]:
    """Yield the date that htmldate finds, unless it is January 1, which stands for a year only.

    The extensive search is off: it takes seconds and finds copyright years.
    """
    day = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url=url or None,
        max_date=fetched + WIDEST_ZONE,
    )
    if day and not day.endswith("-01-01") and (moment := parse_machine_date(day)):
        yield DateCandidate(moment, "published", "htmldate", day, HTMLDATE_TRUST)


def is_month_first(lines: Sequence[str], *, default: bool) -> bool:
    """Return whether dates such as 03/10/2026 begin with the month: decided by other dates of the page."""
    pairs = [
        (int(match[1]), int(match[2]))
        for line in lines
        if "/" in line
        for match in SLASH_DATE.finditer(line[:LONGEST_DATELINE])
    ]
    month_first = any(first <= 12 < other for first, other in pairs)
    day_first = any(other <= 12 < first for first, other in pairs)
    return default if month_first == day_first else month_first
