"""Computes the fingerprint of a text, which hardly changes with small edits.

A text is normalised (NFKC, lower case, traditional to simplified script), cut into overlapping runs
of tokens ("shingles", Broder 1997) and sampled by FracMinHash (Irber et al. 2022): a shingle is in
the sample if its hash is small, so two texts that share shingles share samples too, whatever their
lengths. Unlike MinHash bands, this also finds the few shingles that two translations of one article
have in common.
"""

import functools
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import xxhash

from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.storage.text.characters import HASHED_CJK
from shopwire.storage.text.folding import fold_case

Keys = npt.NDArray[np.int64]
ShortKeys = npt.NDArray[np.uint32]
"""The upper 32 bits of keys: enough to compare two texts, and half as many to store."""

# One Han or kana character is a token of its own, any other run of letters and digits is a word.
TOKEN: Final = re.compile(f"[{HASHED_CJK}]|[^\\W_{HASHED_CJK}]+")
ASCII_SPACES: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
"""Turns what is in no token into spaces."""

HAN_TOKENS: Final = 5
WORD_TOKENS: Final = 3

KEY_BITS: Final = 48
SHORT_KEY_BITS: Final = 32
SAMPLE_RATE: Final = 64
SAMPLE_FLOOR: Final = 32
SAMPLE_CAP: Final = 256

# Odd multipliers of a polynomial hash over the tokens of a shingle, and of its finisher
# (Steele, Lea and Flood 2014, SplitMix64).
HASH_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
HASH_FINISH: Final = np.uint64(0xBF58476D1CE4E5B9)


@functools.lru_cache(maxsize=1 << 17)
def _hash_token(token: str) -> int:
    return xxhash.xxh3_64_intdigest(token.encode())


def normalise(text: str) -> str:
    """Return `text` in NFKC, lower case and simplified Chinese script."""
    folded = fold_case(text)
    return folded if folded.isascii() else simplify_chinese(folded)


def tokenize(text: str) -> list[str]:
    """Return the tokens of a normalised text in their order."""
    if text.isascii():
        # Most lines of English texts: this takes a sixth of the time.
        return text.translate(ASCII_SPACES).split()
    return TOKEN.findall(text)


def hash_text(text: str) -> int:
    """Return a 63-bit hash of a text without script, case, width, spacing and punctuation."""
    return xxhash.xxh3_64_intdigest(" ".join(tokenize(normalise(text))).encode()) >> 1


def choose_shingle_size(words: list[str]) -> int:
    """Return how many tokens a shingle of a text has.

    Five if the tokens have fewer than two letters on average, as in Chinese, else three; fewer in a
    shorter text.
    """
    size = HAN_TOKENS if sum(map(len, words)) < 2 * len(words) else WORD_TOKENS
    return min(size, len(words))


def hash_shingles(words: list[str], size: int) -> Keys:
    """Return one 48-bit key for each run of `size` tokens, in the order of the text."""
    if not words:
        return np.empty(0, dtype=np.int64)
    hashes = np.fromiter(map(_hash_token, words), dtype=np.uint64, count=len(words))
    last = len(words) - size + 1
    mixed = hashes[:last].copy()
    for offset in range(1, size):
        mixed *= HASH_STEP
        mixed += hashes[offset : offset + last]
    mixed ^= mixed >> np.uint64(31)
    mixed *= HASH_FINISH
    return (mixed >> np.uint64(64 - KEY_BITS)).astype(np.int64)


def sort_distinct(keys: Keys) -> Keys:
    """Return the distinct `keys` in ascending order."""
    ordered = np.sort(keys)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]


def shorten_keys(keys: Keys) -> ShortKeys:
    """Return the upper 32 bits of each key, in the same order."""
    return (keys >> (KEY_BITS - SHORT_KEY_BITS)).astype("<u4")


@dataclass(frozen=True, slots=True)
class Shingles:
    """The distinct shingles of a text in ascending order, of `size` tokens each."""

    keys: ShortKeys
    size: int


def sample_keys(keys: Keys) -> Keys:
    """Return the FracMinHash sample of `keys`, which are distinct and ascending.

    About one in 64 of them, but at least 32 and at most 256.
    """
    wanted = int(np.searchsorted(keys, (1 << KEY_BITS) // SAMPLE_RATE))
    return keys[: min(max(wanted, SAMPLE_FLOOR), SAMPLE_CAP)]
