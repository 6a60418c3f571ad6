"""People's names in the words of a byline: where they end, how they part, what is none."""

import re
from collections.abc import Iterable, Iterator

from shopwire.pipelines.metadata.byline_patterns import (
    BY,
    DOUBLE_SURNAMES,
    EN_STOP,
    JUNK,
    NOBODY,
    OUTLET,
    REPORTER,
    STOP,
    SURNAMES,
)
from shopwire.storage.text.characters import HAN

IS_HAN = re.compile(f"[{HAN}]")
LONGEST_NAME, LONGEST_HAN, MOST_AUTHORS = 60, 12, 12
HEAD, TAIL, SHORT = 240, 80, 60
"""Characters at the start and end of a line that may hold a byline; a short line is all of one."""


def is_chinese_name(text: str) -> bool:
    """Whether a text reads like one Chinese person: a known surname and one or two characters."""
    if not 2 <= len(text) <= 4 or not all(map(IS_HAN.match, text)) or OUTLET.search(text):
        return False
    return text.startswith(DOUBLE_SURNAMES) or (text[0] in SURNAMES and len(text) <= 3)


def ends(line: str) -> Iterator[str]:
    """The parts of a line that may hold a byline: all of a short one, both ends of a long one."""
    yield line[:HEAD]
    if len(line) > HEAD:
        yield line[-TAIL:]


def value_after(text: str, start: int) -> str:
    """What stands after a label, up to the next one."""
    value = text[start : start + LONGEST_NAME].lstrip(' :：|｜/／[［【(（《“"')
    value = REPORTER.sub("", value)
    end = STOP.search(value)
    return value[: end.start()].strip(" ,，、/-—·") if end else value


def people(text: str) -> list[str]:
    """Split and check the names in a text; none when it names nobody."""
    text = REPORTER.sub("", text.strip())
    if re.fullmatch(rf"[{HAN}]\s{{1,3}}[{HAN}]", text):
        text = "".join(text.split())
    separators = r"[\s、，,;；&/／]+" if IS_HAN.search(text) else r"\s*[、，,;；&/／]\s*"
    names = (name.strip("*＊·.：:") for name in re.split(separators, text))
    return named(part for name in names for part in _apart(name))


def _apart(name: str) -> list[str]:
    """Two names of two characters that stand together, as two."""
    halves = [name[:2], name[2:]]
    if len(name) == 4 and not is_chinese_name(name) and all(map(is_chinese_name, halves)):
        return halves
    return [name]


def named(names: Iterable[str]) -> list[str]:
    """The names that name somebody, each once."""
    return [
        name
        for name in dict.fromkeys(names)
        if 2 <= len(name) <= (LONGEST_HAN if IS_HAN.match(name) else LONGEST_NAME)
        and not NOBODY.fullmatch(name)
        and not JUNK.search(name)
    ][:MOST_AUTHORS]


def persons(text: str) -> list[str]:
    return [name for name in people(text) if is_chinese_name(name) or not IS_HAN.search(name)]


def western_names(text: str) -> list[str]:
    """The names in a declared author or in the words after `by`."""
    if JUNK.search(text) and " " not in text.strip():
        return []
    text = BY.sub("", text)
    end = EN_STOP.search(text)
    names = re.split(r"\s*[,;、，；&]\s*", text[: end.start()] if end else text)
    return named(" ".join(part.split()) for name in names for part in _both(name))


def _both(name: str) -> list[str]:
    """The two people that `and` joins, unless it stands inside the name of an office."""
    parts = re.split(r"\s+(?:and|und|et|y|e|og|och)\s+", name)
    return parts if all(1 < len(part.split()) <= 4 for part in parts) else [name]


def capitalised(name: str) -> bool:
    """Whether a name is written like one: not the start of a sentence, not in small letters."""
    words = name.split()
    return len(words) <= 6 and not words[0][0].islower() and not words[-1][0].islower()
