"""Which of its candidates an article is a copy of, which it contains, and which contain it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.deduplication.classify_pair import ComparedText, Relation, classify_pair
from shopwire.pipelines.deduplication.similarity import Shares, find_covered_windows, find_shared

# A weaker link than this has to be confirmed by another article of the group, which must hold at least
# this share of what was shared.
STRONG_LINK: Final = 0.6
CONFIRMED_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Classification:
    """What an article is to its candidates, the closest first, and the ids of those it is like while
    the others of their group are not: one of the two links is wrong."""

    relations: list[Relation]
    doubted: list[int]


def classify_candidates(
    article: ComparedText, candidates: Sequence[ComparedText]
) -> Classification:
    """Say what `article` is to each of the candidates.

    Candidates that are nothing to it are left out. What it is to the article in front of a group, it
    is to the group: not its copy when it contains it, and not a round-up of its excerpts when a copy.
    """
    ours = article.features
    common = {text.id: find_shared(ours, text.features) for text in candidates}
    groups = {candidate.id: candidate.group for candidate in candidates}
    verdicts = _classify_pairs(article, candidates, common)
    holds = any(v.kind == "contains" and v.article_id == article.id for v in verdicts)
    kin = {groups[v.of_id] for v in verdicts if v.kind == "near"}
    if holds or kin:
        # What the article's own kin share is no template, in whichever order they came.
        verdicts = _classify_pairs(
            replace(article, holds=article.holds or holds), candidates, common, kin
        )
    verdicts.sort(key=lambda verdict: -verdict.score)
    readings = {candidate.id: candidate.features for candidate in candidates}
    fronts = {v.of_id for v in verdicts if v.kind == "near" and groups[v.of_id] == v.of_id}
    whole = [v for v in verdicts if v.kind == "contains" and _get_group(v, groups) not in fronts]
    apart = {_get_group(verdict, groups) for verdict in whole}
    near = [v for v in verdicts if v.kind == "near" and groups[v.of_id] not in apart]
    places = {v.of_id: find_covered_windows(ours, readings[v.of_id]) for v in near}
    kept, doubted = _confirm(near, groups, common, places)
    return Classification(whole + kept, doubted)


def _classify_pairs(
    article: ComparedText,
    candidates: Sequence[ComparedText],
    common: Mapping[int, Shares],
    kin: Collection[int] = (),
) -> list[Relation]:
    verdicts = (
        classify_pair(
            article,
            candidate,
            common[candidate.id],
            _count_elsewhere(candidate, candidates, common, kin),
        )
        for candidate in candidates
    )
    return [verdict for verdict in verdicts if verdict]


def _count_elsewhere(
    candidate: ComparedText,
    candidates: Sequence[ComparedText],
    common: Mapping[int, Shares],
    kin: Collection[int],
) -> npt.NDArray[np.intp]:
    """Count, for each shingle of the article, the unrelated groups that have it, round-ups aside."""
    groups: dict[int, Shares] = {}
    for other in candidates:
        if other.group != candidate.group and other.group not in kin and not other.holds:
            hits = common[other.id]
            groups[other.group] = groups[other.group] | hits if other.group in groups else hits
    if not groups:
        return np.zeros(len(common[candidate.id]), dtype=np.intp)
    counts: npt.NDArray[np.intp] = np.sum(list(groups.values()), axis=0, dtype=np.intp)
    return counts


def _get_group(verdict: Relation, groups: Mapping[int, int]) -> int:
    """The group of the candidate that a verdict speaks of, whichever side it stands on."""
    return groups[verdict.of_id if verdict.of_id in groups else verdict.article_id]


def _confirm(
    near: Sequence[Relation],
    groups: Mapping[int, int],
    common: Mapping[int, Shares],
    places: Mapping[int, Shares],
) -> tuple[list[Relation], list[int]]:
    """Leave out what one inserted paragraph suggests, and name those whose group does not agree.

    A weak link must hold for another article of the group too, because it may rest on what one copy
    added; and of several groups, all but the closest must tell of the same part of the article.
    """
    kept: list[Relation] = []
    doubted: list[int] = []
    for verdict in near:
        group, hits = groups[verdict.of_id], common[verdict.of_id]
        others = [
            common[other] for other in groups if groups[other] == group and other != verdict.of_id
        ]
        confirmed = max((int((hits & other).sum()) for other in others), default=len(hits))
        if verdict.score < STRONG_LINK and confirmed < CONFIRMED_SHARE * hits.sum():
            doubted.append(verdict.of_id)
            continue
        elsewhere = [places[other.of_id] for other in kept if groups[other.of_id] != group]
        if elsewhere and not _do_overlap(places[verdict.of_id], np.any(elsewhere, axis=0)):
            continue
        kept.append(verdict)
    return kept, doubted


def _do_overlap(one: Shares, other: Shares) -> bool:
    return bool(2 * (one & other).sum() >= min(one.sum(), other.sum()))
