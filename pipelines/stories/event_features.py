"""Reads the event features of a text, and weighs them by how rare they are in the store.

The features are the words of a text (English stems, which Chinese is mapped to through CC-CEDICT) and its
numbers, dates, names and entities. Words of the headline and of the first sentence, which say who did what,
count twice.
"""

import math
import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import compress, repeat

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.nlp.bilingual_lexicon import count_stems, estimate_article_shares
from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.nlp.entities import find_entities, load_gazetteer
from shopwire.pipelines.nlp.number_words import ENGLISH_MONTHS
from shopwire.pipelines.nlp.quantities import build_quantity_keys, find_latin_words, find_quantities
from shopwire.pipelines.stories.feature_frequency import guess_shares
from shopwire.pipelines.stories.subjects import cut_lead
from shopwire.storage.text.characters import HAN_CHARACTER

Numbers = npt.NDArray[np.float64]

MAX_WORDS = 128
MAX_KEYS = 24
# Document frequencies weigh as much as the guess once this many articles are stored.
GUESS_WEIGHT = 1000

NUMBER_KINDS = ("date", "day", "time", "percent", "amount", "count")
UNCOUNTED_KINDS = (*NUMBER_KINDS, "month", "year", "about")

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z]{2,30}")
_WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
_CALENDAR = {name.lower() for name in ENGLISH_MONTHS} | _WEEKDAYS
_WORD = re.compile(r"[A-Za-z]{1,40}")
WORDS_PER_CHARACTER = 0.75


@dataclass(frozen=True, slots=True)
class EventFeatures:
    """What one text has in common with other reports of its event: `words` maps stem to count, `features`
    are its numbers, dates, names and entities as kind:value.

    `common` maps each word to a guess at the share of articles that have it. `day` counts from
    1970-01-01, `length` is in English words.
    """

    language: str
    day: int
    length: int
    words: Mapping[str, float]
    common: Mapping[str, float]
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """The event features of a text, weighed by their rarity in the store.

    `words` is a unit vector: it maps the key of a word to its weight. Only a profile that is not from
    the store has `rarity` (feature to nats), `spelling` (key of a word to the word) and `keys` (the
    words and features by which candidates are looked up, with their weights).
    """

    language: str
    day: int
    length: int
    words: Mapping[int, float]
    features: frozenset[str]
    rarity: Mapping[str, float] = field(default_factory=dict)
    spelling: Mapping[int, str] = field(default_factory=dict)
    keys: Mapping[str, float] = field(default_factory=dict)


def get_day_number(moment: str) -> int:
    """Return the day of an ISO 8601 time, in its own time zone, counted from 1970-01-01."""
    return (datetime.fromisoformat(moment).date() - date(1970, 1, 1)).days


def read_event_features(title: str, text: str, language: str, day: int) -> EventFeatures:
    """Return the event features of a text that appeared on `day`, counted from 1970-01-01."""
    whole = simplify_chinese(f"{title}\n{text}")
    han = len(HAN_CHARACTER.findall(whole))
    length = round(han * WORDS_PER_CHARACTER) + len(_WORD.findall(whole))
    features = set(build_quantity_keys(find_quantities(whole)))
    features.update(find_entities(whole))
    features.update(f"name:{name}" for name in _find_names(whole, language))
    words = count_stems(whole)
    for word, times in count_stems(cut_lead(whole.lstrip())).items():
        words[word] = words.get(word, 0.0) + times
    return EventFeatures(language, day, length, words, estimate_article_shares(words), frozenset(features))


def _find_names(text: str, language: str) -> set[str]:
    """Return the Latin names of a text that are neither dates nor in the gazetteer."""
    found = find_latin_words(text) if language == "zh" else map(str.lower, _NAME.findall(text))
    return {name for name in found if name not in _CALENDAR and name not in load_gazetteer().words}


def list_terms(event: EventFeatures) -> list[str]:
    """Return the words and features of a text whose document frequency is stored."""
    features = (feature for feature in event.features if feature.partition(":")[0] not in UNCOUNTED_KINDS)
    return [*event.words, *features]


def weigh_features(event: EventFeatures, articles: int, frequency: Mapping[str, int]) -> Profile:
    """Return the profile of a text in a store of so many articles.

    `frequency` maps a term to the number of articles that have it (missing: none). A guess outweighs it
    while the store is small.
    """
    most = math.log(articles + GUESS_WEIGHT + 1)

    def measure_rarity(terms: Collection[str], guesses: Iterable[float]) -> Numbers:
        counted = np.fromiter(map(frequency.get, terms, repeat(0)), np.float64, len(terms))
        guessed = GUESS_WEIGHT * np.fromiter(guesses, np.float64, len(terms))
        # The last digit of `np.log` depends on the processor.
        logs = map(math.log, (counted + guessed + 0.5).tolist())
        return np.maximum(0.0, most - np.fromiter(logs, np.float64, len(terms)))

    rarities = measure_rarity(event.features, guess_shares(event.features, event.day)).tolist()
    rarity = dict(zip(event.features, rarities, strict=True))
    counts = [1 + math.log(count) if count > 1 else count for count in event.words.values()]
    weights = measure_rarity(event.words, map(event.common.__getitem__, event.words)) * counts
    strongest = _select_strongest(event.words, weights)
    norm = math.sqrt(sum(weight * weight for weight in strongest.values())) or 1.0
    spelling = {hash_word(word): word for word in strongest}
    return Profile(
        event.language,
        event.day,
        event.length,
        {key: strongest[word] / norm for key, word in spelling.items()},
        event.features,
        rarity,
        spelling,
        _choose_keys(strongest, rarity),
    )


def hash_word(word: str) -> int:
    """Return the 32-bit key of a word."""
    return zlib.crc32(word.encode())


def _select_strongest(words: Iterable[str], weights: Numbers) -> dict[str, float]:
    """Return the `MAX_WORDS` words with the highest weights, the highest first, then by the alphabet."""
    least = np.partition(weights, -MAX_WORDS)[-MAX_WORDS] if len(weights) > MAX_WORDS else 0.0
    heavy = weights >= least
    ordered = sorted(zip((-weights[heavy]).tolist(), compress(words, heavy), strict=True))
    return {word: -weight for weight, word in ordered[:MAX_WORDS]}


def _choose_keys(words: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the words and features of the highest weights, half and half."""
    rarest = sorted(rarity, key=lambda feature: (-rarity[feature], feature))[: MAX_KEYS // 2]
    strongest = list(words)[: MAX_KEYS - len(rarest)]
    return {feature: rarity[feature] for feature in rarest} | {word: words[word] for word in strongest}


@lru_cache(maxsize=256)
def select_numbers(features: frozenset[str]) -> frozenset[str]:
    """Return those features that are numbers or dates, without bare months and years.

    Cached, because a new article is compared with many.
    """
    return frozenset(feature for feature in features if feature.partition(":")[0] in NUMBER_KINDS)
