"""Decides whether two articles report one event, and which cluster a new article joins.

Pure functions. The features of a text (`read_event_features`) are weighed by how rare they are in the
store (`weigh`), and the resulting profile is compared with the profiles of candidate clusters by
average link (`choose_cluster`): an article joins a cluster only where it is similar to its articles
on average, so that clusters do not chain.

Similarity is that of words (TF-IDF cosine, Salton and Buckley 1988, over English stems that Chinese
reaches through CC-CEDICT) and of what is specific to an event: the numbers, dates and names both share.
"""

import math
import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import compress, repeat

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.nlp.bilingual_lexicon import commonness, stem_counts
from shopwire.pipelines.nlp.chinese import simplified
from shopwire.pipelines.nlp.entities import find_entities, gazetteer
from shopwire.pipelines.nlp.number_words import MONTHS
from shopwire.pipelines.nlp.quantities import fact_keys, find_facts, latin_tokens
from shopwire.pipelines.stories.feature_frequency import guess_shares

Numbers = npt.NDArray[np.float64]

WINDOW_DAYS = 7
WORDS_KEPT = 128
KEYS_KEPT = 24

# The score from which on an article joins a story.
SAME_STORY = 1.0
# Cosines that are as good as a whole score: one language has more words in common with itself, and
# Chinese glosses are wordier than news.
USUAL_COSINE = {"en": 0.36, "zh": 0.52, "mixed": 0.21}
# What sharing every specific could add, and the information (in nats) that adds half of it.
SPECIFICS = 0.8
HALF_SPECIFIC = 10.0
# What having no number in common costs two texts full of numbers, and how many are half as good.
DISAGREEMENT = 0.7
HALF_COMPARED = 4

NUMBERS = ("date", "day", "time", "percent", "amount", "count")
NOT_COUNTED = (*NUMBERS, "month", "year", "about")
# Document frequencies count as much as the guess once this many articles are stored.
GUESS_WEIGHT = 1000

# Two texts that share more of their words than of their numbers and places are one template filled
# twice.
SLOTS = (*NUMBERS, "place")
TEMPLATE_COSINE = 0.6
TEMPLATE_SLOTS = 8
TEMPLATE_MARGIN = 0.05

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z]{2,30}")
_WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
_CALENDAR = {name.lower() for name in MONTHS} | _WEEKDAYS
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{1,40}")
WORDS_PER_SIGN = 0.75


@dataclass(frozen=True, slots=True)
class EventFeatures:
    """What one text holds: `words` stem -> count, `marks` its numbers, dates, names and entities.

    `common` is a guess, for each of the words, at the share of articles that hold it.
    """

    language: str
    day: int
    length: int
    words: Mapping[str, float]
    common: Mapping[str, float]
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """A reading in the light of the store.

    `day` counts from 1970-01-01, `length` is in English words. `words` is a unit vector, key of a
    word -> weight; `marks` are kind:value. Only a fresh profile has `rarity` (mark -> nats),
    `spelling` (key of a word -> the word) and `keys` (what candidates are looked up
    by, with the weight of each).
    """

    language: str
    day: int
    length: int
    words: Mapping[int, float]
    marks: frozenset[str]
    rarity: Mapping[str, float] = field(default_factory=dict)
    spelling: Mapping[int, str] = field(default_factory=dict)
    keys: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two articles are: `score` 1.0 and more is one story. The rest says why."""

    score: float
    cosine: float
    agreement: float
    words: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryDecision:
    """The strand an article joins (None: a new one), and its average score there.

    `pairs` are its likenesses to the articles of that strand, `best` is the place of the strongest.
    """

    cluster: int | None
    score: float
    pairs: tuple[Similarity, ...] = ()

    @property
    def best(self) -> int:
        return max(range(len(self.pairs)), key=lambda at: self.pairs[at].score)


def get_day_number(moment: str) -> int:
    """Return the day of an ISO 8601 time, in the zone it is written in, counted from 1970-01-01."""
    return (datetime.fromisoformat(moment).date() - date(1970, 1, 1)).days


def read_event_features(title: str, text: str, language: str, day: int) -> EventFeatures:
    """Return what a text holds. `day` counts from 1970-01-01."""
    whole = simplified(f"{title}\n{text}")
    han = len(_HAN.findall(whole))
    length = round(han * WORDS_PER_SIGN) + len(_WORD.findall(whole))
    marks = set(fact_keys(find_facts(whole)))
    marks.update(find_entities(whole))
    marks.update(f"name:{name}" for name in _find_latin_names(whole, language))
    words = stem_counts(whole)
    common = {word: commonness(word) for word in words}
    return EventFeatures(language, day, length, words, common, frozenset(marks))


def _find_latin_names(text: str, language: str) -> set[str]:
    """Return the Latin names of a text that are neither months nor the gazetteer's own."""
    found = latin_tokens(text) if language == "zh" else map(str.lower, _NAME.findall(text))
    return {name for name in found if name not in _CALENDAR and name not in gazetteer().words}


def list_terms(reading: EventFeatures) -> list[str]:
    """Return everything of a reading whose document frequency is kept."""
    marks = (mark for mark in reading.marks if mark.partition(":")[0] not in NOT_COUNTED)
    return [*reading.words, *marks]


