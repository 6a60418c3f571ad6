"""Names of people in the words of a byline."""

import re
from collections.abc import Iterable, Iterator

from shopwire.pipelines.metadata.authors.byline_patterns import (
    AND,
    AUTHOR_PREFIX,
    DOUBLE_SURNAMES,
    ENGLISH_NAME_END,
    LEADING_DATE,
    NEXT_LABEL,
    NOT_A_NAME,
    NOT_A_PERSON,
    NOT_BYLINE_TEXT,
    OUTLET_ENDING,
    PERSON_WORDS,
    REPORTER_PREFIX,
    REPORTER_ROLE,
    REPORTERS_END,
    REPORTERS_PLACE,
    ROLE_END,
    SURNAMES,
    TRAILING_DAY,
)
from shopwire.storage.text.characters import HAN, HAN_CHARACTER

LONGEST_NAME, LONGEST_HAN, MOST_AUTHORS = 60, 12, 12
LINE_HEAD, LINE_TAIL, SHORT_LINE = 240, 80, 60
"""Characters at the start and end of a line that may contain a byline, and of a line that is one."""


NICKNAME = re.compile(r"(?<=\w\s)\"\w[\w .-]{0,20}\"(?=\s\w)")
CONNECTOR = re.compile(rf"\s{{0,3}}(?:[,&;、]|{AND}\b)\s{{0,3}}")
LEADING_CONNECTOR = re.compile(rf"^{CONNECTOR.pattern}")
NAME_LIST = re.compile(rf"{PERSON_WORDS}(?:,\s{PERSON_WORDS}){{1,6}},?\s{AND}\s{PERSON_WORDS}(?![\w’'-])")
"""Names with commas before the last `and`: other words after a comma are a role or an outlet."""


def is_chinese_name(text: str) -> bool:
    """Return whether a text looks like one Chinese name: a known surname and one or two characters."""
    if not 2 <= len(text) <= 4 or not all(map(HAN_CHARACTER.match, text)) or OUTLET_ENDING.search(text):
        return False
    return text.startswith(DOUBLE_SURNAMES) or (text[0] in SURNAMES and len(text) <= 3)


def list_ends(line: str) -> Iterator[str]:
    """Yield the parts of a line that may contain a byline: a short line, or both ends of a long one."""
    yield line[:LINE_HEAD]
    if len(line) > LINE_HEAD:
        yield line[-LINE_TAIL:]


def read_value(text: str, start: int) -> str:
    """Return the text after a label, up to the next label."""
    value = text[start : start + LONGEST_NAME].lstrip(' :：|｜/／[［【(（《“"')
    value = REPORTER_PREFIX.sub("", value)
    end = NEXT_LABEL.search(value)
    return value[: end.start()].strip(" ,，、/-—·") if end else value


def split_names(text: str) -> list[str]:
    """Return the names of people in a text."""
    text = REPORTER_PREFIX.sub("", text.strip())
    if re.fullmatch(rf"[{HAN}]\s{{1,3}}[{HAN}]", text):
        text = "".join(text.split())
    separators = r"[\s、，,;；&/／]+" if HAN_CHARACTER.search(text) else r"\s*[、，,;；&/／]\s*"
    names = (name.strip("*＊·.：:") for name in re.split(separators, text))
    return filter_names(part for name in names for part in _split_joined(name))


def _split_joined(name: str) -> list[str]:
    """Return two joined names of two characters each as two names."""
    halves = [name[:2], name[2:]]
    if len(name) == 4 and not is_chinese_name(name) and all(map(is_chinese_name, halves)):
        return halves
    return [name]


def filter_names(names: Iterable[str]) -> list[str]:
    """Return the distinct names that name a person."""
    return [
        name
        for name in dict.fromkeys(names)
        if 2 <= len(name) <= (LONGEST_HAN if HAN_CHARACTER.match(name) else LONGEST_NAME)
        and not NOT_A_NAME.fullmatch(name)
        and not NOT_BYLINE_TEXT.search(NICKNAME.sub(" ", name))
    ][:MOST_AUTHORS]


