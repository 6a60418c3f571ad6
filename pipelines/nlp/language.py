"""Deterministic detection of a text's language."""

import re
from collections.abc import Sequence
from functools import cache

from langdetect import PROFILES_DIRECTORY, DetectorFactory, LangDetectException

from shopwire.storage.text.characters import HAN_CHARACTER, HANGUL, KANA, LATIN

UNDETERMINED = "und"
"""ISO 639-2 code of a text whose language cannot be determined."""

SCRIPT_SAMPLE, WORD_SAMPLE = 1_000, 300
"""Characters of a text that are examined for its script, and by langdetect: more take longer, not better."""

SEED, TRIALS, SHORT_TRIALS = 0, 1, 3
"""langdetect draws parts of words at random, by default in seven trials. One finds the same languages in a
sample of full length, three in a shorter one."""

_KANA, _HANGUL = (re.compile(f"[{letters}]") for letters in (KANA, HANGUL))
LATIN_WORD = re.compile(rf"[{LATIN}]+(?:['’][A-Za-z]+)?")
LOWER_CASE_WORD = re.compile(r"(?<![^\W\d_])[a-z\u00df-\u00ff]{2,}(?![A-Z])")
"""A word in lower case, which is no name of a company or product."""

PARENTHESIS = re.compile(r"[(（][^()（）]{1,30}[)）]")
NOT_WORDS = re.compile(
    r"(?:https?://|www\.)\S{1,2000}|(?<!\S)\S{1,64}@\S{1,255}|[A-Za-z0-9-]{1,63}\.(?:com|cn|net|org)(?![A-Za-z])|[\d_]+"
)
TWO_LETTERS = re.compile(r"[^\W\d_][\W\d_]*+[^\W\d_]")

HAN_PER_LATIN_WORD = 1.0
"""A mixed text is Chinese if it has at least this many Han characters per Latin word."""


def detect_language(text: str, title: str = "") -> str:
    """Return the language of a text, or of its title if the text contains no words.

    Returns an ISO 639-1 code (`zh` for all kinds of Chinese) or `und`. The script is examined first, because
    langdetect confuses short Chinese lines with Korean or Vietnamese. langdetect (Shuyo 2010) with a fixed
    seed decides all other texts.
    """
    for sample in (text, title):
        language = _detect(NOT_WORDS.sub(" ", sample[:SCRIPT_SAMPLE]))
        if language != UNDETERMINED:
            return language
    return UNDETERMINED


def detect_script_language(text: str) -> str:
    """Return the language that the script determines: `ja`, `ko`, `zh`, or "".

    Chinese may contain more Latin names (`iPhone 15 Pro Max 开售`), and English may have a Chinese name in
    parentheses (`How Douyin (抖音) became a shop`).
    """
    if text.isascii():
        return ""
    kana, hangul, han = (len(script.findall(text)) for script in (_KANA, _HANGUL, HAN_CHARACTER))
    if kana >= 2 and kana > 0.1 * (han + kana):
        return "ja"
    if hangul > han:
        return "ko"
    if han and han >= HAN_PER_LATIN_WORD * len(LATIN_WORD.findall(text)):
        return "zh"
    if han and HAN_CHARACTER.search(PARENTHESIS.sub(" ", text)) and not LOWER_CASE_WORD.search(text):
        return "zh"
    return ""


def _detect(sample: str) -> str:
    if not TWO_LETTERS.search(sample):
        return UNDETERMINED
    if language := detect_script_language(sample):
        return language
    words = LATIN_WORD.findall(sample)
    if _is_only_a_name(words, sample):
        return UNDETERMINED
    try:
        language = _detect_words(" ".join(sample.split())[:WORD_SAMPLE])
    except LangDetectException:
        return UNDETERMINED
    return "zh" if language.startswith("zh") else language


def _is_only_a_name(words: Sequence[str], sample: str) -> bool:
    """Return whether a text consists of one or two Latin names, which have no language."""
    return 0 < len(words) < 3 and not LOWER_CASE_WORD.search(sample)


def _detect_words(text: str) -> str:
    """Return the language that langdetect finds. Raises `LangDetectException` for a text without words."""
    detector = load_detectors().create()
    detector.n_trial = TRIALS if len(text) == WORD_SAMPLE else SHORT_TRIALS
    detector.append(text)
    return str(detector.detect())


@cache
def load_detectors() -> DetectorFactory:
    """Return what makes the detector of a text, with the profiles of all languages that langdetect knows."""
    factory = DetectorFactory()
    factory.set_seed(SEED)
    factory.load_profile(PROFILES_DIRECTORY)
    return factory
