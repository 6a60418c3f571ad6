"""Frames: lines that repeat over unrelated articles of a site, counted over all of them at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

from shopwire.pipelines.deduplication.deduplicate import hash_edge_lines
from shopwire.pipelines.extraction.site_boilerplate import MIN_GROUPS

# Texts that share more than this part of the characters in their edge lines tell the same.
RELATED = 0.5


def find_frames(texts: Iterable[str]) -> dict[int, int]:
    """Return the lines at the edges of the texts of one site that stand in several unrelated ones, by hash;
    each with their number, which is not counted above `MIN_GROUPS`.

    As `deduplicate` does, a line is counted once for texts that tell the same, because one report that a site
    carries many times must not make its own sentences boilerplate.
    """
    holders: defaultdict[int, list[Mapping[int, int]]] = defaultdict(list)
    # Not the texts themselves: those of a large site need more memory than there is.
    seen: set[bytes] = set()
    for text in texts:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest in seen:
            continue
        seen.add(digest)
        weights = {number: len(line) for line, number in hash_edge_lines(text).items()}
        related: dict[int, bool] = {}
        for line in weights:
            known = holders[line]
            if len(known) < MIN_GROUPS and not any(_is_related(weights, other, related) for other in known):
                known.append(weights)
    return {line: len(known) for line, known in holders.items() if len(known) > 1}


def _is_related(one: Mapping[int, int], other: Mapping[int, int], known: dict[int, bool]) -> bool:
    """Return whether two texts share most of the shorter one; `known` has what was found before."""
    if id(other) not in known:
        shared = sum(weight for line, weight in one.items() if line in other)
        known[id(other)] = shared > RELATED * min(sum(one.values()), sum(other.values()))
    return known[id(other)]


def find_frames_by_site(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Mapping[int, int]]]:
    """Yield each site with its frames; `texts` are sites with a text each, sorted by site."""
    for site, group in groupby(texts, itemgetter(0)):
        yield site, find_frames(text for _, text in group)


def select_learned(frames: Mapping[int, int], stored: Mapping[int, int]) -> Collection[int]:
    """Return the lines that are boilerplate with what was counted before, by hash."""
    return [line for line, count in frames.items() if count + stored.get(line, 0) >= MIN_GROUPS]
