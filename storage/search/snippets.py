"""The lines of a text in which a search hit stands, with the hit marked."""

import re
from collections.abc import Sequence
from functools import lru_cache

from shopwire.storage.search.full_text import CJK, PIECE, TERM, fold

ELLIPSIS = "…"
HAN = re.compile(f"[{CJK}]")
LETTER = f"[^\\W_{CJK}]"
# A marked text as people type one: in a cell that knows no markup, 【 and 】 stand round a hit.
OPEN, CLOSE = "【", "】"


def marked(text: str, words: str, width: int = 90) -> list[tuple[str, bool]]:
    """About `width` characters of a text round the first place where what a person typed stands.

    Gives pieces in order, each with whether it is a hit; a text without any gives its beginning.
    """
    spans = hits(text, words)
    start = max(0, spans[0][0] - width // 3) if spans else 0
    end = min(len(text), start + width)
    pieces: list[tuple[str, bool]] = [(ELLIPSIS, False)] if start else []
    at = start
    for begin, stop in spans:
        if begin < at or stop > end:
            continue
        pieces += [(text[at:begin], False), (text[begin:stop], True)]
        at = stop
    pieces += [(text[at:end], False), (ELLIPSIS if end < len(text) else "", False)]
    return [(piece.replace("\n", " "), hit) for piece, hit in pieces if piece]


def snippet(text: str, words: str, width: int = 90) -> str:
    """The same as plain text, each hit as 【hit】."""
    return "".join(
        f"{OPEN}{piece}{CLOSE}" if hit else piece for piece, hit in marked(text, words, width)
    )


def hits(text: str, words: str) -> list[tuple[int, int]]:
    """Where in a text the wanted words stand, as (start, end), in order and apart."""
    patterns = [pattern for term in wanted(words) if (pattern := _pattern(term))]
    if not patterns:
        return []
    folded, origins = _folded(text)
    found = re.finditer("|".join(patterns), folded)
    return [(origins[hit.start()], origins[hit.end() - 1] + 1) for hit in found]


def wanted(words: str) -> list[str]:
    """The terms of a query that are not excluded, longest first, so that a phrase wins over its part."""
    terms = [
        quoted or bare
        for minus, quoted, bare in TERM.findall(words)
        if not minus and bare != "OR" and not bare.startswith("-")
    ]
    return sorted(terms, key=len, reverse=True)


def _pattern(term: str) -> str:
    pieces = (piece[0] for piece in PIECE.finditer(fold(term)))
    return r"[\W_]{0,8}".join(
        piece if HAN.match(piece) else f"(?<!{LETTER}){re.escape(piece)}(?!{LETTER})"
        for piece in pieces
    )


@lru_cache(maxsize=2**16)
def _folded_letter(letter: str) -> str:
    return fold(letter)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    forms = list(map(_folded_letter, text))
    folded = "".join(forms)
    # No letter folds to nothing, so where the length is the same every letter stands where it stood.
    if len(folded) == len(text):
        return folded, range(len(text))
    return folded, [at for at, form in enumerate(forms) for _ in form]
