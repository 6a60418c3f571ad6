"""Authors of an article, from the places where Chinese and other pages name them."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import chain, pairwise

from shopwire.pipelines.metadata.byline_patterns import (
    ABOUT_AUTHOR,
    AUTHOR_LABEL,
    AUTHOR_LINE,
    BY_PERSON,
    DATE_LINE,
    ENGLISH_AUTHOR,
    NAME_BEFORE_TEXT,
    NAME_IN_BRACKETS,
    OFFICE_NAMES,
    ORGANISATION,
    OUTLET_ENDING,
    PERSON,
    REPORTER_IN_BRACKETS,
    REPORTER_LINE,
    REPORTER_WORD,
    SIGNATURE,
    TEXT_BY,
    WRITTEN_BY,
)
from shopwire.pipelines.metadata.person_names import (
    LINE_HEAD,
    SHORT_LINE,
    filter_names,
    is_capitalised,
    is_chinese_name,
    list_ends,
    list_persons,
    read_pieces,
    read_value,
    split_names,
    split_western_names,
)
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta, SemanticElement
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold

HEADLINE_NEIGHBOURS, CLOSE_ELEMENTS, SAME_LIST = 14, 400, 5
"""Number of lines, and of elements, after a headline among which the byline is searched, and of elements
from one author of a list to the next."""

LIST_SPREAD = 60
"""Elements over which equally named elements are spread if they are a list of comments or articles."""

LONGEST_AUTHOR, MOST_MARKED = 120, 8
"""Characters of an author element, a longer one is a biography; number of elements that are read."""

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
    for names in chain(_find_declared_authors(meta, sites), _list_marked_authors(meta)):
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
    """Return the authors of a page that is not Chinese.

    Names that the page both declares and shows come first, then declared people, then shown people, then
    organisations, then the site itself.
    """
    declared = [*_find_declared_authors(meta, sites)]
    bylines = [*_list_marked_authors(meta), *_find_written_by(lines)]
    near = [*_find_announced(lines), *_find_near_date(lines), *_find_labelled(lines, AUTHOR_LABEL)]
    people, written, others = (
        [[name for name in names if _is_person(name, sites)] for names in place]
        for place in (declared, bylines, near)
    )
    shown = {fold(name) for names in (*bylines, *near) for name in names}
    both, both_with_site = (
        [names for names in place if not shown.isdisjoint(map(fold, names))] for place in (people, declared)
    )
    twice = [names for number, names in enumerate(declared) if names in declared[:number]]
    organisations = ([name for name in names if not _is_site_author(name, sites)] for names in declared)
    places = (both, people, written, both_with_site, others, twice, organisations, declared, bylines, near)
    return next(filter(None, chain.from_iterable(places)), [])


def _is_person(name: str, sites: Set[str]) -> bool:
    return is_capitalised(name) and not ORGANISATION.search(name) and not _is_site_author(name, sites)


def _is_site_author(name: str, sites: Set[str]) -> bool:
    key = fold(name)
    return key in OFFICE_NAMES or any(
        site in key or (key in site and 2 * len(key) > len(site)) for site in sites if len(site) > 2
    )


def _find_written_by(lines: Sequence[str]) -> Iterator[list[str]]:
    for number, line in enumerate(lines):
        explicit = WRITTEN_BY.search(line[:LINE_HEAD])
        if explicit:
            yield split_western_names(explicit["value"] or explicit["name"])
        elif (
            len(line) <= 160
            and number < 30
            and (match := ENGLISH_AUTHOR.search(line) or BY_PERSON.fullmatch(line))
        ):
            yield [name for name in split_western_names(match["value"]) if is_capitalised(name)]


def _find_announced(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield a name above or below a line that only says `author`."""
    for above, line in pairwise(lines):
        for label, name in ((above, line), (line, above)):
            if len(label) <= SHORT_LINE and AUTHOR_LINE.fullmatch(label) and PERSON.fullmatch(name):
                yield split_western_names(name)


def _find_near_date(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield a person's name in the same line as a date, or in the line before or after it."""
    for line in lines[:16]:
        pieces = [piece.strip() for piece in re.split(r"\s[|·•–-]\s", line[: 2 * SHORT_LINE])]
        if len(pieces) > 1 and any(map(DATE_LINE.search, pieces)):
            yield [
                name for piece in pieces[:2] if PERSON.fullmatch(piece) for name in split_western_names(piece)
            ]
    for above, line in pairwise(lines[:16]):
        for name, other in ((above, line), (line, above)):
            if DATE_LINE.search(other[:SHORT_LINE]) and len(other) <= SHORT_LINE and PERSON.fullmatch(name):
                yield split_western_names(name)


def _find_declared_authors(meta: Meta, sites: Set[str]) -> Iterator[list[str]]:
    """Yield authors from JSON-LD, then meta tags."""
    for value in meta.find_values("author"):
        yield _split_all_names(list_texts(value), sites)
    for key in AUTHOR_TAGS:
        yield _split_all_names(meta.tags.get(key, ()), sites)


def _split_all_names(values: Sequence[str], sites: Set[str]) -> list[str]:
    return filter_names(
        name for text in values for name in ([text] if fold(text) in sites else split_western_names(text))
    )


def _list_marked_authors(meta: Meta) -> list[list[str]]:
    """Return the names in author elements, nearest to the headline first, neighbours of one name joined.

    Elements with equal names and different texts far apart are a list of comments or other articles.
    """
    groups: list[list[SemanticElement]] = []
    texts_of: dict[str, set[str]] = {}
    for element in meta.list_elements("author"):
        text = element.text
        if 2 <= len(text) <= LONGEST_AUTHOR and not ABOUT_AUTHOR.search(element.name):
            last = groups[-1][-1] if groups else None
            if last and last.name == element.name and element.place - last.place <= SAME_LIST:
                groups[-1].append(element)
            else:
                groups.append([element])
            texts_of.setdefault(element.name, set()).add(text)
    headings = [element.place for element in meta.list_elements("heading")]
    top = headings[0] if headings else 0
    own = [
        group
        for group in groups
        if (not headings or group[0].place - top < CLOSE_ELEMENTS)
        and not (len(texts_of[group[0].name]) > 2 and _is_far(group, groups, top))
    ]
    own.sort(key=lambda group: abs(group[0].place - top))
    first: dict[str, list[str]] = {}
    for group in own[:MOST_MARKED]:
        names = read_pieces("\n,\n".join(element.text for element in group).split("\n"))
        if names:
            first.setdefault(group[0].name, names)
    return list(first.values())


def _is_far(group: Sequence[SemanticElement], groups: Sequence[Sequence[SemanticElement]], top: int) -> bool:
    """Return whether a group is far from the headline and one of many that are spread over the page."""
    places = [element.place for other in groups for element in other if element.name == group[0].name]
    return abs(group[0].place - top) > LIST_SPREAD and places[-1] - places[0] > LIST_SPREAD
