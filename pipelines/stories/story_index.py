"""What articles are recognised by: document frequencies, an index of facts, and their profiles."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shopwire.storage.database import Store

# All look-ups are bounded, so that an article costs the same in a large store.
HOLDERS_LOOKED_AT = 60
ARTICLES_LOOKED_AT = 30
MEMBERS_COMPARED = 12

# Every article is counted while the store is small; from then on one in so many stands for all.
COUNT_EACH_UNTIL = 2000
COUNT_ONE_IN = 8


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A row of `profiles`. `marks` and `keys` stand one a line, `day` counts from 1970-01-01."""

    article_id: int
    day: int
    language: str
    length: int
    marks: str
    keys: str
    words: bytes


def load_frequencies(store: Store, terms: Iterable[str]) -> tuple[int, dict[str, int]]:
    """Return how many articles were counted, and of these how many hold each term (0 left out)."""
    found: dict[str, int] = {}
    wanted = ["", *terms]
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join("?" * len(part))
        rows = store.db.execute(f"SELECT term, articles FROM terms WHERE term IN ({marks})", part)
        found.update(rows.fetchall())
    return found.pop("", 0), found


def count_terms(store: Store, article: int, terms: Iterable[str]) -> None:
    """Count the terms of a new article, or leave it to the one in eight that stands for it."""
    counted, _ = load_frequencies(store, [])
    weight = 1
    if counted >= COUNT_EACH_UNTIL:
        if article % COUNT_ONE_IN:
            return
        weight = COUNT_ONE_IN
    store.db.conn.executemany(
        "INSERT INTO terms VALUES (?1, ?2) "
        "ON CONFLICT (term) DO UPDATE SET articles = articles + ?2",
        [(term, weight) for term in ("", *terms)],
    )


def find_clusters(
    store: Store, article: int, keys: Mapping[str, float], days: tuple[int, int]
) -> list[int]:
    """Return the strands whose articles of those days (first, last) share most keys by weight.

    The article itself is left out.
    """
    score: defaultdict[int, float] = defaultdict(float)
    for key, weight in keys.items():
        for (holder,) in store.db.execute(
            "SELECT article_id FROM facts WHERE key = ? AND day BETWEEN ? AND ? "
            "ORDER BY day DESC, article_id DESC LIMIT ?",
            [key, *days, HOLDERS_LOOKED_AT],
        ):
            score[holder] += weight
    score.pop(article, None)
    best = sorted(score, key=lambda holder: (-score[holder], holder))[:ARTICLES_LOOKED_AT]
    marks = ",".join("?" * len(best))
    rows = store.db.execute(
        f"SELECT DISTINCT strand FROM profiles WHERE article_id IN ({marks})", best
    )
    return [strand for (strand,) in rows]


def get_new_cluster(store: Store) -> int:
    """Return a number that no strand has."""
    row = store.row("SELECT max(strand) AS last FROM profiles")
    return (row["last"] or 0) + 1 if row else 1


def split_group(store: Store, group: int, story: int) -> None:
    """Take those articles of a group of copies out of their strands that are of another story.

    They come into `story` with their copies, while their strand stays where it is.
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
        marks = ",".join("?" * len(moved))
        store.db.execute(
            f"UPDATE profiles SET strand = ? WHERE article_id IN ({marks})",
            [get_new_cluster(store), *moved],
        )


def has_others(store: Store, strand: int, article: int) -> bool:
    """Return whether a strand holds any article but this one."""
    return bool(
        store.row(
            "SELECT 1 FROM profiles WHERE strand = ? AND article_id <> ? LIMIT 1", strand, article
        )
    )


def load_profiles(
    store: Store, strand: int, article: int, days: tuple[int, int]
) -> Sequence[sqlite3.Row]:
    """Return profiles of a strand of those days, the latest few, `article` left out."""
    return store.rows(
        "SELECT article_id, day, language, length, marks, keys, words FROM profiles "
        "WHERE strand = ? AND day BETWEEN ? AND ? AND article_id <> ? "
        "ORDER BY day DESC, article_id DESC LIMIT ?",
        strand,
        *days,
        article,
        MEMBERS_COMPARED,
    )


def save_profile(store: Store, profile: StoredProfile, strand: int, ruled: bool) -> None:
    """Keep a profile, and index the article under its keys."""
    delete_profile(store, profile.article_id)
    columns = {name: getattr(profile, name) for name in profile.__slots__}
    store.insert("profiles", {**columns, "strand": strand, "ruled": ruled})
    store.db.conn.executemany(
        "INSERT INTO facts VALUES (?, ?, ?)",
        [(key, profile.day, profile.article_id) for key in profile.keys.split("\n") if key],
    )


def delete_profile(store: Store, article: int) -> None:
    """Forget what an article was recognised by."""
    row = store.row("SELECT day, keys FROM profiles WHERE article_id = ?", article)
    if row is None:
        return
    store.db.conn.executemany(
        "DELETE FROM facts WHERE key = ? AND day = ? AND article_id = ?",
        [(key, row["day"], article) for key in row["keys"].split("\n")],
    )
    store.db.execute("DELETE FROM profiles WHERE article_id = ?", [article])
