"""Aligns two texts: finds the runs of words that both have in the same order.

The anchors are runs of a few words that occur once in each text (patience diff, Cohen 2006), of which the
longest chain in one order is kept and grown word by word. Time is n log n in the number of words.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple


class Run(NamedTuple):
    """`length` equal words, from `one` in the first text and from `other` in the second."""

    one: int
    other: int
    length: int


class Block(NamedTuple):
    """Runs that are close to each other in both texts: where it starts and ends in each, and how many of
    its words are equal."""

    one: int
    one_end: int
    other: int
    other_end: int
    equal: int


def align_words(one: Sequence[str], other: Sequence[str], size: int) -> list[Run]:
    """Return the runs of at least `size` equal words, in the order of both texts."""
    runs: list[Run] = []
    end = other_end = 0
    for anchor, other_anchor in _choose_chain(_find_anchors(one, other, size)):
        if anchor < end or other_anchor < other_end:
            continue
        start, other_start = anchor, other_anchor
        while start > end and other_start > other_end and one[start - 1] == other[other_start - 1]:
            start, other_start = start - 1, other_start - 1
        length = size + anchor - start
        most = min(len(one) - start, len(other) - other_start)
        while length < most and one[start + length] == other[other_start + length]:
            length += 1
        runs.append(Run(start, other_start, length))
        end, other_end = start + length, other_start + length
    return runs


def _find_anchors(one: Sequence[str], other: Sequence[str], size: int) -> list[tuple[int, int]]:
    """Return where runs of `size` words that each text has once start in both, in the order of the first."""
    ours, theirs = _index_single_runs(one, size), _index_single_runs(other, size)
    return [(ours[run], theirs[run]) for run in ours if run in theirs]


def _index_single_runs(words: Sequence[str], size: int) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    repeated: set[tuple[str, ...]] = set()
    for position, run in enumerate(zip(*(words[offset:] for offset in range(size)), strict=False)):
        if found.setdefault(run, position) != position:
            repeated.add(run)
    for run in repeated:
        del found[run]
    return found


def _choose_chain(anchors: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest chain of anchors that ascends in the second text (Fredman 1975)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, position) in enumerate(anchors):
        length = bisect_left(ends, position)
        ends[length : length + 1] = [position]
        last[length : length + 1] = [number]
        before.append(last[length - 1] if length else -1)
    chain: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(anchors[number])
        number = before[number]
    return chain[::-1]


def merge_runs(runs: Sequence[Run], gap: int) -> list[Block]:
    """Return the blocks of runs between which neither text has more than `gap` words of its own."""
    blocks: list[Block] = []
    for start, other_start, length in runs:
        end, other_end = start + length, other_start + length
        if blocks and start - blocks[-1].one_end <= gap and other_start - blocks[-1].other_end <= gap:
            last = blocks.pop()
            blocks.append(Block(last.one, end, last.other, other_end, last.equal + length))
        else:
            blocks.append(Block(start, end, other_start, other_end, length))
    return blocks
