"""Assigns a stored article to a story: finds candidate clusters, chooses one, records why."""

import json
from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Row

from shopwire.pipelines.nlp.slots import MarkedText, compare_texts, mark_text
from shopwire.pipelines.stories import story_index, story_store
from shopwire.pipelines.stories.digest_links import link_digest, link_report, unlink_digest
from shopwire.pipelines.stories.digests import is_digest
from shopwire.pipelines.stories.event_features import (
    EventFeatures,
    Profile,
    get_day_number,
    list_terms,
    read_event_features,
)
from shopwire.pipelines.stories.event_similarity import (
    WINDOW_DAYS,
    Similarity,
    StoryDecision,
    choose_cluster,
    weaken_common,
)
from shopwire.pipelines.stories.profile_rows import build_profile, pack_profile, unpack_profile
from shopwire.pipelines.stories.subjects import have_common_subject, mark_lead, remove_datelines
from shopwire.pipelines.stories.translations import find_translations
from shopwire.storage.database import Store

# Two texts of one language can be one form only if so much of their words is alike, and so much of each is
# in aligned runs; of their leads, so much.
FORM_COSINE = 0.3
FORM_SHARE = 0.35
LEAD_FORM_SHARE = 0.25


def assign_story(store: Store, article: int, event: EventFeatures | None = None) -> int:
    """Add an article to the story that reports its event, or to a new one; return the id of the story.

    `event` has the features of the article's text, computed here where it is None. Call after
    `deduplicate`, because a duplicate belongs to the story of its group, and inside `store.writing()`.
    An article that a person has put into a story stays there. Raises `LookupError` when there is no
    such article.
    """
    row = _load_article_row(store, article)
    unlink_digest(store, article)
    story = _find_group_story(store, row)
    if story is not None and _is_manual(store, article):
        story = int(row["story_id"])
    if story is not None:
        story_index.split_group(store, row["canonical_id"], story)
        story_store.add_to_story(store, [article], story)
        return story
    event = event or _read_row_features(row)
    profile = build_profile(store, event)
    if is_digest(row["title"], row["text"]):
        # Without keys, no other article finds it.
        profile = replace(profile, keys={})
        link_digest(store, article, row["text"], row["language"], profile.day)
    old = store.row("SELECT strand, ruled FROM profiles WHERE article_id = ?", article)
    if old is None:
        story_index.count_terms(store, article, list_terms(event))
    if old is not None and old["ruled"]:
        story_index.save_profile(store, pack_profile(article, profile), old["strand"], ruled=True)
        story = int(row["story_id"])
    else:
        story = _join_story(store, row, profile)
    link_report(store, article, profile)
    return story


def hand_over_profile(store: Store, member: int, article: int) -> None:
    """Store a profile of `member`, so that its group stays in its cluster when `article` leaves the group.

    Call when the text of an article has changed, and with it its group. Does nothing where the article
    has no profile.
    """
    old = store.row("SELECT strand, ruled FROM profiles WHERE article_id = ?", article)
    if old is None:
        return
    profile = build_profile(store, _read_row_features(_load_article_row(store, member)))
    story_index.save_profile(store, pack_profile(member, profile), old["strand"], old["ruled"])


def leave_story(store: Store, article: int, member: int) -> None:
    """Remove an article from its story, because it has left the group of duplicates of `member`.

    An article that a person has put into a story stays there, and one whose group is not in a story yet
    stays until `assign_story` is called, afterwards.
    """
    heir = store.row(
        "SELECT id FROM articles WHERE canonical_id = (SELECT canonical_id FROM articles WHERE id = ?1) "
        "AND id <> ?2 AND story_id IS NOT NULL ORDER BY id <> ?1, id LIMIT 1",
        member,
        article,
    )
    if heir is None:
        return
    if store.row("SELECT 1 FROM profiles WHERE article_id = ?", heir["id"]) is None:
        hand_over_profile(store, heir["id"], article)
    if _is_manual(store, article):
        return
    story_index.delete_profile(store, article)
    story_store.remove_from_story(store, article)


def delete_from_story(store: Store, article: int, heir: int | None) -> None:
    """Remove an article that is about to be deleted from its story, from the statistics, and from the
    reasons of other articles; `heir` has taken over its profile. Call inside `store.writing()`."""
    if store.row("SELECT 1 FROM profiles WHERE article_id = ?", article) is not None:
        features = _read_row_features(_load_article_row(store, article))
        story_index.uncount_terms(store, article, list_terms(features))
        if heir is not None:
            features = _read_row_features(_load_article_row(store, heir))
            story_index.count_terms(store, heir, list_terms(features))
    story_index.delete_profile(store, article)
    story_store.remove_from_story(store, article)
    story_store.forget_article(store, article)


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
    return read_event_features(row["title"], row["text"], row["language"], get_day_number(row["seen"]))


