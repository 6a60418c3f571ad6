"""Removes boilerplate lines from a body."""

import re
from functools import lru_cache
from typing import Self

from shopwire.pipelines.extraction import boilerplate_rules as rules
from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.parsing.meta_lines import SENTENCE_END, is_meta_line
from shopwire.pipelines.parsing.visible_text import tidy_line
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold, hash_line

HAS_TEXT = re.compile(r"[^\W_]|^[.…]{2}")

HEAD_LINES = 12
TAIL_LINES = 12
MAX_ROUNDS = 20
"""Normal pages need two rounds at most; a hostile page could need thousands."""


class ArticleLine(str):
    """A line without boilerplate, with its position among the lines that it was selected from."""

    position: int

    def __new__(cls, line: str, position: int) -> Self:
        made = super().__new__(cls, line)
        made.position = position
        return made


class _SimplifiedLine(str):
    """A line in simplified Chinese script, which the rules match, with its `original`."""

    original: ArticleLine

    def __new__(cls, original: ArticleLine, simplified_line: str) -> Self:
        line = super().__new__(cls, simplified_line)
        line.original = original
        return line


def remove_boilerplate(
    lines: list[str], title: str = "", site_lines: frozenset[int] = frozenset()
) -> list[ArticleLine]:
    """Return the sentences and headings of a body, whose `lines` are in reading order.

    Lines that are never a sentence are removed anywhere; the headline, meta lines and bylines only at
    the start; editors, rights, tags and promotion only at the end. `site_lines` are hashes (see
    `hash_line`) of lines that repeat over the site. The rules match simplified Chinese script, so a
    line is matched in that script and returned as it was.
    """
    spaced = (ArticleLine(tidy_line(line), position) for position, line in enumerate(lines))
    originals = [line for line in spaced if HAS_TEXT.search(line)]
    if site_lines:
        originals = [line for line in originals if hash_line(line) not in site_lines]
    matched = map(_SimplifiedLine, originals, simplify_chinese("\n".join(originals)).split("\n"))
    kept = [line for line in _cut_at_end_line(list(matched)) if not _is_boilerplate(line)]
    folded_title = fold(simplify_chinese(title))
    # When a line is removed, the next one is at the edge.
    for _ in range(MAX_ROUNDS):
        stripped = _strip_edges(kept, folded_title)
        if stripped == kept:
            break
        kept = stripped
    return [line.original for line in kept]


def is_sentence(line: str) -> bool:
    """Return whether a line is a sentence: not a heading, label or name."""
    return len(line) >= 20 and SENTENCE_END.search(line) is not None


def is_report(line: str) -> bool:
    """Return whether a line is a sentence that reports what somebody said or wrote."""
    return (
        len(line) <= rules.MAX_LINE_LENGTH
        and is_sentence(line)
        and rules.REPORTED.fullmatch(line) is not None
    )


def _is_boilerplate(line: str) -> bool:
    if len(line) > rules.MAX_LINE_LENGTH:
        return False
    lower = line.lower()
    return (
        _matches(rules.ANYWHERE, line)
        or (HAN_CHARACTER.search(line) is not None and _matches(rules.ANYWHERE_IN_CHINESE, line))
        or (any(map(lower.__contains__, rules.NOTICE_WORDS)) and _matches(rules.NOTICES, line))
        or rules.RELATED_START.fullmatch(line) is not None
        or rules.COMMENTS_START.fullmatch(line) is not None
    )


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    """Return whether a line is boilerplate, and not a sentence that quotes some."""
    if len(line) > rules.MAX_LINE_LENGTH:
        return False
    bare = line.strip(rules.SYMBOLS)
    matched = pattern.fullmatch(line) or (len(bare) < len(line) and pattern.fullmatch(bare))
    return bool(matched) and not is_report(line)


def _strip_edges(lines: list[_SimplifiedLine], title: str) -> list[_SimplifiedLine]:
    return _strip_sign_off(_strip_tail(_strip_head(_cut_at_end_line(lines), title)))


def _strip_head(lines: list[_SimplifiedLine], title: str) -> list[_SimplifiedLine]:
    """Return the lines without headline, bylines and meta lines before the first sentence, and without
    meta lines right after it."""
    head: list[_SimplifiedLine] = []
    for i, line in enumerate(lines[:HEAD_LINES]):
        if is_headline(line, title):
            head.clear()
        elif is_meta_line(line) or (len(line) <= 80 and rules.HEAD.fullmatch(line)):
            continue
        elif is_sentence(line):
            following = [one for one in lines[i + 1 : i + 3] if not is_meta_line(one)]
            return [*head, line, *following, *lines[i + 3 :]]
        else:
            head.append(line)
    return head + lines[HEAD_LINES:]


def is_headline(line: str, folded_title: str) -> bool:
    """Return whether a line is the title, or the title without the name of the site."""
    if not folded_title or len(line) > rules.MAX_LINE_LENGTH:
        return False
    folded = fold(line)
    if len(folded) < 4:
        return False
    if folded == folded_title:
        return True
    return len(folded) >= 8 and folded_title.startswith(folded) and not SENTENCE_END.search(line)


def _cut_at_end_line(lines: list[_SimplifiedLine]) -> list[_SimplifiedLine]:
    """Return the lines up to the one that ends the article, if that is in the last quarter of the text."""
    before, total = 0, sum(map(len, lines))
    for i, line in enumerate(lines):
        if before > 0.75 * total and len(line) <= 120 and rules.END.fullmatch(line):
            return lines[:i]
        before += len(line)
    return lines


def _strip_tail(lines: list[_SimplifiedLine]) -> list[_SimplifiedLine]:
    start = max(len(lines) - TAIL_LINES, min(2, len(lines)))
    return lines[:start] + [line for line in lines[start:] if not _is_tail_line(line)]


# Each round looks at the same lines again.
@lru_cache(maxsize=64)
def _is_tail_line(line: str) -> bool:
    return _matches(rules.TAIL, line) or is_meta_line(line)


def _strip_sign_off(lines: list[_SimplifiedLine]) -> list[_SimplifiedLine]:
    end = len(lines)
    while end > 2 and _matches(rules.SIGN_OFF, lines[end - 1]):
        end -= 1
    if end < len(lines) and rules.SIGN_OFF_LEAD.fullmatch(lines[end - 1]):
        end -= 1
    return lines[:end]
