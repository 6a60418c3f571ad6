"""Why two articles are told as one story, in names, numbers and words that a reader knows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from shopwire.pipelines.nlp.bilingual_lexicon import chinese_words, english_words, stem, word_stems
from shopwire.pipelines.nlp.chinese import simplified
from shopwire.pipelines.nlp.mentions import NAMED

# How a number among the marks is said. Those that are not here say what others say better.
NUMBERS: Mapping[str, Callable[[float], str]] = {
    "amount": lambda value: f"{value:,.12g}",
    "count": lambda value: f"{value:,.12g}",
    "percent": lambda value: f"{value:g}%",
    "date": lambda value: f"{value // 100:02.0f}-{value % 100:02.0f}",
}


def list_common_features(
    marks: Sequence[str], stems: Sequence[str], text: str, most: int = 4
) -> list[str]:
    """What an article with this text has in common with another, strongest first: of the marks and of
    the stems that they share (`stories.Likeness`) at most so many each, none of them twice."""
    named = _take_distinct(most, format_features(marks))
    spelled = _take_distinct(most, find_spellings(stems, text), but=named)
    return named + spelled


def format_features(marks: Iterable[str]) -> Iterator[str]:
    """Names as they are, and numbers as people write them."""
    for mark in marks:
        kind, _, value = mark.partition(":")
        if kind in NUMBERS:
            yield NUMBERS[kind](float(value))
        elif kind in NAMED or kind == "name":
            yield value


def find_spellings(stems: Iterable[str], text: str) -> Iterator[str]:
    """For each stem the first word of a text that stands for it, of those that have one."""
    found: dict[str, str] = {}
    for word in english_words(text):
        found.setdefault(stem(word), word)
    for word in chinese_words(simplified(text)):
        for one in word_stems(word):
            found.setdefault(one, word)
    return (found[one] for one in stems if one in found)


def _take_distinct(most: int, texts: Iterable[str], but: Iterable[str] = ()) -> list[str]:
    seen = {text.lower() for text in but}
    chosen: list[str] = []
    for text in texts:
        if text.lower() not in seen and len(chosen) < most:
            seen.add(text.lower())
            chosen.append(text)
    return chosen
