"""Decides whether two articles report one event, and which cluster a new article joins.

Pure functions. The profile of an article (`event_features`) is compared with the profiles of candidate
clusters by average link (`choose_cluster`): an article joins a cluster only where it is similar to most of
its articles on average, so that clusters do not chain.

Similarity is that of words (TF-IDF cosine, Salton and Buckley 1988, over English stems that Chinese
is mapped to through CC-CEDICT) and of specific features: the numbers, dates and names that both have.
What many of the candidate clusters have says less (`weaken_common`).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shopwire.pipelines.stories.event_features import NUMBER_KINDS, Profile, select_numbers
from shopwire.pipelines.stories.feature_frequency import guess_information

WINDOW_DAYS = 7
# The average score from which an article joins a story; of the articles of the story only the most similar
# ones count, because a follow-up resembles the first report more than other follow-ups.
SAME_STORY = 0.98
COMPARED_SHARE = 0.67
# More than this counts as this: one text that is nearly the same makes no story of different ones.
HIGHEST_COUNTED = 1.5
# Cosines that make a score of 1.0: two texts of one language have more words in common than texts of
# two, and Chinese ones more, because the glosses of a word are many.
USUAL_COSINE = {"en": 0.33, "zh": 0.48, "mixed": 0.21}
# What shared features add to the score at most, and the information (in nats) that adds half of it: texts of
# one language that have more features share more of them by chance.
MAX_FEATURE_SCORE = {"same": 1.0, "mixed": 0.8}
HALF_FEATURE_INFORMATION = 10.0
HALF_FEATURE_SHARE = {"same": 0.2, "mixed": 0.0}
# What the score loses for each time that the shorter text is 2.718 times as long, for the same reason.
LENGTH_COST = 0.05
USUAL_LENGTH, MIN_LENGTH = 150, 30
# The sum of the same numbers in another order may differ by less than this.
ROUNDING = 1e-6
# What differing numbers subtract from the score at most, and how many numbers subtract half of it.
MAX_DISAGREEMENT_COST = 0.7
HALF_DISAGREEMENT_NUMBERS = 4

# What no more clusters than these have in common with an article counts in full; what more have counts for
# less, by the square root of their number.
FEW_CLUSTERS = 4

# Features that many reports of the field have in common by their form: they are no shared facts.
FORM_KINDS = ("term", "year", "month")
# Texts in two languages that have so many facts each, and share none, report different events.
MANY_FACTS = 5
# Two texts that share more of their words than of their numbers and places are one form filled in twice.
SLOT_KINDS = (*NUMBER_KINDS, "place")
TEMPLATE_COSINE = 0.6
TEMPLATE_SLOTS = 8
TEMPLATE_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Similarity:
    """How similar two articles are. They report one event from a `score` of `SAME_STORY`; the rest explains
    it."""

    score: float
    cosine: float
    agreement: float
    words: tuple[str, ...]
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryDecision:
    """The cluster that an article joins (None for a new one), and its average score there.

    `pairs` are its similarities to the articles of that cluster, in their order.
    """

    cluster: int | None
    score: float
    pairs: tuple[Similarity, ...] = ()

    @property
    def best_index(self) -> int:
        """Return the index of the most similar article in `pairs`."""
        return max(range(len(self.pairs)), key=lambda index: self.pairs[index].score)


def measure_similarity(fresh: Profile, other: Profile) -> Similarity:
    """Return how similar two articles are, whenever they appeared; `fresh` is the new one."""
    shared_words = fresh.words.keys() & other.words.keys()
    strength = {key: fresh.words[key] * other.words[key] for key in shared_words}
    cosine = sum(strength.values())
    shared = sorted(fresh.features & other.features, key=lambda feature: -fresh.rarity.get(feature, 0.0))
    agreement, compared = _measure_agreement(select_numbers(fresh.features), select_numbers(other.features))
    both = math.sqrt(guess_information(fresh.features) * guess_information(other.features))
    score = _score_words(cosine, fresh, other) + _score_features(shared, fresh, other, both)
    score -= MAX_DISAGREEMENT_COST * (1 - agreement) * compared / (compared + HALF_DISAGREEMENT_NUMBERS)
    is_other = _is_template(cosine, fresh, other) or _is_other_event(fresh, other)
    strongest = sorted(strength, key=lambda key: -strength[key])[:8]
    words = tuple(fresh.spelling[key] for key in strongest if key in fresh.spelling)
    return Similarity(0.0 if is_other else score, cosine, agreement, words, tuple(shared[:8]))


def _limit_score(fresh: Profile, other: Profile) -> float:
    """Return a score that the similarity of two articles cannot exceed."""
    cosine = sum(fresh.words[key] * other.words[key] for key in fresh.words.keys() & other.words.keys())
    # What is shared counts most where the texts say nothing else.
    most = _score_features(fresh.features & other.features, fresh, other, both=0.0)
    return _score_words(cosine, fresh, other) + most + ROUNDING


def _score_words(cosine: float, fresh: Profile, other: Profile) -> float:
    if fresh.language != other.language:
        return cosine / USUAL_COSINE["mixed"]
    length = max(MIN_LENGTH, min(fresh.length, other.length))
    usual = USUAL_COSINE.get(fresh.language, USUAL_COSINE["en"])
    return cosine / usual - LENGTH_COST * math.log(length / USUAL_LENGTH)


def _score_features(shared: Iterable[str], fresh: Profile, other: Profile, both: float) -> float:
    """Return what shared features add to the score; `both` is how much the texts say in all, in nats."""
    languages = "same" if fresh.language == other.language else "mixed"
    information = sum(fresh.rarity.get(feature, 0.0) for feature in shared)
    half = HALF_FEATURE_INFORMATION + HALF_FEATURE_SHARE[languages] * both
    return MAX_FEATURE_SCORE[languages] * information / (information + half)


def _measure_agreement(a: frozenset[str], b: frozenset[str]) -> tuple[float, int]:
    """Return the share of the smaller set that is in the other one too, and its size."""
    smaller, larger = sorted((a, b), key=len)
    return (len(smaller & larger) / len(smaller) if smaller else 1.0), len(smaller)


def _is_other_event(one: Profile, other: Profile) -> bool:
    """Return whether two texts in two languages have many facts each, and none in common.

    They share glosses of words, of which two texts on one form have as many as a translation.
    """
    if one.language == other.language or _count_facts(one.features & other.features):
        return False
    return min(_count_facts(one.features), _count_facts(other.features)) >= MANY_FACTS


def _count_facts(features: Iterable[str]) -> int:
    """Return how many features are not common to many reports by their form."""
    return sum(feature.partition(":")[0] not in FORM_KINDS for feature in features)


def _is_template(cosine: float, one: Profile, other: Profile) -> bool:
    """Return whether two texts in one language share more of their words than of their numbers and places."""
    if one.language != other.language or cosine <= TEMPLATE_COSINE:
        return False
    slots = (
        frozenset(feature for feature in profile.features if feature.partition(":")[0] in SLOT_KINDS)
        for profile in (one, other)
    )
    agreement, compared = _measure_agreement(*slots)
    return compared >= TEMPLATE_SLOTS and cosine - agreement > TEMPLATE_MARGIN


def weaken_common(fresh: Profile, clusters: Iterable[Iterable[Profile]]) -> Profile:
    """Return the profile of a new article with less weight on what many of these clusters have, too.

    Names and words that the reports of many events have in common say what all of these are about, but not
    which of them an article reports. Clusters are only counted by their articles in the same language.
    """
    words: Counter[int] = Counter()
    features: Counter[str] = Counter()
    for members in clusters:
        alike = [other for other in members if other.language == fresh.language]
        words.update({key for other in alike for key in fresh.words.keys() & other.words.keys()})
        features.update({feature for other in alike for feature in fresh.features & other.features})
    return replace(
        fresh,
        words={key: weight * _weaken(words[key]) for key, weight in fresh.words.items()},
        rarity={feature: nats * _weaken(features[feature]) for feature, nats in fresh.rarity.items()},
    )


def _weaken(clusters: int) -> float:
    return math.sqrt(FEW_CLUSTERS / max(clusters, FEW_CLUSTERS))


def choose_cluster(fresh: Profile, clusters: Mapping[int, Iterable[Profile]]) -> StoryDecision:
    """Return the cluster whose articles are most similar to a new one on average, if they are enough so.

    `clusters` has those of their articles that are within `WINDOW_DAYS` of the new one; the average is that
    of the most similar ones (`COMPARED_SHARE`).
    """
    decision = StoryDecision(None, 0.0)
    for cluster in sorted(clusters):
        members = tuple(clusters[cluster])
        # Most have so little in common that this can be told without weighing it.
        if all(_limit_score(fresh, other) < SAME_STORY for other in members):
            continue
        pairs = tuple(measure_similarity(fresh, other) for other in members)
        scores = sorted((min(pair.score, HIGHEST_COUNTED) for pair in pairs), reverse=True)[
            : math.ceil(COMPARED_SHARE * len(pairs))
        ]
        average = sum(scores) / len(scores)
        if average >= SAME_STORY and average > decision.score:
            decision = StoryDecision(cluster, average, pairs)
    return decision
