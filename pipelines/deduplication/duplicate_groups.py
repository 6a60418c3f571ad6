"""Stores groups of duplicates, each with its canonical article, and what an article contains."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from shopwire.storage.database import Store
from shopwire.storage.timestamps import assume_utc

# Whether a row of `copies` is about the text of the article `?1`.
KIND: Final = (
    "iif((SELECT text_hash FROM articles WHERE id = article_id) = "
    "(SELECT text_hash FROM articles WHERE id = ?1), 'exact', 'near')"
)


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """Why an article belongs to a group: a row of `copies` without its ids."""

    score: float
    why: Mapping[str, Any]


def get_latest_moment(published: str | None, fetched: str) -> datetime:
    """Return the latest time at which an article can have been published.

    That is the last minute of a bare day, and the time of the fetch for an article without a date.
    """
    seen = assume_utc(datetime.fromisoformat(fetched))
    if not published:
        return seen
    moment = datetime.fromisoformat(published)
    if len(published) <= len("2026-11-22"):
        moment = datetime.combine(moment, time(23, 59))
    return min(assume_utc(moment), seen)


def list_members(store: Store, canonical: int) -> list[int]:
    """Return the ids of a group of duplicates, the canonical one included."""
    rows = store.rows("SELECT id FROM articles WHERE canonical_id = ?", canonical)
    return [row["id"] for row in rows]


def has_article_on_site(store: Store, group: int, site: str, excluded: int) -> bool:
    """Return whether a group has an article on `site` other than the article `excluded`."""
    sql = "SELECT 1 FROM articles WHERE canonical_id = ? AND source = ? AND id <> ? LIMIT 1"
    return store.row(sql, group, site, excluded) is not None


def find_exact_duplicate(store: Store, article: int, text_hash: int) -> sqlite3.Row | None:
    """Return `id` and `canonical_id` of another article with the same text, None if there is none."""
    sql = "SELECT id, canonical_id FROM articles WHERE text_hash = ? AND id <> ? ORDER BY id LIMIT 1"
    return store.row(sql, text_hash, article)


def merge_groups(store: Store, article: int, links: Mapping[int, DuplicateLink]) -> int:
    """Merge an article that has no duplicates yet, and the groups it was linked to, into one group.

    `links` has the canonical id of each group. Return the canonical id of the merged group: the article
    published first, then the longest, then stored first. Call inside `store.writing()`.
    """
    canonical = _choose_canonical(store, [article, *links])
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [canonical])
    if canonical != article:
        _join_group(store, article, canonical, links[canonical])
    for group, link in links.items():
        if group != canonical:
            _join_group(store, group, canonical, link)
    # Duplicates do not contain each other.
    store.db.execute(
        "DELETE FROM copies WHERE kind = 'contains' "
        "AND article_id IN (SELECT id FROM articles WHERE canonical_id = ?1) "
        "AND of_id IN (SELECT id FROM articles WHERE canonical_id = ?1)",
        [canonical],
    )
    return canonical


def remove_article(store: Store, article: int) -> int | None:
    """Remove an article whose text is about to change from its group, with all that it contains.

    Return the canonical id of the remaining group, None if there is none.
    """
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind = 'contains'", [article])
    store.db.execute("DELETE FROM copies WHERE of_id = ? AND kind = 'contains'", [article])
    return leave_group(store, article)


def leave_group(store: Store, article: int) -> int | None:
    """Remove an article from its group; return the canonical id of the remaining group, None if there is
    none."""
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [article])
    row = store.row("SELECT canonical_id FROM articles WHERE id = ?", article)
    group = row["canonical_id"] if row else article
    rest = [member for member in list_members(store, group) if member != article]
    store.db.execute("UPDATE articles SET canonical_id = id WHERE id = ?", [article])
    if not rest or group != article:
        return group if rest else None
    canonical = _choose_canonical(store, rest)
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [canonical])
    _set_canonical(store, article, canonical)
    store.db.execute("UPDATE articles SET canonical_id = id WHERE id = ?", [article])
    return canonical


def split_branch(store: Store, article: int) -> int | None:
    """Make the duplicates that are in the group of `article` only through it a group of their own.

    Return its canonical id, None where there are none: every other one is linked to the canonical article
    without `article`, or `article` is canonical. Call before `leave_group`.
    """
    row = store.row("SELECT canonical_id FROM articles WHERE id = ?", article)
    branch = _list_branch(store, row["canonical_id"], article) if row else []
    if not branch:
        return None
    canonical = _choose_canonical(store, branch)
    moved = json.dumps(branch)
    store.db.execute(
        "UPDATE articles SET canonical_id = ? WHERE id IN (SELECT value FROM json_each(?))",
        [canonical, moved],
    )
    store.db.execute("DELETE FROM copies WHERE article_id = ? AND kind <> 'contains'", [canonical])
    store.db.execute(
        f"UPDATE copies SET of_id = ?1, kind = {KIND} WHERE kind <> 'contains' "
        "AND article_id IN (SELECT value FROM json_each(?2))",
        [canonical, moved],
    )
    return canonical


def _list_branch(store: Store, canonical: int, article: int) -> list[int]:
    """Return the duplicates of `canonical` of which every chain of links to it goes through `article`."""
    if article == canonical:
        return []
    linked: dict[int, set[int]] = {member: set() for member in list_members(store, canonical)}
    for row in store.rows("SELECT why FROM copies WHERE of_id = ?", canonical):
        one, other = json.loads(row["why"])["between"]
        # Also named are articles that contain the canonical one, and one that was canonical and has left.
        if one in linked and other in linked:
            linked[one].add(other)
            linked[other].add(one)
    stays = _walk(linked, canonical, without=article)
    return sorted(_walk(linked, article, without=canonical) - stays - {article})


def _walk(linked: Mapping[int, set[int]], start: int, without: int) -> set[int]:
    """Return the articles that are linked to `start`, itself included, by chains without one of them."""
    found, waiting = {start}, [start]
    while waiting:
        for other in linked[waiting.pop()] - found - {without}:
            found.add(other)
            waiting.append(other)
    return found


def list_weak_duplicates(store: Store, canonical: int, below: float, limit: int) -> list[int]:
    """Return the ids of the `limit` near-duplicates with the lowest scores, all less than `below`."""
    rows = store.rows(
        "SELECT article_id FROM copies WHERE of_id = ? AND kind = 'near' AND score < ? "
        "ORDER BY score LIMIT ?",
        canonical,
        below,
        limit,
    )
    return [row["article_id"] for row in rows]


def list_linked_through(store: Store, article: int) -> list[int]:
    """Return the ids of articles that are in the group of `article` because of their similarity to it."""
    rows = store.rows(
        "SELECT article_id, why FROM copies WHERE kind <> 'contains' AND of_id = "
        "(SELECT canonical_id FROM articles WHERE id = ?)",
        article,
    )
    links = [set(json.loads(row["why"])["between"]) for row in rows]
    return sorted({other for link in links if article in link for other in link} - {article})


def unlink_article(store: Store, article: int, linked: Sequence[int]) -> None:
    """Make those duplicates that are still linked through an article linked to their canonical one."""
    store.db.conn.executemany(
        "UPDATE copies SET why = json_set(why, '$.between', json_array(article_id, of_id)) "
        "WHERE article_id = ?1 AND kind <> 'contains' "
        "AND ?2 IN (SELECT value FROM json_each(why, '$.between'))",
        [(other, article) for other in linked],
    )


def record_containment(store: Store, container: int, contained: int, link: DuplicateLink) -> None:
    """Record that `container` contains `contained`; of one group only the one with the highest score."""
    recorded = store.rows(
        "SELECT of_id, score FROM copies JOIN articles ON articles.id = of_id "
        "WHERE article_id = ? AND kind = 'contains' AND canonical_id = "
        "(SELECT canonical_id FROM articles WHERE id = ?)",
        container,
        contained,
    )
    if any(other["score"] > link.score for other in recorded):
        return
    store.db.conn.executemany(
        "DELETE FROM copies WHERE article_id = ? AND of_id = ? AND kind = 'contains'",
        [(container, other["of_id"]) for other in recorded],
    )
    _insert_link(store, container, contained, "contains", link)


def _choose_canonical(store: Store, articles: Sequence[int]) -> int:
    placeholders = ", ".join("?" * len(articles))
    rows = store.rows(
        f"SELECT id, published, fetched, length(text) AS size FROM articles WHERE id IN ({placeholders})",
        *articles,
    )
    return int(min(rows, key=_rank_by_age)["id"])


def _rank_by_age(row: sqlite3.Row) -> tuple[datetime, int, int]:
    """Return the moment, the size (longest first) and the id of an article.

    Articles without a date have the times of their fetches, in whole seconds: which of two was stored in
    an earlier second is chance, so their ids decide before their sizes.
    """
    moment = get_latest_moment(row["published"], row["fetched"])
    return moment, -row["size"] if row["published"] else 0, row["id"]


def _join_group(store: Store, group: int, canonical: int, link: DuplicateLink) -> None:
    """Make `group` and all its duplicates duplicates of `canonical`."""
    _set_canonical(store, group, canonical)
    _insert_link(store, group, canonical, _compare_texts(store, group, canonical), link)


def _set_canonical(store: Store, group: int, canonical: int) -> None:
    """Replace the canonical article of `group`, for itself and its duplicates, by `canonical`."""
    store.db.execute("UPDATE articles SET canonical_id = ? WHERE canonical_id = ?", [canonical, group])
    store.db.execute(
        f"UPDATE copies SET of_id = ?1, kind = {KIND} WHERE of_id = ?2 AND kind <> 'contains'",
        [canonical, group],
    )


def _compare_texts(store: Store, one: int, other: int) -> str:
    row = store.row("SELECT count(DISTINCT text_hash) AS texts FROM articles WHERE id IN (?, ?)", one, other)
    return "exact" if row and row["texts"] == 1 else "near"


def _insert_link(store: Store, article: int, of: int, kind: str, link: DuplicateLink) -> None:
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
