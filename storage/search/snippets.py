"""Excerpts of a text around a search hit, with the hits marked."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, takewhile

from shopwire.storage.search.query_terms import PIECE, parse_query
from shopwire.storage.text.characters import INDEXED_CJK
from shopwire.storage.text.folding import fold_scripts

ELLIPSIS = "…"
CJK = re.compile(f"[{INDEXED_CJK}]")
LETTER = f"[^\\W_{INDEXED_CJK}]"
# The marks around a hit where no markup is possible.
OPEN, CLOSE = "【", "】"


def mark_hits(text: str, words: str, width: int = 90) -> list[tuple[str, bool]]:
    """Return about `width` characters of a text around the first hit for what a person typed.

    They come as pieces in order, each with whether it is a hit. Without a hit the text is cut at its start.
    """
    spans = iterate_hits(text, words)
    first = next(spans, None)
    start, end = _choose_part(text, first or (0, 0), width)
    pieces: list[tuple[str, bool]] = [(ELLIPSIS, False)] if start else []
    at = start
    # Most texts go on for long after the excerpt.
    for begin, stop in takewhile(lambda span: span[1] <= end, chain([first] if first else [], spans)):
        # Two hits may end and begin in one letter that stands for several, such as ㍿.
        if begin >= at:
            pieces += [(text[at:begin], False), (text[begin:stop], True)]
            at = stop
    pieces += [(text[at:end], False), (ELLIPSIS if end < len(text) else "", False)]
    return [(piece.replace("\n", " "), hit) for piece, hit in pieces if piece]


def _choose_part(text: str, hit: tuple[int, int], width: int) -> tuple[int, int]:
    """Return where an excerpt around a hit begins and ends: between words, where there are spaces nearby."""
    if len(text) <= width:
        return 0, len(text)
    start, near = max(0, hit[0] - width // 3), width // 8
    end = min(len(text), start + width)
    if start:
        start = text.find(" ", start - 1, start + near) + 1 or start
    if end < len(text):
        space = text.rfind(" ", max(hit[1], end - near), end + 1)
        end = end if space < 0 else space
    return start, end


def build_snippet(text: str, words: str, width: int = 90) -> str:
    """Return the same as plain text, each hit as 【hit】."""
    return "".join(f"{OPEN}{piece}{CLOSE}" if hit else piece for piece, hit in mark_hits(text, words, width))


def iterate_hits(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield the position of each hit as (start, end), in order and without overlaps."""
    pattern = _compile_words(words)
    if pattern is None:
        return
    folded = text.translate(_FOLDED)
    hits = pattern.finditer(folded)
    # No letter folds to nothing, so a text of the same length has every letter at the same position.
    if len(folded) == len(text):
        yield from (hit.span() for hit in hits)
    elif first := next(hits, None):
        origins = [at for at, letter in enumerate(text) for _ in _FOLDED[ord(letter)]]
        for hit in chain([first], hits):
            yield origins[hit.start()], origins[hit.end() - 1] + 1


def list_query_terms(words: str) -> list[str]:
    """Return the terms of a query that are not excluded, with their other names, longest first."""
    terms = [
        name for term in parse_query(words) if not term.excluded for name in (term.written, *term.others)
    ]
    return sorted(terms, key=len, reverse=True)


@lru_cache(maxsize=64)
def _compile_words(words: str) -> re.Pattern[str] | None:
    """Return what finds the hits for a query in a folded text, None if it has nothing to find."""
    patterns = [pattern for term in list_query_terms(words) if (pattern := _build_pattern(term))]
    return re.compile("|".join(patterns)) if patterns else None


def _build_pattern(term: str) -> str:
    pieces = (piece[0] for piece in PIECE.finditer(fold_scripts(term)))
    return r"[\W_]{0,8}".join(piece if CJK.match(piece) else _build_word_pattern(piece) for piece in pieces)


def _build_word_pattern(word: str) -> str:
    """Return what finds a whole word. It begins with a letter, by which `re` skips most of a text."""
    first, rest = re.escape(word[0]), re.escape(word[1:])
    return f"{first}(?<!{LETTER}{first}){rest}(?!{LETTER})"


class _FoldedLetters(dict[int, str]):
    """The folded form of each letter by its code, as `str.translate` takes it, found when it is asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = fold_scripts(chr(code))
        return self[code]


_FOLDED = _FoldedLetters()
