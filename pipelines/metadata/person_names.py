"""Names of people in the words of a byline."""

import re
from collections.abc import Iterable, Iterator

from shopwire.pipelines.metadata.byline_patterns import (
    AUTHOR_PREFIX,
    DOUBLE_SURNAMES,
    ENGLISH_NAME_END,
    NEXT_LABEL,
    NOT_A_NAME,
    NOT_BYLINE_TEXT,
    OUTLET_ENDING,
    REPORTER_PREFIX,
    SURNAMES,
)
from shopwire.storage.text.characters import HAN, HAN_CHARACTER

LONGEST_NAME, LONGEST_HAN, MOST_AUTHORS = 60, 12, 12
LINE_HEAD, LINE_TAIL, SHORT_LINE = 240, 80, 60
"""Characters at the start and end of a line that may contain a byline, and of a line that is one."""


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
        and not NOT_BYLINE_TEXT.search(name)
    ][:MOST_AUTHORS]


def list_persons(text: str) -> list[str]:
    """Return the names in a text that are Chinese names or in another script."""
    return [name for name in split_names(text) if is_chinese_name(name) or not HAN_CHARACTER.search(name)]


def split_western_names(text: str) -> list[str]:
    """Return the names in a declared author or in the words after `by`."""
    if NOT_BYLINE_TEXT.search(text) and " " not in text.strip():
        return []
    text = AUTHOR_PREFIX.sub("", text)
    end = ENGLISH_NAME_END.search(text)
    names = re.split(r"\s*[,;、，；&]\s*", text[: end.start()] if end else text)
    return filter_names(" ".join(part.split()) for name in names for part in _split_pair(name))


def _split_pair(name: str) -> list[str]:
    """Return the names joined by `and`, unless it is part of an organisation's name."""
    parts = re.split(r"\s+(?:and|und|et|y|e|og|och)\s+", name)
    return parts if all(1 < len(part.split()) <= 4 for part in parts) else [name]


def is_capitalised(name: str) -> bool:
    """Return whether the first and last word of a name are capitalised and the name is short."""
    words = name.split()
    return len(words) <= 6 and not words[0][0].islower() and not words[-1][0].islower()
