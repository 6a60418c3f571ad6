"""Gives a stored article its story: finds candidates, decides, records."""

import json
from collections.abc import Iterable, Mapping
from sqlite3 import Row

import numpy as np

from shopwire.pipelines.stories import story_index, story_store
from shopwire.pipelines.stories.event_similarity import (
    WINDOW_DAYS,
    EventFeatures,
    Profile,
    Similarity,
    StoryDecision,
    choose_cluster,
    get_day_number,
    list_terms,
    read_event_features,
    weigh,
)
from shopwire.pipelines.stories.story_index import StoredProfile
from shopwire.pipelines.stories.translations import find_translations
from shopwire.storage.database import Store


def assign_story(store: Store, article: int, reading: EventFeatures | None = None) -> int:
    """Put an article into the story it tells of, or into a new one; gives the story's id.

    `features` is that of the article's text, read here where nobody has done so before. Call it after
    the article has got its place among the copies, and inside `store.writing()`: a copy belongs to
    the story of what it copies. Where a person has put the article it stays. Raises `LookupError`
    when there is no such article.
    """
    row = _load_article_row(store, article)
    group = _find_group_story(store, row)
    if group is not None and _is_manual(store, article):
        group = int(row["story_id"])
    if group is not None:
        story_index.split_group(store, row["canonical_id"], group)
        story_store.add_to_story(store, [article], group)
        return group
    reading = reading or _read_row_features(row)
    profile = weigh(reading, *story_index.load_frequencies(store, list_terms(reading)))
    old = store.row("SELECT strand, ruled FROM profiles WHERE article_id = ?", article)
    if old is None:
        story_index.count_terms(store, article, list_terms(reading))
    elif old["ruled"]:
        story_index.save_profile(store, _pack_profile(article, profile), old["strand"], ruled=True)
        return int(row["story_id"])
    return _join_story(store, article, profile)


def hand_over_profile(store: Store, heir: int, article: int) -> None:
    """Let `heir`, a copy that stays behind, stand for the text that `article` had until now.

    Call it when an article that other copies were recognised by leaves them with another text.
    """
    old = store.row("SELECT strand, ruled FROM profiles WHERE article_id = ?", article)
    if old is None:
        return
    reading = _read_row_features(_load_article_row(store, heir))
    profile = weigh(reading, *story_index.load_frequencies(store, list_terms(reading)))
    story_index.save_profile(store, _pack_profile(heir, profile), old["strand"], old["ruled"])


def leave_story(store: Store, article: int, heir: int) -> None:
    """Take an article out of its story, because it has turned out to be another one's copy than `heir`'s,
    which it leaves behind. Where a person has put it, it stays. Call `assign_story` afterwards."""
    if store.row("SELECT 1 FROM profiles WHERE article_id = ?", heir) is None:
        hand_over_profile(store, heir, article)
    if _is_manual(store, article):
        return
    story_index.delete_profile(store, article)
    story_store.remove_from_story(store, article)


def _is_manual(store: Store, article: int) -> bool:
    row = store.row("SELECT ruled FROM profiles WHERE article_id = ?", article)
    return bool(row and row["ruled"])


def _load_article_row(store: Store, article: int) -> Row:
    row = store.row(
        "SELECT id, canonical_id, story_id, title, text, language, "
        "coalesce(published, fetched) AS seen FROM articles WHERE id = ?",
        article,
    )
    if row is None:
        raise LookupError(f"no article {article} in {store.path}")
    return row


def _read_row_features(row: Row) -> EventFeatures:
    return read_event_features(
        row["title"], row["text"], row["language"], get_day_number(row["seen"])
    )


def _find_group_story(store: Store, row: Row) -> int | None:
    """The story that a copy of the article, or what it copies, stands in already."""
    found = store.row(
        "SELECT story_id FROM articles LEFT JOIN profiles ON article_id = id WHERE canonical_id = ? "
        "AND id <> ? AND story_id IS NOT NULL ORDER BY coalesce(ruled, 0) DESC, id LIMIT 1",
        row["canonical_id"],
        row["id"],
    )
    return int(found["story_id"]) if found else None


