"""Measures what two texts have in common: how much, where in the texts, and whether numbers agree."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.deduplication.fingerprint import (
    Keys,
    choose_shingle_size,
    hash_shingles,
    normalise,
    sort_distinct,
    tokenize,
)
from shopwire.pipelines.nlp.sentences import split_sentences
from shopwire.storage.text.characters import SENTENCE_ENDS

# A number is compared with the one before the same words: "31 new cases reported in" has the same number
# in a duplicate, and another one in the next day's report on the same form.
NUMBER_WORDS: Final = 4
# Tokens of the windows in which shared shingles are looked for.
WINDOW_TOKENS: Final = 20
# A number: digits, with a unit or suffix at most. Digits with a letter between them are a name or a slip.
NUMBER: Final = re.compile(r"\d+[^\d]*")
# The weight of a shingle at least, however many candidates have it.
MIN_WEIGHT: Final = 0.25
# A sentence is the text's own if the other text has less than this share of its shingles.
OWN_SENTENCE_SHARE: Final = 0.1
# So many sentences are the opening of a text. Lines without a full stop, and shorter ones, are headings.
OPENING_SENTENCES: Final = 2
MIN_OPENING_TOKENS: Final = 5
FULL_STOP: Final = re.compile(rf"[{SENTENCE_ENDS}.][”」』)\"'’]?$")
# An excerpt starts within this many tokens of its original, and has this many tokens of its own at its
# end at most.
MAX_EXCERPT_OFFSET: Final = 60
MAX_EXCERPT_TAIL: Final = 15
# Shared shingles in a row that are no coincidence.
MIN_STRETCH: Final = 5
READ_ON: Final = re.compile(
    r"(?:…|\.\.\.|展开全文|查看全文|阅读全文|查看更多|阅读原文|"
    r"(?:read more|continue reading|full story)(?: (?:on|at|in) .{1,24})?)\W{0,8}$"
)

Shares = npt.NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the shared shingles are: `reach` is the share of windows with at least one in the text that
    is less covered, `run` their mean run length, `runs` the number of runs, `order` the rank correlation
    of their positions in the two texts.
    """

    reach: float
    run: float
    runs: int
    order: float


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


def find_shared(one: TextFeatures, other: TextFeatures) -> Shares:
    """Return for each distinct shingle of `one` whether `other` has it."""
    return _find_in(one.keys, other)


def _find_in(keys: Keys, other: TextFeatures) -> Shares:
    if not len(other.keys):
        return np.zeros(len(keys), dtype=np.bool_)
    positions = np.searchsorted(other.keys, keys)
    found: Shares = other.keys[np.minimum(positions, len(other.keys) - 1)] == keys
    return found


def measure_containments(
    one: TextFeatures, other: TextFeatures, common: Shares, elsewhere: npt.NDArray[np.intp]
) -> tuple[float, float]:
    """Return which share of `one` is in `other`, and which of `other` in `one`, each 0 to 1.

    `common` is `find_shared(one, other)`. `elsewhere` counts for each shingle of `one` the unrelated
    groups of duplicates that have it too: shingles of many unrelated texts are a template and weigh
    little (inverse document frequency, counted by group so that many reposts of one text do not lower
    the weight of its shingles).
    """
    weight = float(np.maximum(1 / (1 + elsewhere[common]), MIN_WEIGHT).sum())
    alone = len(one.keys) - int(common.sum()), len(other.keys) - int(common.sum())
    first, second = (weight / (weight + rest) if weight else 0.0 for rest in alone)
    return first, second


def measure_own_share(text: str, other: TextFeatures) -> float:
    """Return the share of a text, 0 to 1, in sentences of which `other` has hardly any shingle.

    An edited duplicate has changed words everywhere; a second report of the same event has sentences
    of its own besides common quotations.
    """
    own = whole = 0
    for sentence in split_sentences(normalise(text)):
        words = tokenize(sentence)
        if len(words) >= other.size:
            hits = _find_in(hash_shingles(words, other.size), other)
            whole += len(hits)
            own += len(hits) if hits.mean() < OWN_SENTENCE_SHARE else 0
    return own / max(1, whole)


def measure_opening_share(text: str, other: TextFeatures) -> float:
    """Return the share of the first two sentences of a text, 0 to 1, that is in shingles of `other`.

    News stands there: a repost mostly keeps these sentences, and a later report has others.
    """
    words = shared = sentences = 0
    for sentence in split_sentences(normalise(text)):
        tokens = tokenize(sentence)
        if len(tokens) < max(MIN_OPENING_TOKENS, other.size) or not FULL_STOP.search(sentence):
            continue
        hits = np.flatnonzero(_find_in(hash_shingles(tokens, other.size), other))
        words += len(tokens)
        shared += len(np.unique(hits[:, None] + np.arange(other.size)))
        sentences += 1
        if sentences == OPENING_SENTENCES:
            break
    return shared / max(1, words)


