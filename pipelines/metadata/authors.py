"""Authors of an article, from the places where Chinese and other pages name them."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import chain, pairwise

from shopwire.pipelines.metadata.byline_patterns import (
    AUTHOR_LABEL,
    DATE_LINE,
    ENGLISH_AUTHOR,
    NAME_BEFORE_TEXT,
    NAME_IN_BRACKETS,
    OFFICE_NAMES,
    OUTLET_ENDING,
    PERSON,
    REPORTER_IN_BRACKETS,
    REPORTER_LINE,
    REPORTER_WORD,
    SIGNATURE,
    TEXT_BY,
)
from shopwire.pipelines.metadata.person_names import (
    LINE_HEAD,
    SHORT_LINE,
    filter_names,
    is_capitalised,
    is_chinese_name,
    list_ends,
    list_persons,
    read_value,
    split_names,
    split_western_names,
)
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta, SemanticElement
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold

HEADLINE_NEIGHBOURS, CLOSE_ELEMENTS = 14, 400
"""Number of lines, and of elements, after a headline among which the byline is searched."""

AUTHOR_TAGS = (
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


def find_chinese_authors(lines: Sequence[str], meta: Meta, sites: Set[str], origin: str) -> list[str]:
    """Return the authors of a Chinese page, from the first place that names any.

    Places below the headline are searched before those below the body.
    """
    head = lines[:HEADLINE_NEIGHBOURS]
    places = (
        *(
            place(part)
            for part in (head, lines)
            for place in (_find_labelled_authors, _find_bracketed, _find_text_by)
        ),
        _find_declared_chinese(meta, sites),
        _find_reporters(lines),
        _find_signatures(lines),
    )
    first = chain(_find_labelled_authors(head), _find_reporter_lines(head))
    found = (
        [name for name in names if fold(name) != fold(origin)]
        for place in (first, *places)
        for names in place
    )
    return next(filter(None, found), [])


def _find_labelled_authors(lines: Sequence[str]) -> Iterator[list[str]]:
    return _find_labelled(lines, AUTHOR_LABEL)


def _find_labelled(lines: Sequence[str], label: re.Pattern[str]) -> Iterator[list[str]]:
    for line in lines:
        for text in list_ends(line):
            if match := label.search(text):
                yield split_names(read_value(text, match.end()))


def _find_bracketed(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines[:40]:
        if match := NAME_IN_BRACKETS.search(line[:LINE_HEAD]):
            yield [name for name in split_names(match["value"]) if is_chinese_name(name)]


def _find_text_by(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield authors after 文: 文/张三, 【文/观察者网专栏作者 王文】, (文/图 张三 李四), 记者张三/文."""
    for line in lines:
        for text in (line[:SHORT_LINE], line[-SHORT_LINE:] if len(line) > SHORT_LINE else ""):
            if match := TEXT_BY.search(text):
                words = re.sub(r"^.{0,16}?(?:作者|记者|撰稿人)\s?", "", match["value"] or match["plain"])
                yield list_persons(read_value(words, 0))
            elif match := NAME_BEFORE_TEXT.search(text):
                yield list_persons(re.sub(r"^.{0,16}记者", "", match["value"]))


def _find_reporters(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield reporters in their own lines, then in parentheses near a line's start or end: （记者 张三）."""
    yield from _find_reporter_lines(lines)
    for line in lines:
        for text in list_ends(line):
            if match := REPORTER_IN_BRACKETS.search(text):
                yield list_persons(f"{match['value']} {match['more'] or ''}")


def _find_reporter_lines(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield reporters in their own lines (本报记者 张三 李四), consecutive lines joined."""
    names: list[str] = []
    for line in lines:
        match = None
        if len(line) <= SHORT_LINE and REPORTER_WORD.search(line):
            match = REPORTER_LINE.fullmatch(line.lstrip("□■●◆★▲（(【[*-—　 "))
        if match:
            names += list_persons(match["value"])
        elif names:
            yield names
            names = []
    yield names


def _find_declared_chinese(meta: Meta, sites: Set[str]) -> Iterator[list[str]]:
    """Yield declared authors that are people: many Chinese sites declare themselves or their CMS."""
    for names in _find_declared_authors(meta):
        yield [
            name
            for name in names
            if len(name) <= 12
            and not OUTLET_ENDING.search(name)
            and fold(name) not in sites
            and not (HAN_CHARACTER.search(name) and re.search(r"[\s：:，。]", name))
        ]


def _find_signatures(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield authors in parentheses after the last sentence, as newspapers sign short reports: （张三）."""
    for line in reversed(lines):
        match = SIGNATURE.search(line[-20:])
        if match:
            names = split_names(match["value"])
            if all(map(is_chinese_name, names)):
                yield names


def find_western_authors(lines: Sequence[str], meta: Meta, sites: Set[str]) -> list[str]:
    """Return the first authors that are not the site itself, or the site if no others are named."""
    site: list[str] = []
    labelled = _find_labelled(lines, AUTHOR_LABEL)
    for names in chain(
        _find_declared_authors(meta), _find_written_by(lines), _find_near_date(lines), labelled
    ):
        people = [name for name in names if not _is_site_author(name, sites)]
        if people or (names and names == site):
            return people or names
        site = site or names
    return site


def _is_site_author(name: str, sites: Set[str]) -> bool:
    key = fold(name)
    return key in OFFICE_NAMES or any(
        site in key or (key in site and 2 * len(key) > len(site)) for site in sites if len(site) > 2
    )


def _find_written_by(lines: Sequence[str]) -> Iterator[list[str]]:
    for number, line in enumerate(lines):
        explicit = line[:40].lower().startswith(("written by", "authored by", "words by"))
        if len(line) <= 160 and (number < 30 or explicit) and (match := ENGLISH_AUTHOR.search(line)):
            yield [name for name in split_western_names(match["value"]) if is_capitalised(name)]


def _find_near_date(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield a person's name in the line before or after a date below the headline."""
    for above, line in pairwise(lines[:16]):
        for name, other in ((above, line), (line, above)):
            if DATE_LINE.search(other[:SHORT_LINE]) and len(other) <= SHORT_LINE and PERSON.fullmatch(name):
                yield split_western_names(name)


def _find_declared_authors(meta: Meta) -> Iterator[list[str]]:
    """Yield authors from JSON-LD, then meta tags, then semantic elements."""
    for value in meta.find_values("author"):
        yield _split_all_names(list_texts(value))
    for key in AUTHOR_TAGS:
        yield _split_all_names(meta.tags.get(key, ()))
    for element in _list_author_elements(meta):
        yield [name for name in split_western_names(element.text) if is_capitalised(name)]


def _split_all_names(values: Sequence[str]) -> list[str]:
    return filter_names(name for text in values for name in split_western_names(text))


def _list_author_elements(meta: Meta) -> list[SemanticElement]:
    """Return the author elements, nearest to the headline first.

    Elements with equal names and different texts far apart are a list of comments or other articles.
    """
    texts_of: dict[str, set[str]] = {}
    places: dict[str, list[int]] = {}
    elements = [element for element in meta.list_elements("author") if 2 <= len(element.text) <= 80]
    for element in elements:
        texts_of.setdefault(element.name, set()).add(element.text)
        places.setdefault(element.name, []).append(element.place)
    top = next((element.place for element in meta.list_elements("heading")), 0)
    own = [
        element
        for element in elements
        if element.place - top < CLOSE_ELEMENTS
        and not (len(texts_of[element.name]) > 2 and places[element.name][-1] - places[element.name][0] > 60)
    ]
    return sorted(own, key=lambda element: abs(element.place - top))[:8]
