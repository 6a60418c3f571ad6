"""What a person typed into a search box, as terms with the other names of what they name.

The gazetteer says that 淘宝 and Taobao are one, so both words find the same articles. Quotation marks turn
this off: `"淘宝"` is only 淘宝.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import islice
from operator import add

from shopwire.storage.text.characters import INDEXED_CJK
from shopwire.storage.text.folding import fold_scripts
from shopwire.storage.text.gazetteer import COMMON, NamedEntity, read_gazetteer, read_name_contexts

PIECE = re.compile(f"([{INDEXED_CJK}]+)|([^\\W_{INDEXED_CJK}]+)")
# What a person types: "an exact phrase", -excluded, OR, or a bare word.
TERM = re.compile(r'(-?)"([^"]*)"|(\S+)')
# The time of a search grows with its terms. People type five words; these are far more.
LONGEST_QUERY, MOST_TERMS = 500, 32
MOST_WIDENED = 8
"""Of how many names in a query the other names are searched for."""
# A decimal such as 6.18 or 9.9 is a date or a price more often than a festival, 11.11 is not.
NUMBERS = re.compile(r'"(?!(\d\d) \1")\d+(?: \d+)+"')

# What an FTS5 phrase has around its tokens.
MARKS = '" *'


@dataclass(frozen=True, slots=True)
class Term:
    """One word, phrase or name of a query.

    `phrase` is its FTS5 phrase, `others` are the other names of the same entity; an `excluded` term must not
    occur, an `either` term may take the place of the one before it.
    """

    written: str
    phrase: str
    others: tuple[str, ...] = ()
    quoted: bool = False
    excluded: bool = False
    either: bool = False

    @property
    def match(self) -> str:
        """Return the FTS5 expression that finds the term by any of its names."""
        if not self.others:
            return self.phrase
        return f"({' OR '.join([self.phrase, *map(build_phrase, self.others)])})"


@dataclass(slots=True)
class _Reader:
    """Collects terms; `bare` are words that may be parts of one name."""

    terms: list[Term] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    either: bool = False

    def add(self, term: Term) -> None:
        if term.phrase:
            either = self.either and not term.excluded
            widened = sum(bool(one.others) for one in self.terms)
            others = term.others if widened < MOST_WIDENED else ()
            self.terms.append(replace(term, either=either, others=others))
            self.either = False

    def end_names(self) -> None:
        for term in _split_names(self.bare):
            self.add(term)
        self.bare.clear()


def cut_query(words: str) -> str:
    """Return so much of what a person typed as is searched for, up to a whole term."""
    if len(words) <= LONGEST_QUERY and len(TERM.findall(words)) <= MOST_TERMS:
        return words
    terms = list(islice(TERM.finditer(words[:LONGEST_QUERY]), MOST_TERMS))
    return words[: terms[-1].end()] if terms else ""


def parse_query(words: str) -> list[Term]:
    """Return the terms of what a person typed, in order; words that make up a name are one term."""
    reader = _Reader()
    for minus, quoted, bare in TERM.findall(cut_query(words)):
        excluded = bool(minus) or (bare.startswith("-") and len(bare) > 1)
        if bare and bare != "OR" and not excluded:
            reader.bare.append(bare)
            continue
        reader.end_names()
        if bare == "OR":
            reader.either = any(not term.excluded for term in reader.terms)
        elif excluded and bare:
            written = bare.removeprefix("-")
            reader.add(Term(written, build_phrase(written), find_other_names(written), excluded=True))
        else:
            reader.add(Term(quoted, build_phrase(quoted), quoted=True, excluded=excluded))
    reader.end_names()
    return list(_keep_wanted(reader.terms))


def _keep_wanted(terms: Sequence[Term]) -> Iterator[Term]:
    """Yield terms, of which an excluded one does not exclude the other names of what is wanted: in
    `淘宝 -Taobao`."""
    wanted = {
        phrase
        for term in terms
        if not term.excluded
        for phrase in (term.phrase, *map(build_phrase, term.others))
    }
    for term in terms:
        yield replace(term, others=()) if term.excluded and term.phrase in wanted else term


def write_query(terms: Iterable[Term]) -> str:
    """Return terms as a person would type them; `parse_query` reads the same terms from it."""
    return " ".join(
        _write_term(term, [f'"{term.written}"' if term.quoted else term.written]) for term in terms
    )


def remove_name(terms: Iterable[Term], name: str) -> str:
    """Return the query without one of the other names: its term becomes a list of the remaining phrases."""
    return " ".join(
        _write_term(term, list(_quote_others(term, name))) if name in term.others else write_query([term])
        for term in terms
    )


def _quote_others(term: Term, name: str) -> Iterator[str]:
    """Yield the names of a term but one as phrases."""
    for other in (term.written, *term.others):
        if other != name:
            yield '"' + other.replace('"', " ") + '"'


def _write_term(term: Term, names: Sequence[str]) -> str:
    """Return what finds a term by some of its names, or excludes all of these."""
    joined = (" -" if term.excluded else " OR ").join(names)
    return f"{'OR ' if term.either else ''}{'-' if term.excluded else ''}{joined}"


def find_other_names(written: str) -> tuple[str, ...]:
    """Return the other names of what a name means, () if it is no name or may mean several things."""
    phrase = build_phrase(written)
    return tuple(name for name in _index_names().get(phrase, ()) if build_phrase(name) != phrase)


def find_entity(written: str) -> NamedEntity | None:
    """Return the entity of a name, in any script and capitals; the one with this very name comes first."""
    return _index_entities().get(build_phrase(written))


# A search asks for the phrase of each name dozens of times.
@lru_cache(maxsize=4096)
def build_phrase(words: str) -> str:
    """Return the FTS5 phrase that finds the words in the index, "" if there is nothing to find."""
    tokens: list[str] = []
    pieces = list(PIECE.finditer(fold_scripts(words)))
    prefix = False
    for number, piece in enumerate(pieces):
        run, word = piece.groups()
        last = number == len(pieces) - 1
        if word:
            tokens.append(word)
            continue
        tokens.extend(split_pairs(run))
        # The index has the last character of each run alone. Where the phrase continues, the run ends in the
        # text too; at the end of the query the run in the text may be longer.
        if not last:
            tokens.append(run[-1])
        elif len(run) == 1:
            tokens.append(run)
            prefix = True
    if not tokens:
        return ""
    return f'"{" ".join(tokens)}"{" *" if prefix else ""}'


def split_pairs(run: str) -> Iterator[str]:
    """Yield the overlapping pairs of a run of characters."""
    return map(add, run, run[1:])


def _split_names(words: Sequence[str]) -> Iterator[Term]:
    """Yield the terms of words in a row; the longest name wins."""
    names, longest = _index_names(), _find_longest_name()
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            written = " ".join(words[at : at + length])
            phrase = build_phrase(written)
            if length == 1 or phrase in names:
                yield Term(written, phrase, find_other_names(written))
                at += length
                break


@cache
def _find_longest_name() -> int:
    """Return the largest number of words of a name."""
    return max(len(one.split()) for entity in read_gazetteer() for one in entity.written)


@cache
def _index_entities() -> dict[str, NamedEntity]:
    """Return the entity of each phrase; English and Chinese names come before aliases."""
    found: dict[str, NamedEntity] = {}
    for entity in read_gazetteer():
        for name in (entity.english, entity.chinese):
            found.setdefault(build_phrase(name), entity)
    for entity in read_gazetteer():
        for name in entity.aliases:
            found.setdefault(build_phrase(name.removeprefix(COMMON)), entity)
    return found


@cache
def _index_names() -> dict[str, tuple[str, ...]]:
    """Return, by the phrase of each name, the names with which an entity is searched for.

    A common word and an alias of two entities are left out: they would find something else. A word that is
    a name only in some surroundings is one of these, unless it is the English or Chinese name.
    """
    common = {build_phrase(name) for name, needs, _ in read_name_contexts() if needs}
    owners = Counter(
        phrase for entity in read_gazetteer() for phrase in {build_phrase(one) for one in entity.written}
    )
    index: dict[str, tuple[str, ...]] = {}
    for entity in read_gazetteer():
        main = {build_phrase(entity.english), build_phrase(entity.chinese)}
        phrases: dict[str, str] = {}
        for name in entity.written:
            phrase = build_phrase(name)
            if phrase in main or (
                owners[phrase] == 1 and phrase not in common and not name.startswith(COMMON)
            ):
                phrases.setdefault(phrase, name)
        found = tuple(_drop_covered(phrases))
        index |= dict.fromkeys((one for one in phrases if owners[one] == 1 or one in main), found)
    return index


def _drop_covered(phrases: dict[str, str]) -> Iterator[str]:
    """Yield the names that no shorter one finds anyway: 淘宝 finds 淘宝网."""
    tokens = {one: f" {one.strip(MARKS)} " for one in phrases if not NUMBERS.fullmatch(one)}
    for phrase, own in tokens.items():
        if not any(other in own for one, other in tokens.items() if one != phrase and "*" not in one):
            yield phrases[phrase]
