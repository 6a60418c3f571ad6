"""Which texts are copies of one another, which one holds another whole, and why.

Two texts are judged by exact containment both ways over all their shingles (Broder 1997), with what
unrelated texts share weighing little, and four questions beside it: do the numbers agree, how far
apart were they published, are the titles alike, and is the shorter one cut off or complete?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np

from shopwire.pipelines.facts import find_facts, number_agreement
from shopwire.pipelines.resemblance import (
    Reading,
    Shares,
    Spread,
    containments,
    in_one_piece,
    is_beginning,
    numbers_agree,
    read,
    shared,
    spread,
    title_likeness,
)

Kind = Literal["exact", "near", "contains"]

# Geometric mean of both containments from which texts are copies, by tokens in a shingle: three
# words are met again by chance less often than five characters of a set phrase. With a title of its
# own a text needs more, as one event makes for common quotations too: up to OTHER_TITLE, less half
# of what the titles have in common.
ENOUGH: Final = {3: 0.26, 5: 0.30}
OTHER_TITLE: Final = {3: 0.80, 5: 0.60}
# After this many days the same doubt counts double.
DAYS: Final = 30.0
# Below this share of agreeing numbers, two texts are one template filled in twice.
NUMBERS: Final = 0.8
# A text that another one holds has this much in it; a text twice as long as what it holds of the
# other is no copy by itself, but a round-up, the whole of an excerpt, or none of both.
HELD: Final = 0.7
HELD_BACK: Final = 0.5
TWICE: Final = 1.6
# How much more of the one is in the other than the reverse, where the other has more to tell.
OTHER_THINGS: Final = 0.46
# What a round-up holds stands there in one piece: so much of its stretch is shared.
ONE_PIECE: Final = 0.8
# A weaker link than this has to be confirmed by the article in front of the group, which must hold
# at least this share of what was shared.
STRONG: Final = 0.6
CONFIRMED: Final = 0.25
# Two lines of one site that share nothing beyond whole lines share the site's frame.
FRAME_REST: Final = 0.3
FRAME_SHARED: Final = 0.1


@dataclass(frozen=True, slots=True)
class Text:
    """One side of a comparison.

    `group` is the id of the canonical article of its copies (its own id while it stands alone),
    `moment` the latest time it can have been published, `text` its lines without those of the
    site's frame, `holds` whether it is known to contain other articles whole.
    """

    id: int
    group: int
    source: str
    title: str
    text: str
    moment: datetime
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`article_id` is a copy of `of_id`, or contains it; `score` is 0 to 1, `why` for people."""

    article_id: int
    of_id: int
    kind: Kind
    score: float
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Pair:
    one: Text
    other: Text
    ours: Reading
    theirs: Reading
    first: float
    second: float

    @property
    def resemblance(self) -> float:
        """Geometric mean, dimmed by time: an old text takes more to be the source of a new one."""
        days = abs((self.one.moment - self.other.moment).total_seconds()) / 86_400
        return float((self.first * self.second) ** (0.5 * (1 + days / DAYS)))


def judge(article: Text, candidates: Sequence[Text]) -> list[Verdict]:
    """Say what `article` is to each of the candidates, the closest first.

    Candidates that are nothing to it are left out. What it is to the article in front of a group, it
    is to the group: not its copy when it contains it, and not a round-up of its excerpts when a copy.
    """
    ours = read(article.text)
    common = {text.id: shared(ours, read(text.text)) for text in candidates}
    verdicts = _verdicts(article, candidates, common)
    if not article.holds and any(
        verdict.kind == "contains" and verdict.article_id == article.id for verdict in verdicts
    ):
        verdicts = _verdicts(replace(article, holds=True), candidates, common)
    groups = {candidate.id: candidate.group for candidate in candidates}
    verdicts.sort(key=lambda verdict: -verdict.score)
    fronts = {v.of_id for v in verdicts if v.kind == "near" and groups[v.of_id] == v.of_id}
    whole = [v for v in verdicts if v.kind == "contains" and _group(v, groups) not in fronts]
    apart = {_group(verdict, groups) for verdict in whole}
    near = [v for v in verdicts if v.kind == "near" and groups[v.of_id] not in apart]
    return whole + _confirmed(near, groups, common)


def _group(verdict: Verdict, groups: Mapping[int, int]) -> int:
    """The group of the candidate that a verdict speaks of, whichever side it stands on."""
    return groups[verdict.of_id if verdict.of_id in groups else verdict.article_id]


def _confirmed(
    near: Sequence[Verdict], groups: Mapping[int, int], common: Mapping[int, Shares]
) -> list[Verdict]:
    """Leave out what one inserted paragraph suggests.

    A weak link must hold for the article in front of the group too, because it may rest on what a
    copy added; and of several groups, all but the closest must share the same part of the article.
    """
    kept: list[Verdict] = []
    for verdict in near:
        group, hits = groups[verdict.of_id], common[verdict.of_id]
        front = common.get(group, hits)
        if verdict.score < STRONG and (hits & front).sum() < CONFIRMED * hits.sum():
            continue
        explained = [common[other.of_id] for other in kept if groups[other.of_id] != group]
        if explained and 2 * (hits & np.any(explained, axis=0)).sum() < hits.sum():
            continue
        kept.append(verdict)
    return kept


