"""The places in which a page gives dates, each with how far it is believed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from htmldate import find_date
from lxml.html import HtmlElement

from shopwire.pipelines.metadata.date_formats import (
    COMPACT,
    WRITTEN_YEAR,
    Moment,
    machine_moment,
    moments,
    relative_moments,
    yearless_moments,
)
from shopwire.pipelines.metadata.date_labels import (
    FIRST,
    LABELLED,
    OTHER_DAY,
    PUBLISHED_KEYS,
    PUBLISHED_NAMES,
    SENTENCE,
    UPDATED,
    UPDATED_KEYS,
    UPDATED_NAMES,
    VAGUE_NAMES,
)
from shopwire.pipelines.nlp.number_words import YEAR
from shopwire.pipelines.parsing.json_ld import texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.folding import fold

Kind = Literal["published", "updated"]

WIDEST_ZONE = timedelta(hours=14)
"""How far ahead of us a clock without a zone may be without being in the future."""

URL_DAY = re.compile(
    rf"[/_=.-](?P<year>{YEAR})(?P<sep>[-/_]?)(?P<month>[01]\d)(?P=sep)(?P<day>[0-3]\d)(?!\d)"
)
LONGEST_LINE, NEAR_ABOVE, NEAR_BELOW = 160, 5, 14
"""A dateline is short, and stands this many visible lines above or below the headline."""

LONGEST_LABEL = 16
"""What stands beside a date in a line and is longer than this is no label of it, but a title."""


@dataclass(frozen=True, slots=True)
class Found:
    moment: Moment
    kind: Kind
    place: str
    text: str
    trust: int


@dataclass(frozen=True, slots=True)
class Reader:
    """How a page's dates are to be read: against which time, in which zone and order."""

    fetched: datetime
    home: tzinfo
    month_first: bool
    line_trust: int

    def absolute(self, text: str) -> list[Moment]:
        return moments(text, self.month_first) if WRITTEN_YEAR.search(text) else []

    def loose(self, text: str) -> list[Moment]:
        found = relative_moments(text, self.fetched, self.home)
        return found or yearless_moments(text, self.fetched, self.home)


def from_declarations(meta: Meta) -> Iterator[Found]:
    """The dates in JSON-LD and meta tags."""
    for kind, keys in (("published", PUBLISHED_KEYS), ("updated", UPDATED_KEYS)):
        for key in keys:
            for text in [text for value in meta.stated(key) for text in texts(value)][:3]:
                yield from _read(text, kind, f"json-ld {key}", 20)
    for kind, names, trust in (
        ("published", PUBLISHED_NAMES, 21),
        ("updated", UPDATED_NAMES, 21),
        ("published", VAGUE_NAMES, 33),
    ):
        for name in names:
            for text in meta.names.get(name, ())[:2]:
                yield from _read(text, kind, f"meta {name}", trust)


def _read(text: str, kind: str, place: str, trust: int) -> Iterator[Found]:
    if moment := machine_moment(text):
        yield Found(moment, "updated" if kind == "updated" else "published", place, text, trust)


def from_lines(lines: Sequence[str], title: str, reader: Reader) -> Iterator[Found]:
    """The datelines: those round the headline, and labelled ones anywhere."""
    near = _near(lines, title)
    for number, line in enumerate(lines):
        close = number in near
        if len(line) > LONGEST_LINE:
            continue
        if not (close or (WRITTEN_YEAR.search(line) and LABELLED.search(line[:60]))):
            continue
        labelled = LABELLED.search(line) is not None
        for moment in _dateline(line, labelled, close, reader):
            if not (close or LABELLED.search(line[max(0, moment.start - 24) : moment.start])):
                continue
            kind = _kind(line[: moment.start])
            if FIRST.search(line):
                trust = 15
            elif close:
                trust = reader.line_trust + (0 if labelled or moment.clock else 1)
            else:
                trust = 40
            place = "line near the title" if close else "labelled line"
            yield Found(moment, kind, place, line[:80], trust)


def _kind(before: str) -> Kind:
    """What a date is, by the words that stand shortly before it."""
    return "updated" if UPDATED.search(before[-24:]) else "published"


def _near(lines: Sequence[str], title: str) -> set[int]:
    """The lines round each place where the headline stands, or the head where it stands nowhere."""
    key = fold(title)
    places = [
        number
        for number, line in enumerate(lines)
        if key and len(key) <= len(line) <= 2 * len(title) and fold(line) == key
    ]
    return {
        number for place in places[:4] or [-1] for number in range(place - NEAR_ABOVE, place + NEAR_BELOW)
    }


def _dateline(line: str, labelled: bool, close: bool, reader: Reader) -> list[Moment]:
    """The dates in a line, none when it is prose or belongs to a comment or the footer."""
    found = reader.absolute(line)
    if close and not found:
        found = reader.loose(line)
    # How many comments an article has stands after its date; when a comment was made, before.
    if OTHER_DAY.search(line[: found[0].start] if close and found else line):
        return []
    if labelled or not found:
        return found
    rest = line[: found[0].start] + line[found[-1].end :]
    return [] if len(rest) > 40 or SENTENCE.search(rest) else found


def from_marks(meta: Meta, reader: Reader) -> Iterator[Found]:
    """The elements named for a date, nearest to the headline first."""
    headings = [mark.place for mark in meta.marked("heading")]
    top = headings[0] if headings else 0
    for mark in sorted(meta.marked("date"), key=lambda mark: abs(mark.place - top))[:6]:
        moment = machine_moment(mark.value) if mark.value else None
        if moment is None and len(mark.text) <= 80:
            read = reader.absolute(mark.text) or reader.loose(mark.text)
            moment = next((item for item in read if item.clock or not item.year_guessed), None)
        if moment is not None:
            kind = _kind(mark.text[: moment.start] or mark.name or mark.text)
            yield Found(moment, kind, "element", mark.value or mark.text[:80], 32)


def from_url(*urls: str) -> Iterator[Found]:
    for url in urls:
        if match := URL_DAY.search(url[:500]):
            digits = f"{match['year']}{match['month']}{match['day']}"
            if COMPACT.fullmatch(digits) and (moment := machine_moment(digits)):
                yield Found(moment, "published", "url", url[:200], 50)


def from_listing(text: str, reader: Reader) -> Iterator[Found]:
    moment = machine_moment(text)
    for read in [moment] if moment else reader.loose(text[:100])[:1]:
        yield Found(read, "published", "listing", text[:80], 60)


def from_htmldate(tree: HtmlElement, url: str, fetched: datetime) -> Iterator[Found]:
    """What htmldate finds in a copy of the tree, unless all it had was a year.

    Its search through the whole text is off: it takes seconds and turns up years of copyright.
    """
    day = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url=url or None,
        max_date=fetched + WIDEST_ZONE,
    )
    if day and not day.endswith("-01-01") and (moment := machine_moment(day)):
        yield Found(moment, "published", "htmldate", day, 90)


def is_only_of_others(day: date, lines: Sequence[str], reader: Reader) -> bool:
    """Whether a reader sees a day only in a list of other articles, each with its own date."""
    listed: set[date] = set()
    for line in lines:
        found = [] if len(line) > LONGEST_LINE else reader.absolute(line)
        if not found:
            continue
        rest = line[: found[0].start] + line[found[-1].end :]
        if len(rest) > LONGEST_LABEL and not LABELLED.search(line):
            listed.update(moment.day for moment in found)
        elif any(moment.day == day for moment in found):
            return False
    return day in listed and len(listed) > 1
