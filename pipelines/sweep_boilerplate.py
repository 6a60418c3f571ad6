"""Removes learned boilerplate of a site from the articles stored before it was learned.

Only after some unrelated articles of a site is it known which lines repeat; those articles still have
them.
"""

from collections.abc import Callable
from sqlite3 import Row
from typing import NamedTuple

from shopwire.pipelines.analyze_article import Analysis, analyze_text
from shopwire.pipelines.deduplication.duplicate_groups import find_exact_duplicate
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.extraction.site_boilerplate import (
    load_unswept_lines,
    mark_swept,
    remove_boilerplate,
)
from shopwire.pipelines.store_article import remove_lines, replace_text
from shopwire.storage.database import Store
from shopwire.storage.text.folding import hash_line

AnalyzeText = Callable[[str, str, str, str], Analysis]

BATCH = 200
# A text that loses this share may have other duplicates and another story than before.
NOTABLE_SHARE = 0.05


class _Cleaned(NamedTuple):
    """The new text of an article and the lines removed; with its analysis where much was removed."""

    article_id: int
    text: str
    markdown: str
    removed: str
    analysis: Analysis | None


def sweep_boilerplate(store: Store, site: str, analyze: AnalyzeText = analyze_text) -> int:
    """Remove boilerplate learned since the last call from the stored articles of a site.

    Return how many articles have changed. An article that is nothing but boilerplate is left unchanged.
    """
    learned = load_unswept_lines(store, site)
    if not learned:
        return 0
    changed = 0
    last = 0
    while rows := store.rows(
        "SELECT id, title, text, markdown, language, coalesce(published, fetched) AS seen FROM articles "
        "WHERE source = ? AND id > ? ORDER BY id LIMIT ?",
        site,
        last,
        BATCH,
    ):
        last = rows[-1]["id"]
        # Done before the store is locked, because the worker processes may be busy with other texts.
        cleaned = [one for row in rows if (one := _clean_article(row, learned, analyze))]
        with store.writing():
            for one in cleaned:
                _store_cleaned(store, one)
        changed += len(cleaned)
    with store.writing():
        mark_swept(store, site, learned)
    return changed


def _clean_article(row: Row, learned: frozenset[int], analyze: AnalyzeText) -> _Cleaned | None:
    article_id, title, text, markdown, language, seen = row
    cleaned, marked = remove_boilerplate(text, markdown or "", learned)
    if cleaned == text:
        return None
    removed = "\n".join(line for line in text.split("\n") if hash_line(line) in learned)
    is_notable = len(cleaned) <= (1 - NOTABLE_SHARE) * len(text)
    analysis = analyze(title, cleaned, language, seen) if is_notable else None
    return _Cleaned(article_id, cleaned, marked, removed, analysis)


def _store_cleaned(store: Store, one: _Cleaned) -> None:
    text_hash = hash_text(one.text)
    columns = {"text": one.text, "text_hash": text_hash, "markdown": one.markdown or None}
    # What was only a near-duplicate may be an exact one now.
    if one.analysis or find_exact_duplicate(store, one.article_id, text_hash):
        replace_text(store, one.article_id, columns, one.analysis)
    else:
        remove_lines(store, one.article_id, columns, one.removed)
