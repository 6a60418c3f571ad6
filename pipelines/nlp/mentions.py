"""Who is named in an article and which figures it gives: what an analyst counts and compares."""

from collections.abc import Iterable
from dataclasses import dataclass

from shopwire.pipelines.nlp.chinese import simplified
from shopwire.pipelines.nlp.entities import entities_in_order
from shopwire.pipelines.nlp.quantities import Quantity, find_quantities
from shopwire.pipelines.nlp.sentences import sentences

KINDS = ("amount", "percent")
NAMED = frozenset(("platform", "company", "organisation", "person", "media", "festival", "place", "term"))
# A table of prices is no news: figures after these are left out.
MOST_FIGURES = 40


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A platform, company, person, festival or term of the field, by its English name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount or a percentage: `value` in plain units (5403亿 is 5.403e11), `unit` a currency code
    where one was written, and the sentence it stands in."""

    kind: str
    value: float
    unit: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Notes:
    """Who and what is named in an article, the figures it gives, and the platform it is filed under."""

    names: tuple[Name, ...]
    figures: tuple[Figure, ...]
    platform: str | None


def take_notes(title: str, text: str, marks: Iterable[str]) -> Notes:
    """The notes on an article with these marks (see `stories.Reading`)."""
    named = tuple(names(marks))
    is_filed = any(one.kind == "platform" for one in named)
    platform = main_platform(title, text) if is_filed else None
    return Notes(named, tuple(figures(title, text)), platform)


def names(marks: Iterable[str]) -> list[Name]:
    """Who and what is named in an article with these marks, in the order of the alphabet."""
    found = (mark.partition(":") for mark in marks)
    return sorted(Name(kind, name) for kind, _, name in found if kind in NAMED)


def main_platform(title: str, text: str) -> str | None:
    """The platform that an article is filed under: the one that it names first, in its headline or else
    in its text."""
    for line in (title, *text.split("\n")):
        for entity in entities_in_order(simplified(line)):
            kind, _, name = entity.partition(":")
            if kind == "platform":
                return name
    return None


def figures(title: str, text: str) -> list[Figure]:
    """The figures of an article in the order they are given, each once."""
    found: dict[Quantity, Figure] = {}
    for sentence in sentences(f"{title}\n{text}"):
        facts = (fact for fact in find_quantities(sentence) if fact.kind in KINDS)
        for fact in sorted(facts, key=lambda fact: (-fact.value, fact)):
            found.setdefault(fact, Figure(fact.kind, fact.value, fact.unit, sentence))
        if len(found) >= MOST_FIGURES:
            break
    return list(found.values())[:MOST_FIGURES]
