"""Entities and amounts that an article mentions."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.nlp.entities import list_entities, locate_entities
from shopwire.pipelines.nlp.figure_meaning import Counted, find_counted, find_subject
from shopwire.pipelines.nlp.quantities import Quantity, locate_quantities
from shopwire.pipelines.nlp.sentences import split_sentences

AMOUNT_KINDS = ("amount", "percent")
ENTITY_KINDS = frozenset(
    ("platform", "company", "organisation", "person", "media", "festival", "place", "term")
)
SUBJECT_KINDS = frozenset(("platform", "company", "organisation", "person", "media", "festival"))
# Amounts beyond this number are ignored: a table of prices is no news.
MOST_AMOUNTS = 40


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A platform, company, person, festival or term of e-commerce, with its English name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount or a percentage and its sentence.

    `value` is in plain units (5403亿 is 5.403e11), `unit` a currency code if one was written. `counts` is
    what it counts, `subject` the English name of whose it is; both are "" if the sentence does not say so.
    """

    kind: str
    value: float
    unit: str
    sentence: str
    counts: Counted
    subject: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """The entities and amounts of an article, and its main platform."""

    entities: tuple[Entity, ...]
    amounts: tuple[Amount, ...]
    platform: str | None


def find_mentions(title: str, text: str, features: Iterable[str]) -> Mentions:
    """Return the mentions of an article. `features` are those of its story analysis."""
    entities = tuple(parse_entities(features))
    names_platform = any(one.kind == "platform" for one in entities)
    platform = find_main_platform(title, text) if names_platform else None
    return Mentions(entities, tuple(find_amounts(title, text)), platform)


def parse_entities(features: Iterable[str]) -> list[Entity]:
    """Return the entities among the features of an article, in alphabetical order."""
    found = (feature.partition(":") for feature in features)
    return sorted(Entity(kind, name) for kind, _, name in found if kind in ENTITY_KINDS)


def find_main_platform(title: str, text: str) -> str | None:
    """Return the first platform that an article names, in its title or else in its text."""
    for line in (title, *text.split("\n")):
        for entity in list_entities(simplify_chinese(line)):
            kind, _, name = entity.partition(":")
            if kind == "platform":
                return name
    return None


def find_amounts(title: str, text: str) -> list[Amount]:
    """Return the distinct amounts of an article in order, largest first within a sentence."""
    found: dict[tuple[Quantity, Counted], Amount] = {}
    for sentence in split_sentences(f"{title}\n{text}"):
        for quantity, amount in sorted(_read_amounts(sentence), key=lambda one: (-one[0].value, one[0])):
            found.setdefault((quantity, amount.counts), amount)
        if len(found) >= MOST_AMOUNTS:
            break
    return list(found.values())[:MOST_AMOUNTS]


def _read_amounts(sentence: str) -> Iterator[tuple[Quantity, Amount]]:
    """Yield the amounts of a sentence with the quantities that they are."""
    normal = unicodedata.normalize("NFKC", sentence)
    places = [one for one in locate_quantities(normal) if one[0].kind in AMOUNT_KINDS]
    if not places:
        return
    simple = simplify_chinese(normal)
    # A conversion that changes the length moves the places.
    plain = simple if len(simple) == len(normal) else normal
    names = [
        (at, name)
        for at, entity in locate_entities(plain)
        for kind, _, name in [entity.partition(":")]
        if kind in SUBJECT_KINDS
    ]
    for item, start, end in places:
        counted = find_counted(plain, item, start, end)
        subject = find_subject(names, start)
        yield item, Amount(item.kind, item.value, item.unit, sentence, counted, subject)
