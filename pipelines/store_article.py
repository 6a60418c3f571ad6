"""Stores an article with its duplicates, story, mentions and history in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shopwire.pipelines.analyze_article import Analysis, analyze_article, analyze_text, set_day
from shopwire.pipelines.article import COLUMNS, Article, Refusal, build_article, build_columns
from shopwire.pipelines.choose_address import SAME_TEXT, find_contradicted, is_contradicted
from shopwire.pipelines.deduplication.deduplicate import deduplicate, reindex_group, remove_from_group
from shopwire.pipelines.locate_article import LocatedArticle, StoredArticle, locate_article
from shopwire.pipelines.lost_fields import restore_lost_fields
from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.nlp.entities import find_entities
from shopwire.pipelines.nlp.mentions import Mentions, find_amounts, find_mentions
from shopwire.pipelines.stories.assign_story import assign_story, hand_over_profile, leave_story
from shopwire.spiders.page import FetchResult, Page
from shopwire.storage.addresses.aliases import CLAIM, add_alias, remove_alias
from shopwire.storage.articles import save_mentions
from shopwire.storage.crawl_log.fetches import record_fetch
from shopwire.storage.crawl_log.forgotten import is_forgotten
from shopwire.storage.crawl_log.outcomes import NEW, Outcome
from shopwire.storage.crawl_log.reextraction import is_place_recorded
from shopwire.storage.crawl_log.runs import declare_host
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_time
from shopwire.storage.versions import save_counts, save_version

REDIRECT = "redirect"
# An article of which any of these changes may have other duplicates than before.
CHANGES_DUPLICATES = frozenset(("text", "text_hash", "published"))


@dataclass(frozen=True, slots=True)
class StoreResult:
    """The result of storing a fetch, as in the crawl log; `changed` names the updated fields."""

    url: str
    outcome: Outcome
    reason: str
    article_id: int | None = None
    changed: tuple[str, ...] = ()


def store_imported_page(
    store: Store,
    page: Page,
    result: Article | Refusal | None,
    analysis: Analysis | None = None,
    size: int | None = None,
) -> StoreResult:
    """Store the result of a page that nobody has crawled here, None for one that is stored already; see
    `store_page`."""
    if result is None:
        return StoreResult(page.url, Outcome.KNOWN, "stored already")
    if is_forgotten(store, page.url, page.source):
        return StoreResult(page.url, Outcome.FORGOTTEN, "taken down")
    with store.writing():
        declare_host(store, page.source, page.url, language="")
        return store_page(store, page, result, None, analysis, size)


def store_page(
    store: Store,
    page: Page,
    result: Article | Refusal,
    run: int | None,
    analysis: Analysis | None = None,
    size: int | None = None,
) -> StoreResult:
    """Store the result of a page, with duplicates and story of its article, and its row in the crawl log.

    `analysis` is that of the article, made here where it is None; `size` is that of a page whose body is not
    here any more. Nothing is stored of what was forgotten.
    """
    with store.writing():
        if any(is_forgotten(store, url, page.source) for url in (page.url, page.requested, result.url)):
            return StoreResult(result.url, Outcome.FORGOTTEN, "taken down")
        url = page.requested or page.url
        if page.body_in and not is_place_recorded(store, url, page.body_in):
            # The retention has reached its body since it was archived.
            page = replace(page, archived_in="", body_in="")
        lost: str | None = None
        if isinstance(result, Article):
            stored, lost = _store_fetched_article(store, page, result, analysis)
        else:
            stored = StoreResult(result.url, result.outcome, result.reason)
        if stored.outcome == Outcome.FORGOTTEN:
            return stored
        record_fetch(
            store,
            {
                "run_id": run,
                "source": page.source,
                "kind": "page",
                "url": url,
                "at": format_time(page.fetched),
                "outcome": stored.outcome,
                "reason": stored.reason,
                "status": 200,
                "bytes": len(page.body) if size is None else size,
                "article_id": stored.article_id,
                "archived_in": page.archived_in or None,
                "body_in": page.body_in or None,
                "modified": format_time(page.listed.modified) if page.listed.modified else None,
                "lost": lost,
            },
        )
    return stored


def _store_fetched_article(
    store: Store, page: Page, article: Article, analysis: Analysis | None
) -> tuple[StoreResult, str | None]:
    """Store the article of a page and its history; return also the names of its lost fields."""
    located = locate_article(store, article, page.url, page.requested, page.archived_in)
    if located.is_other_address:
        return record_other_address(store, located, page.requested), None
    if is_forgotten(store, located.article.url):
        return StoreResult(located.article.url, Outcome.FORGOTTEN, "taken down"), None
    stored = located.stored
    restored, lost = restore_lost_fields(located.article, stored.article if stored else None)
    result = upsert_article(store, stored, restored, page.archived_in, analysis)
    record_addresses(store, located, result, page.requested)
    if result.article_id is not None:
        at = format_time(page.fetched)
        before = (stored.article.title, stored.article.text) if stored else None
        save_version(store, result.article_id, before, (restored.title, restored.text), at)
        save_counts(store, result.article_id, get_counts(restored), at)
    return result, lost


def record_other_address(store: Store, located: LocatedArticle, requested: str = "") -> StoreResult:
    """Store that a page is another form of a stored article, whose text stays. Call inside
    `store.writing()`."""
    if located.stored is None:
        raise LookupError(f"no article at {located.article.url} in {store.path}")
    article_id = located.stored.id
    reason = f"another address of article {article_id}"
    result = StoreResult(located.article.url, Outcome.KNOWN, reason, article_id)
    record_addresses(store, located, result, requested)
    return result


def record_addresses(store: Store, located: LocatedArticle, result: StoreResult, requested: str = "") -> None:
    """Store the other addresses of an article; give those that it contradicts an article of their own. Call
    inside `store.writing()`, after the article is stored."""
    if result.article_id is None:
        return
    is_claim = located.declared == result.url != located.own
    for url, why in ((located.own, CLAIM if is_claim else SAME_TEXT), (requested, REDIRECT)):
        if url and url != result.url:
            is_evidence = why == SAME_TEXT or not is_contradicted(store, url, result.article_id)
            add_alias(store, result.article_id, url, why, is_evidence=is_evidence)
    if result.outcome not in NEW:
        return
    for alias, other in find_contradicted(store, result.article_id):
        remove_alias(store, alias)
        row = store.row("SELECT * FROM articles WHERE id = ?", other)
        if row is not None:
            upsert_article(store, None, replace(build_article(row), url=alias), row["archived_in"])


def get_counts(article: Article) -> tuple[int | None, int | None, int | None]:
    """Return how often an article was viewed, commented on and liked, None where unknown."""
    return article.views, article.comments, article.likes


def store_fetch_result(store: Store, fetched: FetchResult, run: int | None) -> StoreResult:
    """Record a fetch without a page in the crawl log."""
    with store.writing():
        record_fetch(
            store,
            {
                "run_id": run,
                "source": fetched.source,
                "kind": fetched.kind,
                "url": fetched.url,
                "at": format_time(fetched.at),
                "outcome": fetched.outcome,
                "reason": fetched.reason,
                "status": fetched.status,
                "bytes": fetched.size,
                "links": fetched.links,
                "rest": fetched.rest,
            },
        )
    return StoreResult(fetched.url, fetched.outcome, fetched.reason)


def upsert_article(
    store: Store,
    stored: StoredArticle | None,
    article: Article,
    archived_in: str,
    analysis: Analysis | None = None,
) -> StoreResult:
    """Insert an article, or update the one `stored` at its URL, and find its duplicates and its story.

    `analysis` is that of the article's text, made here where it is None. Call inside
    `store.writing()`.
    """
    analysis = set_day(analysis, article) if analysis else None
    if stored is None:
        return _insert_article(store, article, archived_in, analysis)
    columns = {**build_columns(article), "archived_in": archived_in}
    for name, column in COLUMNS.items():
        if column.is_count and columns[name] is None:
            del columns[name]
    before = build_columns(stored.article)
    changed = tuple(
        name for name, column in COLUMNS.items() if column.is_change and columns[name] != before[name]
    )
    if not changed:
        if analysis:
            _save_mentions(store, stored.id, analysis.mentions)
        forms = tuple(name for name, one in COLUMNS.items() if one.is_form and columns[name] != before[name])
        if forms:
            store.update_article(stored.id, {name: columns[name] for name in forms})
        return StoreResult(article.url, Outcome.KNOWN, "the same as before", stored.id, forms)
    if CHANGES_DUPLICATES.isdisjoint(changed):
        store.update_article(stored.id, columns)
        if "title" in changed:
            _save_mentions(store, stored.id, (analysis or analyze_article(article)).mentions)
    else:
        replace_text(store, stored.id, columns, analysis)
    return StoreResult(article.url, Outcome.UPDATED, f"changed: {', '.join(changed)}", stored.id, changed)


def _insert_article(
    store: Store, article: Article, archived_in: str, analysis: Analysis | None
) -> StoreResult:
    analysis = analysis or analyze_article(article)
    columns = {**build_columns(article), "archived_in": archived_in, "platform": analysis.mentions.platform}
    article_id = store.insert_article(columns)
    canonical = _place_article(store, article_id, analysis)
    if canonical != article_id:
        return StoreResult(article.url, Outcome.COPY, f"a copy of article {canonical}", article_id)
    return StoreResult(article.url, Outcome.STORED, "", article_id)


def replace_text(
    store: Store, article_id: int, columns: Mapping[str, Any], analysis: Analysis | None = None
) -> None:
    """Replace columns of an article, its text among them, and find its duplicates and story again.

    `analysis` is that of the new text, made here where it is None. Call inside `store.writing()`.
    """
    remaining = remove_from_group(store, article_id)
    store.update_article(article_id, columns)
    if remaining is not None:
        reindex_group(store, remaining)
        hand_over_profile(store, remaining, article_id)
    _place_article(store, article_id, analysis or _analyze_stored(store, article_id))


def remove_lines(store: Store, article_id: int, columns: Mapping[str, Any], removed: str) -> None:
    """Remove the lines `removed` from the text of an article; its duplicates and its story stay.

    Call inside `store.writing()`.
    """
    store.update_article(article_id, columns)
    # Most such lines have no entity and no amount; finding those of a whole text takes long.
    if find_entities(simplify_chinese(removed)) or find_amounts("", removed):
        title, text, *_ = _load_text(store, article_id)
        entities = find_entities(simplify_chinese(f"{title}\n{text}"))
        _save_mentions(store, article_id, find_mentions(title, text, entities))


def _place_article(store: Store, article_id: int, analysis: Analysis) -> int:
    """Record the duplicates, the story and the mentions of a new text; return its canonical id."""
    found = deduplicate(store, article_id, analysis.text)
    for other, former_member in found.reevaluated:
        if former_member is not None:
            leave_story(store, other, former_member)
    assign_story(store, article_id, analysis.event)
    for other, _ in found.reevaluated:
        assign_story(store, other)
    _save_mentions(store, article_id, analysis.mentions)
    return found.canonical


def _save_mentions(store: Store, article_id: int, mentions: Mentions) -> None:
    names = [(one.kind, one.name) for one in mentions.entities]
    amounts = [
        (one.kind, one.value, one.unit, one.sentence, one.counts, one.subject) for one in mentions.amounts
    ]
    save_mentions(store, article_id, names, amounts, mentions.platform)


def _analyze_stored(store: Store, article_id: int) -> Analysis:
    return analyze_text(*_load_text(store, article_id))


def _load_text(store: Store, article_id: int) -> tuple[str, str, str, str]:
    """Return title, text, language and time of an article, the arguments of `analyze_text`."""
    row = store.row(
        "SELECT title, text, language, coalesce(published, fetched) FROM articles WHERE id = ?", article_id
    )
    if row is None:
        raise LookupError(f"no article {article_id} in {store.path}")
    return row[0], row[1], row[2], row[3]
