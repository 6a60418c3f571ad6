"""Finds English articles that are translations of Chinese ones, not just reports of the same event.

A translation has the same content: about as many words, and the same numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shopwire.pipelines.stories.event_features import Profile, select_numbers
from shopwire.pipelines.stories.event_similarity import (
    SAME_STORY,
    WINDOW_DAYS,
    Similarity,
    measure_similarity,
)
from shopwire.pipelines.stories.feature_frequency import is_small_count

MIN_COSINE = 0.24
# English words for each word of the Chinese text (see `event_features.WORDS_PER_CHARACTER`).
MIN_LENGTH_RATIO, MAX_LENGTH_RATIO = 0.75, 1.6
# The share of the numbers of one text that the other one has too; with few numbers, the words decide.
MIN_NUMBERS_SHARED = 0.6
FEW_NUMBERS = 3
MIN_COSINE_ALONE = 0.26


@dataclass(frozen=True, slots=True)
class Translation:
    """An English article (`article_id`) that translates a Chinese one (`of_id`), and why that is likely."""

    article_id: int
    of_id: int
    score: float
    why: Similarity


def find_translations(fresh_id: int, fresh: Profile, others: Mapping[int, Profile]) -> list[Translation]:
    """Return the original of a new English article, or the translations of a new Chinese one.

    `others` are articles of the same story. An English article has one original at most, the most
    similar one.
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
    if not MIN_LENGTH_RATIO * chinese.length <= english.length <= MAX_LENGTH_RATIO * chinese.length:
        return None
    pair = measure_similarity(fresh, other)
    ours, theirs = _select_exact_numbers(fresh), _select_exact_numbers(other)
    if max(len(ours), len(theirs)) > FEW_NUMBERS:
        is_translation = len(ours & theirs) >= MIN_NUMBERS_SHARED * max(len(ours), len(theirs))
        is_translation = is_translation and pair.cosine >= MIN_COSINE
    else:
        is_translation = pair.cosine >= MIN_COSINE_ALONE
    return pair if is_translation and pair.score >= SAME_STORY else None


def _select_exact_numbers(profile: Profile) -> frozenset[str]:
    """Return the numbers of a text without small ones, which are often left out in a translation."""
    return frozenset(feature for feature in select_numbers(profile.features) if not is_small_count(feature))
