"""Finds candidate duplicates of an article by the sampled shingles (keys) they share.

A group of duplicates has one row for each key, with the first of its articles that has the key. So
the rows of a key count groups, and fifty reposts of one report neither fill the table nor make its
shingles look common.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from shopwire.pipelines.deduplication.fingerprint import Shingles
from shopwire.storage.database import Store

# A key of more groups than this is ignored, and no longer stored.
COMMON_KEY = 200
# Articles that are compared in full with a new one, and how many of one group.
MAX_CANDIDATES = 16
MAX_PER_GROUP = 2
# A single shared key makes a candidate only if no more groups than this have it.
RARE_KEY = 3

# Shingles are stored of so many articles. They take three kilobytes each, and older articles are seldom
# candidates.
LATEST_STORED = 50_000

# What is read of an article to compare it: `is_round_up` says whether it is known to contain others; `lines`,
# `size` and `keys` are those of its shingles, NULL where they are not stored.
SELECT_COMPARED = (
    "SELECT id, canonical_id, source, title, text, published, fetched, text_hash, EXISTS (SELECT 1 "
    "FROM copies WHERE article_id = articles.id AND kind = 'contains') AS is_round_up, lines, size, keys "
    "FROM articles LEFT JOIN shingles ON article_id = id"
)

Holders = Mapping[int, Sequence[int]]
"""For each key the articles that have a row with it."""


def find_holders(store: Store, keys: Sequence[int]) -> dict[int, list[int]]:
    """Return for each key the articles that have a row with it, `COMMON_KEY` + 1 at most."""
    holders: dict[int, list[int]] = {key: [] for key in keys}
    sql = "SELECT f.key, article FROM json_each(?) CROSS JOIN fingerprints AS f ON f.key = value"
    for key, article in store.db.conn.execute(sql, [json.dumps(keys)]):
        holders[key].append(article)
    return holders


def find_candidates(store: Store, holders: Holders, excluded: int) -> list[sqlite3.Row]:
    """Return the articles whose groups share the rarest keys, best first, without the article `excluded`.

    They are followed by the canonical article of each of their groups, and by the one that is most
    similar to it. For the columns see `SELECT_COMPARED`.
    """
    best = _load_rows(store, _rank_by_shared_keys(store, holders, excluded))
    present = {excluded, *(row["id"] for row in best)}
    more = [
        article
        for group in dict.fromkeys(row["canonical_id"] for row in best)
        for article in (group, _find_closest(store, group))
        if article is not None and article not in present
    ]
    return best + _load_rows(store, more)


def _rank_by_shared_keys(store: Store, holders: Holders, excluded: int) -> list[int]:
    """Return the articles of the groups with the highest weight of shared keys, the highest first:
    `MAX_CANDIDATES`, and `MAX_PER_GROUP` of a group at most.

    A key weighs the less the more groups have it. Keys are added up by group, because each has only one
    row in a group. A single common key is not enough.
    """
    weights: defaultdict[int, float] = defaultdict(float)
    counts: Counter[int] = Counter()
    for articles in holders.values():
        if len(articles) <= COMMON_KEY:
            for article in articles:
                weights[article] += 1 / len(articles)
                counts[article] += 1
    weights.pop(excluded, None)
    best = sorted(weights, key=lambda article: (-weights[article], article))[: 4 * MAX_CANDIDATES]
    groups = _load_groups(store, best)
    group_counts: Counter[int] = Counter()
    group_weights: defaultdict[int, float] = defaultdict(float)
    for article in best:
        group_counts[groups[article]] += counts[article]
        group_weights[groups[article]] += weights[article]
    best.sort(key=lambda article: -group_weights[groups[article]])
    taken: Counter[int] = Counter()
    chosen = []
    for article in best:
        group = groups[article]
        if group_counts[group] > 1 or group_weights[group] * RARE_KEY >= 1:
            taken[group] += 1
            if taken[group] <= MAX_PER_GROUP:
                chosen.append(article)
    return chosen[:MAX_CANDIDATES]


def _load_groups(store: Store, articles: Sequence[int]) -> dict[int, int]:
    """Return the canonical id of each of the articles."""
    placeholders = ", ".join("?" * len(articles))
    sql = f"SELECT id, canonical_id FROM articles WHERE id IN ({placeholders})"
    return {row["id"]: row["canonical_id"] for row in store.rows(sql, *articles)}


def _find_closest(store: Store, canonical: int) -> int | None:
    """Return the near-duplicate that is most similar to the canonical article of its group."""
    row = store.row(
        "SELECT article_id FROM copies WHERE of_id = ? AND kind = 'near' ORDER BY score DESC LIMIT 1",
        canonical,
    )
    return row["article_id"] if row else None


def _load_rows(store: Store, articles: Sequence[int]) -> list[sqlite3.Row]:
    """Return the rows of articles in the same order."""
    placeholders = ", ".join("?" * len(articles))
    rows = store.rows(f"{SELECT_COMPARED} WHERE id IN ({placeholders})", *articles)
    position = {article: number for number, article in enumerate(articles)}
    return sorted(rows, key=lambda row: position[row["id"]])


def add_keys(store: Store, article: int, group: Iterable[int], holders: Holders) -> None:
    """Store an article under those of the keys that no article of its group has a row with yet."""
    members = set(group)
    store.db.conn.executemany(
        "INSERT OR IGNORE INTO fingerprints (key, article) VALUES (?, ?)",
        [
            (key, article)
            for key, articles in holders.items()
            if len(articles) <= COMMON_KEY and members.isdisjoint(articles)
        ],
    )


def save_shingles(store: Store, article: int, lines: Iterable[int], shingles: Shingles) -> None:
    """Store the hashes of the lines at the edges of a text, and its shingles.

    A text is compared by these; reading and cutting it again would take a hundred times as long. Those of
    all but the latest articles are deleted.
    """
    store.db.execute("DELETE FROM shingles WHERE article_id <= ?", [article - LATEST_STORED])
    store.db.execute(
        "INSERT OR REPLACE INTO shingles VALUES (?, ?, ?, ?)",
        [article, np.fromiter(lines, "<i8").tobytes(), shingles.size, shingles.keys.tobytes()],
    )


def unpack_shingles(row: sqlite3.Row) -> tuple[list[int], Shingles] | None:
    """Return what `save_shingles` has stored of an article, None where that is nothing."""
    if row["keys"] is None:
        return None
    lines, keys = np.frombuffer(row["lines"], "<i8"), np.frombuffer(row["keys"], "<u4")
    return lines.tolist(), Shingles(keys, row["size"])


def delete_keys(store: Store, articles: Iterable[int]) -> None:
    """Delete all rows of some articles; this reads the whole index."""
    store.db.execute(
        "DELETE FROM fingerprints WHERE article IN (SELECT value FROM json_each(?))",
        [json.dumps(list(articles))],
    )


def delete_article_keys(store: Store, article: int, keys: Iterable[int]) -> None:
    """Delete the rows of an article with these keys."""
    store.db.conn.executemany(
        "DELETE FROM fingerprints WHERE key = ? AND article = ?", [(key, article) for key in keys]
    )
