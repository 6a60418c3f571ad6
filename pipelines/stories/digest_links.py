"""Links the items of digests to the articles that report the same events.

Whatever arrives first: a digest looks for reports, and a report for the items of digests.
"""

from shopwire.pipelines.stories.digests import list_items, measure_mention
from shopwire.pipelines.stories.event_features import Profile, read_event_features
from shopwire.pipelines.stories.event_similarity import WINDOW_DAYS
from shopwire.pipelines.stories.profile_rows import build_profile, unpack_profile
from shopwire.pipelines.stories.story_index import find_clusters, load_profiles
from shopwire.storage.database import Store

MOST_ITEMS = 100
MOST_ITEMS_OF_REPORT = 20
# Keys that an item and a report have in common before they are compared.
MIN_KEYS = 2
# A digest lists what was reported in the days before it, and what is reported on its own and the next day.
DAYS_AFTER = 1


def link_digest(store: Store, digest: int, text: str, language: str, day: int) -> None:
    """Store the items of a digest of that day, and which article each of them mentions."""
    for item, line in enumerate(list_items(text)[:MOST_ITEMS], 1):
        profile = _read_item(store, line, language, day)
        found = _find_report(store, digest, profile)
        store.insert("digest_items", {"article_id": digest, "item": item, "line": line, "of_id": found})
        store.db.conn.executemany(
            "INSERT INTO digest_keys VALUES (?, ?, ?, ?)", [(digest, item, key, day) for key in profile.keys]
        )


def link_report(store: Store, report: int, profile: Profile) -> None:
    """Link the items of digests that may mention a new report, or did before its text was changed."""
    keys = list(profile.keys)
    rows = store.rows(
        "SELECT article_id, item FROM digest_items WHERE of_id = ? UNION "
        "SELECT * FROM (SELECT article_id, item FROM digest_keys "
        f"WHERE key IN ({','.join('?' * len(keys))}) AND day BETWEEN ? AND ? "
        "GROUP BY article_id, item HAVING count(*) >= ? ORDER BY count(*) DESC, article_id, item LIMIT ?)",
        report,
        *keys,
        profile.day - DAYS_AFTER,
        profile.day + WINDOW_DAYS,
        MIN_KEYS,
        MOST_ITEMS_OF_REPORT,
    )
    for digest, item in rows:
        _link_item(store, digest, item)


def unlink_digest(store: Store, article: int) -> None:
    """Delete the items of an article, which may be no digest any more."""
    for table in ("digest_keys", "digest_items"):
        store.db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article])


def _link_item(store: Store, digest: int, item: int) -> None:
    row = store.row(
        "SELECT line, articles.language, profiles.day FROM digest_items JOIN articles ON id = article_id "
        "JOIN profiles USING (article_id) WHERE article_id = ? AND item = ?",
        digest,
        item,
    )
    if row is not None:
        found = _find_report(store, digest, _read_item(store, *row))
        store.db.execute(
            "UPDATE digest_items SET of_id = ? WHERE article_id = ? AND item = ?", [found, digest, item]
        )


def _read_item(store: Store, line: str, language: str, day: int) -> Profile:
    return build_profile(store, read_event_features("", line, language, day))


def _find_report(store: Store, digest: int, item: Profile) -> int | None:
    """Return the article that an item mentions most surely, the earliest of equals; None without one."""
    days = (item.day - WINDOW_DAYS, item.day + DAYS_AFTER)
    found = [
        (measure_mention(item, unpack_profile(row)), -row["day"], -row["article_id"])
        for cluster in find_clusters(store, digest, item.keys, days)
        for row in load_profiles(store, cluster, digest, days)
    ]
    sure, _, article = max(found, default=(0.0, 0, 0))
    return -article if sure else None
