"""Finds the duplicates of a stored article: looks up candidates, classifies them, records the result."""

import functools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from shopwire.pipelines.deduplication import duplicate_groups, fingerprint_index
from shopwire.pipelines.deduplication.classify_candidates import STRONG_LINK, classify_candidates
from shopwire.pipelines.deduplication.classify_pair import Relation
from shopwire.pipelines.deduplication.compared_pair import ComparedText
from shopwire.pipelines.deduplication.duplicate_groups import DuplicateLink
from shopwire.pipelines.deduplication.fingerprint import sample_keys
from shopwire.pipelines.deduplication.text_features import (
    TextFeatures,
    cache_text_features,
    get_text_features,
)
from shopwire.pipelines.extraction import site_boilerplate
from shopwire.storage.database import Store
from shopwire.storage.text.folding import hash_line

# Boilerplate is at the start and the end of a text: so many lines of each are counted.
EDGE_LINES = 40

# So many articles are reevaluated when another one comes.
MAX_REEVALUATED = 8

# The id of none.
NO_ARTICLE = 0


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """Result of `deduplicate`: the canonical id of the article, and the articles reevaluated because of
    it, each with a member of the group that it has left (None if it stayed in its group)."""

    canonical: int
    reevaluated: tuple[tuple[int, int | None], ...] = ()


def deduplicate(store: Store, article: int, features: TextFeatures | None = None) -> Deduplicated:
    """Record what a new text is a duplicate of, contains, or is contained in.

    `features` are those of the text, computed here where they are None. Call once for each text,
    after `remove_from_group` when the article had another one before, and inside `store.writing()`.
    Raises `LookupError` when there is no such article.
    """
    row = _load_article(store, article)
    lines = hash_edge_lines(row["text"])
    reevaluated: tuple[tuple[int, int | None], ...] = ()
    if same := duplicate_groups.find_exact_duplicate(store, article, row["text_hash"]):
        canonical = _merge_exact(store, row, same)
    else:
        if features is not None:
            cache_text_features(row["text"], features)
        reevaluated = tuple(_reevaluate(store, _find_duplicates(store, row), article))
        canonical = _load_article(store, article)["canonical_id"]
    if not duplicate_groups.has_article_on_site(store, canonical, row["source"], article):
        site_boilerplate.count_lines(store, row["source"], set(lines.values()))
    return Deduplicated(canonical, reevaluated)


def deduplicate_again(store: Store, article: int) -> Deduplicated:
    """Find the duplicates of an article again, because texts have been stored that it was not compared with.

    Call inside `store.writing()`. Raises `LookupError` when there is no such article.
    """
    row = _load_article(store, article)
    same = duplicate_groups.find_exact_duplicate(store, article, row["text_hash"])
    if same and same["canonical_id"] != row["canonical_id"]:
        return Deduplicated(_merge_exact(store, row, same))
    if duplicate_groups.list_members(store, row["canonical_id"]) == [article]:
        reevaluated = tuple(_reevaluate(store, _find_duplicates(store, row), article))
    else:
        reevaluated = tuple(_reevaluate(store, [article], NO_ARTICLE))
    return Deduplicated(_load_article(store, article)["canonical_id"], reevaluated)


def remove_from_group(store: Store, article: int) -> int | None:
    """Remove an article whose text is about to change from its group of duplicates.

    Return the canonical id of the remaining group, None if there is none. The lines of the old text
    are no longer counted, or an article corrected four times would make its own sentences boilerplate.
    """
    row = _load_article(store, article)
    if not duplicate_groups.has_article_on_site(store, row["canonical_id"], row["source"], article):
        lines = hash_edge_lines(row["text"])
        site_boilerplate.uncount_lines(store, row["source"], set(lines.values()))
    return duplicate_groups.remove_article(store, article)


def withdraw_article(store: Store, article: int) -> Deduplicated:
    """Remove an article that is about to be deleted from its group, and from what links other duplicates.

    `canonical` of the result is that of the remaining group, or the article itself if there is none. Call
    `fingerprint_index.delete_keys` before, and both inside `store.writing()`.
    """
    linked_through = duplicate_groups.list_linked_through(store, article)
    remaining = remove_from_group(store, article)
    # Reindexing a group may have stored the article again under the keys of its present text.
    keys = _sample_keys(_load_text(store, _load_article(store, article)))
    fingerprint_index.delete_article_keys(store, article, keys)
    if remaining is not None:
        reindex_group(store, remaining)
    reevaluated = tuple(_reevaluate(store, linked_through, article))
    duplicate_groups.unlink_article(store, article, linked_through)
    return Deduplicated(article if remaining is None else remaining, reevaluated)


def reindex_group(store: Store, article: int) -> None:
    """Store `article` under the keys that its group lacks since another article has left it."""
    row = _load_article(store, article)
    holders = fingerprint_index.find_holders(store, _sample_keys(_load_text(store, row)))
    fingerprint_index.add_keys(
        store, article, duplicate_groups.list_members(store, row["canonical_id"]), holders
    )


def _merge_exact(store: Store, row: sqlite3.Row, same: sqlite3.Row) -> int:
    """Merge the group of an article with that of another one with the same text; return the canonical id."""
    why = {"says": "the same text", "between": [row["id"], same["id"]]}
    links = {same["canonical_id"]: DuplicateLink(1.0, why)}
    return duplicate_groups.merge_groups(store, row["canonical_id"], links)


