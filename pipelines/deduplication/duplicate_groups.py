"""Keeps who is a copy of whom: groups of copies, each with the article that is kept in front."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from shopwire.storage.database import Store
from shopwire.storage.timestamps import assume_utc


@dataclass(frozen=True, slots=True)
class Link:
    """Why an article and a group belong together: one row of `copies` to be."""

    score: float
    why: Mapping[str, Any]


def get_latest_moment(published: str | None, fetched: str) -> datetime:
    """The latest time an article can have been published: a bare day counts to its last minute,
    an article without a date to the moment it was first seen.
    """
    seen = assume_utc(datetime.fromisoformat(fetched))
    if not published:
        return seen
    moment = datetime.fromisoformat(published)
    if len(published) <= len("2026-11-22"):
        moment = datetime.combine(moment, time(23, 59))
    return min(assume_utc(moment), seen)


def list_members(store: Store, canonical: int) -> list[int]:
    """The ids of a group of copies, the canonical one among them."""
    rows = store.rows("SELECT id FROM articles WHERE canonical_id = ?", canonical)
    return [row["id"] for row in rows]


def has_article_on_site(store: Store, group: int, site: str, but: int) -> bool:
    """Whether a group has an article on `site` other than the article `but`."""
    sql = "SELECT 1 FROM articles WHERE canonical_id = ? AND source = ? AND id <> ? LIMIT 1"
    return store.row(sql, group, site, but) is not None


def find_exact_duplicate(store: Store, article: int, text_hash: int) -> sqlite3.Row | None:
    """Another article (`id`, `canonical_id`) with the very same text."""
    sql = (
        "SELECT id, canonical_id FROM articles WHERE text_hash = ? AND id <> ? ORDER BY id LIMIT 1"
    )
    return store.row(sql, text_hash, article)


def merge_groups(store: Store, article: int, links: Mapping[int, Link]) -> int:
    """Join an article that stands alone, and the groups it was linked to, into one group.

    `links` has the canonical id of each group. Gives the canonical id of them all: the one published
    first, then seen first, then the longest. Call inside `store.writing()`.
    """
    front = _choose_canonical(store, [article, *links])
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [front])
    if front != article:
        _join_group(store, article, front, links[front])
    for group, link in links.items():
        if group != front:
            _join_group(store, group, front, link)
    # Copies of one report are not parts of each other.
    store.db.execute(
        "DELETE FROM copies WHERE kind = 'contains' "
        "AND article_id IN (SELECT id FROM articles WHERE canonical_id = ?1) "
        "AND of_id IN (SELECT id FROM articles WHERE canonical_id = ?1)",
        [front],
    )
    return front


def remove_article(store: Store, article: int) -> int | None:
    """Take an article whose text has changed out of its group and forget what it contained.

    Gives the canonical id of the copies that it leaves behind, if there are any.
    """
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind = 'contains'", [article])
    store.db.execute("DELETE FROM copies WHERE of_id = ? AND kind = 'contains'", [article])
    return leave_group(store, article)


def leave_group(store: Store, article: int) -> int | None:
    """Take an article out of its group.

    Gives the canonical id of the copies that it leaves behind, if there are any.
    """
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [article])
    row = store.row("SELECT canonical_id FROM articles WHERE id = ?", article)
    group = row["canonical_id"] if row else article
    rest = [member for member in list_members(store, group) if member != article]
    store.db.execute("UPDATE articles SET canonical_id = id WHERE id = ?", [article])
    if not rest or group != article:
        return group if rest else None
    front = _choose_canonical(store, rest)
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [front])
    _set_canonical(store, article, front)
    store.db.execute("UPDATE articles SET canonical_id = id WHERE id = ?", [article])
    return front


def list_weak_duplicates(store: Store, front: int, below: float, most: int) -> list[int]:
    """The ids of the copies of `canonical` that are least like what they were compared with."""
    rows = store.rows(
        "SELECT article_id FROM copies WHERE of_id = ? AND kind = 'near' AND score < ? "
        "ORDER BY score LIMIT ?",
        front,
        below,
        most,
    )
    return [row["article_id"] for row in rows]


def list_linked_through(store: Store, article: int) -> list[int]:
    """The ids of those that are in the group of `article` because they were compared with it."""
    rows = store.rows(
        "SELECT article_id, why FROM copies WHERE kind <> 'contains' AND of_id = "
        "(SELECT canonical_id FROM articles WHERE id = ?)",
        article,
    )
    links = [set(json.loads(row["why"])["between"]) for row in rows]
    return sorted({other for link in links if article in link for other in link} - {article})


def record_containment(store: Store, holder: int, held: int, link: Link) -> None:
    """Note that `holder` contains `held` whole; of one group of copies, only the best held one."""
    rivals = store.rows(
        "SELECT of_id, score FROM copies JOIN articles ON articles.id = of_id "
        "WHERE article_id = ? AND kind = 'contains' AND canonical_id = "
        "(SELECT canonical_id FROM articles WHERE id = ?)",
        holder,
        held,
    )
    if any(rival["score"] > link.score for rival in rivals):
        return
    store.db.conn.executemany(
        "DELETE FROM copies WHERE article_id = ? AND of_id = ? AND kind = 'contains'",
        [(holder, rival["of_id"]) for rival in rivals],
    )
    _insert_link(store, holder, held, "contains", link)


def _choose_canonical(store: Store, articles: Sequence[int]) -> int:
    marks = ", ".join("?" * len(articles))
    rows = store.rows(
        f"SELECT id, published, fetched, length(text) AS size FROM articles WHERE id IN ({marks})",
        *articles,
    )
    return int(min(rows, key=_rank_by_age)["id"])


def _rank_by_age(row: sqlite3.Row) -> tuple[datetime, str, int, int]:
    return (
        get_latest_moment(row["published"], row["fetched"]),
        row["fetched"],
        -row["size"],
        row["id"],
    )


def _join_group(store: Store, group: int, front: int, link: Link) -> None:
    """Make `group` and all its copies copies of `canonical`."""
    _set_canonical(store, group, front)
    _insert_link(store, group, front, _compare_texts(store, group, front), link)


def _set_canonical(store: Store, group: int, front: int) -> None:
    """Let the copies of `group`, and itself, point to `canonical` instead."""
    store.db.execute("UPDATE articles SET canonical_id = ? WHERE canonical_id = ?", [front, group])
    store.db.execute(
        "UPDATE copies SET of_id = :front, kind = iif("
        "(SELECT text_hash FROM articles WHERE id = article_id) = "
        "(SELECT text_hash FROM articles WHERE id = :front), 'exact', 'near') "
        "WHERE of_id = :group AND kind <> 'contains'",
        {"front": front, "group": group},
    )


def _compare_texts(store: Store, one: int, other: int) -> str:
    row = store.row(
        "SELECT count(DISTINCT text_hash) AS texts FROM articles WHERE id IN (?, ?)", one, other
    )
    return "exact" if row and row["texts"] == 1 else "near"


def _insert_link(store: Store, article: int, of: int, kind: str, link: Link) -> None:
    store.insert(
        "copies",
        {
            "article_id": article,
            "of_id": of,
            "kind": kind,
            "score": link.score,
            "why": json.dumps(link.why, ensure_ascii=False),
        },
    )
