"""When an article was published, to the minute where the page says so, and where that stood."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from htmldate import find_date
from lxml.html import HtmlElement

from shopwire.pipelines.date_patterns import (
    COMPACT,
    Moment,
    machine_moment,
    moments,
    relative_moments,
    yearless_moments,
    zone,
)
from shopwire.pipelines.date_words import (
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
from shopwire.pipelines.meta import Meta, texts
from shopwire.pipelines.title import fold

Kind = Literal["published", "updated"]

CHINA = ZoneInfo("Asia/Shanghai")
TOLERANCE = timedelta(hours=1)
"""Clocks of servers differ by so much."""

WIDEST_ZONE = timedelta(hours=14)
"""How far ahead of us a clock without a zone may be without being in the future."""

URL_DAY = re.compile(
    r"[/_=.-](?P<year>(?:19|20)\d{2})(?P<sep>[-/_]?)(?P<month>[01]\d)(?P=sep)(?P<day>[0-3]\d)(?!\d)"
)
LONGEST_LINE, NEAR_ABOVE, NEAR_BELOW = 160, 5, 14
"""A dateline is short, and stands this many visible lines above or below the headline."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date a page gives: as ISO 8601, what it dates, where it stood and how it was written."""

    value: str
    kind: Kind
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Dates:
    """When an article was published and updated (ISO 8601, "" when unknown).

    `published_from` is the place of the candidate that was believed; `candidates` are all that
    were found and are possible, the most trusted first.
    """

    published: str = ""
    published_from: str = ""
    updated: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    moment: Moment
    kind: Kind
    place: str
    text: str
    trust: int


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a page's dates are to be read: against which time, in which zone and order."""

    fetched: datetime
    home: tzinfo
    month_first: bool
    line_trust: int

    def absolute(self, text: str) -> list[Moment]:
        return moments(text, self.month_first) if re.search(r"\d", text) else []

    def loose(self, text: str) -> list[Moment]:
        found = relative_moments(text, self.fetched, self.home)
        return found or yearless_moments(text, self.fetched, self.home)


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
    declared = list(_declared(meta))
    reader = _Reader(
        fetched=fetched,
        home=CHINA if chinese else _declared_zone(declared),
        month_first=meta.language in {"", "en", "en-us", "en_us"},
        line_trust=10 if chinese else 30,
    )
    found = [
        *declared,
        *_visible(lines, title, reader),
        *_marked(meta, reader),
        *_from_url(meta.canonical, url),
        *_listed(listed_published, reader),
    ]
    if chinese:
        found = [_in_china(item) for item in found]
    possible = [item for item in found if _possible(item.moment, reader)]
    if not possible and tree is not None:
        guessed = _guessed(tree, url, fetched)
        possible = [item for item in guessed if _possible(item.moment, reader)]
    return _choose(sorted(possible, key=lambda item: item.trust), reader.home)


def _choose(found: list[_Found], home: tzinfo) -> Dates:
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
        published_from=best.place,
        updated=last.moment.text(home) if last and changed else "",
        candidates=tuple(
            Candidate(item.moment.text(home), item.kind, item.place, item.text) for item in found
        ),
    )


def _as_shown(found: list[_Found]) -> list[_Found]:
    """Put the day the reader sees first where the declared one, in UTC, is its neighbour.

    A page that declares UTC but shows the day before or after shows its own zone's day.
    """
    first = next((item for item in found if item.kind == "published"), None)
    if first is None or first.moment.clock is None or first.moment.zone != UTC:
        return found
    shown = [
        item for item in found if item.place == "line near the title" and item.kind == "published"
    ][:1]
    if shown and abs(shown[0].moment.day - first.moment.day) == timedelta(days=1):
        return shown + found
    return found


def _finest(found: list[_Found], home: tzinfo) -> _Found | None:
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


