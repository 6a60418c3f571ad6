"""Compares what two texts on one form have in its slots: firm, person, place, product, number, date.

Two texts are aligned (`alignment`). Between common runs each has words of its own; where these are names
or numbers, and neither text has those of the other anywhere, the texts contradict each other there. A
repost changes words and sentences but not the names and numbers; a form filled in for another firm, or
for the same firm on another day, changes most of them and nothing else.
"""

import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from sys import intern

from shopwire.pipelines.nlp.alignment import Run, align_words, merge_runs
from shopwire.pipelines.nlp.bilingual_lexicon import (
    is_proper_noun,
    is_rare_english,
    segment_chinese,
)
from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.nlp.entities import is_slip
from shopwire.pipelines.nlp.number_words import ENGLISH_MONTHS, HAN_DIGITS, MYRIADS, STEPS
from shopwire.storage.text.characters import HAN, HAN_CHARACTER, SENTENCE_ENDS
from shopwire.storage.text.folding import fold_case

# Words in a common run at least, by whether the text is Chinese (where each character is a word).
MIN_RUN = {True: 3, False: 2}
# What fills a slot has so many words at most. Of a longer difference that begins or ends within a sentence
# so many words are compared.
MAX_SLOT = {True: 24, False: 10}
SLOT_EDGE = {True: 6, False: 3}
# Runs with so many words of either text between them are one block; a block has so many equal words.
MAX_GAP = 8
MIN_BLOCK = 8

# With more words in capitals for each other one, a text is a list of headings, whose capitals say nothing.
MAX_NAMES = 0.6

# So many contradictions make two texts one form, if they are more than this share of the names and
# numbers on which the texts agree. Among the numbers alone a smaller share will do, because the names on a
# form for one place or firm are always the same; but slips in a long copy are no form.
MIN_CONTRADICTIONS = 2
MAX_CONTRADICTED = 0.34
MAX_CONTRADICTED_NUMBERS = 0.25
MIN_CONTRADICTED = 0.1

_NUMBER = r"\d{1,15}(?:[.,:]\d{1,9}){0,4}"
# Digits with letters between them are the name of a model, or a slip, and no number.
_MODEL = r"\d{1,15}[a-z]{1,15}\d[a-z\d]{0,30}"
_WORD = re.compile(rf"([{HAN}]|{_MODEL}|({_NUMBER})|[^\W\d_{HAN}]+(?:['’&][^\W\d_{HAN}]+)?)")
_NOT_HAN = re.compile(f"[^{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]{{1,2000}}")
_QUOTED = re.compile(f'[“「『《〈"]([{HAN}A-Za-z0-9·]{{2,14}})[”」』》〉"]')
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z0-9,;:&] )[A-Z][^\W\d_]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(rf"[”」』)\"]?\s?(?:[{SENTENCE_ENDS}]|\.\s|\s{{0,4}}\n|\.?$)")
_NUMERALS = frozenset((*HAN_DIGITS, *STEPS, *MYRIADS))
# Characters that are words of their own in a sentence and never part of a name of one character more.
_FUNCTION_WORDS = frozenset(
    "的了在和与及为将等是向自从被对由其该并也都还已则而或但就于至把给让约近超达起后前中内外上下"
)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
_CALENDAR = frozenset((*_WEEKDAYS.split(), *map(str.lower, ENGLISH_MONTHS)))


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The words of an article, which of them are names (`n`), numbers (`0`) or neither (blank), and how
    many words there are before each end of a sentence. The first `title` words are its title."""

    words: tuple[str, ...]
    title: int
    marks: str
    ends: frozenset[int]
    chinese: bool
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two aligned texts: their common runs, the share of each in blocks of runs, on how many names and
    numbers they agree, and which names and numbers contradict each other."""

    runs: tuple[Run, ...]
    covered: tuple[float, float]
    same_names: int
    same_numbers: int
    names: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]

    @property
    def is_form(self) -> bool:
        """Return whether the texts are one form filled in twice."""
        numbers = len(self.numbers)
        both = numbers + len(self.names)
        same = self.same_names + self.same_numbers
        if both < MIN_CONTRADICTIONS:
            return False
        if numbers >= MIN_CONTRADICTIONS and numbers > MAX_CONTRADICTED_NUMBERS * self.same_numbers:
            return numbers > MIN_CONTRADICTED * same
        return both > MAX_CONTRADICTED * same