def list_persons(text: str) -> list[str]:
    """Return the names in a text that are Chinese names or in another script."""
    return [name for name in split_names(text) if is_chinese_name(name) or not HAN_CHARACTER.search(name)]


def read_reporters(text: str, labelled: bool = False) -> list[str]:
    """Return the names behind each role in `本报记者 X Y 实习生 Z 北京报道`.

    A labelled text consists of roles and names only, so a name may have any surname.
    """
    names: list[str] = []
    for behind in REPORTER_ROLE.split(text)[1:]:
        part = REPORTERS_END.split(behind)[0].strip(" :：|｜丨/／、，,（）()【】[]〔〕")
        first = re.split(r"[\s、，,&/／|｜丨]+", part)
        for name in first:
            persons = _read_joined(name)
            if not persons:
                break
            names += persons
        apart = behind[:1] in " :：|｜丨/／"
        if labelled and apart and len(first) == 1 and re.fullmatch(rf"[{HAN}]{{2,4}}", part) and not names:
            names += [] if REPORTERS_PLACE.search(part) else [part]
    return filter_names(names)


def _read_joined(text: str) -> list[str]:
    """Return the names in a text without blanks, behind which a place may stand: 张三台北10日电."""
    if not (place := REPORTERS_PLACE.search(text)):
        return list_persons(text)
    stem = text[: place.start()]
    found = [list_persons(stem[: len(stem) - length]) for length in (2, 3, 4)]
    return next((names for names in found if len(names) == 1), next(filter(None, found), []))


def read_pieces(pieces: Iterable[str]) -> list[str]:
    """Return the first name in the pieces of an author element, and those that a comma or `and` joins."""
    names: list[str] = []
    joined = True
    for piece in pieces:
        if CONNECTOR.fullmatch(piece):
            joined = True
            continue
        if names and not joined and not CONNECTOR.match(piece):
            break
        found = [
            name for name in split_western_names(LEADING_CONNECTOR.sub("", piece)) if is_capitalised(name)
        ]
        names += found
        joined = not names or piece.rstrip().endswith((",", "&", " and"))
    return filter_names(names)


def split_western_names(text: str) -> list[str]:
    """Return the names in a declared author or in the words after `by`."""
    if NOT_BYLINE_TEXT.search(NICKNAME.sub(" ", text)) and " " not in text.strip():
        return []
    text = LEADING_DATE.sub("", re.split(r"\s@\s?|\s\(?@", text)[0], count=1)
    text = re.split(r"(?<!\w)[Bb][Yy]:?\s", text)[-1]
    text = AUTHOR_PREFIX.sub("", text)
    if listed := NAME_LIST.match(text):
        return filter_names(re.split(rf",\s(?:{AND}\s)?|\s{AND}\s", listed[0]))
    end = ENGLISH_NAME_END.search(text)
    names = re.split(r"\s*[;、，]\s*|\s*,\s*", text[: end.start()] if end else text)
    people = (" ".join(part.split()) for name in names for part in _split_pair(name))
    return filter_names(_cut_role(name) for name in people if not NOT_A_PERSON.fullmatch(name))


def is_role(name: str) -> bool:
    """Return whether a Chinese word is what somebody is, not a name."""
    return HAN_CHARACTER.search(name) is not None and not is_chinese_name(name)


def _cut_role(name: str) -> str:
    """Return a name without the role and the day behind it, "" for a role alone."""
    rest = ROLE_END.sub("", TRAILING_DAY.sub("", name))
    return rest if rest == name or " " in rest else ""


def _split_pair(name: str) -> list[str]:
    """Return the names joined by `and` or an ampersand, unless it is part of an organisation's name."""
    parts = re.split(rf"\s+{AND}\s+", name)
    return parts if all(1 < len(part.split()) <= 4 for part in parts) else [name]


def is_capitalised(name: str) -> bool:
    """Return whether the first and last word of a name are capitalised and the name is short."""
    words = name.split()
    return len(words) <= 6 and not words[0][0].islower() and not words[-1][0].islower()