def _find_duplicates(store: Store, row: sqlite3.Row) -> list[int]:
    """Record the duplicates of an article that has none yet; return articles to be reevaluated."""
    text = _load_text(store, row)
    holders = fingerprint_index.find_holders(store, _sample_keys(text))
    others = _load_texts(store, fingerprint_index.find_candidates(store, holders, text.id))
    classified = classify_candidates(text, others)
    group_of = {other.id: other.group for other in others}
    doubted = classified.doubted
    links: dict[int, DuplicateLink] = {}
    for relation in classified.relations:
        if relation.kind == "contains":
            duplicate_groups.record_containment(
                store, relation.article_id, relation.of_id, _make_link(relation)
            )
            doubted.append(relation.article_id)
        elif group_of[relation.of_id] not in links:
            links[group_of[relation.of_id]] = _make_link(relation)
    canonical = duplicate_groups.merge_groups(store, text.id, links) if links else text.id
    duplicates: Iterable[int] = duplicate_groups.list_members(store, canonical) if links else ()
    fingerprint_index.add_keys(store, text.id, duplicates, holders)
    if text.text == row["text"]:
        fingerprint_index.save_shingles(store, text.id, hash_edge_lines(text.text).values(), text.shingles)
    return doubted + duplicate_groups.list_weak_duplicates(store, canonical, STRONG_LINK, MAX_REEVALUATED)


def _reevaluate(store: Store, articles: Iterable[int], new_article: int) -> Iterator[tuple[int, int | None]]:
    """Find the duplicates of some articles again, now that there is another text to compare with.

    Yield each with a member of the group that it has left, or None if it stayed. The duplicates that are in
    its group only through it leave with it, or it would be linked to the group through them. Where one leaves
    its group, the articles that were linked through it are reevaluated too.
    """
    waiting = [article for article in dict.fromkeys(articles) if article != new_article]
    done: set[int] = set()
    while waiting and len(done) < MAX_REEVALUATED:
        article = waiting.pop(0)
        if article in done:
            continue
        done.add(article)
        linked_through = duplicate_groups.list_linked_through(store, article)
        branch = duplicate_groups.split_branch(store, article)
        left = duplicate_groups.leave_group(store, article)
        if left is None:
            continue
        followers = duplicate_groups.list_members(store, branch) if branch else []
        for canonical in (left, branch):
            if canonical is not None:
                reindex_group(store, canonical)
        _find_duplicates(store, _load_article(store, article))
        remaining = _load_article(store, left)["canonical_id"]
        if _load_article(store, article)["canonical_id"] != remaining:
            waiting += linked_through
            yield article, left
        else:
            yield article, None
        for follower in followers:
            if _load_article(store, follower)["canonical_id"] != remaining:
                yield follower, left


def _load_article(store: Store, article: int) -> sqlite3.Row:
    row = store.row(f"{fingerprint_index.SELECT_COMPARED} WHERE id = ?", article)
    if row is None:
        raise LookupError(f"no article {article} in {store.path}")
    return row


def _make_link(relation: Relation) -> DuplicateLink:
    return DuplicateLink(relation.score, relation.why)


def _sample_keys(text: ComparedText) -> list[int]:
    keys: list[int] = sample_keys(text.features.keys).tolist()
    return keys


@functools.lru_cache(maxsize=512)
def hash_edge_lines(text: str) -> Mapping[str, int]:
    """Return the lines at the edges of a text, where boilerplate is, each with its hash."""
    lines = [line for line in text.split("\n") if line.strip()]
    edges = lines if len(lines) <= 2 * EDGE_LINES else lines[:EDGE_LINES] + lines[-EDGE_LINES:]
    return {line: hash_line(line) for line in edges}


def _load_text(store: Store, row: sqlite3.Row) -> ComparedText:
    """Return an article as a text to compare, without known boilerplate."""
    return _load_texts(store, [row])[0]


def _load_texts(store: Store, rows: Sequence[sqlite3.Row]) -> list[ComparedText]:
    """Return articles as texts to compare, without known boilerplate."""
    stored = [fingerprint_index.unpack_shingles(row) for row in rows]
    lines = [
        kept[0] if kept else [*hash_edge_lines(row["text"]).values()]
        for row, kept in zip(rows, stored, strict=True)
    ]
    boilerplate = site_boilerplate.select_boilerplate(store, chain.from_iterable(lines))
    texts = []
    for row, kept, hashes in zip(rows, stored, lines, strict=True):
        text, shingles = row["text"], kept[1] if kept else None
        if not boilerplate.isdisjoint(hashes):
            known = hash_edge_lines(text)
            text = "\n".join(line for line in text.split("\n") if known.get(line) not in boilerplate)
            shingles = None
        moment = duplicate_groups.get_latest_moment(row["published"], row["fetched"])
        texts.append(
            ComparedText(
                id=row["id"],
                group=row["canonical_id"],
                source=row["source"],
                title=row["title"],
                text=text,
                shingles=shingles or get_text_features(text).shorten(),
                moment=moment,
                is_round_up=bool(row["is_round_up"]),
            )
        )
    return texts
