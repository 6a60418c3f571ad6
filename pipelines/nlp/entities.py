"""Platforms, companies, people, festivals and terms of the field, by their names in two languages.

The names stand in `gazetteer.tsv`: kind, English name, Chinese name, aliases. Among the aliases are
both orders of a person's name and what machine translation makes of it. An alias with `=` in front
counts only as it is written, because it is a common word otherwise; any other alias that begins with
a capital needs one in the text as well. One alias may name two entities: "TikTok" is what
translations call Douyin.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from pathlib import Path

from shopwire.storage.text.characters import HAN, LATIN

GAZETTEER = Path(__file__).with_name("gazetteer.tsv")

_TOKEN = re.compile(rf"[{LATIN}0-9]{{1,40}}(?:[.'’&][{LATIN}0-9]{{1,40}}){{0,3}}")
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write an entity; `exact` where capitals and all have to agree."""

    entity: str
    written: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names, ready to be found: Latin ones by their words, Chinese ones by their signs.

    `longest_…` are how a name begins -> the length of the longest one that begins so, in words and
    in signs; `words` are all words, in lower case, that Latin names are made of.
    """

    latin: dict[str, tuple[Alias, ...]]
    longest_latin: dict[str, int]
    chinese: dict[str, tuple[str, ...]]
    longest_chinese: dict[str, int]
    chinese_beginning: re.Pattern[str]
    words: frozenset[str]


def find_entities(text: str) -> frozenset[str]:
    """Return the entities named in a text (simplified Chinese, English or both) as kind:English name.

    The longest name wins: 抖音电商 is Douyin E-commerce and not also Douyin. Linear in the text.
    """
    return frozenset(entity for _, entity in chain(_latin_names(text), _chinese_names(text)))


def entities_in_order(text: str) -> list[str]:
    """Return the entities of `find_entities` in the order in which the text names them first."""
    places = list(_chinese_names(text))
    if latin := list(_latin_names(text)):
        starts = [token.start() for token in _TOKEN.finditer(text)]
        places += ((starts[word], entity) for word, entity in latin)
    places.sort(key=itemgetter(0))
    return list(dict.fromkeys(entity for _, entity in places))


@cache
def gazetteer() -> Gazetteer:
    """Read the gazetteer, once. Raises `ValueError` where a line of it lacks a column."""
    latin: dict[str, tuple[Alias, ...]] = {}
    chinese: dict[str, tuple[str, ...]] = {}
    for line in GAZETTEER.read_text("utf-8").splitlines()[1:]:
        kind, english, han, aliases = line.split("\t")
        entity = f"{kind}:{english}"
        for written in dict.fromkeys((english, han, *aliases.split("; "))):
            name = written.removeprefix("=")
            if _HAN.search(name):
                chinese[name] = tuple(dict.fromkeys((*chinese.get(name, ()), entity)))
            elif name:
                exact = written != name or (name.isupper() and len(name) <= 4)
                key = " ".join(_words(name)).lower()
                latin[key] = tuple(dict.fromkeys((*latin.get(key, ()), Alias(entity, name, exact))))
    return Gazetteer(
        latin,
        _longest((key.split(" ")[0], key.count(" ") + 1) for key in latin),
        chinese,
        _longest((name[:2], len(name)) for name in chinese),
        _beginning(chinese),
        frozenset(word for key in latin for word in key.split(" ")),
    )


def _longest(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return how a name begins -> the length of the longest name that begins so."""
    longest: dict[str, int] = {}
    for first, length in names:
        longest[first] = max(longest.get(first, 0), length)
    return longest


def _beginning(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds every place where one of the names can begin, by its first two signs."""
    first, second = zip(*(name[:2] for name in names if len(name) > 1), strict=True)
    either = ("".join(map(re.escape, sorted(set(signs)))) for signs in (first, second))
    return re.compile("[{}](?=[{}])".format(*either))


def _words(text: str) -> list[str]:
    """Return the Latin words of a text, without 's; what a hyphen joins are two words."""
    return [token.removesuffix("'s") for token in _TOKEN.findall(text.replace("’", "'"))]


def _latin_names(text: str) -> Iterator[tuple[int, str]]:
    """Which word each Latin name begins with, and the entity it names."""
    names = gazetteer()
    words = _words(text)
    end = 0
    for at, first in enumerate(map(str.lower, words)):
        if first not in names.longest_latin or at < end:
            continue
        for length in range(min(names.longest_latin[first], len(words) - at), 0, -1):
            written = " ".join(words[at : at + length])
            found = [
                alias.entity for alias in names.latin.get(written.lower(), ()) if _is_written(alias, written)
            ]
            if found:
                # An alias of two: the one whose own name is written comes first.
                found.sort(key=lambda entity: entity.partition(":")[2].lower() != written.lower())
                yield from ((at, entity) for entity in found)
                end = at + length
                break


def _is_written(alias: Alias, written: str) -> bool:
    if alias.exact:
        return " ".join(_words(alias.written)) == written
    return not alias.written[0].isupper() or not written[0].islower()


def _chinese_names(text: str) -> Iterator[tuple[int, str]]:
    """Where each Chinese name begins, and the entity it names."""
    names = gazetteer()
    end = 0
    for beginning in names.chinese_beginning.finditer(text):
        at = beginning.start()
        longest = names.longest_chinese.get(text[at : at + 2], 0)
        if at < end or not longest:
            continue
        for length in range(longest, 0, -1):
            if found := names.chinese.get(text[at : at + length]):
                yield from ((at, entity) for entity in found)
                end = at + length
                break
