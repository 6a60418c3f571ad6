"""Recognition of platforms, companies, people, festivals and terms by a bilingual gazetteer.

The names and their aliases are those of `storage/text/gazetteer.tsv`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter

from shopwire.pipelines.nlp.name_contexts import is_name, load_contexts
from shopwire.storage.text.characters import HAN_CHARACTER, LATIN
from shopwire.storage.text.gazetteer import COMMON, read_gazetteer

# In shorter names each character counts, and only longer ones may lack a character by a slip.
SHORT_NAME = 3
LONG_NAME = 5

_TOKEN = re.compile(rf"[{LATIN}0-9]{{1,40}}(?:[.'’&][{LATIN}0-9]{{1,40}}){{0,3}}")


@dataclass(frozen=True, slots=True)
class Alias:
    """A way to write an entity; `exact` if all capitals must match."""

    entity: str
    written: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names, indexed for search: Latin names by words, Chinese names by characters.

    `longest_latin` maps a first word to the most words of a name, `longest_chinese` two first characters
    to the most characters. `words` are all lower-case words of Latin names.
    """

    latin: dict[str, tuple[Alias, ...]]
    longest_latin: dict[str, int]
    chinese: dict[str, tuple[str, ...]]
    longest_chinese: dict[str, int]
    chinese_beginning: re.Pattern[str]
    words: frozenset[str]


def find_entities(text: str) -> frozenset[str]:
    """Return the entities of a text (simplified Chinese, English or both) as kind:English name.

    The longest name matches: 抖音电商 is only Douyin E-commerce, not also Douyin. Takes linear time.
    """
    return frozenset(entity for _, entity in chain(_find_latin_names(text), _find_chinese_names(text)))


def list_entities(text: str) -> list[str]:
    """Return the entities of `find_entities` in order of their first occurrence."""
    return list(dict.fromkeys(entity for _, entity in locate_entities(text)))


def locate_entities(text: str) -> list[tuple[int, str]]:
    """Return all occurrences of the entities of `find_entities`, each with its offset, in order."""
    places = list(_find_chinese_names(text))
    if latin := list(_find_latin_names(text)):
        starts = [token.start() for token in _TOKEN.finditer(text)]
        places += ((starts[word], entity) for word, entity in latin)
    places.sort(key=itemgetter(0))
    return places


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer. Cached. Raises `ValueError` if a line lacks a column."""
    latin: dict[str, tuple[Alias, ...]] = {}
    chinese: dict[str, tuple[str, ...]] = {}
    for one in read_gazetteer():
        entity = f"{one.kind}:{one.english}"
        for written in one.written:
            name = written.removeprefix(COMMON)
            if HAN_CHARACTER.search(name):
                chinese[name] = tuple(dict.fromkeys((*chinese.get(name, ()), entity)))
            else:
                exact = written != name or (name.isupper() and len(name) <= 4)
                key = " ".join(_split_words(name)).lower()
                latin[key] = tuple(dict.fromkeys((*latin.get(key, ()), Alias(entity, name, exact))))
    return Gazetteer(
        latin,
        _find_longest((key.split(" ")[0], key.count(" ") + 1) for key in latin),
        chinese,
        _find_longest((name[:2], len(name)) for name in chinese),
        _build_beginning(chinese),
        frozenset(word for key in latin for word in key.split(" ")),
    )


def _find_longest(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return a mapping of beginnings to the length of the longest name with that beginning."""
    longest: dict[str, int] = {}
    for first, length in names:
        longest[first] = max(longest.get(first, 0), length)
    return longest


def _build_beginning(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for all positions where a name can begin, from its first two characters."""
    first, second = zip(*(name[:2] for name in names if len(name) > 1), strict=True)
    either = ("".join(map(re.escape, sorted(set(signs)))) for signs in (first, second))
    return re.compile("[{}](?=[{}])".format(*either))


def _split_words(text: str) -> list[str]:
    """Return the Latin words of a text without 's; a hyphen separates words."""
    return [token.removesuffix("'s") for token in _TOKEN.findall(text.replace("’", "'"))]


def _find_latin_names(text: str) -> Iterator[tuple[int, str]]:
    """Yield the index of each Latin name's first word, and its entity."""
    names = load_gazetteer()
    words = _split_words(text)
    tokens: list[re.Match[str]] = []
    end = 0
    for at, first in enumerate(map(str.lower, words)):
        if first not in names.longest_latin or at < end:
            continue
        for length in range(min(names.longest_latin[first], len(words) - at), 0, -1):
            written = " ".join(words[at : at + length])
            found = [
                alias.entity for alias in names.latin.get(written.lower(), ()) if _is_written(alias, written)
            ]
            if found and written.lower() in load_contexts():
                tokens = tokens or list(_TOKEN.finditer(text))
                start = tokens[at].start()
                if not is_name(text, start, start + len(written)):
                    break
            if found:
                # If two entities share an alias, the one with this name comes first.
                found.sort(key=lambda entity: entity.partition(":")[2].lower() != written.lower())
                yield from ((at, entity) for entity in found)
                end = at + length
                break


def _is_written(alias: Alias, written: str) -> bool:
    if alias.exact:
        return " ".join(_split_words(alias.written)) == written
    return not alias.written[0].isupper() or not written[0].islower()


def _find_chinese_names(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset of each Chinese name, and its entity."""
    names = load_gazetteer()
    end = 0
    for beginning in names.chinese_beginning.finditer(text):
        at = beginning.start()
        longest = names.longest_chinese.get(text[at : at + 2], 0)
        if at < end or not longest:
            continue
        for length in range(longest, 0, -1):
            found = names.chinese.get(text[at : at + length])
            if found and is_name(text, at, at + length):
                yield from ((at, entity) for entity in found)
                end = at + length
                break


def is_slip(one: str, other: str) -> bool:
    """Return whether two names differ in one character only, or one lacks one, as slips of the pen do."""
    short, long = sorted((one, other), key=len)
    if one[0].isdecimal() or len(short) < SHORT_NAME:
        return False
    if len(short) == len(long):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return len(long) >= LONG_NAME and short in {long[:at] + long[at + 1 :] for at in range(len(long))}
