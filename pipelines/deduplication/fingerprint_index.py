"""Finds candidate duplicates of an article by the sampled shingles they share.

A group of duplicates has one row for each key, with the first of its articles that brought the key
in. So the rows of a key count groups, and fifty copies of one agency report neither fill the table
nor make the report's own words look common.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from shopwire.storage.database import Store

# A key that more groups hold than this tells nothing: it is neither followed nor stored again.
COMMON_KEY = 200
# Articles that are compared in full with a new one, and how many of one group.
MOST_CANDIDATES = 16
MOST_OF_A_GROUP = 2
# One shared key is a hint only while few groups have it.
RARE_KEY = 3

Holders = Mapping[int, Sequence[int]]


def find_holders(store: Store, keys: Sequence[int]) -> dict[int, list[int]]:
    """For each of `keys` the articles that brought it into their group, `COMMON_KEY` + 1 at most."""
    found: dict[int, list[int]] = {key: [] for key in keys}
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT key, article FROM fingerprints WHERE key IN ({marks})"
    for key, article in store.db.conn.execute(sql, keys):
        found[key].append(article)
    return found


def find_candidates(store: Store, found: Holders, but: int) -> list[sqlite3.Row]:
    """The articles whose groups share the rarest keys, best first, without the article `but`. (Keys
    are counted by group, because each stands with the article that brought it in.)

    After them come the article in front of each of their groups, and the one that is closest to it.
    Each row has `id`, `canonical_id`, `source`, `title`, `text`, `published`, `fetched` and `holds`
    (whether it is known to contain others).
    """
    weights: defaultdict[int, float] = defaultdict(float)
    shares: Counter[int] = Counter()
    for articles in found.values():
        if len(articles) <= COMMON_KEY:
            for article in articles:
                if article != but:
                    shares[article] += 1
                    weights[article] += 1 / len(articles)
    best = sorted(weights, key=lambda article: (-weights[article], article))[: 4 * MOST_CANDIDATES]
    groups = _load_groups(store, best)
    group_shares: Counter[int] = Counter()
    group_weights: defaultdict[int, float] = defaultdict(float)
    for article in best:
        group_shares[groups[article]] += shares[article]
        group_weights[groups[article]] += weights[article]
    hopeful = [
        article
        for article in sorted(best, key=lambda article: -group_weights[groups[article]])
        if group_shares[groups[article]] > 1 or group_weights[groups[article]] * RARE_KEY >= 1
    ]
    few = _limit_by_group(_load_rows(store, hopeful))
    there = {but, *(row["id"] for row in few)}
    witnesses = [
        article
        for group in dict.fromkeys(row["canonical_id"] for row in few)
        for article in (group, _find_closest(store, group))
        if article is not None and article not in there
    ]
    return few + _load_rows(store, witnesses)


def _load_groups(store: Store, articles: Sequence[int]) -> dict[int, int]:
    """The canonical id of each of `articles`."""
    marks = ", ".join("?" * len(articles))
    sql = f"SELECT id, canonical_id FROM articles WHERE id IN ({marks})"
    return {row["id"]: row["canonical_id"] for row in store.rows(sql, *articles)}


def _find_closest(store: Store, front: int) -> int | None:
    """The article that is most like the one in front of its group, and not the same."""
    row = store.row(
        "SELECT article_id FROM copies WHERE of_id = ? AND kind = 'near' ORDER BY score DESC LIMIT 1",
        front,
    )
    return row["article_id"] if row else None


def _load_rows(store: Store, articles: Sequence[int]) -> list[sqlite3.Row]:
    marks = ", ".join("?" * len(articles))
    rows = store.rows(
        "SELECT id, canonical_id, source, title, text, published, fetched, EXISTS (SELECT 1 "
        "FROM copies WHERE article_id = articles.id AND kind = 'contains') AS holds "
        f"FROM articles WHERE id IN ({marks})",
        *articles,
    )
    place = {article: number for number, article in enumerate(articles)}
    return sorted(rows, key=lambda row: place[row["id"]])


def _limit_by_group(rows: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
    taken: Counter[int] = Counter()
    kept = []
    for row in rows:
        taken[row["canonical_id"]] += 1
        if taken[row["canonical_id"]] <= MOST_OF_A_GROUP:
            kept.append(row)
    return kept[:MOST_CANDIDATES]


def add_keys(store: Store, article: int, group: Iterable[int], found: Holders) -> None:
    """Make an article findable by those keys that none of `group`, its copies, has brought in yet."""
    members = set(group)
    store.db.conn.executemany(
        "INSERT OR IGNORE INTO fingerprints (key, article) VALUES (?, ?)",
        [
            (key, article)
            for key, articles in found.items()
            if len(articles) <= COMMON_KEY and members.isdisjoint(articles)
        ],
    )
