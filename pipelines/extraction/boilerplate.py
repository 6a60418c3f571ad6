"""Lines of a body without what is not body."""

import re
import unicodedata
from typing import Self

import xxhash

from shopwire.pipelines.extraction import boilerplate_rules as rules
from shopwire.pipelines.nlp.chinese import simplified
from shopwire.pipelines.parsing.visible_text import CONTROLS

CONTROL = re.compile(f"[{CONTROLS}]")
SPACES = re.compile(r"[\s\u200b\u2060\ufeff\u00ad]+")
NOT_WORD = re.compile(r"[\W_]+")
SAYS_SOMETHING = re.compile(r"[^\W_]|^[.…]{2}")
SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』)）\]]*$")

HEAD_LINES = 12
TAIL_LINES = 12
MOST_ROUNDS = 20
"""Pages need two at most; one made to hurt would take thousands."""


class _Judged(str):
    """A line as the rules read it, which remembers how it is written on its page."""

    own: str

    def __new__(cls, own: str, read: str) -> Self:
        line = super().__new__(cls, read)
        line.own = own
        return line


def line_hash(line: str) -> int:
    """63-bit hash of a line without case, width, spaces and punctuation, by which lines that repeat
    over a site are counted. Never negative, so that SQLite keeps it."""
    return xxhash.xxh3_64_intdigest(fold(line).encode("utf-8", "surrogatepass")) >> 1


def fold(line: str) -> str:
    """A line without case, width, spaces and punctuation."""
    return NOT_WORD.sub("", unicodedata.normalize("NFKC", line).lower())


def clean(lines: list[str], title: str = "", site_lines: frozenset[int] = frozenset()) -> list[str]:
    """The lines of a body that are its sentences and headings.

    `lines` are in reading order. What is never a sentence goes wherever it stands; the headline,
    meta lines and bylines go from the top only, editors, rights, tags and promotion from the bottom
    only. `site_lines` are hashes (see `line_hash`) of lines that repeat over the site. The rules know
    simplified script alone, so each line is judged in that and kept in its own.
    """
    spaced = (SPACES.sub(" ", CONTROL.sub("", line)).strip() for line in lines)
    own = [line for line in spaced if SAYS_SOMETHING.search(line)]
    if site_lines:
        own = [line for line in own if line_hash(line) not in site_lines]
    judged = map(_Judged, own, simplified("\n".join(own)).split("\n"))
    kept = [line for line in judged if not _is_anywhere(line)]
    folded = fold(simplified(title))
    # Where a line went another one stands at the edge now.
    for _ in range(MOST_ROUNDS):
        left = _without_edges(kept, folded)
        if left == kept:
            break
        kept = left
    return [line.own for line in kept]


def is_meta_line(line: str) -> bool:
    """Tell a line of date, source, author and counts, with hardly anything beside."""
    if (
        len(line) > 160
        or line.endswith(("?", "？"))
        or not (rules.DATE.search(line) or rules.FIELD.search(line))
    ):
        return False
    rest = rules.FIELD.sub("", rules.DATE.sub("", line))
    return len(NOT_WORD.sub("", rest)) <= 14 and not SENTENCE_END.search(rest.strip())


def is_sentence(line: str) -> bool:
    """Tell a line of prose from a heading, label or name."""
    return len(line) >= 20 and SENTENCE_END.search(line) is not None


def _is_anywhere(line: str) -> bool:
    return len(line) <= rules.LONGEST and (
        rules.ANYWHERE.fullmatch(line) is not None
        or rules.RELATED_START.fullmatch(line) is not None
        or rules.COMMENTS_START.fullmatch(line) is not None
    )


def _without_edges(lines: list[_Judged], title: str) -> list[_Judged]:
    return _without_sign_off(_without_tail(_without_head(_without_end(lines), title)))


def _without_head(lines: list[_Judged], title: str) -> list[_Judged]:
    """The headline, bylines and meta lines stand above the first sentence, or right below a lead."""
    head: list[_Judged] = []
    for i, line in enumerate(lines[:HEAD_LINES]):
        if is_headline(line, title):
            head.clear()
        elif is_meta_line(line) or (len(line) <= 80 and rules.HEAD.fullmatch(line)):
            continue
        elif is_sentence(line):
            below = [one for one in lines[i + 1 : i + 3] if not is_meta_line(one)]
            return [*head, line, *below, *lines[i + 3 :]]
        else:
            head.append(line)
    return head + lines[HEAD_LINES:]


def is_headline(line: str, folded_title: str) -> bool:
    """A line that says what the title says, which may have the site's name added."""
    if not folded_title or len(line) > rules.LONGEST:
        return False
    folded = fold(line)
    if len(folded) < 4:
        return False
    if folded == folded_title:
        return True
    return len(folded) >= 8 and folded_title.startswith(folded) and not SENTENCE_END.search(line)


def _without_end(lines: list[_Judged]) -> list[_Judged]:
    """Cut at the line that closes an article, if what follows is little beside what stands above."""
    above, total = 0, sum(map(len, lines))
    for i, line in enumerate(lines):
        if above > 0.75 * total and len(line) <= 120 and rules.END.fullmatch(line):
            return lines[:i]
        above += len(line)
    return lines


def _without_tail(lines: list[_Judged]) -> list[_Judged]:
    start = max(len(lines) - TAIL_LINES, min(2, len(lines)))
    return lines[:start] + [
        line
        for line in lines[start:]
        if not (len(line) <= rules.LONGEST and (rules.TAIL.fullmatch(line) or is_meta_line(line)))
    ]


def _without_sign_off(lines: list[_Judged]) -> list[_Judged]:
    end = len(lines)
    while (
        end > 2
        and len(lines[end - 1]) <= rules.LONGEST
        and rules.SIGN_OFF.fullmatch(lines[end - 1])
    ):
        end -= 1
    if end < len(lines) and rules.SIGN_OFF_LEAD.fullmatch(lines[end - 1]):
        end -= 1
    return lines[:end]