def count_agreeing_numbers(one: TextFeatures, other: TextFeatures) -> tuple[int, int]:
    """Return how many numbers before the same words are equal, and how many differ."""
    same = differ = 0
    for after, numbers in one.numbers.items():
        if others := other.numbers.get(after):
            if numbers & others:
                same += 1
            else:
                differ += 1
    return same, differ


def measure_spread(one: TextFeatures, other: TextFeatures) -> Spread:
    """Return where two texts share shingles: everywhere in a paraphrase, in one place in a quotation."""
    ours, theirs = _find_in(one.sequence, other), _find_in(other.sequence, one)
    runs = min(_count_runs(ours), _count_runs(theirs))
    run = max(ours.sum() / max(1, _count_runs(ours)), theirs.sum() / max(1, _count_runs(theirs)))
    reach = float(min(_cover_windows(ours).mean(), _cover_windows(theirs).mean()))
    return Spread(reach, float(run), runs, _correlate_order(one.sequence, other.sequence))


def _count_runs(hits: Shares) -> int:
    return int(np.count_nonzero(np.diff(hits.astype(np.int8), prepend=0) == 1))


def find_covered_windows(one: TextFeatures, other: TextFeatures) -> Shares:
    """Return for each window of `one`, in order, whether `other` has any shingle in it."""
    return _cover_windows(_find_in(one.sequence, other))


def _cover_windows(hits: Shares) -> Shares:
    if len(hits) <= WINDOW_TOKENS:
        return np.array([hits.any()])
    totals = np.concatenate(([0], np.cumsum(hits)))
    windows: Shares = totals[WINDOW_TOKENS:] > totals[:-WINDOW_TOKENS]
    return windows


def _correlate_order(one: Keys, other: Keys) -> float:
    """Return Spearman's rank correlation of the positions of shingles that occur once in each text."""
    _, ours, theirs = np.intersect1d(_select_unique(one), _select_unique(other), return_indices=True)
    if len(ours) < 3:
        return 0.0
    ours, theirs = (np.flatnonzero(_find_unique(one))[ours], np.flatnonzero(_find_unique(other))[theirs])
    ranks = [np.argsort(np.argsort(positions)) for positions in (ours, theirs)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _find_unique(sequence: Keys) -> Shares:
    _, inverse, counts = np.unique(sequence, return_inverse=True, return_counts=True)
    single: Shares = counts[inverse] == 1
    return single


def _select_unique(sequence: Keys) -> Keys:
    return sequence[_find_unique(sequence)]


def is_beginning(short: TextFeatures, long: TextFeatures) -> bool:
    """Return whether `short` is the beginning of `long`.

    It has to end in the middle of a line of `long`, or with dots or a link to read more.
    """
    starts, ends = _find_stretches(_find_in(short.sequence, long))
    if not len(starts) or len(short.sequence) - ends[-1] > MAX_EXCERPT_TAIL:
        return False
    first = np.flatnonzero(long.sequence == short.sequence[starts[0]])
    last = np.flatnonzero(long.sequence == short.sequence[ends[-1] - 1])
    if first[0] > max(MAX_EXCERPT_OFFSET, 0.15 * len(long.sequence)):
        return False
    return short.breaks_off or not any(int(one) + long.size in long.line_ends for one in last)


def measure_concentration(short: TextFeatures, long: TextFeatures) -> float:
    """Return which part of what the two share, 0 to 1, is in one place of `long`.

    The place is a fifth longer than `short`.
    """
    totals = np.concatenate(([0], np.cumsum(_find_in(long.sequence, short))))
    window = min(len(long.sequence), int(1.2 * len(short.sequence)) + 1)
    inside = totals[window:] - totals[:-window]
    shared_by_both = int(_find_in(short.sequence, long).sum())
    return min(1.0, float(inside.max()) / max(1, shared_by_both))


def _find_stretches(hits: Shares) -> tuple[Keys, Keys]:
    """Return where the runs of hits start and end, without short ones, which are coincidence."""
    edges = np.diff(hits.astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long_enough = ends - starts >= MIN_STRETCH
    return starts[long_enough], ends[long_enough]


def compare_titles(one: str, other: str) -> float | None:
    """Return which share of the words of the shorter title (pairs of characters in Chinese) is in the
    other one, 0 to 1. None where a title is missing or too short to be compared.
    """
    grams = [_split_title(title) for title in (one, other)]
    smaller = min(map(len, grams))
    return len(grams[0] & grams[1]) / smaller if smaller >= 3 else None


def _split_title(title: str) -> set[tuple[str, ...]]:
    words = tokenize(normalise(title))
    if sum(len(word) == 1 for word in words) * 2 > len(words):
        return set(itertools.pairwise(words))
    return {(word,) for word in words}