def weigh(reading: EventFeatures, articles: int, frequency: Mapping[str, int]) -> Profile:
    """Return the profile of a reading in a store of so many articles.

    `frequency` is term -> number of articles that hold it; what is missing counts as none. A guess
    stands in as long as the store is small.
    """

    everything = math.log(articles + GUESS_WEIGHT + 1)

    def rarity(terms: Collection[str], guesses: Iterable[float]) -> Numbers:
        held = np.fromiter(map(frequency.get, terms, repeat(0)), np.float64, len(terms))
        guessed = GUESS_WEIGHT * np.fromiter(guesses, np.float64, len(terms))
        # The last digit of `np.log` depends on the processor.
        logs = map(math.log, (held + guessed + 0.5).tolist())
        return np.maximum(0.0, everything - np.fromiter(logs, np.float64, len(terms)))

    rarities = rarity(reading.marks, guess_shares(reading.marks, reading.day)).tolist()
    marks = dict(zip(reading.marks, rarities, strict=True))
    often = [1 + math.log(count) if count > 1 else count for count in reading.words.values()]
    words = rarity(reading.words, map(reading.common.__getitem__, reading.words)) * often
    strongest = _strongest(reading.words, words)
    norm = math.sqrt(sum(weight * weight for weight in strongest.values())) or 1.0
    spelling = {word_key(word): word for word in strongest}
    return Profile(
        reading.language,
        reading.day,
        reading.length,
        {key: strongest[word] / norm for key, word in spelling.items()},
        reading.marks,
        marks,
        spelling,
        _choose_keys(strongest, marks),
    )


def word_key(word: str) -> int:
    """Return the 32-bit key under which a word is kept."""
    return zlib.crc32(word.encode())


def _strongest(words: Iterable[str], weights: Numbers) -> dict[str, float]:
    """Return the `WORDS_KEPT` heaviest words in order, and those of one weight by the alphabet."""
    least = np.partition(weights, -WORDS_KEPT)[-WORDS_KEPT] if len(weights) > WORDS_KEPT else 0.0
    heavy = weights >= least
    ordered = sorted(zip((-weights[heavy]).tolist(), compress(words, heavy), strict=True))
    return {word: -weight for weight, word in ordered[:WORDS_KEPT]}


def _choose_keys(words: Mapping[str, float], marks: Mapping[str, float]) -> dict[str, float]:
    """Return the words and marks, half and half, that say most of an article, with their weights."""
    rarest = sorted(marks, key=lambda mark: (-marks[mark], mark))[: KEYS_KEPT // 2]
    strongest = list(words)[: KEYS_KEPT - len(rarest)]
    return {mark: marks[mark] for mark in rarest} | {word: words[word] for word in strongest}


def measure_similarity(fresh: Profile, other: Profile) -> Similarity:
    """Return how alike two articles are, other than in time."""
    shared_words = fresh.words.keys() & other.words.keys()
    strength = {key: fresh.words[key] * other.words[key] for key in shared_words}
    cosine = sum(strength.values())
    shared = sorted(fresh.marks & other.marks, key=lambda mark: -fresh.rarity.get(mark, 0.0))
    specific = sum(fresh.rarity.get(mark, 0.0) for mark in shared)
    usual = USUAL_COSINE["mixed"]
    if fresh.language == other.language:
        usual = USUAL_COSINE.get(fresh.language, USUAL_COSINE["en"])
    agreement, compared = _measure_agreement(
        select_numbers(fresh.marks), select_numbers(other.marks)
    )
    score = cosine / usual + SPECIFICS * specific / (specific + HALF_SPECIFIC)
    score -= DISAGREEMENT * (1 - agreement) * compared / (compared + HALF_COMPARED)
    if fresh.language == other.language and _is_template(cosine, fresh.marks, other.marks):
        score = 0.0
    strongest = sorted(strength, key=lambda key: -strength[key])[:8]
    words = tuple(fresh.spelling[key] for key in strongest if key in fresh.spelling)
    return Similarity(score, cosine, agreement, words, tuple(shared[:8]))


def _measure_agreement(a: frozenset[str], b: frozenset[str]) -> tuple[float, int]:
    """Return the share of the smaller set that the other one has too, and its size."""
    poorer, richer = sorted((a, b), key=len)
    return (len(poorer & richer) / len(poorer) if poorer else 1.0), len(poorer)


def select_numbers(marks: Iterable[str]) -> frozenset[str]:
    """Return those marks that are numbers or dates of the event, not of the calendar at large."""
    return frozenset(mark for mark in marks if mark.partition(":")[0] in NUMBERS)


def _is_template(cosine: float, a: frozenset[str], b: frozenset[str]) -> bool:
    if cosine <= TEMPLATE_COSINE:
        return False
    slots = (
        frozenset(mark for mark in marks if mark.partition(":")[0] in SLOTS) for marks in (a, b)
    )
    agreement, compared = _measure_agreement(*slots)
    return compared >= TEMPLATE_SLOTS and cosine - agreement > TEMPLATE_MARGIN


def choose_cluster(fresh: Profile, strands: Mapping[int, Iterable[Profile]]) -> StoryDecision:
    """Return the strand whose articles a fresh one is most like on average, if enough so.

    The articles are those within `WINDOW_DAYS` of the fresh one.
    """
    verdict = StoryDecision(None, 0.0)
    for strand in sorted(strands):
        pairs = tuple(measure_similarity(fresh, other) for other in strands[strand])
        average = sum(pair.score for pair in pairs) / len(pairs) if pairs else 0.0
        if average >= SAME_STORY and average > verdict.score:
            verdict = StoryDecision(strand, average, pairs)
    return verdict
