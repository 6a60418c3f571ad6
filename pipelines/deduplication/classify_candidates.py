"""Classifies an article against its candidates: of which it is a duplicate, which it contains, and which
contain it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from shopwire.pipelines.deduplication.classify_pair import Relation, classify_pair, is_too_little
from shopwire.pipelines.deduplication.compared_pair import ComparedText
from shopwire.pipelines.deduplication.similarity import (
    Shares,
    find_covered_windows,
    find_shared,
    measure_containments,
)

# A duplicate with a lower score has to be confirmed by another article of its group, which must have at
# least this share of the shared shingles.
STRONG_LINK: Final = 0.6
MIN_CONFIRMED_SHARE: Final = 0.1
# One that would merge two groups has at least this share of both texts in aligned runs.
MERGED_SHARE: Final = 0.45


@dataclass(frozen=True, slots=True)
class Classification:
    """The relations of an article to its candidates, the most similar first, and `doubted`: the ids of
    near-duplicates that the rest of their group does not confirm. Their own link may be wrong."""

    relations: list[Relation]
    doubted: list[int]


def classify_candidates(article: ComparedText, candidates: Sequence[ComparedText]) -> Classification:
    """Return the relations of `article` to those of the candidates that have anything to do with it.

    Its relation to the canonical article of a group is that to the group: an article that contains it
    is no duplicate of its members, and a duplicate of it does not contain members.
    """
    shared = {text.id: find_shared(article.shingles.keys, text.shingles.keys) for text in candidates}
    relations = _classify_pairs(article, candidates, shared)
    relations = _classify_known_groups(article, candidates, shared, relations)
    relations.sort(key=lambda relation: -relation.score)
    containments, near = _separate_by_group(relations, candidates)
    confirmed, doubted = _confirm_duplicates(article, near, candidates, shared)
    return Classification(containments + confirmed, doubted)


def _classify_known_groups(
    article: ComparedText,
    candidates: Sequence[ComparedText],
    shared: Mapping[int, Shares],
    relations: list[Relation],
) -> list[Relation]:
    """Classify again, now that it is known of which groups the article is a duplicate and whether it
    contains others. What the article shares with its own groups is no template, in whichever order
    they came."""
    groups = {candidate.id: candidate.group for candidate in candidates}
    is_round_up = any(found.kind == "contains" and found.article_id == article.id for found in relations)
    own_groups = {groups[found.of_id] for found in relations if found.kind == "near"}
    if not is_round_up and not own_groups:
        return relations
    article = replace(article, is_round_up=article.is_round_up or is_round_up)
    return _classify_pairs(article, candidates, shared, own_groups)


def _classify_pairs(
    article: ComparedText,
    candidates: Sequence[ComparedText],
    shared: Mapping[int, Shares],
    own_groups: Collection[int] = (),
) -> list[Relation]:
    relations = (
        classify_pair(
            article,
            candidate,
            shared[candidate.id],
            _count_other_groups(candidate, candidates, shared, own_groups),
        )
        for candidate in candidates
        # What others have too only weighs less, so this can be told without counting it.
        if not is_too_little(*measure_containments(shared[candidate.id], len(candidate.shingles.keys)))
    )
    return [relation for relation in relations if relation]


def _count_other_groups(
    candidate: ComparedText,
    candidates: Sequence[ComparedText],
    shared: Mapping[int, Shares],
    own_groups: Collection[int],
) -> npt.NDArray[np.intp]:
    """Return for each shingle of the article how many unrelated groups have it. Round-ups do not count."""
    groups: dict[int, Shares] = {}
    for other in candidates:
        if other.group != candidate.group and other.group not in own_groups and not other.is_round_up:
            hits = shared[other.id]
            groups[other.group] = groups[other.group] | hits if other.group in groups else hits
    if not groups:
        return np.zeros(len(shared[candidate.id]), dtype=np.intp)
    counts: npt.NDArray[np.intp] = np.sum(list(groups.values()), axis=0, dtype=np.intp)
    return counts


def _separate_by_group(
    relations: Sequence[Relation], candidates: Sequence[ComparedText]
) -> tuple[list[Relation], list[Relation]]:
    """Return the containments and the near-duplicates, so that no group is in both."""
    groups = {candidate.id: candidate.group for candidate in candidates}

    def get_group(relation: Relation) -> int:
        return groups[relation.of_id if relation.of_id in groups else relation.article_id]

    near = [relation for relation in relations if relation.kind == "near"]
    canonical = {found.of_id for found in near if groups[found.of_id] == found.of_id}
    containments = [
        relation
        for relation in relations
        if relation.kind == "contains" and get_group(relation) not in canonical
    ]
    contained = {get_group(relation) for relation in containments}
    return containments, [relation for relation in near if get_group(relation) not in contained]


def _confirm_duplicates(
    article: ComparedText,
    near: Sequence[Relation],
    candidates: Sequence[ComparedText],
    shared: Mapping[int, Shares],
) -> tuple[list[Relation], list[int]]:
    """Return the near-duplicates that the rest of their group confirms, and the ids of the others.

    Where a duplicate has added a paragraph, a weak link may rest on that paragraph alone, so another
    article of the group must have some of what is shared. Groups that were no duplicates of each other before
    are merged only if each but the most similar has much in common with the article, and the same part of it.
    """
    texts = {candidate.id: candidate for candidate in candidates}
    covered = {
        found.of_id: find_covered_windows(article.features, texts[found.of_id].features) for found in near
    }
    confirmed: list[Relation] = []
    doubted: list[int] = []
    for relation in near:
        group, hits = texts[relation.of_id].group, shared[relation.of_id]
        others = [
            shared[other.id] for other in candidates if other.group == group and other.id != relation.of_id
        ]
        hits_of_others = max((int((hits & other).sum()) for other in others), default=len(hits))
        if relation.score < STRONG_LINK and hits_of_others < MIN_CONFIRMED_SHARE * hits.sum():
            doubted.append(relation.of_id)
            continue
        elsewhere = [covered[other.of_id] for other in confirmed if texts[other.of_id].group != group]
        if elsewhere and (
            _is_partial(relation) or not _has_overlap(covered[relation.of_id], np.any(elsewhere, axis=0))
        ):
            continue
        confirmed.append(relation)
    return confirmed, doubted


def _is_partial(relation: Relation) -> bool:
    """Return whether a weak link rests on less than half of one of the texts."""
    return relation.score < STRONG_LINK and min(relation.why["aligned"]) < MERGED_SHARE


def _has_overlap(one: Shares, other: Shares) -> bool:
    return bool(2 * (one & other).sum() >= min(one.sum(), other.sum()))
