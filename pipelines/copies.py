"""Which texts are copies of one another, which one holds another whole, and why.

Two texts are judged by exact containment both ways over all their shingles (Broder 1997), with what
unrelated texts share weighing little, and four questions beside it: do the numbers agree, how far
apart were they published, are the titles alike, and is the shorter one cut off or complete?
"""

from collections.abc import Sequence
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
    cut_short,
    numbers_agree,
    read,
    shared,
    spread,
    title_likeness,
)

Kind = Literal["exact", "near", "contains"]

# Geometric mean of both containments from which untitled texts are copies, by tokens in a shingle:
# three words are met again by chance far less often than five characters of a set phrase.
ENOUGH: Final = {3: 0.22, 5: 0.30}
# Titles move the bar: with the same title it stays, with another one it rises to TITLED.
TITLED: Final = 0.75
TITLE_WEIGHT: Final = 0.5
# After this many days the same doubt counts double.
DAYS: Final = 30.0
# Below this share of agreeing numbers, two texts are one template filled in twice.
NUMBERS: Final = 0.8
# A round-up holds this much of the article, and is itself held to less than HELD_BACK.
HOLDS: Final = 0.7
HELD_BACK: Final = 0.5
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

    Candidates that are nothing to it are left out, and so are copies of what it contains.
    """
    verdicts = _verdicts(article, candidates)
    if not article.holds and any(v.article_id == article.id for v in _contained(verdicts)):
        verdicts = _verdicts(replace(article, holds=True), candidates)
    group_of = {candidate.id: candidate.group for candidate in candidates}
    whole = {group_of.get(v.of_id, group_of.get(v.article_id)) for v in _contained(verdicts)}
    settled = [
        v for v in verdicts if v.kind == "contains" or group_of[v.of_id] not in whole
    ]
    return sorted(settled, key=lambda verdict: -verdict.score)


def _contained(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.kind == "contains"]


def _verdicts(article: Text, candidates: Sequence[Text]) -> list[Verdict]:
    ours = read(article.text)
    common = [shared(ours, read(candidate.text)) for candidate in candidates]
    verdicts: list[Verdict] = []
    for candidate, hits in zip(candidates, common, strict=True):
        theirs = read(candidate.text)
        elsewhere = _elsewhere(candidate, candidates, common, len(ours.keys))
        pair = _Pair(article, candidate, ours, theirs, *containments(ours, theirs, hits, elsewhere))
        if verdict := _verdict(pair):
            verdicts.append(verdict)
    return verdicts


def _elsewhere(
    candidate: Text, candidates: Sequence[Text], common: Sequence[Shares], size: int
) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Count, for each shingle of the article, the other groups it was met in (round-ups aside)."""
    groups: dict[int, Shares] = {}
    for other, hits in zip(candidates, common, strict=True):
        if other.group != candidate.group and not other.holds:
            groups[other.group] = groups[other.group] | hits if other.group in groups else hits
    return np.sum(list(groups.values()), axis=0) if groups else np.zeros(size, dtype=np.intp)


def _verdict(pair: _Pair) -> Verdict | None:
    if pair.first * pair.second == 0:
        return None
    if holder := _holder(pair):
        return holder
    same, differ = numbers_agree(pair.ours, pair.theirs)
    if differ >= 2 and same < NUMBERS * (same + differ):
        return None
    titles = title_likeness(pair.one.title, pair.other.title)
    figures: dict[str, Any] = {
        "of_it": round(pair.first, 3),
        "of_the_other": round(pair.second, 3),
        "numbers_same": same,
        "numbers_different": differ,
    }
    if titles is not None:
        figures["titles"] = round(titles, 2)
    bar = ENOUGH.get(pair.ours.size, 0.5)
    if titles is not None:
        bar = max(bar, TITLED - TITLE_WEIGHT * titles)
    if pair.resemblance >= bar and not _only_the_frame(pair):
        return _near(pair, pair.resemblance, "the same words", figures)
    lie = spread(pair.ours, pair.theirs)
    if _retold(pair, lie):
        figures |= {"reach": round(lie.reach, 2), "order": round(lie.order, 2)}
        return _near(pair, lie.reach, "the same report in other words, sentence by sentence", figures)
    return None


def _near(pair: _Pair, score: float, says: str, figures: dict[str, Any]) -> Verdict:
    why = {"says": says, "between": [pair.one.id, pair.other.id], **figures}
    return Verdict(pair.one.id, pair.other.id, "near", round(score, 3), why)


def _holder(pair: _Pair) -> Verdict | None:
    """The longer text contains the shorter one, unless that one is the longer one cut off."""
    one_is_short = pair.first > pair.second
    short, long = (pair.one, pair.other) if one_is_short else (pair.other, pair.one)
    brief, full = (pair.ours, pair.theirs) if one_is_short else (pair.theirs, pair.ours)
    held, of_long = max(pair.first, pair.second), min(pair.first, pair.second)
    if held < HOLDS or of_long >= HELD_BACK or (cut_short(brief, full) and not long.holds):
        return None
    why = {
        "says": f"holds {held:.0%} of the other, which makes up {of_long:.0%} of it",
        "of_it": round(of_long, 3),
        "of_the_other": round(held, 3),
    }
    return Verdict(long.id, short.id, "contains", round(held, 3), why)


def _retold(pair: _Pair, lie: Spread) -> bool:
    """Two translations of one article share little, but share it everywhere and in the same order."""
    lengths = sorted((len(pair.ours.sequence), len(pair.theirs.sequence)))
    if lengths[0] < 0.75 * lengths[1] or lie.runs < 4 or lie.run > 4:
        return False
    if lie.reach < 0.5 or lie.order < 0.55:
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
