"""Explains why two articles are in one story, in names, numbers and words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from shopwire.pipelines.nlp.bilingual_lexicon import (
    list_english_words,
    list_gloss_stems,
    segment_chinese,
    stem_word,
)
from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.nlp.mentions import ENTITY_KINDS

# How the number features are written. Other kinds repeat what these say.
NUMBER_FORMATS: Mapping[str, Callable[[float], str]] = {
    "amount": lambda value: f"{value:,.12g}",
    "count": lambda value: f"{value:,.12g}",
    "percent": lambda value: f"{value:g}%",
    "date": lambda value: f"{value // 100:02.0f}-{value % 100:02.0f}",
}


def list_common_features(
    features: Sequence[str], stems: Sequence[str], text: str, limit: int = 4
) -> list[str]:
    """Return what an article with this text shares with another, in words, the strongest first.

    `features` and `stems` are those of `event_similarity.Similarity`. At most `limit` of each are
    returned, none twice.
    """
    named = _take_distinct(limit, format_features(features))
    spelled = _take_distinct(limit, find_spellings(stems, text), excluded=named)
    return named + spelled


def format_features(features: Iterable[str]) -> Iterator[str]:
    """Yield names as they are, and numbers as people write them."""
    for feature in features:
        kind, _, value = feature.partition(":")
        if kind in NUMBER_FORMATS:
            yield NUMBER_FORMATS[kind](float(value))
        elif kind in ENTITY_KINDS or kind == "name":
            yield value


def find_spellings(stems: Iterable[str], text: str) -> Iterator[str]:
    """Yield for each stem the first word of a text that has it or means it; nothing where none does."""
    found: dict[str, str] = {}
    for word in list_english_words(text):
        found.setdefault(stem_word(word), word)
    for word in segment_chinese(simplify_chinese(text)):
        for one in list_gloss_stems(word):
            found.setdefault(one, word)
    return (found[one] for one in stems if one in found)


def _take_distinct(limit: int, texts: Iterable[str], excluded: Iterable[str] = ()) -> list[str]:
    seen = {text.lower() for text in excluded}
    chosen: list[str] = []
    for text in texts:
        if text.lower() not in seen and len(chosen) < limit:
            seen.add(text.lower())
            chosen.append(text)
    return chosen
