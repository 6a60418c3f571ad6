"""Stores which articles belong to a story, and the merges and splits of stories made by people."""

import json
from collections.abc import Iterable, Sequence
from sqlite3 import Row
from typing import Any

from shopwire.pipelines.stories.story_index import get_new_cluster
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now


class UnknownStoryError(LookupError):
    """Raised by `merge_stories` and `split_story` for a story or article that does not exist, named in it."""


def list_story_articles(store: Store, story: int) -> list[dict[str, Any]]:
    """Return the articles of a story by time: id, part, day, language, title, source, url, text.

    `because` says why each is in it, `ruled` whether a person has put it there. For one that is there
    for its similarity `shared` has the `marks` (features) and `words` in common.
    """
    rows = store.rows(
        "SELECT a.id, part, substr(coalesce(published, fetched), 1, 10) AS day, a.language, a.title, "
        "a.source, url, text, canonical_id, t.of_id, l.like_id, l.why, "
        "coalesce(ruled, 0) AS ruled FROM story_parts JOIN articles a ON a.id = story_parts.article_id "
        "LEFT JOIN profiles ON profiles.article_id = coalesce(canonical_id, a.id) "
        "LEFT JOIN translations t ON t.article_id = a.id "
        "LEFT JOIN story_links l ON l.article_id = a.id "
        "WHERE story = ? ORDER BY datetime(coalesce(published, fetched)), a.id",
        story,
    )
    shown = ("id", "part", "day", "language", "title", "source", "url", "text")
    return [
        {**{name: row[name] for name in shown}, "ruled": bool(row["ruled"]), **_explain_membership(row)}
        for row in rows
    ]


def list_mentions(store: Store, story: int) -> list[str]:
    """Return in which digests a story is mentioned, and which stories its own digests mention."""
    mentioned = store.rows(
        "SELECT DISTINCT digest, digest_title FROM digest_mentions WHERE story = ? ORDER BY day, digest",
        story,
    )
    mentions = store.rows(
        "SELECT story, line FROM digest_mentions JOIN articles ON id = digest WHERE story_id = ? "
        "ORDER BY digest, item",
        story,
    )
    return [f"mentioned in {title} (article {digest})" for digest, title in mentioned] + [
        f"mentions story {other}: {line}" for other, line in mentions
    ]


def _explain_membership(row: Row) -> dict[str, Any]:
    if row["canonical_id"] != row["id"]:
        return {"because": f"copy of {row['canonical_id']}"}
    if row["of_id"]:
        return {"because": f"translation of {row['of_id']}"}
    if row["like_id"]:
        return {"because": f"like {row['like_id']}", "shared": json.loads(row["why"])}
    return {"because": "first article of the story"}


def get_story_of_cluster(store: Store, cluster: int) -> int:
    """Return the story of the articles of a cluster. Raises `LookupError` if there is none."""
    row = store.row(
        "SELECT story_id FROM profiles JOIN articles ON id = article_id "
        "WHERE strand = ? AND story_id IS NOT NULL LIMIT 1",
        cluster,
    )
    if row is None:
        raise LookupError(f"no story has cluster {cluster}")
    return int(row["story_id"])


def create_story(store: Store) -> int:
    """Create a story without articles; return its id."""
    return store.insert(
        "stories",
        {"title": "", "first_seen": "", "last_seen": "", "articles": 0, "sources": 0, "languages": ""},
    )


def add_to_story(store: Store, articles: Iterable[int], story: int) -> None:
    """Add articles and their duplicates to a story; update its row and those of their former stories."""
    former: set[int] = set()
    for article in articles:
        rows = store.rows(
            "SELECT DISTINCT story_id FROM articles WHERE canonical_id = "
            "(SELECT canonical_id FROM articles WHERE id = ?)",
            article,
        )
        former.update(row["story_id"] for row in rows if row["story_id"] not in (None, story))
        store.db.execute(
            "UPDATE articles SET story_id = ? WHERE canonical_id = "
            "(SELECT canonical_id FROM articles WHERE id = ?)",
            [story, article],
        )
    for one in (*former, story):
        refresh_story(store, one)


def remove_from_story(store: Store, article: int) -> None:
    """Remove an article from its story, so that it is in none."""
    row = store.row("SELECT story_id FROM articles WHERE id = ?", article)
    if row is not None and row["story_id"] is not None:
        delete_links(store, article)
        store.db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", [article])
        refresh_story(store, row["story_id"])


def delete_links(store: Store, article: int) -> None:
    """Delete why an article is in its story, and its translations and original."""
    store.db.execute("DELETE FROM story_links WHERE article_id = ?", [article])
    store.db.execute("DELETE FROM translations WHERE article_id = ?1 OR of_id = ?1", [article])


