"""Reads the features of a text for comparisons, and keeps those of the latest texts."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shopwire.pipelines.deduplication.fingerprint import (
    Keys,
    Shingles,
    choose_shingle_size,
    hash_shingles,
    normalise,
    shorten_keys,
    sort_distinct,
    tokenize,
)

# A number is compared with the one before the same words: "31 new cases reported in" has the same number
# in a duplicate, and another one in the next day's report on the same form.
NUMBER_WORDS: Final = 4
# A number: digits, with a unit or suffix at most. Digits with a letter between them are a name or a slip.
NUMBER: Final = re.compile(r"\d+[^\d]*")
READ_ON: Final = re.compile(
    r"(?:…|\.\.\.|展开全文|查看全文|阅读全文|查看更多|阅读原文|"
    r"(?:read more|continue reading|full story)(?: (?:on|at|in) .{1,24})?)\W{0,8}$"
)

# A new article is mostly compared with the latest ones. The oldest goes first.
FEATURE_CACHE: OrderedDict[str, "TextFeatures"] = OrderedDict()
FEATURE_CACHE_SIZE: Final = 1024


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """The features of a text for comparisons: its shingles in order (`sequence`) and `keys`, the sorted
    distinct ones, each of `size` tokens.

    `numbers` are the numbers before each run of four tokens, `line_ends` the token counts at which
    lines end, `breaks_off` says whether the text ends with dots or a link to read more.
    """

    sequence: Keys
    keys: Keys
    size: int
    numbers: Mapping[tuple[str, ...], frozenset[str]]
    line_ends: frozenset[int]
    breaks_off: bool

    def shorten(self) -> Shingles:
        """Return the distinct shingles alone, by which most texts can be told apart."""
        return Shingles(shorten_keys(self.keys), self.size)


def read_text_features(text: str) -> TextFeatures:
    """Return the features of a text, which has one paragraph a line."""
    words: list[str] = []
    ends: list[int] = []
    normalised = normalise(text)
    for line in normalised.split("\n"):
        words += tokenize(line)
        ends.append(len(words))
    size = choose_shingle_size(words)
    sequence = hash_shingles(words, size)
    return TextFeatures(
        sequence,
        sort_distinct(sequence),
        size,
        _index_numbers(words),
        frozenset(ends),
        READ_ON.search(normalised[-60:].rstrip()) is not None,
    )


def _index_numbers(words: list[str]) -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for position, word in enumerate(words[:-NUMBER_WORDS]):
        if word[0].isdecimal() and NUMBER.fullmatch(word):
            after = tuple(words[position + 1 : position + 1 + NUMBER_WORDS])
            found.setdefault(after, set()).add(word)
    return {after: frozenset(numbers) for after, numbers in found.items()}


def get_text_features(text: str) -> TextFeatures:
    """Return the features of a text, which are kept for a while."""
    return FEATURE_CACHE.get(text) or cache_text_features(text, read_text_features(text))


def cache_text_features(text: str, features: TextFeatures) -> TextFeatures:
    """Keep the features of a text for `get_text_features`, and return them."""
    FEATURE_CACHE[text] = features
    if len(FEATURE_CACHE) > FEATURE_CACHE_SIZE:
        FEATURE_CACHE.popitem(last=False)
    return features
