"""Who wrote an article, by the places in which Chinese and other pages say so."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import chain, pairwise

from shopwire.pipelines.metadata.byline_patterns import (
    AUTHOR,
    BRACKETED,
    DATED,
    EN_BY,
    OFFICES,
    OUTLET,
    PERSON,
    REPORTER_ASIDE,
    REPORTER_LINE,
    REPORTS,
    SIGNED,
    WORDS_AFTER,
    WORDS_BY,
)
from shopwire.pipelines.metadata.person_names import (
    HEAD,
    IS_HAN,
    SHORT,
    capitalised,
    ends,
    is_chinese_name,
    named,
    people,
    persons,
    value_after,
    western_names,
)
from shopwire.pipelines.parsing.json_ld import texts
from shopwire.pipelines.parsing.meta_tags import Mark, Meta
from shopwire.storage.text.folding import fold

UNDER_HEADLINE, CLOSE = 14, 400
"""Lines after a headline that may hold its byline; elements after it that may be named for one."""

AUTHOR_NAMES = (
    "citation_author",
    "citation_authors",
    "parsely-author",
    "sailthru.author",
    "byl",
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "article:author_name",
    "creator",
)


def chinese_authors(lines: Sequence[str], meta: Meta, sites: Set[str], origin: str) -> list[str]:
    """The first of the places in which Chinese pages name their authors that names anybody.

    What stands under the headline comes before what stands after the body.
    """
    head = lines[:UNDER_HEADLINE]
    places = (
        *(place(part) for part in (head, lines) for place in (_said, _bracketed, _by_words)),
        _declared_chinese(meta, sites),
        _reporters(lines),
        _signed(lines),
    )
    first = chain(_said(head), _reporter_lines(head))
    found = (
        [name for name in names if fold(name) != fold(origin)]
        for place in (first, *places)
        for names in place
    )
    return next(filter(None, found), [])


def _said(lines: Sequence[str]) -> Iterator[list[str]]:
    return _labelled(lines, AUTHOR)


def _labelled(lines: Sequence[str], label: re.Pattern[str]) -> Iterator[list[str]]:
    for line in lines:
        for text in ends(line):
            if match := label.search(text):
                yield people(value_after(text, match.end()))


def _bracketed(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines[:40]:
        if match := BRACKETED.search(line[:HEAD]):
            yield [name for name in people(match["value"]) if is_chinese_name(name)]


def _by_words(lines: Sequence[str]) -> Iterator[list[str]]:
    """文/张三, 【文/观察者网专栏作者 王文】, (文/图 张三 李四), 记者张三/文."""
    for line in lines:
        for text in (line[:SHORT], line[-SHORT:] if len(line) > SHORT else ""):
            if match := WORDS_BY.search(text):
                words = re.sub(r"^.{0,16}?(?:作者|记者|撰稿人)\s?", "", match["value"] or match["plain"])
                yield persons(value_after(words, 0))
            elif match := WORDS_AFTER.search(text):
                yield persons(re.sub(r"^.{0,16}记者", "", match["value"]))


def _reporters(lines: Sequence[str]) -> Iterator[list[str]]:
    """Reporters in lines of their own, then （记者 张三）beside the first or last words."""
    yield from _reporter_lines(lines)
    for line in lines:
        for text in ends(line):
            if match := REPORTER_ASIDE.search(text):
                yield persons(f"{match['value']} {match['more'] or ''}")


def _reporter_lines(lines: Sequence[str]) -> Iterator[list[str]]:
    """本报记者 张三 李四 as a line of its own, with the lines of the same kind that follow it."""
    names: list[str] = []
    for line in lines:
        match = None
        if len(line) <= SHORT and REPORTS.search(line):
            match = REPORTER_LINE.fullmatch(line.lstrip("□■●◆★▲（(【[*-—　 "))
        if match:
            names += persons(match["value"])
        elif names:
            yield names
            names = []
    yield names


def _declared_chinese(meta: Meta, sites: Set[str]) -> Iterator[list[str]]:
    """Declared authors that are people: many Chinese sites put themselves or their CMS there."""
    for names in _declared(meta):
        yield [
            name
            for name in names
            if len(name) <= 12
            and not OUTLET.search(name)
            and fold(name) not in sites
            and not (IS_HAN.search(name) and re.search(r"[\s：:，。]", name))
        ]


def _signed(lines: Sequence[str]) -> Iterator[list[str]]:
    """（张三）after the last sentence, as newspapers sign short reports."""
    for line in reversed(lines):
        match = SIGNED.search(line[-20:])
        if match:
            names = people(match["value"])
            if all(map(is_chinese_name, names)):
                yield names


def western_authors(lines: Sequence[str], meta: Meta, sites: Set[str]) -> list[str]:
    """The first place that names somebody else than the site; the site where none does."""
    site: list[str] = []
    labelled = _labelled(lines, AUTHOR)
    for names in chain(_declared(meta), _written_by(lines), _beside_the_date(lines), labelled):
        people = [name for name in names if not _is_site(name, sites)]
        if people or (names and names == site):
            return people or names
        site = site or names
    return site


def _is_site(name: str, sites: Set[str]) -> bool:
    key = fold(name)
    return key in OFFICES or any(
        site in key or (key in site and 2 * len(key) > len(site)) for site in sites if len(site) > 2
    )


def _written_by(lines: Sequence[str]) -> Iterator[list[str]]:
    for number, line in enumerate(lines):
        explicit = line[:40].lower().startswith(("written by", "authored by", "words by"))
        if len(line) <= 160 and (number < 30 or explicit) and (match := EN_BY.search(line)):
            yield [name for name in western_names(match["value"]) if capitalised(name)]


def _beside_the_date(lines: Sequence[str]) -> Iterator[list[str]]:
    """A person's name in the line before or after the date, under the headline."""
    for above, line in pairwise(lines[:16]):
        for name, other in ((above, line), (line, above)):
            if DATED.search(other[:SHORT]) and len(other) <= SHORT and PERSON.fullmatch(name):
                yield western_names(name)


def _declared(meta: Meta) -> Iterator[list[str]]:
    """Authors by JSON-LD, by meta tags, by elements that are named for them."""
    for value in meta.stated("author"):
        yield _all_names(texts(value))
    for key in AUTHOR_NAMES:
        yield _all_names(meta.names.get(key, ()))
    for mark in _own_marks(meta):
        yield [name for name in western_names(mark.text) if capitalised(name)]


def _all_names(values: Sequence[str]) -> list[str]:
    return named(name for text in values for name in western_names(text))


def _own_marks(meta: Meta) -> list[Mark]:
    """The elements named for an author, nearest to the headline first.

    The same name with several texts far apart is a list: of comments, of other articles.
    """
    texts_of: dict[str, set[str]] = {}
    places: dict[str, list[int]] = {}
    marks = [mark for mark in meta.marked("author") if 2 <= len(mark.text) <= 80]
    for mark in marks:
        texts_of.setdefault(mark.name, set()).add(mark.text)
        places.setdefault(mark.name, []).append(mark.place)
    top = next((mark.place for mark in meta.marked("heading")), 0)
    own = [
        mark
        for mark in marks
        if mark.place - top < CLOSE
        and not (len(texts_of[mark.name]) > 2 and places[mark.name][-1] - places[mark.name][0] > 60)
    ]
    return sorted(own, key=lambda mark: abs(mark.place - top))[:8]