def forget_article(store: Store, article: int) -> None:
    """Delete what names an article as the reason of another one, and what people have decided about it."""
    store.db.execute("DELETE FROM story_links WHERE ?1 IN (article_id, like_id)", [article])
    store.db.execute("DELETE FROM translations WHERE ?1 IN (article_id, of_id)", [article])
    store.db.execute(
        "UPDATE rulings SET articles = (SELECT json_group_array(value) FROM json_each(rulings.articles) "
        "WHERE value <> ?1) WHERE ?1 IN (SELECT value FROM json_each(rulings.articles))",
        [article],
    )
    store.db.execute("DELETE FROM rulings WHERE articles = '[]'")


def refresh_story(store: Store, story: int) -> None:
    """Update the row of a story from its articles, or delete it where there are none.

    Its title is that of the earliest article, its times are those of the first and the last one.
    """
    counts = store.row(
        "SELECT count(*) AS articles, count(DISTINCT source) AS sources, "
        "min(datetime(coalesce(published, fetched))) AS first_seen, "
        "max(datetime(coalesce(published, fetched))) AS last_seen, "
        "group_concat(DISTINCT language) AS languages FROM articles WHERE story_id = ?",
        story,
    )
    if counts is None or not counts["articles"]:
        store.db.execute("DELETE FROM stories WHERE id = ?", [story])
        return
    first = store.row(
        "SELECT title, text FROM articles WHERE story_id = ? "
        "ORDER BY datetime(coalesce(published, fetched)), id LIMIT 1",
        story,
    )
    assert first is not None
    title = first["title"] or first["text"].partition("\n")[0][:200]
    store.db.execute(
        "UPDATE stories SET title = ?, articles = ?, sources = ?, first_seen = ?, last_seen = ?, "
        "languages = ? WHERE id = ?",
        [
            title,
            counts["articles"],
            counts["sources"],
            f"{counts['first_seen'].replace(' ', 'T')}+00:00",
            f"{counts['last_seen'].replace(' ', 'T')}+00:00",
            ",".join(sorted(counts["languages"].split(","))),
            story,
        ],
    )


def merge_stories(store: Store, into: int, other: int) -> int:
    """Merge two stories as a person has decided; return how many articles have moved.

    New articles that are similar to either are added to the merged story from now on. Raises
    `UnknownStoryError`.
    """
    for story in (into, other):
        if store.row("SELECT 1 FROM stories WHERE id = ?", story) is None:
            raise UnknownStoryError(f"there is no story {story}")
    if into == other:
        raise UnknownStoryError(f"story {into} cannot be merged with itself")
    moved = _select_ids(store, "SELECT id FROM articles WHERE story_id = ?", other)
    store.db.execute("UPDATE articles SET story_id = ? WHERE story_id = ?", [into, other])
    _record_override(store, "merge", into, other, moved)
    refresh_story(store, other)
    refresh_story(store, into)
    return len(moved)


def split_story(store: Store, articles: Sequence[int]) -> int:
    """Move some articles and their duplicates to a new story as a person has decided; return its id.

    They are a cluster of their own from now on. Raises `UnknownStoryError` where an article does not
    exist or has no story, or where the articles are of several stories.
    """
    stories: set[int] = set()
    chosen: set[int] = set()
    for article in articles:
        row = store.row("SELECT canonical_id, story_id FROM articles WHERE id = ?", article)
        if row is None or row["story_id"] is None:
            raise UnknownStoryError(f"there is no article {article} in any story")
        stories.add(row["story_id"])
        chosen.update(
            _select_ids(store, "SELECT id FROM articles WHERE canonical_id = ?", row["canonical_id"])
        )
    if len(stories) != 1:
        raise UnknownStoryError(f"these articles belong to {len(stories)} stories, split one only")
    old = stories.pop()
    story = create_story(store)
    placeholders = ",".join("?" * len(chosen))
    store.db.execute(f"UPDATE articles SET story_id = ? WHERE id IN ({placeholders})", [story, *chosen])
    store.db.execute(
        f"UPDATE profiles SET strand = ? WHERE article_id IN ({placeholders})",
        [get_new_cluster(store), *chosen],
    )
    _record_override(store, "split", story, old, sorted(chosen))
    refresh_story(store, old)
    refresh_story(store, story)
    return story


def _record_override(store: Store, ruling: str, story: int, old: int, articles: Sequence[int]) -> None:
    placeholders = ",".join("?" * len(articles))
    store.db.execute(f"UPDATE profiles SET ruled = 1 WHERE article_id IN ({placeholders})", list(articles))
    store.insert(
        "rulings",
        {
            "at": format_now(),
            "ruling": ruling,
            "story_id": story,
            "from_id": old,
            "articles": json.dumps(articles),
        },
    )


def _select_ids(store: Store, sql: str, value: int) -> list[int]:
    return [row["id"] for row in store.rows(sql, value)]
