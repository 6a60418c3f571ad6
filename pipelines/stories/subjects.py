"""Finds what a report is about: its lead, which says who did what, and the names in it."""

import re
from collections.abc import Iterator
from functools import cache

from shopwire.pipelines.nlp.sentences import split_sentences
from shopwire.pipelines.nlp.slots import MarkedText, has_fact, list_facts
from shopwire.storage.text.gazetteer import read_gazetteer

# The headline, if there is one, is the first of these sentences; shorter ones (in characters, or in words of
# a marked text) do not count.
LEAD_SENTENCES = 2
MIN_SENTENCE_CHARACTERS = 16
MIN_LEAD_WORDS = 5
LONGEST_LEAD = 1500

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


def have_common_subject(one: MarkedText, other: MarkedText) -> bool:
    """Return whether each of two texts names anybody or anything that the lead of the other one names.

    A lead that names nobody and nothing needs no name in the other text.
    """
    return _names_subject(one, other) and _names_subject(other, one)


def _names_subject(text: MarkedText, other: MarkedText) -> bool:
    subjects = [name for name in list_facts(other, 0, _count_lead_words(other), "n") if name not in _media()]
    return not subjects or any(has_fact(text, name, "n") for name in subjects)


def _count_lead_words(text: MarkedText) -> int:
    ends = sorted(end for end in text.ends if end >= MIN_LEAD_WORDS)
    return ends[LEAD_SENTENCES - 1] if len(ends) >= LEAD_SENTENCES else len(text.words)


@cache
def _media() -> frozenset[str]:
    """Return the names of media in lower case, which reports name as their source. Cached."""
    return frozenset(
        written.lower() for one in read_gazetteer() if one.kind == "media" for written in one.written
    )
