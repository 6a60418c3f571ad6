"""Authors of an article, from the places where Chinese and other pages name them."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, pairwise

from shopwire.pipelines.metadata.authors.byline_patterns import (
    ACCOUNT_WITH_DATE,
    AUTHOR_LABEL,
    AUTHOR_LINE,
    BY_PERSON,
    CLOCK,
    COMMON_SURNAMES,
    DATE_LABEL,
    DATE_LINE,
    ENGLISH_AUTHOR,
    IN_BRACKETS,
    JAPANESE_WRITER,
    KOREAN_REPORTER,
    LEADING_DATE,
    NAME_BEFORE_TEXT,
    NAME_FIRST_LINE,
    NAME_IN_BRACKETS,
    NOT_A_BYLINE,
    OFFICE_NAMES,
    ORGANISATION,
    OUTLET_AND_NAME,
    OUTLET_ENDING,
    PERSON,
    POSTED_BY,
    REPORTER_ROLE,
    ROLE_WORD,
    SIGNATURE,
    TEXT_BY,
    WRITTEN_BY,
    WRITTEN_BY_WORDS,
)
from shopwire.pipelines.metadata.authors.declared_authors import (
    find_declared_authors,
    list_linked_accounts,
    list_marked_authors,
)
from shopwire.pipelines.metadata.authors.person_names import (
    LINE_HEAD,
    SHORT_LINE,
    filter_names,
    is_capitalised,
    is_chinese_name,
    is_role,
    list_ends,
    list_persons,
    read_reporters,
    read_value,
    split_names,
    split_western_names,
)
from shopwire.pipelines.metadata.dates.datelines import HEADLINE_NEIGHBOURS, cut_text
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold

MOST_BYLINES = 30
"""Lines below the headline that may be a byline without a word but `by`."""

LONGEST_LABEL = 20
"""Characters of `About the author`."""


def find_chinese_authors(
    lines: Sequence[str], meta: Meta, sites: Set[str], origin: str, title: str
) -> list[str]:
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
        _find_name_first(head),
        _find_declared_chinese(meta, sites, lines),
        _find_reporters(lines),
        _find_signatures(lines),
        _find_name_first(lines),
        _find_below_headline(lines, title),
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


def _find_labelled(lines: Iterable[str], label: re.Pattern[str]) -> Iterator[list[str]]:
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
        if "文" not in line:
            continue
        for text in (line[:SHORT_LINE], line[-SHORT_LINE:] if len(line) > SHORT_LINE else ""):
            if match := TEXT_BY.search(text):
                words = re.sub(r"^.{0,16}?(?:作者|记者|撰稿人)\s?", "", match["value"] or match["plain"])
                yield list_persons(read_value(words, 0))
            elif match := NAME_BEFORE_TEXT.search(text):
                yield list_persons(re.sub(r"^.{0,16}记者", "", match["value"]))


def _find_reporters(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield reporters in their own lines, then in brackets: （记者 张三 通讯员 李四）."""
    yield from _find_reporter_lines(lines)
    for line in lines:
        for text in list_ends(line):
            for content in IN_BRACKETS.findall(text):
                yield read_reporters(content, labelled=True)