def _possible(moment: Moment, reader: _Reader) -> bool:
    """Whether a moment is not in the future, given what its writer's clock may have shown."""
    fetched = reader.fetched
    if moment.clock is None:
        return moment.day <= (fetched.astimezone(UTC) + WIDEST_ZONE).date()
    sure = moment.zone is not None or reader.home is CHINA
    return moment.instant(reader.home) <= fetched + (TOLERANCE if sure else WIDEST_ZONE)


def _in_china(item: _Found) -> _Found:
    """Read CST as China's standard time, not as America's."""
    moment = item.moment
    if moment.zone is None or moment.zone is not zone("cst"):
        return item
    local = Moment(moment.day, moment.clock, CHINA, moment.start, moment.end)
    return _Found(local, item.kind, item.place, item.text, item.trust)


def _declared(meta: Meta) -> Iterator[_Found]:
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


def _read(text: str, kind: str, place: str, trust: int) -> Iterator[_Found]:
    if moment := machine_moment(text):
        yield _Found(moment, "updated" if kind == "updated" else "published", place, text, trust)


def _declared_zone(declared: list[_Found]) -> tzinfo:
    """The zone in which a page declares its dates, UTC where it does not say."""
    return next(
        (item.moment.zone for item in declared if item.moment.zone not in {None, UTC}), None
    ) or ZoneInfo("UTC")


def _visible(lines: Sequence[str], title: str, reader: _Reader) -> Iterator[_Found]:
    """The datelines: those round the headline, and labelled ones anywhere."""
    near = _near(lines, title)
    for number, line in enumerate(lines):
        close = number in near
        if len(line) > LONGEST_LINE or not (close or LABELLED.search(line[:60])):
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
            yield _Found(moment, kind, place, line[:80], trust)


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
        number
        for place in places[:4] or [-1]
        for number in range(place - NEAR_ABOVE, place + NEAR_BELOW)
    }


def _dateline(line: str, labelled: bool, close: bool, reader: _Reader) -> list[Moment]:
    """The dates in a line, none when it is prose or belongs to a comment or the footer."""
    if OTHER_DAY.search(line):
        return []
    found = reader.absolute(line)
    if close and not found:
        found = reader.loose(line)
    if labelled or not found:
        return found
    rest = line[: found[0].start] + line[found[-1].end :]
    return [] if len(rest) > 40 or SENTENCE.search(rest) else found


def _marked(meta: Meta, reader: _Reader) -> Iterator[_Found]:
    """The elements named for a date, nearest to the headline first."""
    headings = [mark.place for mark in meta.marked("heading")]
    top = headings[0] if headings else 0
    for mark in sorted(meta.marked("date"), key=lambda mark: abs(mark.place - top))[:6]:
        moment = machine_moment(mark.value) if mark.value else None
        if moment is None and len(mark.text) <= 80:
            read = reader.absolute(mark.text) or reader.loose(mark.text)
            moment = read[0] if read else None
        if moment is not None:
            kind = _kind(mark.text[: moment.start] or mark.name or mark.text)
            yield _Found(moment, kind, "element", mark.value or mark.text[:80], 32)


def _from_url(*urls: str) -> Iterator[_Found]:
    for url in urls:
        if match := URL_DAY.search(url[:500]):
            digits = f"{match['year']}{match['month']}{match['day']}"
            if COMPACT.fullmatch(digits) and (moment := machine_moment(digits)):
                yield _Found(moment, "published", "url", url[:200], 50)


def _listed(text: str, reader: _Reader) -> Iterator[_Found]:
    moment = machine_moment(text)
    for read in [moment] if moment else reader.loose(text[:100])[:1]:
        yield _Found(read, "published", "listing", text[:80], 60)


def _guessed(tree: HtmlElement, url: str, fetched: datetime) -> Iterator[_Found]:
    """What htmldate makes of a copy of the tree, unless all it had was a year."""
    day = find_date(tree, original_date=True, url=url or None, max_date=fetched + WIDEST_ZONE)
    if day and not day.endswith("-01-01") and (moment := machine_moment(day)):
        yield _Found(moment, "published", "htmldate", day, 90)
