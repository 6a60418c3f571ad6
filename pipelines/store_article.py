"""The end of the line: one transaction that stores an article with everything that belongs to it."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import UTC, datetime
from typing import Any

from shopwire.pipelines.analyze_article import Digest, day_of, digest
from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.deduplication.deduplicate import refind, relate, unrelate
from shopwire.pipelines.learn import learn
from shopwire.pipelines.nlp.chinese import simplified
from shopwire.pipelines.nlp.entities import find_entities
from shopwire.pipelines.nlp.mentions import Notes, figures, take_notes
from shopwire.pipelines.stories.assign_story import follow, forsake, inherit
from shopwire.spiders.page import Attempt, Page
from shopwire.storage.crawl_log.ledger import record_fetch
from shopwire.storage.database import Store
from shopwire.storage.mentions_table import save_notes
from shopwire.storage.schema.tables import RELATIVE
from shopwire.storage.versions import (
    DATELINE,
    as_stored,
    fields_shown,
    note_counts,
    note_version,
)

# What a reader would call a change of an article.
TOLD = (
    "title",
    "text",
    "author",
    "editor",
    "published",
    "updated",
    "language",
    "origin",
    "tags",
    "image",
    "text_hash",
)
# Where an article has the fields of `fields_shown`.
COLUMNS = {
    "date": ("published", "published_from"),
    "time": ("published", "published_from"),
    "author": ("author",),
    "origin": ("origin",),
    DATELINE: (),
}
COUNTS = frozenset(("views", "comments", "likes"))
# Changes after which an article may be the copy of another one than before.
RELATED = frozenset(("text", "text_hash", "published"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one attempt, as the ledger has it; `changed` names the fields of an update."""

    url: str
    outcome: str
    reason: str
    article_id: int | None = None
    changed: tuple[str, ...] = ()
    is_page: bool = True


def keep(store: Store, page: Page, result: Article | Refusal, run: int | None) -> Kept:
    """Store what a page came to, its copies and its ledger row: together or not at all."""
    with store.writing():
        if isinstance(result, Article):
            if result.lesson:
                learn(store, page.source, result.lesson)
            before = as_stored(store, result.url)
            result, lost = remember(result, before)
            kept = place_over(store, before, result, page.archived_in)
            if kept.article_id is not None:
                at = _utc(page.fetched)
                note_version(store, kept.article_id, before, (result.title, result.text), at)
                note_counts(store, kept.article_id, counts_of(result), at)
        else:
            kept, lost = Kept(result.url, result.outcome, result.reason), None
        record_fetch(
            store,
            {
                "run_id": run,
                "source": page.source,
                "kind": "page",
                "url": page.requested or page.url,
                "at": _utc(page.fetched),
                "outcome": kept.outcome,
                "reason": kept.reason,
                "status": 200,
                "bytes": len(page.body),
                "article_id": kept.article_id,
                "archived_in": page.archived_in or None,
                "modified": _utc(page.listed.modified) if page.listed.modified else None,
                "lost": lost,
            },
        )
    return kept


def remember(
    article: Article, before: sqlite3.Row | None, may_lack: Collection[str] = frozenset(COLUMNS)
) -> tuple[Article, str | None]:
    """An article with the fields that its page no longer shows as they were `before`, and the names of
    these; no names when it is read for the first time. Only what it `may_lack` is taken from before.

    Hardly anybody takes a name or a date off an article: its site has changed its layout.
    """
    if before is None:
        return article, None
    had = fields_shown(before["published"], before["author"], before["origin"])
    shown = fields_shown(article.published, article.author, article.origin)
    lost = had.intersection(may_lack) - shown
    if article.published and not _near(article.published, before["published"]):
        # A date put right, if only to the day.
        lost -= {"time"}
    was, now = (
        one.removesuffix(RELATIVE) for one in (before["published_from"], article.published_from)
    )
    if was and was != now:
        lost |= {DATELINE} & set(may_lack)
    known = {column: before[column] for name in lost for column in COLUMNS[name]}
    kept = replace_fields(article, **known)
    if kept.published != article.published:
        # Its digest was made for another day.
        kept = replace_fields(kept, digest=None)
    return kept, ", ".join(sorted(lost))


def _near(day: str, moment: str | None) -> bool:
    """Whether a moment falls on a day, in whichever zone that was meant."""
    return moment is not None and abs(day_of(day) - day_of(moment)) <= 1


def counts_of(article: Article) -> tuple[int | None, int | None, int | None]:
    """How often an article was viewed, commented on and liked, as `note_counts` takes it."""
    return article.views, article.comments, article.likes


