"""Lines of a body without what is not body."""

import re
import unicodedata

import xxhash

NOT_WORD = re.compile(r"[\W_]+")


def line_hash(line: str) -> int:
    """63-bit hash of a line without case, width, spaces and punctuation, by which lines that repeat
    over a site are counted. Never negative, so that SQLite keeps it."""
    folded = NOT_WORD.sub("", unicodedata.normalize("NFKC", line).lower())
    return xxhash.xxh3_64_intdigest(folded) >> 1
