"""Decides whether one text is a duplicate of another, or contains it, and why.

The containment of each text in the other, over all shingles (Broder 1997), measures how much they
share. It does not distinguish a repost from another day's report on the same form, from a second
report of the same event or from a round-up. Five more features do: the aligned runs of words that the
two have in the same order, whether names and numbers between these runs agree, how many days are
between the two, how similar the titles are, and whether the shared part is in one place.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.deduplication.compared_pair import (
    ComparedPair,
    ComparedText,
    collect_figures,
    mark_article,
)
from shopwire.pipelines.deduplication.paraphrase import PARAPHRASE_CONTAINMENT, PlainText, measure_paraphrase
from shopwire.pipelines.deduplication.similarity import (
    Shares,
    compare_titles,
    count_agreeing_numbers,
    find_shared,
    is_beginning,
    measure_concentration,
    measure_containments,
    measure_opening_share,
    measure_own_share,
    measure_spread,
)
from shopwire.pipelines.deduplication.text_features import read_text_features

RelationKind = Literal["near", "contains"]

# Similarity, and geometric mean of both containments, from which texts are duplicates, by tokens in a
# shingle (chance repeats three words less often than five characters of a set phrase). Under different
# titles more is needed, because reports of one event have quotations in common: up to
# OTHER_TITLE_SIMILARITY, less half of the overlap of the titles.
DUPLICATE_SIMILARITY: Final = {3: 0.31, 5: 0.30}
DUPLICATE_CONTAINMENT: Final = {3: 0.26, 5: 0.30}
OTHER_TITLE_SIMILARITY: Final = {3: 0.80, 5: 0.60}
# Two texts of which one is longer are a form only if so much of both is in aligned runs: a round-up has
# other names besides those of an item.
FORM_SHARE: Final = 0.35
# With so much of both texts, and so many names and numbers, in aligned runs, own titles and sentences make
# no second report. A quotation has fewer names and numbers than a report has.
TAKEN_OVER: Final = {3: 0.65, 5: 0.70}
TAKEN_OVER_FACTS: Final = {3: 6, 5: 12}
# A duplicate with a lower similarity has at least one number in common with the other text, and so many
# words: a sentence that two short texts share is none.
WEAK_SIMILARITY: Final = 0.5
WEAK_WORDS: Final = {3: 20, 5: 40}
# One with a similarity lower still has no two names or numbers that contradict the other text, and by runs of
# three words it has what is shared in one order (rank correlation): two reports of one event arrange the same
# quotations in orders of their own.
SLIGHT_SIMILARITY: Final = 0.42
ONE_ORDER: Final = {3: 0.95}
MAX_SLIGHT_CONTRADICTIONS: Final = 1
# With a lower overlap of titles, the similarity without the sentences that only one text has must
# reach SECOND_REPORT_SIMILARITY.
OWN_TITLE_OVERLAP: Final = 0.35
SECOND_REPORT_SIMILARITY: Final = 0.56
# Where less than half of both texts is in aligned runs (a little more, if that is one passage) and one has so
# many sentences of its own, more than half of the opening of either must be in the other one: a later report
# on the same matter has its news first, and then the background word for word.
HALF_TAKEN_OVER: Final = 0.5
PASSAGE_TAKEN_OVER: Final = 0.6
ONE_PASSAGE: Final = 0.8
OWN_SENTENCES: Final = 0.25
OPENING_SHARE: Final = 0.5
# With a smaller share of equal numbers before the same words, two texts are one form filled in twice.
MIN_EQUAL_NUMBERS: Final = 0.8
# Needed where one text is a round-up, because round-ups of one day have items in common.
ROUND_UP_SIMILARITY: Final = 0.5
# Two texts in other words that have a run of so many words in common quote one source. They are two versions
# of one text only if they share words nearly everywhere, in one order (reach times order), or in half of the
# text.
QUOTED_SENTENCE: Final = 12
QUOTING_REACH: Final = 0.76
QUOTING_SHARE: Final = 0.5
# Texts with less containment in either direction are unrelated.
MIN_CONTAINMENT: Final = 0.03

# A text is a part of another one if its containment is so many times higher, and if so much of what is
# shared is in one place there.
PART_RATIO: Final = 1.6
MIN_CONCENTRATION: Final = 0.8
# This share of the part has to be in the whole for the whole to be its original or to contain it.
WHOLE_PART_SHARE: Final = 0.7
# The whole has other content if the containments differ so much, or if it has so many more tokens.
OTHER_CONTENT_GAP: Final = 0.55
OTHER_ARTICLE_TOKENS: Final = 500
QUOTATION_RATIO: Final = 2.5
SAME_TITLE_OVERLAP: Final = 0.5

# Two pages of one site that have so much text besides their common lines, and share so little of it, have
# only boilerplate in common.
MIN_REST: Final = 0.3
MIN_REST_SHARED: Final = 0.1


@dataclass(frozen=True, slots=True)
class Relation:
    """`article_id` is a near-duplicate of `of_id`, or contains it; `score` is 0 to 1, `why` explains it."""

    article_id: int
    of_id: int
    kind: RelationKind
    score: float
    why: dict[str, Any]


def classify_pair(
    one: ComparedText, other: ComparedText, common: Shares, elsewhere: npt.NDArray[np.intp]
) -> Relation | None:
    """Return the relation of `one` to `other`, or of `other` to `one`; None for unrelated texts.

    For `common` and `elsewhere` see `similarity.measure_containments`.
    """
    first, second = measure_containments(common, len(other.shingles.keys), elsewhere)
    if is_too_little(first, second):
        return None
    part, whole = (one, other) if first >= second else (other, one)
    pair = ComparedPair(
        part,
        whole,
        part_containment=max(first, second),
        whole_containment=min(first, second),
        part_share=int(common.sum()) / len(part.shingles.keys),
        title_overlap=compare_titles(one.title, other.title),
    )
    found = _classify_part(pair) if _is_part_of_whole(pair) else _classify_equals(pair)
    if found is None:
        return None
    kind, score, says, more = found
    if kind == "contains":
        one, other = whole, part
    why = {"says": says, "between": [one.id, other.id], **collect_figures(pair), **more}
    return Relation(one.id, other.id, kind, round(score, 3), why)


def is_too_little(first: float, second: float) -> bool:
    """Return whether texts with these containments are unrelated."""
    return min(first, second) < MIN_CONTAINMENT


Finding = tuple[RelationKind, float, str, dict[str, Any]]


def _is_part_of_whole(pair: ComparedPair) -> bool:
    if pair.whole_containment >= 0.5 or pair.part_containment < PART_RATIO * pair.whole_containment:
        return False
    return measure_concentration(pair.part.features, pair.whole.features) >= MIN_CONCENTRATION


def _classify_part(pair: ComparedPair) -> Finding | None:
    """Classify a part as a teaser, an item of a round-up or a quotation; else as if it were none."""
    if pair.alignment.is_form and min(pair.alignment.covered) >= FORM_SHARE:
        return None
    other_title = pair.title_overlap is not None and pair.title_overlap < SAME_TITLE_OVERLAP
    if pair.part_share < WHOLE_PART_SHARE:
        is_quotation = (
            other_title
            or pair.whole.is_round_up
            or pair.part_containment >= QUOTATION_RATIO * pair.whole_containment
        )
        return None if is_quotation else _classify_equals(pair)
    if not pair.whole.is_round_up and is_beginning(pair.part.features, pair.whole.features):
        return "near", pair.part_containment, "the beginning of the longer one", {}
    if pair.whole.is_round_up or other_title or _has_other_content(pair):
        return "contains", pair.part_containment, "holds the other whole, among other things", {}
    return _classify_equals(pair)


def _has_other_content(pair: ComparedPair) -> bool:
    rest = (1 - pair.whole_containment) * len(pair.whole.features.sequence)
    return pair.part_containment - pair.whole_containment >= OTHER_CONTENT_GAP or rest >= OTHER_ARTICLE_TOKENS


def _classify_equals(pair: ComparedPair) -> Finding | None:
    """Classify two texts of which neither is a mere part of the other."""
    size = pair.part.shingles.size
    is_similar = pair.containment >= DUPLICATE_CONTAINMENT.get(size, 0.0)
    if not is_similar and pair.whole_containment < PARAPHRASE_CONTAINMENT.get(size, 1.0):
        return None
    same, differ = count_agreeing_numbers(pair.part.features, pair.whole.features)
    if differ >= 2 and same < MIN_EQUAL_NUMBERS * (same + differ):
        return None
    needed = DUPLICATE_SIMILARITY.get(size, 0.5)
    if pair.title_overlap is not None:
        with_titles = OTHER_TITLE_SIMILARITY.get(size, needed) - 0.5 * pair.title_overlap
        needed = max(needed, with_titles)
    if pair.part.is_round_up or pair.whole.is_round_up:
        needed = max(needed, ROUND_UP_SIMILARITY)
    if not is_similar or (pair.similarity < needed and not _is_taken_over(pair)):
        return _classify_paraphrase(pair)
    if pair.alignment.is_form:
        return None
    if pair.similarity < WEAK_SIMILARITY and _has_too_little_in_common(pair):
        return None
    if _is_second_report(pair) or _is_later_report(pair) or _has_only_boilerplate_in_common(pair):
        return None
    return "near", pair.similarity, "the same words", {}


def _is_taken_over(pair: ComparedPair) -> bool:
    """Return whether most of both texts is in aligned runs, names and numbers included."""
    facts = pair.alignment.same_names + pair.alignment.same_numbers
    size = pair.part.shingles.size
    if size not in TAKEN_OVER or facts < TAKEN_OVER_FACTS[size]:
        return False
    return min(pair.alignment.covered) >= TAKEN_OVER[size]


def _has_too_little_in_common(pair: ComparedPair) -> bool:
    """Return whether two texts have only a sentence in common, or numbers each and no equal ones in their
    aligned runs, or little and in another order."""
    size = pair.part.shingles.size
    if sum(run.length for run in pair.alignment.runs) < WEAK_WORDS.get(size, 0):
        return True
    if pair.similarity < SLIGHT_SIMILARITY and _is_doubtful(pair):
        return True
    marks = (mark_article(text).marks for text in (pair.part, pair.whole))
    return not pair.alignment.same_numbers and all("0" in one for one in marks)


def _is_doubtful(pair: ComparedPair) -> bool:
    """Return whether two texts of a slight similarity contradict each other, or share it in other orders."""
    if len(pair.alignment.names) + len(pair.alignment.numbers) > MAX_SLIGHT_CONTRADICTIONS:
        return True
    order = ONE_ORDER.get(pair.part.shingles.size)
    return order is not None and measure_spread(pair.part.features, pair.whole.features).order < order


def _is_second_report(pair: ComparedPair) -> bool:
    """Return whether two reports of one event, under different titles, share only quotations."""
    if pair.title_overlap is None or pair.title_overlap >= OWN_TITLE_OVERLAP:
        return False
    if _is_taken_over(pair):
        return False
    return pair.similarity * (1 - _measure_own_sentences(pair)) < SECOND_REPORT_SIMILARITY


def _is_later_report(pair: ComparedPair) -> bool:
    """Return whether two texts have less than half of their words in common, and different openings."""
    if pair.title_overlap is not None and pair.title_overlap >= SAME_TITLE_OVERLAP:
        return False
    lengths = [run.length for run in pair.alignment.runs]
    is_passage = max(lengths, default=0) >= ONE_PASSAGE * sum(lengths)
    most = PASSAGE_TAKEN_OVER if is_passage else HALF_TAKEN_OVER
    if pair.taken_over >= most or _measure_own_sentences(pair) < OWN_SENTENCES:
        return False
    openings = (measure_opening_share(one.text, other.features) for one, other in _both_ways(pair))
    return max(openings) <= OPENING_SHARE


def _measure_own_sentences(pair: ComparedPair) -> float:
    """Return the share of the text with more sentences of its own in these."""
    return max(measure_own_share(one.text, other.features) for one, other in _both_ways(pair))


def _both_ways(pair: ComparedPair) -> tuple[tuple[ComparedText, ComparedText], ...]:
    return (pair.part, pair.whole), (pair.whole, pair.part)


def _classify_paraphrase(pair: ComparedPair) -> Finding | None:
    part, whole = (PlainText(text.text, text.features) for text in (pair.part, pair.whole))
    spread = measure_paraphrase(part, whole, pair.whole_containment)
    if spread is None:
        return None
    longest = max((run.length for run in pair.alignment.runs), default=0)
    is_quoting = longest >= QUOTED_SENTENCE and min(pair.alignment.covered) < QUOTING_SHARE
    if is_quoting and spread.reach * spread.order < QUOTING_REACH:
        return None
    figures = {"reach": round(spread.reach, 2), "order": round(spread.order, 2)}
    return "near", spread.reach, "the same report in other words, sentence by sentence", figures


def _has_only_boilerplate_in_common(pair: ComparedPair) -> bool:
    """Return whether two pages of one site share whole lines and nothing else."""
    if pair.part.source != pair.whole.source:
        return False
    texts = [text.text.split("\n") for text in (pair.part, pair.whole)]
    both = set(texts[0]) & set(texts[1])
    rests = [read_text_features("\n".join(line for line in lines if line not in both)) for lines in texts]
    for rest, text in zip(rests, (pair.part, pair.whole), strict=True):
        if len(rest.keys) < MIN_REST * len(text.shingles.keys):
            return False
    return float(find_shared(*(rest.keys for rest in rests)).mean()) < MIN_REST_SHARED
