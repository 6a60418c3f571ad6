"""Full-text search that finds two-character Chinese words with nothing but SQLite's own FTS5.

FTS5's tokenisers take a run of Han characters as one word (unicode61) or need three characters
(trigram). So the index text has, for each run of CJK characters, its overlapping pairs, followed by its
last character alone; a query is split in the same way and becomes a phrase of pairs. Both are folded to
simplified characters, so that 快递 finds 快遞.
"""

import re
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from shopwire.storage.search.query_terms import Term, parse_query, split_pairs
from shopwire.storage.text.characters import INDEXED_CJK
from shopwire.storage.text.folding import fold_scripts

RUN = re.compile(f"[{INDEXED_CJK}]+")

TITLE_WEIGHT = 4.0
# If more articles than this match, only the last stored ones of them are ranked.
RANKED = 2000
BM25 = f"bm25(articles_fts, {TITLE_WEIGHT}, 1.0)"
TYPED = f"""typed AS MATERIALIZED (
    SELECT rowid AS id, {BM25} AS score FROM articles_fts
    WHERE articles_fts MATCH :typed
        AND rowid >= (SELECT min(id) FROM hits) AND +rowid IN (SELECT id FROM hits)
)"""
"""The scores of the rows of `hits` that have the words as they were typed (`:typed` of `build_typed_query`).

The BM25 of FTS5 reads all articles with a phrase, for each phrase: other names are not ranked by it, of which
a word may have twenty. The sign + keeps SQLite from a search for each row of `hits`.
"""
# Parameters: the results of `build_match_query` (`match`) and `build_typed_query` (`typed`), the maximum
# number of rows (`most`). Copies are left out, because their canonical article has the same text. Texts are
# read for the best hits only.
_SEARCH = f"""
WITH hits AS MATERIALIZED (
    SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH :match ORDER BY rowid DESC LIMIT {RANKED}
),
{TYPED},
best AS (
    SELECT hits.id, coalesce(score, 0) AS score
    FROM hits LEFT JOIN typed USING (id) JOIN articles ON articles.id = hits.id
    WHERE canonical_id = hits.id{{conditions}} ORDER BY score, hits.id DESC LIMIT :most
)
SELECT articles.id, story_id AS story, day, language, title, source, url, text
FROM best JOIN articles USING (id)
ORDER BY score, id DESC
"""
SEARCH = _SEARCH.format(conditions="")
SEARCH_SINCE = _SEARCH.format(conditions=" AND hits.id > :after AND day >= :since")


def build_index_text(text: str) -> str:
    """Return the text as it is indexed: `淘寶直播` becomes `淘宝 宝直 直播 播`.

    Whoever changes the result adds a schema step that builds the index of old stores again.
    """
    return RUN.sub(lambda run: f" {' '.join(split_pairs(run[0]))} {run[0][-1]} ", fold_scripts(text))


def build_match_query(words: str) -> str:
    """Return an FTS5 expression for what a person typed; empty if it has nothing to search for.

    Of a very long query only the beginning counts, see `cut_query`. All words must occur, `"quoted words"` as
    a phrase; `OR` between two terms means either, a leading `-` excludes a term. A name stands for all names
    of its entity, see `parse_query`.
    """
    return _join_terms((term, term.match) for term in parse_query(words))


def build_typed_query(words: str) -> str:
    """Return the same expression without other names."""
    return _join_terms((term, term.phrase) for term in parse_query(words))


def _join_terms(terms: Iterable[tuple[Term, str]]) -> str:
    """Return the expression for terms, each with what finds it."""
    wanted: list[str] = []
    excluded: list[str] = []
    for term, found_by in terms:
        if term.excluded:
            excluded.append(found_by)
        elif term.either:
            wanted[-1] = f"({wanted[-1]} OR {found_by})"
        else:
            wanted.append(found_by)
    if not wanted:
        return ""
    return " NOT ".join([" AND ".join(wanted), *excluded])


def index_article(db: Database, article_id: int, title: str, text: str) -> None:
    """Add an article to the index."""
    db.execute(
        "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)",
        [article_id, build_index_text(title), build_index_text(text)],
    )


def unindex_article(db: Database, article_id: int, title: str, text: str) -> None:
    """Remove an article; `title` and `text` must be those indexed, because FTS5 has no copy of them."""
    db.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        [article_id, build_index_text(title), build_index_text(text)],
    )


def merge_index(db: Database) -> None:
    """Rewrite the index without what was removed (https://sqlite.org/fts5.html#the_optimize_command)."""
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")


def search(db: Database, words: str, most: int, after: int = 0, since: str = "") -> list[dict[str, Any]]:
    """Return the best `most` articles for what a person typed, best first: those with ids above `after`, from
    the day `since` on.

    Those with the words as they were typed are ranked by the BM25 of FTS5 (Robertson and Zaragoza, 2009),
    titles above texts. After them come those that only have other names, the last stored first.
    """
    match = build_match_query(words)
    if not match:
        return []
    values = {"match": match, "typed": build_typed_query(words), "most": most, "after": after, "since": since}
    return list(db.query(SEARCH_SINCE, values))
