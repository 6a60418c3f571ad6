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
from shopwire.pipelines.meta import Meta, texts
from shopwire.pipelines.title import fold

Kind = Literal["published", "updated"]

CHINA = ZoneInfo("Asia/Shanghai")
TOLERANCE = timedelta(hours=1)
"""Clocks of servers differ by so much."""

WIDEST_ZONE = timedelta(hours=14)
"""How far ahead of us a clock without a zone may be without being in the future."""

PUBLISHED_KEYS = ("datePublished", "pubDate", "dateCreated", "uploadDate")
UPDATED_KEYS = ("dateModified", "upDate")
PUBLISHED_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "og:published_time",
    "publishdate",
    "publish_date",
    "publish-date",
    "published_time",
    "publication_date",
    "pubdate",
    "og:release_date",
    "og:time",
    "og:pubdate",
    "weibo: article:create_at",
    "weibo:article:create_at",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_date",
    "prism.publicationdate",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "date",
    "article.created",
    "datecreated",
)
UPDATED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "weibo: article:update_at",
    "datemodified",
    "dcterms.modified",
    "lastmod",
    "last-modified",
)

UPDATED = re.compile(
    r"更新|修改|修订|最后编辑|updat|modif|edited|revis|aktualis|stand:|mis à jour|actualiz|aggiorn|수정",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"发布|發布|发表|發表|时间|時間|日期|来源|來源|作者|浏览|阅读|点击|编辑|字号|published|posted|publié"
    r"|veröffentlicht|publicado|pubblicato|\bby\b|\bdate\b|작성|입력|登録",
    re.IGNORECASE,
)
OTHER_DAY = re.compile(
    r"版权|copyright|©|备案|查看旧版|评论|回复|reply|comment|截至|活动时间|deadline|expires",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[。；;！!？?]|[a-z]{2}\. [A-Z]")

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


def find_dates(
    tree: HtmlElement | None,
    meta: Meta,
    lines: Sequence[str],
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
    home = CHINA if chinese else _declared_zone(declared)
    month_first = meta.language in {"", "en", "en-us", "en_us"}
    found = [
        *declared,
        *_visible(lines, title, fetched, home, month_first, chinese),
        *_marked(meta, fetched, home, month_first),
        *_from_url(meta.canonical, url),
        *_listed(listed_published, fetched, home),
    ]
    if chinese:
        found = [_in_china(item) for item in found]
    possible = [item for item in found if _possible(item.moment, fetched, home)]
    if not possible and tree is not None:
        possible = [
            item for item in _guessed(tree, url, fetched) if _possible(item.moment, fetched, home)
        ]
    return _choose(sorted(possible, key=lambda item: item.trust), home)


def _choose(found: list[_Found], home: tzinfo) -> Dates:
    """Believe the most trusted day, and of those that agree on it the first with a clock."""
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


def _possible(moment: Moment, fetched: datetime, home: tzinfo) -> bool:
    """Whether a moment is not in the future, given what its writer's clock may have shown."""
    if moment.clock is None:
        return moment.day <= (fetched + WIDEST_ZONE).astimezone(UTC).date()
    sure = moment.zone is not None or home is CHINA
    return moment.instant(home) <= fetched + (TOLERANCE if sure else WIDEST_ZONE)


def _in_china(item: _Found) -> _Found:
    """Read CST as China's standard time, not as America's."""
    moment = item.moment
    if moment.zone is None or moment.zone is not zone("cst"):
        return item
    local = Moment(moment.day, moment.clock, CHINA, moment.start, moment.end)
    return _Found(local, item.kind, item.place, item.text, item.trust)


def _declared(meta: Meta) -> Iterator[_Found]:
    """The dates in JSON-LD and meta tags."""
    json_ld: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("published", PUBLISHED_KEYS),
        ("updated", UPDATED_KEYS),
    )
    for kind, keys in json_ld:
        for key in keys:
            for text in [text for value in meta.stated(key) for text in texts(value)][:3]:
                if moment := machine_moment(text):
                    yield _Found(moment, kind, f"json-ld {key}", text, 20)
    named: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("published", PUBLISHED_NAMES),
        ("updated", UPDATED_NAMES),
    )
    for kind, names in named:
        for name in names:
            for text in meta.names.get(name, ())[:2]:
                if moment := machine_moment(text):
                    yield _Found(moment, kind, f"meta {name}", text, 21)


