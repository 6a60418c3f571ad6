"""The names of platforms, companies, people, festivals, places and terms, in Chinese and English.

`gazetteer.tsv` has the columns kind, English name, Chinese name and aliases. Aliases include both orders
of a person's name and machine translations of it. An alias that begins with `=` is a common word and
matches only with the same capitals; any other alias that begins with a capital needs one in the text.
An alias may name two entities: translations call Douyin "TikTok".

`name_contexts.tsv` has a line for each name that is a common word as well: what its surroundings need to
have, and what excludes it, as `pipelines/nlp/name_contexts.py` says.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

GAZETTEER = Path(__file__).with_name("gazetteer.tsv")
CONTEXTS = Path(__file__).with_name("name_contexts.tsv")
COMMON = "="
"""The first character of an alias that is a common word."""


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """One line of the gazetteer; aliases have their `=`."""

    kind: str
    english: str
    chinese: str
    aliases: tuple[str, ...]

    @property
    def written(self) -> tuple[str, ...]:
        """Return all ways to write the entity, each once, the English name first."""
        return tuple(dict.fromkeys(filter(None, (self.english, self.chinese, *self.aliases))))


@cache
def read_gazetteer() -> tuple[NamedEntity, ...]:
    """Return all entities. Cached. Raises `ValueError` if a line lacks a column."""
    rows = (line.split("\t") for line in GAZETTEER.read_text("utf-8").splitlines()[1:])
    return tuple(
        NamedEntity(kind, english, chinese, tuple(aliases.split("; ")))
        for kind, english, chinese, aliases in rows
    )


@cache
def read_name_contexts() -> tuple[tuple[str, str, str], ...]:
    """Return (name, what it needs, what excludes it) of each ambiguous name. Cached."""
    rows = (line.split("\t") for line in CONTEXTS.read_text("utf-8").splitlines()[1:])
    return tuple((name, needs, excludes) for name, needs, excludes in rows)
