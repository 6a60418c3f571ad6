"""Deletes articles with all that was computed from them."""

from collections.abc import Sequence

from shopwire.pipelines.deduplication.deduplicate import withdraw_article
from shopwire.pipelines.deduplication.fingerprint_index import delete_keys
from shopwire.pipelines.stories.assign_story import (
    assign_story,
    delete_from_story,
    hand_over_profile,
    leave_story,
)
from shopwire.storage.crawl_log.forgotten import delete_fetches
from shopwire.storage.database import Store

# Tables whose rows belong to one article each.
TABLES = ("aliases", "named", "figures", "counts", "versions")


def delete_articles(store: Store, articles: Sequence[int]) -> None:
    """Delete articles; their duplicates and the stories they were in stay as they would be without them.

    Call inside `store.writing()`. Raises `LookupError` for an unknown article.
    """
    delete_keys(store, articles)
    for article in articles:
        _delete_article(store, article)


def _delete_article(store: Store, article: int) -> None:
    found = withdraw_article(store, article)
    heir = found.canonical if found.canonical != article else None
    if heir is not None:
        hand_over_profile(store, heir, article)
    for other, former_member in found.reevaluated:
        if former_member is not None:
            leave_story(store, other, former_member)
    delete_from_story(store, article, heir)
    for other, _ in found.reevaluated:
        assign_story(store, other)
    for table in TABLES:
        store.db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article])
    delete_fetches(store, "article_id = ?", article)
    store.delete_article(article)
