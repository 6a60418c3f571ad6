"""Two articles that are compared: how much they have in common, and the figures that say so."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from shopwire.pipelines.deduplication.fingerprint import Shingles
from shopwire.pipelines.deduplication.text_features import TextFeatures, get_text_features
from shopwire.pipelines.nlp.slots import Comparison, MarkedText, compare_texts, mark_text

# What the share of both texts in aligned runs weighs in the similarity, besides their containments:
# reports of one event by two agencies have runs of three words in common everywhere.
ALIGNED_WEIGHT: Final = {3: 0.5, 5: 0.0}
# The exponent of the similarity doubles after this many days between two texts.
DAYS_APART: Final = 30.0
# Runs of words that are quoted as the reason of a relation, and words of each.
QUOTED_RUNS: Final = 3
QUOTED_WORDS: Final = 16


@dataclass(frozen=True)
class ComparedText:
    """An article that is compared with others.

    `group` is its canonical id (its own id without duplicates), `moment` the latest time at which it
    can have been published, `text` its lines without known boilerplate, `shingles` those of the text,
    `is_round_up` whether it is known to contain other articles.
    """

    id: int
    group: int
    source: str
    title: str
    text: str
    shingles: Shingles
    moment: datetime
    is_round_up: bool = False

    @property
    def features(self) -> TextFeatures:
        """Return the features of the text, which most candidates are told apart without."""
        return get_text_features(self.text)


@dataclass(frozen=True)
class ComparedPair:
    """Two texts as a part and a whole, that is, the one with more and the one with less containment.

    `part_share` is the share of the part's shingles that the whole has. Unlike `part_containment` it is
    not weighted: a part is in the whole even if many other texts have it too.
    """

    part: ComparedText
    whole: ComparedText
    part_containment: float
    whole_containment: float
    part_share: float
    title_overlap: float | None

    @cached_property
    def alignment(self) -> Comparison:
        """Return the two texts aligned: only when needed, because most pairs have too little in common."""
        return _compare_articles(self.part.title, self.part.text, self.whole.title, self.whole.text)

    @property
    def containment(self) -> float:
        """Return the geometric mean of both containments."""
        return float((self.part_containment * self.whole_containment) ** 0.5)

    @property
    def taken_over(self) -> float:
        """Return the geometric mean of the shares of both texts in aligned runs."""
        return float((self.alignment.covered[0] * self.alignment.covered[1]) ** 0.5)

    @property
    def similarity(self) -> float:
        """Return how much the texts have in common, lower the more days are between them.

        That is the geometric mean of both containments, and of what is in aligned runs.
        """
        weight = ALIGNED_WEIGHT.get(self.part.shingles.size, 0.0)
        days = abs((self.part.moment - self.whole.moment).total_seconds()) / 86_400
        common = self.containment
        if weight:
            common += weight * (self.taken_over - common)
        return float(common ** (1 + days / DAYS_APART))


# A pair is classified twice where the article turns out to be a duplicate of another candidate.
@lru_cache(maxsize=64)
def _compare_articles(title: str, text: str, other_title: str, other_text: str) -> Comparison:
    return compare_texts(mark_text(title, text), mark_text(other_title, other_text))


def collect_figures(pair: ComparedPair) -> dict[str, Any]:
    """Return what is said of a pair in the reason of its relation."""
    alignment = pair.alignment
    figures: dict[str, Any] = {
        "of_the_shorter": round(pair.part_containment, 3),
        "of_the_longer": round(pair.whole_containment, 3),
        "numbers_same": alignment.same_numbers,
        "numbers_different": len(alignment.numbers),
        "names_same": alignment.same_names,
        "names_different": len(alignment.names),
        "aligned": [round(share, 2) for share in alignment.covered],
        "runs": _quote_runs(pair),
    }
    if pair.title_overlap is not None:
        figures["titles"] = round(pair.title_overlap, 2)
    return figures


def _quote_runs(pair: ComparedPair) -> list[str]:
    """Return the longest runs of words that both texts have, with the number of words of each."""
    marked = mark_article(pair.part)
    longest = sorted(pair.alignment.runs, key=lambda run: (-run.length, run.one))[:QUOTED_RUNS]
    quoted = []
    for run in longest:
        words = marked.words[run.one : run.one + min(run.length, QUOTED_WORDS)]
        dots = "…" if run.length > QUOTED_WORDS else ""
        quoted.append(f"{('' if marked.chinese else ' ').join(words)}{dots} ({run.length})")
    return quoted


def mark_article(article: ComparedText) -> MarkedText:
    """Return the words, names and numbers of an article."""
    return mark_text(article.title, article.text)