@functools.lru_cache(maxsize=1024)
def mark_text(title: str, text: str) -> MarkedText:
    """Return the words of an article in simplified script and lower case, with names and numbers marked.

    Cached, because an article is compared with several others.
    """
    text = f"{title}\n{text}"
    folded = simplify_chinese(fold_case(text))
    # Split, because a match of each word would take three times as long: in turn what stands before a word,
    # the word, and the word if it is a number.
    *parts, rest = _WORD.split(folded)
    before, found, numbers = parts[::3], parts[1::3], parts[2::3]
    places = accumulate(chain.from_iterable(zip(map(len, before), map(len, found), strict=True)))
    starts = list(places)[::2]
    # Interned, the words of many texts take little memory.
    words = tuple(intern(word if word.isalpha() else _normalise_word(word)) for word in found)
    chinese = 2 * len(HAN_CHARACTER.findall(folded)) > len(words)
    marks = _mark_chinese(folded, starts) if chinese else _mark_english(text, words)
    return MarkedText(
        words,
        bisect_left(starts, len(title)),
        "".join("0" if number else mark for number, mark in zip(numbers, marks, strict=True)),
        _find_ends([*before[1:], rest]) if words else frozenset(),
        chinese,
        folded,
    )


def _find_ends(after: Sequence[str]) -> frozenset[int]:
    """Return how many words there are before each end of a sentence, by what stands after each word."""
    *between, last = after
    # Another word follows, so that none of these is the end of the text.
    ending = {one for one in set(between) if _SENTENCE_END.match(f"{one}a")}
    ends = {number for number, one in enumerate(between, 1) if one in ending}
    return frozenset(ends | {len(after)} if _SENTENCE_END.match(last) else ends)


def _normalise_word(word: str) -> str:
    """Return a number without the commas between thousands, and a word without 's."""
    if word[0].isdecimal():
        return word.replace(",", "")
    return word.removesuffix("'s").removesuffix("’s")


def _mark_chinese(text: str, starts: Sequence[int]) -> list[str]:
    """Return the marks of the words of a Chinese text that start at these places.

    Names are words that begin with a capital in Pinyin (CC-CEDICT), Latin words, what is in quotation
    marks, and sequences of characters that are no word.
    """
    marks = list(HAN_CHARACTER.sub(" ", _NOT_HAN.sub("n", text)))
    for run in _HAN_RUN.finditer(text):
        place = run.start()
        single: list[int] = []
        for word in [*segment_chinese(run[0]), ""]:
            if len(word) == 1 and word not in _FUNCTION_WORDS and word not in _NUMERALS:
                single.append(place)
            else:
                if len(single) > 1:
                    marks[single[0] : place] = "n" * len(single)
                single = []
            if word and _NUMERALS.issuperset(word):
                marks[place : place + len(word)] = "0" * len(word)
            elif len(word) > 1 and is_proper_noun(word):
                marks[place : place + len(word)] = "n" * len(word)
            place += len(word)
    for quoted in _QUOTED.finditer(text):
        for place in range(quoted.start(1), quoted.end(1)):
            if marks[place] == " ":
                marks[place] = "n"
    return [marks[start] for start in starts]


def _mark_english(text: str, words: Sequence[str]) -> list[str]:
    """Return the marks of the words of a text in Latin script: names are words that it always writes with a
    capital, other than days and months, and than common words at the start of a sentence."""
    written = set(_LETTERS.findall(text))
    lower = {word for word in written if "a" <= word[0] <= "z"}
    capital = {word.lower() for word in written if "A" <= word[0] <= "Z"} - lower - _CALENDAR
    within = {word.lower() for word in _CAPITAL_WITHIN.findall(text)}
    names = {word for word in capital if word in within or is_rare_english(word)}
    if len(names) > MAX_NAMES * len(lower):
        names = set()
    return ["n" if word in names else " " for word in words]


