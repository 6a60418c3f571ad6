"""Which language a text is in, the same answer on every run."""

import re
from collections.abc import Mapping, Sequence

from langdetect import DetectorFactory, LangDetectException, detect

from shopwire.storage.text.characters import HAN, HANGUL, KANA, LATIN

DetectorFactory.seed = 0

UNDETERMINED = "und"
"""ISO 639-2 for a text that has nothing to go by."""

SAMPLE = 1_000
"""Characters of a text that are looked at: more costs time and gains no accuracy."""

_KANA, _HANGUL, _HAN = (re.compile(f"[{letters}]") for letters in (KANA, HANGUL, HAN))
LATIN_WORD = re.compile(rf"[{LATIN}]+(?:['’][A-Za-z]+)?")
PLAIN_WORD = re.compile(r"(?<![^\W\d_])[a-z\u00df-\u00ff]{2,}(?![A-Z])")
"""A word in small letters: names of companies and products are written otherwise."""

GLOSS = re.compile(r"[(（][^()（）]{1,30}[)）]")
NOT_WORDS = re.compile(
    r"(?:https?://|www\.)\S{1,2000}|\S{1,64}@\S{1,255}|[A-Za-z0-9-]{1,63}\.(?:com|cn|net|org)(?![A-Za-z])|[\d_]+"
)
LETTER = re.compile(r"[^\W\d_]")

HAN_PER_LATIN_WORD = 1.0
"""Han characters a Latin word weighs up to before a mixed text stops being Chinese."""

COMMONEST: Mapping[str, frozenset[str]] = {
    language: frozenset(re.findall(r"\w+", words))
    for language, words in {
        "de": "als auch auf bei das dem der des ein eine einer für im ist mit nicht sich und von "
        "werden wird zu",
        "en": "are be by from have it of that the this to which with and",
    }.items()
}
"""Words every text in a language is full of, and no other language has many of."""

PLAIN_SHARE, PLAIN_WORDS = 0.1, 20
"""Such a share of so many words leaves no doubt. (German texts with English names come to 0.06, any
other language to 0.04.)"""


def detect_language(text: str, title: str = "") -> str:
    """Name the language of a body, or of its title where the body carries no words.

    Returns an ISO 639-1 code (`zh` for every kind of Chinese) or `und`. The script decides first,
    because langdetect's n-grams take short Chinese lines for Korean or Vietnamese; plain English and
    German are known by their commonest words, which costs a hundredth; what is left open goes to langdetect
    (Shuyo 2010) with a fixed seed.
    """
    for sample in (text, title):
        language = _language_of(NOT_WORDS.sub(" ", sample[:SAMPLE]))
        if language != UNDETERMINED:
            return language
    return UNDETERMINED


def script_language(text: str) -> str:
    """The language that the script alone gives away: `ja`, `ko`, `zh`, or nothing.

    Chinese may be outnumbered by Latin names (`iPhone 15 Pro Max 开售`), English may gloss a name
    in Chinese (`How Douyin (抖音) became a shop`).
    """
    kana, hangul, han = (len(script.findall(text)) for script in (_KANA, _HANGUL, _HAN))
    if kana >= 2 and kana > 0.1 * (han + kana):
        return "ja"
    if hangul > han:
        return "ko"
    if han and han >= HAN_PER_LATIN_WORD * len(LATIN_WORD.findall(text)):
        return "zh"
    if han and _HAN.search(GLOSS.sub(" ", text)) and not PLAIN_WORD.search(text):
        return "zh"
    return ""


def _language_of(sample: str) -> str:
    if len(LETTER.findall(sample)) < 2:
        return UNDETERMINED
    if language := script_language(sample):
        return language
    words = LATIN_WORD.findall(sample)
    if _only_a_name(words, sample):
        return UNDETERMINED
    if language := _plainly(words):
        return language
    try:
        language = str(detect(sample))
    except LangDetectException:
        return UNDETERMINED
    return "zh" if language.startswith("zh") else language


def _plainly(words: Sequence[str]) -> str:
    """The language whose commonest words stand in a text again and again, "" where none does."""
    if len(words) >= PLAIN_WORDS:
        lower = [word.lower() for word in words]
        for language, common in COMMONEST.items():
            if sum(word in common for word in lower) >= PLAIN_SHARE * len(words):
                return language
    return ""


def _only_a_name(words: Sequence[str], sample: str) -> bool:
    """Whether a text is no more than a Latin name or two, which belong to no language."""
    return 0 < len(words) < 3 and not PLAIN_WORD.search(sample)