def _find_group_story(store: Store, row: Row) -> int | None:
    """Return the story of another article of the same group of duplicates, None if there is none."""
    found = store.row(
        "SELECT story_id FROM articles LEFT JOIN profiles ON article_id = id WHERE canonical_id = ? "
        "AND id <> ? AND story_id IS NOT NULL ORDER BY coalesce(ruled, 0) DESC, id LIMIT 1",
        row["canonical_id"],
        row["id"],
    )
    return int(found["story_id"]) if found else None


def _join_story(store: Store, row: Row, profile: Profile) -> int:
    """Add an article to the most similar cluster and its story, or to new ones; return the story."""
    article = int(row["id"])
    days = (profile.day - WINDOW_DAYS, profile.day + WINDOW_DAYS)
    clusters = story_index.find_clusters(store, article, profile.keys, days)
    rows = {one: story_index.load_profiles(store, one, article, days) for one in clusters}
    profiles = {one: [unpack_profile(row) for row in rows[one]] for one in clusters}
    weakened = weaken_common(profile, profiles.values())
    decision = choose_cluster(weakened, profiles)
    while decision.cluster is not None and _is_other_news(
        store, row, profile, rows[decision.cluster], decision
    ):
        del profiles[decision.cluster]
        decision = choose_cluster(weakened, profiles)
    story_store.delete_links(store, article)
    if decision.cluster is None:
        cluster, story = _get_own_story(store, article)
    else:
        cluster, story = decision.cluster, story_store.get_story_of_cluster(store, decision.cluster)
        members = [row["article_id"] for row in rows[cluster]]
        _record_link(store, article, members, decision)
        others = dict(zip(members, profiles[cluster], strict=True))
        _record_translations(store, article, profile, others)
    story_index.save_profile(store, pack_profile(article, profile), cluster, ruled=False)
    story_store.add_to_story(store, [article], story)
    return story


def _is_other_news(
    store: Store, row: Row, profile: Profile, members: Sequence[Row], decision: StoryDecision
) -> bool:
    """Return whether an article and the most similar one of a cluster are about different subjects, or are
    one form filled in twice, or their leads are."""
    best = members[decision.best_index]
    if best["language"] != profile.language:
        return False
    one, other = map(_mark_article, (row, _load_article_row(store, best["article_id"])))
    if not have_common_subject(one, other):
        return True
    if _are_one_form(mark_lead(one), mark_lead(other), LEAD_FORM_SHARE):
        return True
    return decision.pairs[decision.best_index].cosine >= FORM_COSINE and _are_one_form(one, other, FORM_SHARE)


def _are_one_form(one: MarkedText, other: MarkedText, least: float) -> bool:
    """Return whether two texts are one form filled in twice, which covers at least this share of each."""
    found = compare_texts(one, other)
    return found.is_form and min(found.covered) >= least


def _mark_article(row: Row) -> MarkedText:
    return mark_text(row["title"], remove_datelines(row["text"]))


def _get_own_story(store: Store, article: int) -> tuple[int, int]:
    """Return cluster and story of an article that is alone in its cluster, else new ones."""
    row = store.row(
        "SELECT strand, story_id FROM profiles JOIN articles ON id = article_id WHERE id = ?", article
    )
    if row is not None and not story_index.has_others(store, row["strand"], article):
        return row["strand"], row["story_id"]
    return story_index.get_new_cluster(store), story_store.create_story(store)


def _record_link(store: Store, article: int, members: list[int], decision: StoryDecision) -> None:
    best = decision.best_index
    values = {
        "article_id": article,
        "like_id": members[best],
        "score": round(decision.score, 3),
        "why": _explain_link(decision.pairs[best], compared=len(decision.pairs)),
    }
    store.insert("story_links", values)


def _record_translations(store: Store, article: int, profile: Profile, others: dict[int, Profile]) -> None:
    for found in find_translations(article, profile, others):
        store.db.execute(
            "INSERT INTO translations VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET "
            "of_id = excluded.of_id, score = excluded.score, why = excluded.why "
            "WHERE excluded.score > translations.score",
            [found.article_id, found.of_id, round(found.score, 3), _explain_link(found.why)],
        )


def _explain_link(pair: Similarity, **more: int) -> str:
    """Return what two articles have in common, in words and numbers, as JSON."""
    figures = {
        "score": round(pair.score, 2),
        "words alike": round(pair.cosine, 2),
        "numbers in common": round(pair.agreement, 2),
    }
    shared = {"words": pair.words, "marks": pair.features}
    return json.dumps({**figures, **more, **shared}, ensure_ascii=False)