def compare_texts(one: MarkedText, other: MarkedText) -> Comparison:
    """Return the common runs of two texts, and whether what stands between them agrees."""
    runs = align_words(one.words, other.words, MIN_RUN[one.chinese and other.chinese])
    blocks = [block for block in merge_runs(runs, MAX_GAP) if block.equal >= MIN_BLOCK]
    covered = (
        _measure_cover(one, [(block.one, block.one_end) for block in blocks]),
        _measure_cover(other, [(block.other, block.other_end) for block in blocks]),
    )
    slots = list(_find_slots(one, other, runs))
    names: dict[tuple[str, str], None] = dict.fromkeys(_find_subjects(one, other, slots))
    numbers: dict[tuple[str, str], None] = {}
    for ours, theirs in slots:
        for mark, found in (("n", names), ("0", numbers)):
            pair = [
                [fact for fact in list_facts(text, *span, mark) if not has_fact(against, fact, mark)]
                for text, span, against in ((one, ours, other), (other, theirs, one))
            ]
            if pair[0] and pair[1] and not is_slip(pair[0][0], pair[1][0]):
                found[pair[0][0], pair[1][0]] = None
    shared = [(run.one, run.one + run.length) for run in runs]
    same = {mark: {fact for span in shared for fact in list_facts(one, *span, mark)} for mark in "n0"}
    return Comparison(
        tuple(runs),
        covered,
        len(same["n"]),
        len(same["0"]),
        tuple(names),
        tuple(numbers),
    )


def _find_subjects(
    one: MarkedText, other: MarkedText, slots: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> list[tuple[str, str]]:
    """Return what fills the first slot or several slots of each text and is nowhere in the other text.

    That is what the texts are about, even if its name consists of common words.
    """
    joint = "" if one.chinese else " "
    fillings = [
        (joint.join(one.words[slice(*ours)]), joint.join(other.words[slice(*theirs)]))
        for ours, theirs in slots
    ]
    first = {
        filling
        for filling, (ours, theirs) in zip(fillings, slots, strict=True)
        if ours[0] in (0, one.title) and theirs[0] in (0, other.title)
    }
    return [
        (ours, theirs)
        for (ours, theirs), times in Counter(fillings).items()
        if (times > 1 or (ours, theirs) in first) and min(len(ours), len(theirs)) > 1
        if ours not in other.text and theirs not in one.text and not set(ours) & set(theirs) - {" "}
    ]


def _measure_cover(text: MarkedText, spans: Sequence[tuple[int, int]]) -> float:
    """Return the share of a text, without its title, in some spans of words."""
    inside = sum(max(0, end - max(start, text.title)) for start, end in spans)
    return inside / max(1, len(text.words) - text.title)


def _find_slots(
    one: MarkedText, other: MarkedText, runs: Sequence[Run]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where each text has its own words between two common runs, or before the first one.

    After the last one, and where there are more words than a slot has, only what completes the sentence
    of the run before is one: what follows are sentences of their own, as titles are.
    """
    chinese = one.chinese and other.chinese
    most, edge = MAX_SLOT[chinese], SLOT_EDGE[chinese]
    start = other_start = 0
    for run in (*runs, Run(len(one.words), len(other.words), 0)):
        if run.one >= one.title and run.other >= other.title:
            start, other_start = max(start, one.title), max(other_start, other.title)
        own, others = run.one - start, run.other - other_start
        completes = start not in one.ends and other_start not in other.ends and start > one.title
        if 0 < own <= most and 0 < others <= most and (run.length or completes):
            yield (start, run.one), (other_start, run.other)
        elif min(own, others) > 0 and completes:
            yield (start, min(start + edge, run.one)), (other_start, min(other_start + edge, run.other))
        start, other_start = run.one + run.length, run.other + run.length


def list_facts(text: MarkedText, start: int, end: int, mark: str) -> list[str]:
    """Return the names or numbers in a part of a text: neighbouring words with the mark are one.

    A name of one Chinese character is none: it is a part of another one, or a slip.
    """
    facts: list[str] = []
    position = start
    while position < end:
        begin = position
        while position < end and text.marks[position] == mark:
            position += 1
        if position > begin:
            fact = ("" if text.chinese else " ").join(text.words[begin:position])
            if mark == "0" or len(fact) > 1 or fact.isascii():
                facts.append(fact)
        position += 1
    return facts


@functools.lru_cache(maxsize=256)
def _list_numbers(text: MarkedText) -> frozenset[str]:
    return frozenset(list_facts(text, 0, len(text.words), "0"))


def has_fact(text: MarkedText, fact: str, mark: str) -> bool:
    if mark == "0":
        return fact in text.words or fact in _list_numbers(text)
    return fact in text.text or (not text.chinese and any(word in text.words for word in fact.split(" ")))
