"""Takes the lines a site has since shown to be its frame out of the articles stored before.

Which lines repeat over unrelated articles of a site is known only after some of them; articles that
came earlier still have those lines.
"""

from collections.abc import Callable
from sqlite3 import Row

from shopwire.pipelines.clean import line_hash
from shopwire.pipelines.digest import Digest, digest
from shopwire.pipelines.fingerprint import text_hash
from shopwire.pipelines.keep import replace, trim
from shopwire.storage import fingerprints
from shopwire.storage.groups import twin
from shopwire.storage.store import Store

Digested = Callable[[str, str, str, str], Digest]

BATCH = 200
# With so much of it gone a text may be a copy of another one than before, or tell another story.
NOTABLE = 0.05


def sweep(store: Store, site: str, digested: Digested = digest) -> int:
    """Clean the stored articles of a site of the lines learned since the last sweep; gives how many
    articles have changed. An article that is nothing but such lines stays as it is. `digested` is
    called as `digest` is.
    """
    learned = fingerprints.unswept_lines(store, site)
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
        with store.writing():
            changed += sum(_clean(store, row, learned, digested) for row in rows)
    with store.writing():
        fingerprints.mark_swept(store, site, learned)
    return changed


def _clean(store: Store, row: Row, learned: frozenset[int], digested: Digested) -> bool:
    article_id, title, text, language, seen = row
    lines = text.split("\n")
    kept = [line for line in lines if line_hash(line) not in learned]
    if not kept or len(kept) == len(lines):
        return False
    cleaned = "\n".join(kept)
    same = text_hash(cleaned)
    columns = {"text": cleaned, "text_hash": same}
    is_other = len(cleaned) <= (1 - NOTABLE) * len(text)
    # What was only like another text may be the very same now.
    if is_other or twin(store, article_id, same):
        replace(store, article_id, columns, digested(title, cleaned, language, seen))
    else:
        gone = "\n".join(line for line in lines if line_hash(line) in learned)
        trim(store, article_id, columns, gone)
    return True
