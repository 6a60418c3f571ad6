"""Dates that the lines and elements of a page show."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from shopwire.pipelines.metadata.dates.date_candidates import (
    ABOVE_TRUST,
    CLOSE,
    DOUBT_TRUST,
    ELEMENT_TRUST,
    FAR_ELEMENT_TRUST,
    FAR_TRUST,
    FIRST_TRUST,
    LONGEST_DATELINE,
    NEAR_TITLE,
    NEXT,
    RELATIVE_TRUST,
    DateCandidate,
    DateReader,
)
from shopwire.pipelines.metadata.dates.date_formats import (
    WRITTEN_YEAR,
    Moment,
    write_digits,
)
from shopwire.pipelines.metadata.dates.date_labels import (
    DATE_LABEL,
    FIRST_PUBLISHED,
    OTHER_DATE_LABEL,
    PROSE_SIGN,
    UPDATED_LABEL,
    DateKind,
)
from shopwire.pipelines.metadata.dates.datelines import Datelines, NearLine
from shopwire.pipelines.metadata.dates.machine_dates import parse_machine_date
from shopwire.pipelines.parsing.meta_tags import Meta, SemanticElement
from shopwire.storage.text.folding import fold

SHORT_DATE = re.compile(r"(?<![\d./-])(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})(?![\d./-])")
MOST_ELEMENTS = 6
LONGEST_LABEL = 16
"""Longest text of a line besides its date that can be a label; a longer one is a title."""


def find_line_dates(datelines: Datelines, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates in lines near the headline, nearest first, and labelled dates in other lines."""
    lines, near = datelines.lines, set()
    for place in datelines.list_near():
        near.add(place.number)
        if len(lines[place.number]) <= LONGEST_DATELINE:
            yield from _find_near_dates(place, datelines, reader)
    for number, line in enumerate(lines):
        if number not in near and len(line) <= LONGEST_DATELINE:
            yield from _find_far_dates(line, reader)


def _find_near_dates(place: NearLine, datelines: Datelines, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates of a line near the headline, unless it is prose, a link or part of a comment."""
    line = write_digits(datelines.lines[place.number])
    found = reader.find_absolute(line) or reader.find_relative(line)
    # The number of an article's comments follows its date; the label of a comment precedes its date.
    if not found or OTHER_DATE_LABEL.search(line[: found[0].start]):
        return
    labelled = DATE_LABEL.search(line) is not None
    rest = line[: found[0].start] + line[found[-1].end :]
    if not labelled and (len(rest) > 40 or PROSE_SIGN.search(rest)):
        return
    beside_title = place.late and not labelled and datelines.is_link(rest)
    if beside_title or (len(rest) > LONGEST_LABEL and datelines.is_link(line)):
        return
    behind_link = not labelled and datelines.is_behind_link(place.number)
    for moment in found:
        unsure = not labelled and moment.clock is None
        if unsure and moment.year_guessed and (place.late or behind_link):
            continue
        if moment.relative:
            trust = RELATIVE_TRUST + (place.above or place.late or behind_link)
        elif FIRST_PUBLISHED.search(line):
            trust = FIRST_TRUST
        elif place.late or behind_link:
            trust = FAR_TRUST if labelled else DOUBT_TRUST
        else:
            trust = ABOVE_TRUST if place.above and unsure else reader.line_trust + unsure
        yield DateCandidate(moment, _classify_date(line[: moment.start]), NEAR_TITLE, line[:80], trust)


def _find_far_dates(line: str, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the labelled dates of another line, unless it is part of a comment or the footer."""
    if not WRITTEN_YEAR.search(line):
        return
    first = FIRST_PUBLISHED.search(line)
    if not (first or DATE_LABEL.search(line[:60])) or OTHER_DATE_LABEL.search(line):
        return
    for moment in reader.find_absolute(line):
        if first or DATE_LABEL.search(line[max(0, moment.start - 24) : moment.start]):
            kind = _classify_date(line[: moment.start])
            yield DateCandidate(moment, kind, "labelled line", line[:80], FIRST_TRUST if first else FAR_TRUST)


def _classify_date(before: str) -> DateKind:
    """Return what a date refers to, from the words before it."""
    return "updated" if UPDATED_LABEL.search(before[-24:]) else "published"


def find_element_dates(meta: Meta, datelines: Datelines, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates of semantic elements, nearest to the headline first."""
    headings = meta.list_elements("heading")
    own = [heading for heading in headings if fold(heading.text) == datelines.title]
    top = next((heading.place for heading in own or headings), 0)
    nearest = sorted(meta.list_elements("date"), key=lambda element: abs(element.place - top))
    names = Counter(element.name for element in nearest)
    found = (_read_element(element, top, datelines, reader, names[element.name]) for element in nearest)
    yield from islice(filter(None, found), MOST_ELEMENTS)


def _read_element(
    element: SemanticElement, top: int, datelines: Datelines, reader: DateReader, alike: int
) -> DateCandidate | None:
    """Return the date of an element that is one of several `alike`; a list has days without years."""
    moment = parse_machine_date(element.value, reader.home) or _read_moment(element.text, reader)
    if moment is None or (moment.year_guessed and alike > 2 and element.place > top + NEXT):
        return None
    kind = _classify_date(element.text[: moment.start] or element.name or element.text)
    trust = ELEMENT_TRUST
    if moment.relative:
        trust = RELATIVE_TRUST
    elif moment.year_guessed and element.place > top + CLOSE and top:
        trust = RELATIVE_TRUST + 1
    elif FIRST_PUBLISHED.search(element.text) and not UPDATED_LABEL.search(element.text):
        trust = FIRST_TRUST
    elif element.place < top and moment.clock is None:
        trust = ABOVE_TRUST
    elif element.place > top + NEXT and not element.value and datelines.is_in_longer_link(element.text):
        trust = DOUBT_TRUST
    elif element.place > top + CLOSE and top:
        trust = FAR_ELEMENT_TRUST
    return DateCandidate(moment, kind, "element", element.value or element.text[:80], trust)


def _read_moment(text: str, reader: DateReader) -> Moment | None:
    found = (reader.find_absolute(text) or reader.find_relative(text)) if len(text) <= 80 else []
    return next((item for item in found if item.clock or not item.year_guessed), None)


def is_own_day(day: date, datelines: Datelines, comments: Sequence[str], reader: DateReader) -> bool:
    """Return whether a day may be the article's own: not shown only in comments or beside other articles."""
    if any(
        moment.day == day for line in comments for moment in reader.find_absolute(line[:LONGEST_DATELINE])
    ):
        return False
    listed: set[date] = set()
    for line in datelines.lines:
        found = [] if len(line) > LONGEST_DATELINE else reader.find_absolute(line)
        if not found:
            continue
        rest = line[: found[0].start] + line[found[-1].end :]
        beside = len(rest) > LONGEST_LABEL or datelines.is_link(rest)
        if beside and not DATE_LABEL.search(line):
            listed.update(moment.day for moment in found)
        elif any(moment.day == day for moment in found):
            return True
    return day not in listed or len(listed) == 1


def has_short_year(lines: Sequence[str], day: date) -> bool:
    """Return whether a line shows the numbers of a day with a year of two digits, in whatever order."""
    numbers = {day.year % 100, day.month, day.day}
    return any(
        {int(number) for number in match.groups()} == numbers
        for line in lines
        for match in SHORT_DATE.finditer(line[:LONGEST_DATELINE])
    )
