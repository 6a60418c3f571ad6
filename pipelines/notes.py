"""Who is named in an article and which figures it gives: what an analyst counts and compares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shopwire.pipelines.entities import find_entities
from shopwire.pipelines.facts import Fact, find_facts

# A sentence ends at a full stop of either script, or with its line.
SENTENCE = re.compile(r"[^。！？!?\n]{1,600}?(?:[。！？!?\n]|\.\s|$)|[^。！？!?\n]{600}")
KINDS = ("amount", "percent")
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


def names(title: str, text: str) -> list[Name]:
    """Who and what is named in an article, in the order of the alphabet."""
    found = (entity.partition(":") for entity in find_entities(f"{title}\n{text}"))
    return sorted(Name(kind, name) for kind, _, name in found)


def main_platform(title: str, text: str) -> str | None:
    """The platform that an article is filed under: of those it names the one that its headline names,
    else the first of its lines that names one; the first of the alphabet where a line names several."""
    for line in (title, *text.split("\n")):
        if found := [one.name for one in names(line, "") if one.kind == "platform"]:
            return found[0]
    return None


def figures(title: str, text: str) -> list[Figure]:
    """The figures of an article in the order they are given, each once."""
    found: dict[Fact, Figure] = {}
    for sentence in sentences(f"{title}\n{text}"):
        facts = (fact for fact in find_facts(sentence) if fact.kind in KINDS)
        for fact in sorted(facts, key=lambda fact: -fact.value):
            found.setdefault(fact, Figure(fact.kind, fact.value, fact.unit, sentence))
        if len(found) >= MOST_FIGURES:
            break
    return list(found.values())[:MOST_FIGURES]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in Chinese or English; linear in its length."""
    return (stripped for found in SENTENCE.finditer(text) if (stripped := found[0].strip()))
