"""Takes the lines a site has since shown to be its frame out of the articles stored before.

Which lines repeat over unrelated articles of a site is known only after some of them; articles that
came earlier still have those lines.
"""

from collections.abc import Callable
from sqlite3 import Row
from typing import NamedTuple

from shopwire.pipelines.analyze_article import Digest, digest
from shopwire.pipelines.deduplication import fingerprint_index
from shopwire.pipelines.deduplication.duplicate_groups import twin
from shopwire.pipelines.deduplication.fingerprint import text_hash
from shopwire.pipelines.extraction.boilerplate import line_hash
from shopwire.pipelines.store_article import replace, trim
from shopwire.storage.database import Store

Digested = Callable[[str, str, str, str], Digest]

BATCH = 200
# With so much of it gone a text may be a copy of another one than before, or tell another story.
NOTABLE = 0.05


class _Cleaned(NamedTuple):
    """The new text of an article and the lines that are gone; with its digest where it is another text."""

    article_id: int
    text: str
    gone: str
    told: Digest | None


def sweep(store: Store, site: str, digested: Digested = digest) -> int:
    """Clean the stored articles of a site of the lines learned since the last sweep; gives how many
    articles have changed. An article that is nothing but such lines stays as it is. `digested` is
    called as `digest` is.
    """
    learned = fingerprint_index.unswept_lines(store, site)
    if not learned:
        return 0
    changed = 0
    last = 0
    while rows := store.rows(
        "SELECT id, title, text, language, coalesce(published, fetched) AS seen FROM articles "
        "WHERE source = ? AND id > ? ORDER BY id LIMIT ?",
        site,
        last,
        BATCH,
    ):
        last = rows[-1]["id"]
        # Before the store is locked, as a process that digests may have other texts to read first.
        cleaned = [one for row in rows if (one := _clean(row, learned, digested))]
        with store.writing():
            for one in cleaned:
                _put(store, one)
        changed += len(cleaned)
    with store.writing():
        fingerprint_index.mark_swept(store, site, learned)
    return changed


def _clean(row: Row, learned: frozenset[int], digested: Digested) -> _Cleaned | None:
    article_id, title, text, language, seen = row
    lines = text.split("\n")
    kept = [line for line in lines if line_hash(line) not in learned]
    if not kept or len(kept) == len(lines):
        return None
    cleaned = "\n".join(kept)
    gone = "\n".join(line for line in lines if line_hash(line) in learned)
    is_other = len(cleaned) <= (1 - NOTABLE) * len(text)
    told = digested(title, cleaned, language, seen) if is_other else None
    return _Cleaned(article_id, cleaned, gone, told)


def _put(store: Store, one: _Cleaned) -> None:
    same = text_hash(one.text)
    columns = {"text": one.text, "text_hash": same}
    # What was only like another text may be the very same now.
    if one.told or twin(store, one.article_id, same):
        replace(store, one.article_id, columns, one.told)
    else:
        trim(store, one.article_id, columns, one.gone)
