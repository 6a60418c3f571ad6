"""Whether an English article is the translation of a Chinese one, not just a report of the same event.

A translation says everything and nothing else: about as many words, the same numbers both ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shopwire.pipelines.stories.event_similarity import (
    SAME_STORY,
    WINDOW_DAYS,
    Profile,
    Similarity,
    measure_similarity,
    select_numbers,
)
from shopwire.pipelines.stories.feature_frequency import is_small_count

MIN_COSINE = 0.24
# English words for each word the Chinese signs stand for.
SHORTEST, LONGEST = 0.75, 1.6
# Of all numbers either text has, so many stand in both; with fewer than that many, words decide.
MIN_NUMBERS_SHARED = 0.6
FEW_NUMBERS = 3
MIN_COSINE_ALONE = 0.25


@dataclass(frozen=True, slots=True)
class Translation:
    """An English article (`article_id`) that says what a Chinese one (`of_id`) says, and why."""

    article_id: int
    of_id: int
    score: float
    why: Similarity


def find_translations(
    fresh_id: int, fresh: Profile, others: Mapping[int, Profile]
) -> list[Translation]:
    """Return the original of a fresh English article, or the translations of a fresh Chinese one.

    `others` are articles of the same story. An English article has one original at most: the one
    it is most like.
    """
    if fresh.language not in ("en", "zh"):
        return []
    found = [
        Translation(fresh_id, other_id, why.cosine, why)
        if fresh.language == "en"
        else Translation(other_id, fresh_id, why.cosine, why)
        for other_id, other in others.items()
        if (why := _compare_translation(fresh, other)) is not None
    ]
    found.sort(key=lambda translation: (-translation.score, translation.of_id))
    return found[:1] if fresh.language == "en" else found


def _compare_translation(fresh: Profile, other: Profile) -> Similarity | None:
    if {fresh.language, other.language} != {"en", "zh"}:
        return None
    if abs(fresh.day - other.day) > WINDOW_DAYS:
        return None
    english, chinese = (fresh, other) if fresh.language == "en" else (other, fresh)
    if not SHORTEST * chinese.length <= english.length <= LONGEST * chinese.length:
        return None
    pair = measure_similarity(fresh, other)
    ours, theirs = _select_exact_numbers(fresh), _select_exact_numbers(other)
    if max(len(ours), len(theirs)) > FEW_NUMBERS:
        alike = len(ours & theirs) >= MIN_NUMBERS_SHARED * max(len(ours), len(theirs))
        alike = alike and pair.cosine >= MIN_COSINE
    else:
        alike = pair.cosine >= MIN_COSINE_ALONE
    return pair if alike and pair.score >= SAME_STORY else None


def _select_exact_numbers(profile: Profile) -> frozenset[str]:
    """The numbers of a text but the small ones, which languages write as words or not at all."""
    return frozenset(mark for mark in select_numbers(profile.marks) if not is_small_count(mark))
