"""What two texts have in common, in figures: how much, how it is spread, and whether numbers agree."""

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
from shopwire.pipelines.nlp.sentences import sentences

# A number belongs to the words that follow it: "31 new cases reported in" asks for the same number
# in a copy, and holds another one in the next day's report of the same template.
NUMBER_WORDS: Final = 4
# A window this long says something in the other text's words, or does not.
WINDOW: Final = 20
# However common a shingle is among the candidates, it still counts for this much.
LEAST_WEIGHT: Final = 0.25
# A sentence that the other text has less of than this is its writer's own.
OWN: Final = 0.1
# An excerpt starts within this many tokens of its original, and ends with this many of its own.
HEAD: Final = 60
TAIL: Final = 15
# Shingles in a row that are no chance meeting.
STRETCH: Final = 5
READ_ON: Final = re.compile(
    r"(?:…|\.\.\.|展开全文|查看全文|阅读全文|查看更多|阅读原文|read more|continue reading|full story)"
    r"\W{0,8}$"
)

Shares = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """A text as it is compared: `sequence` its shingles in order, `keys` the distinct ones, sorted.

    `numbers` holds the numbers met before each run of four tokens, `line_ends` the token counts at
    which lines end, `breaks_off` whether the text closes with dots or an invitation to read on.
    """

    sequence: Keys
    keys: Keys
    size: int
    numbers: Mapping[tuple[str, ...], frozenset[str]]
    line_ends: frozenset[int]
    breaks_off: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How the shared shingles lie: `reach` is the share of windows of the less covered text that
    hold at least one, `run` their mean run length, `runs` how many runs there are, `order` the rank
    correlation of their places in the two texts.
    """

    reach: float
    run: float
    runs: int
    order: float


def read_text_features(text: str) -> TextFeatures:
    """Read a text (one paragraph a line) once for all the comparisons it takes part in."""
    words: list[str] = []
    ends: list[int] = []
    normal = normalise(text)
    for line in normal.split("\n"):
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
        READ_ON.search(normal[-40:].rstrip()) is not None,
    )


def _index_numbers(words: list[str]) -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for place, word in enumerate(words[:-NUMBER_WORDS]):
        if word[0].isdecimal():
            after = tuple(words[place + 1 : place + 1 + NUMBER_WORDS])
            found.setdefault(after, set()).add(word)
    return {after: frozenset(numbers) for after, numbers in found.items()}


def find_shared(one: TextFeatures, other: TextFeatures) -> Shares:
    """For each of the distinct shingles of `one`, whether `other` has it."""
    return _find_among(one.keys, other)


def _find_among(keys: Keys, other: TextFeatures) -> Shares:
    if not len(other.keys):
        return np.zeros(len(keys), dtype=np.bool_)
    places = np.searchsorted(other.keys, keys)
    found: Shares = other.keys[np.minimum(places, len(other.keys) - 1)] == keys
    return found


def measure_containments(
    one: TextFeatures, other: TextFeatures, common: Shares, elsewhere: npt.NDArray[np.intp]
) -> tuple[float, float]:
    """Return how much of `one` stands in `other`, and the reverse, each 0 to 1.

    `common` is what `shared(one, other)` says, `elsewhere` counts for each shingle of `one` the
    unrelated groups of copies that hold it too: what many unrelated texts share is a template and
    weighs little (inverse document frequency, counted by group so that syndication does not
    devalue its own text).
    """
    weight = float(np.maximum(1 / (1 + elsewhere[common]), LEAST_WEIGHT).sum())
    alone = len(one.keys) - int(common.sum()), len(other.keys) - int(common.sum())
    first, second = (weight / (weight + rest) if weight else 0.0 for rest in alone)
    return first, second


def measure_own_share(text: str, other: TextFeatures) -> float:
    """Return the share of a text, 0 to 1, that lies in sentences of which `other` has next to nothing.

    A copyist changes words here and there; a second reporter has sentences of his own beside the
    quotations that both heard.
    """
    own = whole = 0
    for sentence in sentences(normalise(text)):
        words = tokenize(sentence)
        if len(words) >= other.size:
            hits = _find_among(hash_shingles(words, other.size), other)
            whole += len(hits)
            own += len(hits) if hits.mean() < OWN else 0
    return own / max(1, whole)


def count_agreeing_numbers(one: TextFeatures, other: TextFeatures) -> tuple[int, int]:
    """Return how many numbers that stand before the same words are the same, and how many differ."""
    same = differ = 0
    for after, numbers in one.numbers.items():
        if held := other.numbers.get(after):
            if numbers & held:
                same += 1
            else:
                differ += 1
    return same, differ


def measure_spread(one: TextFeatures, other: TextFeatures) -> Spread:
    """Tell a text retold sentence by sentence from one that quotes a paragraph."""
    ours, theirs = _find_among(one.sequence, other), _find_among(other.sequence, one)
    runs = min(_count_runs(ours), _count_runs(theirs))
    run = max(ours.sum() / max(1, _count_runs(ours)), theirs.sum() / max(1, _count_runs(theirs)))
    reach = float(min(_cover_windows(ours).mean(), _cover_windows(theirs).mean()))
    return Spread(reach, float(run), runs, _correlate_order(one.sequence, other.sequence))


def _count_runs(hits: Shares) -> int:
    return int(np.count_nonzero(np.diff(hits.astype(np.int8), prepend=0) == 1))


def find_covered_windows(one: TextFeatures, other: TextFeatures) -> Shares:
    """For each window of `one`, from its start to its end, whether `other` says something in it."""
    return _cover_windows(_find_among(one.sequence, other))


def _cover_windows(hits: Shares) -> Shares:
    if len(hits) <= WINDOW:
        return np.array([hits.any()])
    totals = np.concatenate(([0], np.cumsum(hits)))
    windows: Shares = totals[WINDOW:] > totals[:-WINDOW]
    return windows


def _correlate_order(one: Keys, other: Keys) -> float:
    """Spearman's rank correlation of the places of those shingles that each text has once."""
    _, ours, theirs = np.intersect1d(
        _select_unique(one), _select_unique(other), return_indices=True
    )
    if len(ours) < 3:
        return 0.0
    ours, theirs = (
        np.flatnonzero(_find_unique(one))[ours],
        np.flatnonzero(_find_unique(other))[theirs],
    )
    ranks = [np.argsort(np.argsort(places)) for places in (ours, theirs)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _find_unique(sequence: Keys) -> Shares:
    _, inverse, counts = np.unique(sequence, return_inverse=True, return_counts=True)
    single: Shares = counts[inverse] == 1
    return single


def _select_unique(sequence: Keys) -> Keys:
    return sequence[_find_unique(sequence)]


def is_beginning(short: TextFeatures, long: TextFeatures) -> bool:
    """Whether `short` is `long` cut off: begins where it begins, and stops where it goes on.

    It stops in the middle of a line, or with dots or an invitation to read on.
    """
    starts, ends = _find_stretches(_find_among(short.sequence, long))
    if not len(starts) or len(short.sequence) - ends[-1] > TAIL:
        return False
    first = np.flatnonzero(long.sequence == short.sequence[starts[0]])
    last = np.flatnonzero(long.sequence == short.sequence[ends[-1] - 1])
    if first[0] > max(HEAD, 0.15 * len(long.sequence)):
        return False
    return short.breaks_off or not any(int(place) + long.size in long.line_ends for place in last)


def measure_concentration(short: TextFeatures, long: TextFeatures) -> float:
    """Return how much of what the two share, 0 to 1, lies in one place of `long`.

    One place is as long as `short` and a fifth longer.
    """
    totals = np.concatenate(([0], np.cumsum(_find_among(long.sequence, short))))
    window = min(len(long.sequence), int(1.2 * len(short.sequence)) + 1)
    inside = totals[window:] - totals[:-window]
    shared_by_both = int(_find_among(short.sequence, long).sum())
    return min(1.0, float(inside.max()) / max(1, shared_by_both))


def _find_stretches(hits: Shares) -> tuple[Keys, Keys]:
    """Return where the runs of hits start and end, leaving out those too short to mean anything."""
    edges = np.diff(hits.astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long_enough = ends - starts >= STRETCH
    return starts[long_enough], ends[long_enough]


def compare_titles(one: str, other: str) -> float | None:
    """Return the share of the poorer title's words (pairs of characters in Chinese) in the other.

    None where a title is missing or too short to say anything.
    """
    grams = [_split_title(title) for title in (one, other)]
    smaller = min(map(len, grams))
    return len(grams[0] & grams[1]) / smaller if smaller >= 3 else None


def _split_title(title: str) -> set[tuple[str, ...]]:
    words = tokenize(normalise(title))
    if sum(len(word) == 1 for word in words) * 2 > len(words):
        return set(itertools.pairwise(words))
    return {(word,) for word in words}
