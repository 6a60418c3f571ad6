"""The places in which a page gives dates, each with how far it is believed."""

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
    machine_moment,
    moments,
    relative_moments,
    yearless_moments,
)
from shopwire.pipelines.metadata.date_labels import (
    DECLARATIONS,
    FIRST,
    LABELLED,
    OTHER_DAY,
    SENTENCE,
    UPDATED,
    Kind,
)
from shopwire.pipelines.nlp.number_words import YEAR
from shopwire.pipelines.parsing.json_ld import texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.folding import fold

WIDEST_ZONE = timedelta(hours=14)
"""How far ahead of us a clock without a zone may be without being in the future."""

URL_DAY = re.compile(
    rf"[/_=.-](?P<year>{YEAR})(?P<sep>[-/_]?)(?P<month>[01]\d)(?P=sep)(?P<day>[0-3]\d)(?!\d)"
)
LONGEST_LINE, NEAR_ABOVE, NEAR_BELOW = 160, 5, 14
"""A dateline is short, and stands this many visible lines above or below the headline."""

FIRST_TRUST, FAR_TRUST = 15, 40
NEAR_TITLE = "line near the title"

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
    for place, kind, names, trust in DECLARATIONS:
        for name in names:
            for text in _declared(meta, place, name):
                if moment := machine_moment(text):
                    yield Found(moment, kind, f"{place} {name}", text, trust)


def _declared(meta: Meta, place: str, name: str) -> Sequence[str]:
    if place == "meta":
        return meta.names.get(name, ())[:2]
    return [text for value in meta.stated(name) for text in texts(value)][:3]


def from_lines(lines: Sequence[str], title: str, reader: Reader) -> Iterator[Found]:
    """The datelines: those round the headline, and labelled ones anywhere."""
    near = _near(lines, title)
    for number, line in enumerate(lines):
        if len(line) <= LONGEST_LINE:
            yield from _dates_near(line, reader) if number in near else _dates_far(line, reader)


def _dates_near(line: str, reader: Reader) -> Iterator[Found]:
    """The dates of a line near the headline, none when it is prose or belongs to a comment."""
    found = reader.absolute(line) or reader.loose(line)
    # How many comments an article has stands after its date; when a comment was made, before.
    if not found or OTHER_DAY.search(line[: found[0].start]):
        return
    labelled = LABELLED.search(line) is not None
    rest = line[: found[0].start] + line[found[-1].end :]
    if not labelled and (len(rest) > 40 or SENTENCE.search(rest)):
        return
    for moment in found:
        unsure = not labelled and moment.clock is None
        trust = FIRST_TRUST if FIRST.search(line) else reader.line_trust + unsure
        yield Found(moment, _kind(line[: moment.start]), NEAR_TITLE, line[:80], trust)


def _dates_far(line: str, reader: Reader) -> Iterator[Found]:
    """The labelled dates of any other line, none when it belongs to a comment or the footer."""
    if not LABELLED.search(line[:60]) or OTHER_DAY.search(line):
        return
    trust = FIRST_TRUST if FIRST.search(line) else FAR_TRUST
    for moment in reader.absolute(line):
        if LABELLED.search(line[max(0, moment.start - 24) : moment.start]):
            yield Found(moment, _kind(line[: moment.start]), "labelled line", line[:80], trust)


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


def from_marks(meta: Meta, reader: Reader) -> Iterator[Found]:
    """The elements named for a date, nearest to the headline first."""
    top = next((mark.place for mark in meta.marked("heading")), 0)
    for mark in sorted(meta.marked("date"), key=lambda mark: abs(mark.place - top))[:6]:
        if moment := machine_moment(mark.value) or _moment_in(mark.text, reader):
            kind = _kind(mark.text[: moment.start] or mark.name or mark.text)
            yield Found(moment, kind, "element", mark.value or mark.text[:80], 32)


def _moment_in(text: str, reader: Reader) -> Moment | None:
    found = (reader.absolute(text) or reader.loose(text)) if len(text) <= 80 else []
    return next((item for item in found if item.clock or not item.year_guessed), None)


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


def is_own_day(day: date, lines: Sequence[str], reader: Reader) -> bool:
    """Whether a reader does not see a day only in a list of other articles, each with its own date."""
    listed: set[date] = set()
    for line in lines:
        found = [] if len(line) > LONGEST_LINE else reader.absolute(line)
        if not found:
            continue
        rest = line[: found[0].start] + line[found[-1].end :]
        if len(rest) > LONGEST_LABEL and not LABELLED.search(line):
            listed.update(moment.day for moment in found)
        elif any(moment.day == day for moment in found):
            return True
    return day not in listed or len(listed) == 1
