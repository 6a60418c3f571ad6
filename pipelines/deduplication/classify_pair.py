"""Whether one text is a copy of another, or contains it, and what decided that.

Exact containment both ways over all shingles (Broder 1997) says how much two texts share. It cannot
tell a repost from another day's report on the same form, from a second report of the same event or
from a round-up, so four more questions are asked: do the numbers agree, how far apart were the two
published, are the titles alike, and does the shared part lie in one piece?
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.deduplication.similarity import (
    Shares,
    TextFeatures,
    compare_titles,
    count_agreeing_numbers,
    find_shared,
    is_beginning,
    measure_concentration,
    measure_containments,
    measure_own_share,
    measure_spread,
    read_text_features,
)
from shopwire.pipelines.nlp.quantities import find_facts, number_agreement

RelationKind = Literal["near", "contains"]

# Geometric mean of both containments from which texts are copies, by tokens in a shingle: three
# words are met again by chance less often than five characters of a set phrase. With a title of its
# own a text needs more, as one event makes for common quotations too: up to OTHER_TITLE, less half
# of what the titles have in common.
ENOUGH: Final = {3: 0.26, 5: 0.30}
OTHER_TITLE: Final = {3: 0.80, 5: 0.60}
# Under a title that is hardly the other's, this much has to be left of the resemblance when sentences
# of one's own are taken off.
OWN_TITLE: Final = 0.35
OTHER_HAND: Final = 0.56
# Round-ups of one day have items in common.
SAME_ROUND_UP: Final = 0.5
# After this many days the same doubt counts double.
DAYS: Final = 30.0
# With fewer of their numbers agreeing, two texts are one form filled in twice.
NUMBERS: Final = 0.8

# Texts that share less than this both ways have nothing to do with each other.
LEAST: Final = 0.03

# A text is a part of another one when it is shared so much more, and lies there in one piece.
PART: Final = 1.6
ONE_PIECE: Final = 0.8
# Of the part, this much has to be there for the whole to be its original or to contain it.
HELD: Final = 0.7
# So much more shared one way than the other leaves room for other things, and so do as many tokens
# beside the part as another article has.
OTHER_THINGS: Final = 0.55
OTHER_ARTICLE: Final = 500
SMALL_PART: Final = 2.5
SAME_TITLE: Final = 0.5

# Two texts in other words: of about the same length, meeting in short runs, everywhere, in order.
LITTLE: Final = {3: 0.04, 5: 0.10}
LENGTHS: Final = 0.75
SHORT_RUNS: Final = 4
SOME_RUNS: Final = 5
REACH: Final = 0.6
ORDER: Final = 0.7
FACTS: Final = 0.5

# Pages of one site that keep so much beside their common lines, and share so little of that, have
# nothing in common but the site.
REST: Final = 0.3
REST_SHARED: Final = 0.1


@dataclass(frozen=True, slots=True)
class ComparedText:
    """One side of a comparison.

    `group` is the canonical id (its own id without duplicates), `moment` the latest time it can have
    been published, `text` its lines without known boilerplate, `holds` whether it is known to contain
    other articles.
    """

    id: int
    group: int
    source: str
    title: str
    text: str
    features: TextFeatures
    moment: datetime
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """`article_id` is a copy of `of_id`, or contains it; `score` is 0 to 1, `why` for people."""

    article_id: int
    of_id: int
    kind: RelationKind
    score: float
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two texts as a whole and a part; `held` is how much of the part is in the whole, by weight, and
    `inside` how much by mere count: a part is there whole, however many others have it too."""

    part: ComparedText
    whole: ComparedText
    brief: TextFeatures
    full: TextFeatures
    held: float
    of_whole: float
    inside: float
    titles: float | None

    @property
    def resemblance(self) -> float:
        """Geometric mean, dimmed by time: an old text takes more to be the source of a new one."""
        days = abs((self.part.moment - self.whole.moment).total_seconds()) / 86_400
        return float((self.held * self.of_whole) ** (0.5 * (1 + days / DAYS)))


def classify_pair(
    one: ComparedText, other: ComparedText, common: Shares, elsewhere: npt.NDArray[np.intp]
) -> Relation | None:
    """Say what `one` is to `other`, or `other` to `one`; None where they are nothing to each other.

    For `common` and `elsewhere` see `resemblance.measure_containments`.
    """
    ours, theirs = one.features, other.features
    first, second = measure_containments(ours, theirs, common, elsewhere)
    if min(first, second) < LEAST:
        return None
    titles = compare_titles(one.title, other.title)
    hits = int(common.sum())
    if first >= second:
        pair = _Comparison(one, other, ours, theirs, first, second, hits / len(ours.keys), titles)
    else:
        pair = _Comparison(other, one, theirs, ours, second, first, hits / len(theirs.keys), titles)
    found = _classify_part(pair) if _is_part_of_whole(pair) else _classify_equals(pair)
    if found is None:
        return None
    kind, score, says, more = found
    if kind == "contains":
        one, other = pair.whole, pair.part
    why = {"says": says, "between": [one.id, other.id], **_collect_figures(pair), **more}
    return Relation(one.id, other.id, kind, round(score, 3), why)


