"""Tells a name from the common word that is written like it, by the words around it.

`storage/text/name_contexts.tsv` has one line for each such name: what its surroundings need and what excludes
it. Both are regular expressions over up to 24 characters before and after the name, in which `@` stands
for the name: `去哪儿` in 钱去哪儿了 is the question "where", because of 钱@. Names of Latin script are in
lower case. The first line defines `{firm}`: what surrounds the name of a company in English.
"""

import re
from functools import cache

from shopwire.storage.text.gazetteer import read_name_contexts

REACH = 24
"""Characters of context on each side; a sentence is not left."""
MARK = "@"
_SENTENCE_END = re.compile(r"[。！？!?\n]")


@cache
def load_contexts() -> dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    """Return what each name needs and what excludes it, None for nothing. Cached."""
    first, *lines = read_name_contexts()
    return {
        name: (_compile(needs.replace(first[0], first[1])), _compile(excludes))
        for name, needs, excludes in lines
    }


def is_name(text: str, start: int, end: int) -> bool:
    """Return whether the text from `start` to `end` is a name and not a common word. Others are names."""
    needs, excludes = load_contexts().get(text[start:end].lower(), (None, None))
    if not needs and not excludes:
        return True
    before = _SENTENCE_END.split(text[max(0, start - REACH) : start])[-1]
    after = re.match(r"[^。！!\n]*[?？]?", text[end : end + REACH])
    around = f"{before.replace(MARK, ' ')}{MARK}{after[0].replace(MARK, ' ') if after else ''}"
    if excludes and excludes.search(around):
        return False
    return not needs or bool(needs.search(around))


def _compile(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
