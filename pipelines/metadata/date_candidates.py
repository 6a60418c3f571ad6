"""Dates in the different places of a page, with the trust in each place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from htmldate import find_date
from lxml.html import HtmlElement

from shopwire.pipelines.metadata.date_formats import (
    COMPACT,
    WRITTEN_YEAR,
    Moment,
    find_absolute_dates,
    find_relative_dates,
    find_yearless_dates,
    parse_machine_date,
)
from shopwire.pipelines.metadata.date_labels import (
    DATE_LABEL,
    DECLARATIONS,
    FIRST_PUBLISHED,
    OTHER_DATE_LABEL,
    PROSE_SIGN,
    UPDATED_LABEL,
    DateKind,
)
from shopwire.pipelines.nlp.number_words import YEAR
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.folding import fold

WIDEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC the clock of a date without a zone may be."""

URL_DAY = re.compile(
    rf"[/_=.-](?P<year>{YEAR})(?P<sep>[-/_]?)(?P<month>[01]\d)(?P=sep)(?P<day>[0-3]\d)(?!\d)"
)
LONGEST_DATELINE, NEAR_ABOVE, NEAR_BELOW = 160, 5, 14
"""A dateline is no longer than this, and within this many visible lines above or below the headline."""

FIRST_TRUST, FAR_TRUST = 15, 40
NEAR_TITLE = "line near the title"

LONGEST_LABEL = 16
"""Longest text of a line besides its date that can be a label; a longer one is a title."""


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

    def find_absolute(self, text: str) -> list[Moment]:
        """Return the dates with a year in a text."""
        return find_absolute_dates(text, self.month_first) if WRITTEN_YEAR.search(text) else []

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


def find_line_dates(lines: Sequence[str], title: str, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates in lines near the headline, and labelled dates in other lines."""
    near = _find_near_lines(lines, title)
    for number, line in enumerate(lines):
        if len(line) <= LONGEST_DATELINE:
            yield from (_find_near_dates(line, reader) if number in near else _find_far_dates(line, reader))


def _find_near_dates(line: str, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates of a line near the headline, unless it is prose or part of a comment."""
    found = reader.find_absolute(line) or reader.find_relative(line)
    # The number of an article's comments follows its date; the label of a comment precedes its date.
    if not found or OTHER_DATE_LABEL.search(line[: found[0].start]):
        return
    labelled = DATE_LABEL.search(line) is not None
    rest = line[: found[0].start] + line[found[-1].end :]
    if not labelled and (len(rest) > 40 or PROSE_SIGN.search(rest)):
        return
    for moment in found:
        unsure = not labelled and moment.clock is None
        trust = FIRST_TRUST if FIRST_PUBLISHED.search(line) else reader.line_trust + unsure
        yield DateCandidate(moment, _classify_date(line[: moment.start]), NEAR_TITLE, line[:80], trust)


def _find_far_dates(line: str, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the labelled dates of another line, unless it is part of a comment or the footer."""
    if not DATE_LABEL.search(line[:60]) or OTHER_DATE_LABEL.search(line):
        return
    trust = FIRST_TRUST if FIRST_PUBLISHED.search(line) else FAR_TRUST
    for moment in reader.find_absolute(line):
        if DATE_LABEL.search(line[max(0, moment.start - 24) : moment.start]):
            yield DateCandidate(
                moment, _classify_date(line[: moment.start]), "labelled line", line[:80], trust
            )


def _classify_date(before: str) -> DateKind:
    """Return what a date refers to, from the words before it."""
    return "updated" if UPDATED_LABEL.search(before[-24:]) else "published"


def _find_near_lines(lines: Sequence[str], title: str) -> set[int]:
    """Return the numbers of the lines near the headline, or of the first lines without one."""
    key = fold(title)
    places = [
        number
        for number, line in enumerate(lines)
        if key and len(key) <= len(line) <= 2 * len(title) and fold(line) == key
    ]
    return {
        number for place in places[:4] or [-1] for number in range(place - NEAR_ABOVE, place + NEAR_BELOW)
    }


def find_element_dates(meta: Meta, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates of semantic elements, nearest to the headline first."""
    top = next((element.place for element in meta.list_elements("heading")), 0)
    nearest = sorted(meta.list_elements("date"), key=lambda element: abs(element.place - top))
    for element in nearest[:6]:
        if moment := parse_machine_date(element.value) or _read_moment(element.text, reader):
            kind = _classify_date(element.text[: moment.start] or element.name or element.text)
            yield DateCandidate(moment, kind, "element", element.value or element.text[:80], 32)


def _read_moment(text: str, reader: DateReader) -> Moment | None:
    found = (reader.find_absolute(text) or reader.find_relative(text)) if len(text) <= 80 else []
    return next((item for item in found if item.clock or not item.year_guessed), None)


def find_url_dates(*urls: str) -> Iterator[DateCandidate]:
    """Yield the dates in the paths of URLs."""
    for url in urls:
        if match := URL_DAY.search(url[:500]):
            digits = f"{match['year']}{match['month']}{match['day']}"
            if COMPACT.fullmatch(digits) and (moment := parse_machine_date(digits)):
                yield DateCandidate(moment, "published", "url", url[:200], 50)


def find_listing_dates(text: str, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the date from a feed or listing."""
    moment = parse_machine_date(text)
    for read in [moment] if moment else reader.find_relative(text[:100])[:1]:
        yield DateCandidate(read, "published", "listing", text[:80], 60)


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
        yield DateCandidate(moment, "published", "htmldate", day, 90)


def is_own_day(day: date, lines: Sequence[str], reader: DateReader) -> bool:
    """Return whether a day may be the article's own: not shown only in a list of other articles."""
    listed: set[date] = set()
    for line in lines:
        found = [] if len(line) > LONGEST_DATELINE else reader.find_absolute(line)
        if not found:
            continue
        rest = line[: found[0].start] + line[found[-1].end :]
        if len(rest) > LONGEST_LABEL and not DATE_LABEL.search(line):
            listed.update(moment.day for moment in found)
        elif any(moment.day == day for moment in found):
            return True
    return day not in listed or len(listed) == 1