Finding = tuple[RelationKind, float, str, dict[str, Any]]


def _collect_figures(pair: _Comparison) -> dict[str, Any]:
    same, differ = count_agreeing_numbers(pair.brief, pair.full)
    figures: dict[str, Any] = {
        "of_the_shorter": round(pair.held, 3),
        "of_the_longer": round(pair.of_whole, 3),
        "numbers_same": same,
        "numbers_different": differ,
    }
    return figures if pair.titles is None else figures | {"titles": round(pair.titles, 2)}


def _is_part_of_whole(pair: _Comparison) -> bool:
    if pair.of_whole >= 0.5 or pair.held < PART * pair.of_whole:
        return False
    return measure_concentration(pair.brief, pair.full) >= ONE_PIECE


def _classify_part(pair: _Comparison) -> Finding | None:
    """A teaser, an item of a round-up, or a quotation; or else a copy among much that is new."""
    other_title = pair.titles is not None and pair.titles < SAME_TITLE
    if pair.inside < HELD:
        quoted = other_title or pair.whole.holds or pair.held >= SMALL_PART * pair.of_whole
        return None if quoted else _classify_equals(pair)
    if not pair.whole.holds and is_beginning(pair.brief, pair.full):
        return "near", pair.held, "the beginning of the longer one", {}
    if pair.whole.holds or other_title or _has_other_content(pair):
        return "contains", pair.held, "holds the other whole, among other things", {}
    return _classify_equals(pair)


def _has_other_content(pair: _Comparison) -> bool:
    rest = (1 - pair.of_whole) * len(pair.full.sequence)
    return pair.held - pair.of_whole >= OTHER_THINGS or rest >= OTHER_ARTICLE


def _classify_equals(pair: _Comparison) -> Finding | None:
    same, differ = count_agreeing_numbers(pair.brief, pair.full)
    if differ >= 2 and same < NUMBERS * (same + differ):
        return None
    bar = ENOUGH.get(pair.brief.size, 0.5)
    if pair.titles is not None:
        bar = max(bar, OTHER_TITLE.get(pair.brief.size, bar) - 0.5 * pair.titles)
    if pair.part.holds or pair.whole.holds:
        bar = max(bar, SAME_ROUND_UP)
    if pair.resemblance < bar:
        return _classify_paraphrase(pair)
    if _is_second_report(pair) or _share_boilerplate_only(pair):
        return None
    return "near", pair.resemblance, "the same words", {}


def _is_second_report(pair: _Comparison) -> bool:
    """Whether two write-ups of one occasion share what was said there, each under a title of its own."""
    if pair.titles is None or pair.titles >= OWN_TITLE:
        return False
    own = max(
        measure_own_share(pair.part.text, pair.full), measure_own_share(pair.whole.text, pair.brief)
    )
    return pair.resemblance * (1 - own) < OTHER_HAND


def _classify_paraphrase(pair: _Comparison) -> Finding | None:
    """Two translations of one article share little, but share it everywhere and in the same order."""
    lengths = sorted((len(pair.brief.sequence), len(pair.full.sequence)))
    if pair.of_whole < LITTLE.get(pair.brief.size, 1.0) or lengths[0] < LENGTHS * lengths[1]:
        return None
    lie = measure_spread(pair.brief, pair.full)
    if lie.runs < SOME_RUNS or lie.run > SHORT_RUNS or lie.reach < REACH or lie.order < ORDER:
        return None
    if number_agreement(find_facts(pair.part.text), find_facts(pair.whole.text)) < FACTS:
        return None
    figures = {"reach": round(lie.reach, 2), "order": round(lie.order, 2)}
    return "near", lie.reach, "the same report in other words, sentence by sentence", figures


def _share_boilerplate_only(pair: _Comparison) -> bool:
    """Whether two pages of one site share whole lines and nothing else."""
    if pair.part.source != pair.whole.source:
        return False
    lines = [text.text.split("\n") for text in (pair.part, pair.whole)]
    both = set(lines[0]) & set(lines[1])
    brief, full = (
        read_text_features("\n".join(line for line in own if line not in both)) for own in lines
    )
    if len(brief.keys) < REST * len(pair.brief.keys) or len(full.keys) < REST * len(pair.full.keys):
        return False
    return float(find_shared(brief, full).mean()) < REST_SHARED