def _find_reporter_lines(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield reporters in their own lines (本报记者 张三 李四), consecutive lines joined."""
    names: list[str] = []
    for line in lines:
        found: list[str] = []
        if len(line) <= SHORT_LINE and REPORTER_ROLE.search(line) and not NOT_A_BYLINE.search(line):
            found = read_reporters(line)
        if found:
            names += found
        elif names:
            yield names
            names = []
    yield names


def _find_name_first(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield authors in front of their work, of a posting or behind date and outlet."""
    for line in lines:
        if len(line) <= SHORT_LINE and (match := NAME_FIRST_LINE.fullmatch(line)):
            yield list_persons(match["value"])
        if len(line) <= SHORT_LINE and (match := OUTLET_AND_NAME.search(line)):
            yield list_persons(match["value"]) if OUTLET_ENDING.search(match["outlet"]) else []
        if len(line) <= SHORT_LINE and (match := POSTED_BY.search(line)):
            yield filter_names([match["value"] or match["name"]])


def _find_below_headline(lines: Sequence[str], title: str) -> Iterator[list[str]]:
    """Yield the account before the date, or the name alone, in the line below the headline."""
    key = fold(title)
    for headline, line in pairwise(lines[:HEADLINE_NEIGHBOURS]):
        if key and fold(headline) == key:
            match = ACCOUNT_WITH_DATE.match(line)
            if match and not OUTLET_ENDING.search(match["value"]) and not DATE_LABEL.search(match["value"]):
                yield filter_names([match["value"]])
            elif is_chinese_name(line) and line[0] in COMMON_SURNAMES:
                yield [line]


def _find_declared_chinese(meta: Meta, sites: Set[str], lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield declared authors that are people: many Chinese sites declare themselves or their CMS."""
    marked = list_marked_authors(meta, lines)
    for names in chain(find_declared_authors(meta, sites), marked, list_linked_accounts(meta)):
        people = [
            person
            for name in names
            for person in (read_reporters(name) if REPORTER_ROLE.search(name) else [name])
        ]
        yield [
            name
            for name in people
            if len(name) <= 12
            and (name == people[0] or not is_chinese_name(people[0]) or not is_role(name))
            and not OUTLET_ENDING.search(name)
            and fold(name) not in sites
            and not (HAN_CHARACTER.search(name) and re.search(r"[\s：:，。]", name))
        ]


def _find_signatures(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield authors in parentheses after the last sentence, as newspapers sign short reports: （张三）."""
    for line in reversed(lines):
        match = SIGNATURE.search(line[-30:])
        if match:
            names = split_names(match["value"])
            if all(map(is_chinese_name, names)):
                yield names


def find_western_authors(lines: Sequence[str], meta: Meta, sites: Set[str]) -> list[str]:
    """Return the authors of a page that is not Chinese.

    Names that the page both declares and shows come first, then declared people, then shown people, then
    organisations, then the site itself.
    """
    declared = [*find_declared_authors(meta, sites)]
    bylines = [*list_marked_authors(meta, lines), *_find_written_by(lines)]
    near = [
        *_find_announced(lines),
        *_find_near_date(lines),
        *_find_labelled(filter(HAN_CHARACTER.search, lines), AUTHOR_LABEL),
        *_find_east_asian(lines),
        *list_linked_accounts(meta),
    ]
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
        head = line[:LINE_HEAD]
        words = WRITTEN_BY_WORDS if number < MOST_BYLINES else WRITTEN_BY_WORDS[:1]
        lower = head.lower() if number < MOST_BYLINES else head
        explicit = WRITTEN_BY.search(head) if any(map(lower.__contains__, words)) else None
        if explicit:
            parts = [explicit["value"]] if explicit["value"] else explicit["name"].split(",")
            yield [name for part in parts for name in split_western_names(part.strip())]
        elif (
            len(line) <= 160
            and number < MOST_BYLINES
            and (match := ENGLISH_AUTHOR.search(line) or BY_PERSON.fullmatch(line))
        ):
            yield [name for name in split_western_names(match["value"]) if is_capitalised(name)]


def _find_east_asian(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the names beside their work on Korean and Japanese pages: 표정훈 기자, 文＝高瀬みお."""
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        for text in (line,) if len(line) <= SHORT_LINE else (line[:SHORT_LINE], line[-SHORT_LINE:]):
            match = KOREAN_REPORTER.search(text) or (number < 30 and JAPANESE_WRITER.search(text))
            if match:
                yield filter_names(re.split(r"[·,]\s?", match["value"] or match["name"]))


def _find_announced(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield a name above or below a line that only says `author`."""
    for above, line in pairwise(lines):
        for label, name in ((above, line), (line, above)):
            if len(label) <= LONGEST_LABEL and AUTHOR_LINE.fullmatch(label) and PERSON.fullmatch(name):
                yield split_western_names(name)


def _find_near_date(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield a person's name in the same line as a date, or in the line before or after it."""
    lines = cut_text(lines[:HEADLINE_NEIGHBOURS])
    for line in lines:
        pieces = [piece.strip() for piece in re.split(r"\s[|·•–-]\s", line[: 2 * SHORT_LINE])]
        if len(pieces) > 1 and any(map(DATE_LINE.search, pieces)):
            yield [
                name for piece in pieces[:2] if PERSON.fullmatch(piece) for name in split_western_names(piece)
            ]
        rest = CLOCK.sub("", LEADING_DATE.sub("", line)).strip(" ,|·•–-") if len(line) <= SHORT_LINE else ""
        name, _, role = rest.partition(", ")
        if rest != line and PERSON.fullmatch(name) and (not role or ROLE_WORD.match(role)):
            yield split_western_names(name)
    for above, line in pairwise(lines):
        for name, other in ((above, line), (line, above)):
            if DATE_LINE.search(other[:SHORT_LINE]) and len(other) <= SHORT_LINE and PERSON.fullmatch(name):
                yield split_western_names(name)
