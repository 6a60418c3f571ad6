"""Stores document frequencies and profiles of articles, and finds clusters by an index of their keys.

A cluster of similar articles has a number, which is the column `strand` of `profiles`; the index is the
table `facts`.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shopwire.storage.database import Store

# All look-ups are limited, so that an article takes no longer in a large store.
MAX_ARTICLES_PER_KEY = 60
MAX_ARTICLES = 30
MAX_MEMBERS_COMPARED = 12

# Every article is counted while the store is small; later only one in so many, with their weight.
COUNT_EACH_UNTIL = 2000
COUNT_ONE_IN = 8
# The name of the frequencies that are kept in memory.
FREQUENCIES = "frequencies"


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A row of `profiles`: `marks` are its features, one a line as `keys` are; `day` counts from
    1970-01-01."""

    article_id: int
    day: int
    language: str
    length: int
    marks: str
    keys: str
    words: bytes


def load_frequencies(store: Store, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
    """Return how many articles were counted, and how many of them have each term (0 left out)."""
    wanted = ["", *terms]
    kept = store.kept.get_mapping(FREQUENCIES)
    unknown = [term for term in wanted if term not in kept]
    if unknown:
        kept.update(dict.fromkeys(unknown, 0))
        rows = store.db.execute(
            "SELECT term, articles FROM json_each(?) CROSS JOIN terms ON term = value", [json.dumps(unknown)]
        )
        kept.update(rows.fetchall())
    found = {term: articles for term in wanted if (articles := kept[term])}
    return found.pop("", 0), found


def count_terms(store: Store, article: int, terms: Iterable[str]) -> None:
    """Count the terms of a new article; in a large store only those of one in `COUNT_ONE_IN` articles."""
    counted, _ = load_frequencies(store, [])
    weight = 1
    if counted >= COUNT_EACH_UNTIL:
        if article % COUNT_ONE_IN:
            return
        weight = COUNT_ONE_IN
    add_terms(store, terms, weight)


def add_terms(store: Store, terms: Iterable[str], articles: int) -> None:
    """Count so many articles that have these terms."""
    counted = ["", *terms]
    # One statement for all: of each for itself SQLite needs half as long again.
    store.db.execute(
        "INSERT INTO terms SELECT value, ?2 FROM json_each(?1) WHERE true "
        "ON CONFLICT (term) DO UPDATE SET articles = articles + ?2",
        [json.dumps(counted), articles],
    )
    kept = store.kept.get_mapping(FREQUENCIES)
    for term in counted:
        if term in kept:
            kept[term] += articles


def uncount_terms(store: Store, article: int, terms: Iterable[str]) -> None:
    """Undo `count_terms`, as far as the id of an article shows how it was counted."""
    weight = 1 if article <= COUNT_EACH_UNTIL else 0 if article % COUNT_ONE_IN else COUNT_ONE_IN
    values = [(term, weight) for term in ("", *terms)]
    store.db.conn.executemany("DELETE FROM terms WHERE term = ? AND articles <= ?", values)
    store.db.conn.executemany("UPDATE terms SET articles = articles - ?2 WHERE term = ?1", values)
    kept = store.kept.get_mapping(FREQUENCIES)
    for term, _ in values:
        kept.pop(term, None)


def find_clusters(store: Store, article: int, keys: Mapping[str, float], days: tuple[int, int]) -> list[int]:
    """Return the clusters whose articles of those days (first, last) share most keys by weight.

    The article itself is left out.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for key, weight in keys.items():
        for (other,) in store.db.execute(
            "SELECT article_id FROM facts WHERE key = ? AND day BETWEEN ? AND ? "
            "ORDER BY day DESC, article_id DESC LIMIT ?",
            [key, *days, MAX_ARTICLES_PER_KEY],
        ):
            scores[other] += weight
    scores.pop(article, None)
    best = sorted(scores, key=lambda other: (-scores[other], other))[:MAX_ARTICLES]
    placeholders = ",".join("?" * len(best))
    rows = store.db.execute(
        f"SELECT DISTINCT strand FROM profiles WHERE article_id IN ({placeholders})", best
    )
    return [cluster for (cluster,) in rows]


def get_new_cluster(store: Store) -> int:
    """Return a number that no cluster has."""
    row = store.row("SELECT max(strand) AS last FROM profiles")
    return (row["last"] or 0) + 1 if row else 1


def split_group(store: Store, group: int, story: int) -> None:
    """Move articles of a group of duplicates that are in another story than `story` to a new cluster.

    They join `story` with their duplicates, while the rest of their cluster stays in its story.
    """
    moved = [
        row["id"]
        for row in store.rows(
            "SELECT id FROM articles JOIN profiles ON article_id = id "
            "WHERE canonical_id = ? AND story_id <> ?",
            group,
            story,
        )
    ]
    if moved:
        placeholders = ",".join("?" * len(moved))
        store.db.execute(
            f"UPDATE profiles SET strand = ? WHERE article_id IN ({placeholders})",
            [get_new_cluster(store), *moved],
        )


def has_others(store: Store, cluster: int, article: int) -> bool:
    """Return whether a cluster has any article but this one."""
    return bool(
        store.row("SELECT 1 FROM profiles WHERE strand = ? AND article_id <> ? LIMIT 1", cluster, article)
    )


def load_profiles(store: Store, cluster: int, article: int, days: tuple[int, int]) -> Sequence[sqlite3.Row]:
    """Return the latest profiles of a cluster of those days, without that of `article`."""
    return store.rows(
        "SELECT article_id, day, language, length, marks, keys, words FROM profiles "
        "WHERE strand = ? AND day BETWEEN ? AND ? AND article_id <> ? "
        "ORDER BY day DESC, article_id DESC LIMIT ?",
        cluster,
        *days,
        article,
        MAX_MEMBERS_COMPARED,
    )


def save_profile(store: Store, profile: StoredProfile, cluster: int, ruled: bool) -> None:
    """Store a profile in a cluster, and index the article by its keys. `ruled` says that a person has put
    the article into its story."""
    delete_profile(store, profile.article_id)
    columns = {name: getattr(profile, name) for name in profile.__slots__}
    store.insert("profiles", {**columns, "strand": cluster, "ruled": ruled})
    store.db.conn.executemany(
        "INSERT INTO facts VALUES (?, ?, ?)",
        [(key, profile.day, profile.article_id) for key in profile.keys.split("\n") if key],
    )


def delete_profile(store: Store, article: int) -> None:
    """Delete the profile of an article and its entries in the index."""
    row = store.row("SELECT day, keys FROM profiles WHERE article_id = ?", article)
    if row is None:
        return
    store.db.conn.executemany(
        "DELETE FROM facts WHERE key = ? AND day = ? AND article_id = ?",
        [(key, row["day"], article) for key in row["keys"].split("\n")],
    )
    store.db.execute("DELETE FROM profiles WHERE article_id = ?", [article])
