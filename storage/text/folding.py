"""One form for every way to write the same text. Stored hashes and the search index depend on it."""

import re
import unicodedata

import xxhash

NOT_WORD = re.compile(r"[\W_]+")


def fold_case(text: str) -> str:
    """Return a text in NFKC and lower case: full-width letters, capitals and combining marks go."""
    return unicodedata.normalize("NFKC", text).lower()


def fold(text: str) -> str:
    """Return the letters and digits of a text in NFKC and lower case, without spaces and punctuation."""
    return NOT_WORD.sub("", fold_case(text))


def hash_line(line: str) -> int:
    """Return a 63-bit hash of a line without case, width, spaces and punctuation.

    Lines that repeat over a site are counted by it. It is never negative, as SQLite integers are signed.
    """
    return xxhash.xxh3_64_intdigest(fold(line).encode("utf-8", "surrogatepass")) >> 1