def _verdicts(
    article: Text, candidates: Sequence[Text], common: Mapping[int, Shares]
) -> list[Verdict]:
    ours = read(article.text)
    verdicts: list[Verdict] = []
    for candidate in candidates:
        theirs, hits = read(candidate.text), common[candidate.id]
        elsewhere = _elsewhere(candidate, candidates, common, len(ours.keys))
        pair = _Pair(article, candidate, ours, theirs, *containments(ours, theirs, hits, elsewhere))
        if verdict := _verdict(pair):
            verdicts.append(verdict)
    return verdicts


def _elsewhere(
    candidate: Text, candidates: Sequence[Text], common: Mapping[int, Shares], size: int
) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Count, for each shingle of the article, the other groups it was met in (round-ups aside)."""
    groups: dict[int, Shares] = {}
    for other in candidates:
        hits = common[other.id]
        if other.group != candidate.group and not other.holds:
            groups[other.group] = groups[other.group] | hits if other.group in groups else hits
    return np.sum(list(groups.values()), axis=0) if groups else np.zeros(size, dtype=np.intp)


def _verdict(pair: _Pair) -> Verdict | None:
    if pair.first * pair.second == 0:
        return None
    same, differ = numbers_agree(pair.ours, pair.theirs)
    figures: dict[str, Any] = {
        "of_it": round(pair.first, 3),
        "of_the_other": round(pair.second, 3),
        "numbers_same": same,
        "numbers_different": differ,
    }
    short, long = sorted((pair.first, pair.second), reverse=True)
    if long < HELD_BACK and short >= TWICE * long and _in_one_piece(pair):
        if short < HELD:
            return None
        if short - long >= OTHER_THINGS or is_beginning(*_by_length(pair)):
            return _part(pair, short, figures)
    if differ >= 2 and same < NUMBERS * (same + differ):
        return None
    bar = ENOUGH.get(pair.ours.size, HELD_BACK)
    titles = title_likeness(pair.one.title, pair.other.title)
    if titles is not None:
        figures["titles"] = round(titles, 2)
        bar = max(bar, OTHER_TITLE.get(pair.ours.size, bar) - 0.5 * titles)
    if pair.resemblance >= bar and not _only_the_frame(pair):
        return _near(pair, pair.resemblance, "the same words", figures)
    lie = spread(pair.ours, pair.theirs)
    if _retold(pair, lie):
        figures |= {"reach": round(lie.reach, 2), "order": round(lie.order, 2)}
        return _near(pair, lie.reach, "the same report in other words, sentence by sentence", figures)
    return None


def _in_one_piece(pair: _Pair) -> bool:
    short, long = _by_length(pair)
    return in_one_piece(short, long) >= ONE_PIECE


def _by_length(pair: _Pair) -> tuple[Reading, Reading]:
    if pair.first > pair.second:
        return pair.ours, pair.theirs
    return pair.theirs, pair.ours


def _part(pair: _Pair, held: float, figures: dict[str, Any]) -> Verdict:
    """Judge a text that has another one in it, most of it and in one piece."""
    holder, item = (pair.other, pair.one) if held == pair.first else (pair.one, pair.other)
    if not holder.holds and is_beginning(*_by_length(pair)):
        return _near(pair, held, "the beginning of the longer one", figures)
    why = {"says": "holds the other whole, among other things", "between": [holder.id, item.id]}
    return Verdict(holder.id, item.id, "contains", round(held, 3), why | figures)


def _near(pair: _Pair, score: float, says: str, figures: dict[str, Any]) -> Verdict:
    why = {"says": says, "between": [pair.one.id, pair.other.id], **figures}
    return Verdict(pair.one.id, pair.other.id, "near", round(score, 3), why)


def _retold(pair: _Pair, lie: Spread) -> bool:
    """Two translations of one article share little, but share it everywhere and in the same order."""
    lengths = sorted((len(pair.ours.sequence), len(pair.theirs.sequence)))
    if lengths[0] < 0.75 * lengths[1] or lie.runs < 5 or lie.run > 4:
        return False
    if lie.reach < 0.6 or lie.order < 0.7:
        return False
    return number_agreement(find_facts(pair.one.text), find_facts(pair.other.text)) >= 0.5


def _only_the_frame(pair: _Pair) -> bool:
    """Two pages of one site that share whole lines and nothing else share its furniture."""
    if pair.one.source != pair.other.source:
        return False
    lines = [text.text.split("\n") for text in (pair.one, pair.other)]
    rest = [read("\n".join(line for line in lines[i] if line not in set(lines[1 - i]))) for i in (0, 1)]
    if any(len(r.keys) < FRAME_REST * len(w.keys) for r, w in zip(rest, (pair.ours, pair.theirs), strict=True)):
        return False
    return float(shared(rest[0], rest[1]).mean()) < FRAME_SHARED
