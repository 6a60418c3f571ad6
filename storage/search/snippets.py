"""Excerpts of a text around a search hit, with the hits marked."""

import re
from collections.abc import Sequence
from functools import lru_cache

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
    spans = find_hits(text, words)
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


def build_snippet(text: str, words: str, width: int = 90) -> str:
    """Return the same as plain text, each hit as 【hit】."""
    return "".join(f"{OPEN}{piece}{CLOSE}" if hit else piece for piece, hit in mark_hits(text, words, width))


def find_hits(text: str, words: str) -> list[tuple[int, int]]:
    """Return the position of each hit as (start, end), in order and without overlaps."""
    patterns = [pattern for term in list_query_terms(words) if (pattern := _build_pattern(term))]
    if not patterns:
        return []
    folded, origins = _fold_with_origins(text)
    found = re.finditer("|".join(patterns), folded)
    return [(origins[hit.start()], origins[hit.end() - 1] + 1) for hit in found]


def list_query_terms(words: str) -> list[str]:
    """Return the terms of a query that are not excluded, with their other names, longest first."""
    terms = [
        name for term in parse_query(words) if not term.excluded for name in (term.written, *term.others)
    ]
    return sorted(terms, key=len, reverse=True)


def _build_pattern(term: str) -> str:
    pieces = (piece[0] for piece in PIECE.finditer(fold_scripts(term)))
    return r"[\W_]{0,8}".join(
        piece if CJK.match(piece) else f"(?<!{LETTER}){re.escape(piece)}(?!{LETTER})" for piece in pieces
    )


@lru_cache(maxsize=2**16)
def _fold_letter(letter: str) -> str:
    return fold_scripts(letter)


def _fold_with_origins(text: str) -> tuple[str, Sequence[int]]:
    forms = list(map(_fold_letter, text))
    folded = "".join(forms)
    # No letter folds to nothing, so a text of the same length has every letter at the same position.
    if len(folded) == len(text):
        return folded, range(len(text))
    return folded, [at for at, form in enumerate(forms) for _ in form]