def _join_story(store: Store, article: int, profile: Profile) -> int:
    days = (profile.day - WINDOW_DAYS, profile.day + WINDOW_DAYS)
    strands = story_index.find_clusters(store, article, profile.keys, days)
    found = {strand: story_index.load_profiles(store, strand, article, days) for strand in strands}
    ids = {strand: [row["article_id"] for row in rows] for strand, rows in found.items()}
    known = {strand: [_unpack_profile(row) for row in rows] for strand, rows in found.items()}
    verdict = choose_cluster(profile, known)
    story_store.delete_links(store, article)
    if verdict.cluster is None:
        strand, story = _get_own_story(store, article)
    else:
        strand, story = verdict.cluster, story_store.get_story_of_cluster(store, verdict.cluster)
        others = dict(zip(ids[strand], known[strand], strict=True))
        _record_link(store, article, ids[strand], verdict)
        _record_translations(store, article, profile, others)
    story_index.save_profile(store, _pack_profile(article, profile), strand, ruled=False)
    story_store.add_to_story(store, [article], story)
    return story


def _get_own_story(store: Store, article: int) -> tuple[int, int]:
    """The strand and story an article has for itself already, else new ones."""
    row = store.row(
        "SELECT strand, story_id FROM profiles JOIN articles ON id = article_id WHERE id = ?",
        article,
    )
    if row is not None and not story_index.has_others(store, row["strand"], article):
        return row["strand"], row["story_id"]
    return story_index.get_new_cluster(store), story_store.create_story(store)


def _record_link(store: Store, article: int, members: list[int], verdict: StoryDecision) -> None:
    best = verdict.pairs[verdict.best]
    values = {
        "article_id": article,
        "like_id": members[verdict.best],
        "score": round(verdict.score, 3),
        "why": _explain_link(best, compared=len(verdict.pairs)),
    }
    store.insert("story_links", values)


def _record_translations(
    store: Store, article: int, profile: Profile, others: dict[int, Profile]
) -> None:
    for found in find_translations(article, profile, others):
        store.db.execute(
            "INSERT INTO translations VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET "
            "of_id = excluded.of_id, score = excluded.score, why = excluded.why "
            "WHERE excluded.score > translations.score",
            [found.article_id, found.of_id, round(found.score, 3), _explain_link(found.why)],
        )


def _explain_link(pair: Similarity, **more: int) -> str:
    """What two articles have in common, in words and figures, as JSON."""
    figures = {
        "score": round(pair.score, 2),
        "words alike": round(pair.cosine, 2),
        "numbers in common": round(pair.agreement, 2),
    }
    shared = {"words": pair.words, "marks": pair.marks}
    return json.dumps({**figures, **more, **shared}, ensure_ascii=False)


def _pack_profile(article: int, profile: Profile) -> StoredProfile:
    return StoredProfile(
        article,
        profile.day,
        profile.language,
        profile.length,
        _join_lines(sorted(profile.marks)),
        _join_lines(profile.keys),
        pack_words(profile.words),
    )


def _join_lines(values: Iterable[str]) -> str:
    return "\n".join(values)


def _unpack_profile(row: Row) -> Profile:
    marks = frozenset(row["marks"].split("\n")) if row["marks"] else frozenset()
    return Profile(row["language"], row["day"], row["length"], unpack_words(row["words"]), marks)


def pack_words(words: Mapping[int, float]) -> bytes:
    """Return word keys (32 bits each), then their weights (16-bit floats), as bytes."""
    keys = np.fromiter(words.keys(), dtype="<u4", count=len(words))
    weights = np.fromiter(words.values(), dtype="<f2", count=len(words))
    return keys.tobytes() + weights.tobytes()


def unpack_words(packed: bytes) -> dict[int, float]:
    """Return word key -> weight of what `pack_words` made."""
    count = len(packed) // 6
    keys = np.frombuffer(packed, dtype="<u4", count=count)
    weights = np.frombuffer(packed, dtype="<f2", offset=4 * count)
    return dict(zip(keys.tolist(), weights.tolist(), strict=True))