def record(store: Store, attempt: Attempt, run: int | None) -> Kept:
    """Write down an attempt that brought no page."""
    with store.writing():
        record_fetch(
            store,
            {
                "run_id": run,
                "source": attempt.source,
                "kind": attempt.kind,
                "url": attempt.url,
                "at": _utc(attempt.at),
                "outcome": attempt.outcome,
                "reason": attempt.reason,
                "status": attempt.status,
                "bytes": attempt.size,
                "links": attempt.links,
                "rest": attempt.rest,
            },
        )
    return Kept(attempt.url, attempt.outcome, attempt.reason, is_page=attempt.kind == "page")


def place(store: Store, article: Article, archived_in: str) -> Kept:
    """Insert or update an article and say what it is a copy of. Call inside `store.writing()`."""
    return place_over(store, as_stored(store, article.url), article, archived_in)


def place_over(store: Store, known: sqlite3.Row | None, article: Article, archived_in: str) -> Kept:
    """The same where it is known already what stands at the article's address."""
    columns = _columns(article, archived_in)
    if known is None:
        article_id = store.insert_article(columns)
        of = _understand(store, article_id, article.digest)
        if of != article_id:
            return Kept(article.url, "copy", f"a copy of article {of}", article_id)
        return Kept(article.url, "stored", "", article_id)
    # What a page no longer says of its readers was true all the same.
    columns = {
        name: value for name, value in columns.items() if name not in COUNTS or value is not None
    }
    changed = tuple(name for name in TOLD if columns[name] != known[name])
    if not changed:
        if article.digest:
            _note(store, known["id"], article.digest.notes)
        return Kept(article.url, "known", "the same as before", known["id"])
    if RELATED.isdisjoint(changed):
        store.update_article(known["id"], columns)
        if "title" in changed:
            _note(store, known["id"], (article.digest or digest(*_told(store, known["id"]))).notes)
    else:
        replace(store, known["id"], columns, article.digest)
    reason = f"changed: {', '.join(changed)}"
    return Kept(article.url, "updated", reason, known["id"], changed)


def replace(
    store: Store, article_id: int, columns: Mapping[str, Any], told: Digest | None = None
) -> None:
    """Put another text into an article, and find its copies and its story again.

    `told` is the digest of the new text, made here where nobody has done so before. Call inside
    `store.writing()`.
    """
    left = unrelate(store, article_id)
    store.update_article(article_id, columns)
    if left is not None:
        refind(store, left)
        inherit(store, left, article_id)
    _understand(store, article_id, told)


def trim(store: Store, article_id: int, columns: Mapping[str, Any], gone: str) -> None:
    """Put a text into an article that is the old one but for the lines `gone`: its copies and its story
    stay what they are. Call inside `store.writing()`."""
    store.update_article(article_id, columns)
    # Most such lines name nobody and give no figure; to read a whole text again takes a while.
    if find_entities(simplified(gone)) or figures("", gone):
        title, text, *_ = _told(store, article_id)
        marks = find_entities(simplified(f"{title}\n{text}"))
        _note(store, article_id, take_notes(title, text, marks))


def _understand(store: Store, article_id: int, told: Digest | None) -> int:
    """Find the copies of a text and its story, put down who is named in it and its figures; gives the
    article's canonical id."""
    if told is None:
        told = digest(*_told(store, article_id))
    placed = relate(store, article_id, told.wording)
    for other, left in placed.again:
        if left is not None:
            forsake(store, other, left)
    follow(store, article_id, told.reading)
    for other, _ in placed.again:
        follow(store, other)
    _note(store, article_id, told.notes)
    return placed.front


def _note(store: Store, article_id: int, notes: Notes) -> None:
    named = [(one.kind, one.name) for one in notes.names]
    given = [(one.kind, one.value, one.unit, one.sentence) for one in notes.figures]
    save_notes(store, article_id, named, given, notes.platform)


def _told(store: Store, article_id: int) -> sqlite3.Row:
    """Title, text, language and day of an article, as `digest` wants them."""
    row = store.row(
        "SELECT title, text, language, coalesce(published, fetched) FROM articles WHERE id = ?",
        article_id,
    )
    if row is None:
        raise LookupError(f"no article {article_id} in {store.path}")
    return row


def _columns(article: Article, archived_in: str) -> dict[str, Any]:
    return {
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "author": article.author,
        "editor": article.editor,
        "published": article.published or None,
        "published_from": article.published_from,
        "updated": article.updated or None,
        "fetched": article.fetched,
        "language": article.language,
        "origin": article.origin,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "views": article.views,
        "comments": article.comments,
        "likes": article.likes,
        "image": article.image,
        "text": article.text,
        "text_hash": article.text_hash,
        "extractor": article.extractor,
        "archived_in": archived_in,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