def _declared_zone(declared: list[_Found]) -> tzinfo:
    """The zone in which a page declares its dates, UTC where it does not say."""
    return next(
        (item.moment.zone for item in declared if item.moment.zone not in {None, UTC}), None
    ) or ZoneInfo("UTC")


def _visible(
    lines: Sequence[str],
    title: str,
    fetched: datetime,
    home: tzinfo,
    month_first: bool,
    chinese: bool,
) -> Iterator[_Found]:
    """The datelines: those round the headline, and labelled ones anywhere."""
    near = _near(lines, title)
    for place, line in enumerate(lines):
        close = place in near
        if not close and (len(line) > LONGEST_LINE or not LABELLED.search(line[:60])):
            continue
        for moment in _read_line(line[:LONGEST_LINE], fetched, home, month_first, close):
            text = line[: moment.start]
            kind: Kind = "updated" if UPDATED.search(text[-24:]) else "published"
            labelled = LABELLED.search(line[:LONGEST_LINE]) is not None
            if not close:
                yield _Found(moment, kind, "labelled line", line[:80], 40)
            else:
                trust = 10 if chinese else 30
                trust += 0 if labelled or moment.clock else 1
                yield _Found(moment, kind, "line near the title", line[:80], trust)


def _near(lines: Sequence[str], title: str) -> set[int]:
    """The lines round each place where the headline stands, or the head where it stands nowhere."""
    key = fold(title)
    places = [place for place, line in enumerate(lines) if key and fold(line[:400]) == key][:4]
    if not places:
        places = [-1]
    return {n for place in places for n in range(place - NEAR_ABOVE, place + NEAR_BELOW)}


def _read_line(
    line: str, fetched: datetime, home: tzinfo, month_first: bool, close: bool
) -> list[Moment]:
    if len(line) >= LONGEST_LINE or OTHER_DAY.search(line[:LONGEST_LINE]):
        return []
    found = moments(line, month_first) if re.search(r"\d", line) else []
    if not found and close:
        found = relative_moments(line, fetched, home) or yearless_moments(line, fetched, home)
    rest = line
    for moment in reversed(found):
        rest = rest[: moment.start] + rest[moment.end :]
    if not LABELLED.search(line) and (len(rest) > 40 or SENTENCE.search(rest)):
        return []
    return found


def _marked(meta: Meta, fetched: datetime, home: tzinfo, month_first: bool) -> Iterator[_Found]:
    """The elements named for a date, nearest to the headline first."""
    headings = [mark.place for mark in meta.marked("heading")]
    top = headings[0] if headings else 0
    for mark in sorted(meta.marked("date"), key=lambda mark: abs(mark.place - top))[:6]:
        moment = machine_moment(mark.value) if mark.value else None
        if moment is None and len(mark.text) <= 80:
            read = moments(mark.text, month_first) or relative_moments(mark.text, fetched, home)
            moment = read[0] if read else None
        if moment is not None:
            words = f"{mark.name} {mark.text[: moment.start]}"
            kind: Kind = "updated" if UPDATED.search(words) else "published"
            yield _Found(moment, kind, "element", mark.value or mark.text[:80], 32)


def _from_url(*urls: str) -> Iterator[_Found]:
    for url in urls:
        if match := URL_DAY.search(url[:500]):
            digits = f"{match['year']}{match['month']}{match['day']}"
            if COMPACT.fullmatch(digits) and (moment := machine_moment(digits)):
                yield _Found(moment, "published", "url", url[:200], 50)


def _listed(text: str, fetched: datetime, home: tzinfo) -> Iterator[_Found]:
    moment = machine_moment(text)
    for read in [moment] if moment else relative_moments(text[:100], fetched, home)[:1]:
        yield _Found(read, "published", "listing", text[:80], 60)


def _guessed(tree: HtmlElement, url: str, fetched: datetime) -> Iterator[_Found]:
    """What htmldate makes of the page: it works on a copy of the tree."""
    day = find_date(tree, original_date=True, url=url or None, max_date=fetched + WIDEST_ZONE)
    if day and (moment := machine_moment(day)):
        yield _Found(moment, "published", "htmldate", day, 90)
