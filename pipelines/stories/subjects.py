"""Finds what a report is about: its lead, which says who did what, and the names in it."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate

from shopwire.pipelines.nlp.sentences import split_sentences
from shopwire.pipelines.nlp.slots import MarkedText, has_fact, list_facts
from shopwire.storage.text.gazetteer import read_gazetteer

# The headline, if there is one, is the first of these sentences; shorter ones (in characters, or in words of
# a marked text) do not count.
LEAD_SENTENCES = 2
MIN_SENTENCE_CHARACTERS = 16
MIN_LEAD_WORDS = 5
LONGEST_LEAD = 1500
# A sentence of whose words so many came before repeats the headline.
REPEATED_SHARE = 0.8
# Two reports of one event name at least this share of what the lead of the other one names.
MIN_COMMON_NAMES = 0.2

# What an agency writes before the first sentence: 某社北京4月2日电(记者某某).
_DATELINE = re.compile(
    r"^[^\n。]{2,24}?\d{1,2}日[电電讯訊](?:[（(][^）)\n]{1,20}[）)])?",
    re.MULTILINE,
)


def remove_datelines(text: str) -> str:
    """Return a text without the agency, place and day before the first sentence of Chinese reports."""
    return _DATELINE.sub("", text)


def cut_lead(text: str) -> str:
    """Return the headline and the first sentence of a text that begins with its headline; without one, the
    first two sentences."""
    return "\n".join(_take_lead(remove_datelines(text[:LONGEST_LEAD])))


def _take_lead(text: str) -> Iterator[str]:
    left = LEAD_SENTENCES
    for sentence in split_sentences(text):
        yield sentence
        left -= len(sentence) >= MIN_SENTENCE_CHARACTERS
        if not left:
            return


@lru_cache(maxsize=256)
def mark_lead(text: MarkedText) -> MarkedText:
    """Return the lead of a marked text, without sentences that only repeat the headline.

    Cached, because a pair needs it twice, and an article is compared with several others.
    """
    spans = list(_find_lead(text))
    words = tuple(word for start, end in spans for word in text.words[start:end])
    return MarkedText(
        words,
        0,
        "".join(text.marks[start:end] for start, end in spans),
        frozenset(accumulate(end - start for start, end in spans)),
        text.chinese,
        ("" if text.chinese else " ").join(words),
    )


def _find_lead(text: MarkedText) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of the lead begin and end."""
    start, left = 0, LEAD_SENTENCES
    known: set[str] = set()
    for end in sorted({*text.ends, len(text.words)}):
        words = set(text.words[start:end])
        if len(words & known) < REPEATED_SHARE * len(words):
            yield start, end
            known |= words
            left -= end - start >= MIN_LEAD_WORDS
        if not left:
            return
        start = end


def have_common_subject(one: MarkedText, other: MarkedText) -> bool:
    """Return whether each of two texts names a fifth of those that the lead of the other one names.

    A lead that names nobody and nothing needs no name in the other text.
    """
    return _names_subject(one, other) and _names_subject(other, one)


def _names_subject(text: MarkedText, other: MarkedText) -> bool:
    lead = mark_lead(other)
    subjects = [name for name in list_facts(lead, 0, len(lead.words), "n") if name not in _media()]
    return sum(has_fact(text, name, "n") for name in subjects) >= MIN_COMMON_NAMES * len(subjects)


@cache
def _media() -> frozenset[str]:
    """Return the names of media in lower case, which reports name as their source. Cached."""
    return frozenset(
        written.lower() for one in read_gazetteer() if one.kind == "media" for written in one.written
    )
