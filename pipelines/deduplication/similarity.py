"""Measures what two texts have in common: how much, where in the texts, and whether numbers agree."""

import itertools
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.deduplication.fingerprint import (
    Keys,
    ShortKeys,
    hash_shingles,
    normalise,
    tokenize,
)
from shopwire.pipelines.deduplication.text_features import TextFeatures
from shopwire.pipelines.nlp.sentences import split_sentences
from shopwire.storage.text.characters import SENTENCE_ENDS

# Tokens of the windows in which shared shingles are looked for.
WINDOW_TOKENS: Final = 20
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
Shares = npt.NDArray[np.bool_]


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


def find_shared(one: Keys | ShortKeys, other: Keys | ShortKeys) -> Shares:
    """Return for each key of `one` whether it is in `other`, which is ascending."""
    if not len(other):
        return np.zeros(len(one), dtype=np.bool_)
    positions = np.searchsorted(other, one)
    found: Shares = other[np.minimum(positions, len(other) - 1)] == one
    return found


def measure_containments(
    common: Shares, size: int, elsewhere: npt.NDArray[np.intp] | None = None
) -> tuple[float, float]:
    """Return which share of a text is in another one, and which of the other one in it, each 0 to 1.

    `common` says for each distinct shingle of the text whether the other one has it, which has `size` of
    them. `elsewhere` counts for each the unrelated groups of duplicates that have it too: shingles of many
    unrelated texts are a template and weigh little (inverse document frequency, counted by group so that
    many reposts of one text do not lower the weight of its shingles).
    """
    both = int(common.sum())
    weight = float(both)
    if elsewhere is not None:
        weight = float(np.maximum(1 / (1 + elsewhere[common]), MIN_WEIGHT).sum())
    alone = len(common) - both, size - both
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
            hits = find_shared(hash_shingles(words, other.size), other.keys)
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
        hits = np.flatnonzero(find_shared(hash_shingles(tokens, other.size), other.keys))
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
    ours, theirs = find_shared(one.sequence, other.keys), find_shared(other.sequence, one.keys)
    runs = min(_count_runs(ours), _count_runs(theirs))
    run = max(ours.sum() / max(1, _count_runs(ours)), theirs.sum() / max(1, _count_runs(theirs)))
    reach = float(min(_cover_windows(ours).mean(), _cover_windows(theirs).mean()))
    return Spread(reach, float(run), runs, _correlate_order(one.sequence, other.sequence))


def _count_runs(hits: Shares) -> int:
    return int(np.count_nonzero(np.diff(hits.astype(np.int8), prepend=0) == 1))


def find_covered_windows(one: TextFeatures, other: TextFeatures) -> Shares:
    """Return for each window of `one`, in order, whether `other` has any shingle in it."""
    return _cover_windows(find_shared(one.sequence, other.keys))


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
    starts, ends = _find_stretches(find_shared(short.sequence, long.keys))
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
    totals = np.concatenate(([0], np.cumsum(find_shared(long.sequence, short.keys))))
    window = min(len(long.sequence), int(1.2 * len(short.sequence)) + 1)
    inside = totals[window:] - totals[:-window]
    shared_by_both = int(find_shared(short.sequence, long.keys).sum())
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
