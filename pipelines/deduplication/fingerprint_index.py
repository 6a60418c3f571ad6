"""Finds what an article may be a copy of.

A group of copies enters a shingle's key once, with the first of its articles that has it. So the
number of rows of a key is its document frequency counted by group, and fifty copies of one agency
report neither fill the table nor make the report's own words look common.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from shopwire.storage.database import Store

# A key that more groups hold than this tells nothing: it is neither followed nor stored again.
COMMON = 200
# Articles that are compared in full with a new one, and how many of one group.
CANDIDATES = 16
OF_A_GROUP = 2
# One shared key is a hint only while few groups have it.
RARE = 3
# Unrelated articles of one site that must share a line before it counts as the site's own. The index
# `lines_frame` is made for this number.
FRAME_GROUPS = 4

Holders = Mapping[int, Sequence[int]]


def frame_lines(store: Store, lines: Sequence[int]) -> set[int]:
    """Those of `lines` (63-bit hashes) that are known to belong to the frame of some site.

    Reposting sites carry the frames of the sites they took an article from along.
    """
    marks = ", ".join("?" * len(lines))
    rows = store.rows(
        f"SELECT hash FROM lines WHERE hash IN ({marks}) AND clusters >= ?", *lines, FRAME_GROUPS
    )
    return {row["hash"] for row in rows}


def site_lines(store: Store, site: str) -> frozenset[int]:
    """All lines that are known to belong to the frame of `site`."""
    rows = store.rows(f"SELECT hash FROM lines WHERE site = ? AND clusters >= {FRAME_GROUPS}", site)
    return frozenset(row["hash"] for row in rows)


def count_lines(store: Store, site: str, lines: Iterable[int]) -> None:
    """Note that one more group of copies has these lines on this site."""
    store.db.conn.executemany(
        "INSERT INTO lines (hash, site, clusters) VALUES (?, ?, 1) "
        "ON CONFLICT (hash, site) DO UPDATE SET clusters = clusters + 1",
        [(line, site) for line in lines],
    )


def uncount_lines(store: Store, site: str, lines: Iterable[int]) -> None:
    """Note that one group of copies less has these lines on this site. What is known to belong to
    the site's frame stays known: a swept article has lost those lines for good."""
    store.db.conn.executemany(
        "UPDATE lines SET clusters = clusters - 1 WHERE hash = ? AND site = ? AND clusters < ?",
        [(line, site, FRAME_GROUPS) for line in lines],
    )


def unswept_lines(store: Store, site: str) -> frozenset[int]:
    """The lines of a site's frame that were learned since its articles were last swept."""
    sql = f"SELECT hash FROM lines WHERE site = ? AND clusters >= {FRAME_GROUPS} AND NOT swept"
    return frozenset(row["hash"] for row in store.rows(sql, site))


def mark_swept(store: Store, site: str, lines: Iterable[int]) -> None:
    """Note that no stored article of the site has these lines any more."""
    store.db.conn.executemany(
        "UPDATE lines SET swept = 1 WHERE hash = ? AND site = ?", [(line, site) for line in lines]
    )


def holders(store: Store, keys: Sequence[int]) -> dict[int, list[int]]:
    """For each of `keys` the articles that brought it into their group, `COMMON` + 1 at most."""
    found: dict[int, list[int]] = {key: [] for key in keys}
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT key, article FROM fingerprints WHERE key IN ({marks})"
    for key, article in store.db.conn.execute(sql, keys):
        found[key].append(article)
    return found


def candidates(store: Store, found: Holders, but: int) -> list[sqlite3.Row]:
    """The articles whose groups share the rarest keys, best first, without the article `but`. (Keys
    are counted by group, because each stands with the article that brought it in.)

    After them come the article in front of each of their groups, and the one that is closest to it.
    Each row has `id`, `canonical_id`, `source`, `title`, `text`, `published`, `fetched` and `holds`
    (whether it is known to contain others).
    """
    weights: defaultdict[int, float] = defaultdict(float)
    shares: Counter[int] = Counter()
    for articles in found.values():
        if len(articles) <= COMMON:
            for article in articles:
                if article != but:
                    shares[article] += 1
                    weights[article] += 1 / len(articles)
    best = sorted(weights, key=lambda article: (-weights[article], article))[: 4 * CANDIDATES]
    groups = _groups(store, best)
    group_shares: Counter[int] = Counter()
    group_weights: defaultdict[int, float] = defaultdict(float)
    for article in best:
        group_shares[groups[article]] += shares[article]
        group_weights[groups[article]] += weights[article]
    hopeful = [
        article
        for article in sorted(best, key=lambda article: -group_weights[groups[article]])
        if group_shares[groups[article]] > 1 or group_weights[groups[article]] * RARE >= 1
    ]
    few = _few_of_a_group(_rows(store, hopeful))
    there = {but, *(row["id"] for row in few)}
    witnesses = [
        article
        for group in dict.fromkeys(row["canonical_id"] for row in few)
        for article in (group, _closest(store, group))
        if article is not None and article not in there
    ]
    return few + _rows(store, witnesses)


def _groups(store: Store, articles: Sequence[int]) -> dict[int, int]:
    """The canonical id of each of `articles`."""
    marks = ", ".join("?" * len(articles))
    sql = f"SELECT id, canonical_id FROM articles WHERE id IN ({marks})"
    return {row["id"]: row["canonical_id"] for row in store.rows(sql, *articles)}


def _closest(store: Store, front: int) -> int | None:
    """The article that is most like the one in front of its group, and not the same."""
    row = store.row(
        "SELECT article_id FROM copies WHERE of_id = ? AND kind = 'near' ORDER BY score DESC LIMIT 1",
        front,
    )
    return row["article_id"] if row else None


def _rows(store: Store, articles: Sequence[int]) -> list[sqlite3.Row]:
    marks = ", ".join("?" * len(articles))
    rows = store.rows(
        "SELECT id, canonical_id, source, title, text, published, fetched, EXISTS (SELECT 1 "
        "FROM copies WHERE article_id = articles.id AND kind = 'contains') AS holds "
        f"FROM articles WHERE id IN ({marks})",
        *articles,
    )
    place = {article: number for number, article in enumerate(articles)}
    return sorted(rows, key=lambda row: place[row["id"]])


def _few_of_a_group(rows: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
    taken: Counter[int] = Counter()
    kept = []
    for row in rows:
        taken[row["canonical_id"]] += 1
        if taken[row["canonical_id"]] <= OF_A_GROUP:
            kept.append(row)
    return kept[:CANDIDATES]


def add_keys(store: Store, article: int, group: Iterable[int], found: Holders) -> None:
    """Make an article findable by those keys that none of `group`, its copies, has brought in yet."""
    members = set(group)
    store.db.conn.executemany(
        "INSERT OR IGNORE INTO fingerprints (key, article) VALUES (?, ?)",
        [
            (key, article)
            for key, articles in found.items()
            if len(articles) <= COMMON and members.isdisjoint(articles)
        ],
    )
