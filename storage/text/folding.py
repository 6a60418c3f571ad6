"""One form for every way to write the same text. Stored hashes and the search index depend on it."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

import opencc
import xxhash

from shopwire.storage.text.characters import HAN_CHARACTER

# Variants of Hong Kong and Taiwan first; where the general table has a character, it decides.
SCRIPT_TABLES = ("tw2s", "hk2s", "t2s")
IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))

NOT_WORD = re.compile(r"[\W_]+")
ASCII_NOT_WORD = bytes(code for code in range(128) if not chr(code).isalnum())


def fold_case(text: str) -> str:
    """Return a text in NFKC and lower case: full-width letters, capitals and combining marks go."""
    return unicodedata.normalize("NFKC", text).lower()


def fold_scripts(text: str) -> str:
    """Return a text as `fold_case` does, with each traditional Chinese character as its simplified one.

    Each character is replaced by itself, whatever stands around it, so that a part of a text folds to a part
    of the folded text; OpenCC's conversion of whole phrases does not have this property.
    """
    folded = fold_case(text)
    # Looking at each character of a text takes long, and most texts have none of these.
    return folded.translate(_load_simplified_characters()) if HAN_CHARACTER.search(folded) else folded


@cache
def _load_simplified_characters() -> Mapping[int, str]:
    """Return the simplified form of each traditional character, from the tables of OpenCC (Apache-2.0)."""
    characters = [chr(code) for first, last in IDEOGRAPHS for code in range(first, last + 1)]
    simplified: dict[str, str] = {}
    for table in SCRIPT_TABLES:
        converted = opencc.OpenCC(table).convert("\n".join(characters)).split("\n")
        simplified |= {old: new for old, new in zip(characters, converted, strict=True) if old != new}
    return {ord(old): simplified.get(new, new) for old, new in simplified.items()}


def fold(text: str) -> str:
    """Return the letters and digits of a text in NFKC and lower case, without spaces and punctuation."""
    # Most of what goes is ASCII, which is removed from bytes much faster than from text.
    encoded = fold_case(text).encode("utf-8", "surrogatepass")
    folded = encoded.translate(None, ASCII_NOT_WORD).decode("utf-8", "surrogatepass")
    return folded if folded.isascii() else NOT_WORD.sub("", folded)


def hash_line(line: str) -> int:
    """Return a 63-bit hash of a line without case, width, spaces and punctuation.

    Lines that repeat over a site are counted by it. It is never negative, as SQLite integers are signed.
    """
    return xxhash.xxh3_64_intdigest(fold(line).encode("utf-8", "surrogatepass")) >> 1
