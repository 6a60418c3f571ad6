"""Full-text search that finds two-character Chinese words with nothing but SQLite's own FTS5.

FTS5's tokenisers take a run of Han characters as one word (unicode61) or need three characters
(trigram). So the index text has, for each run of CJK characters, its overlapping pairs, followed by its
last character alone; a query is split in the same way and becomes a phrase of pairs. Both are folded to
simplified characters, so that 快递 finds 快遞.
"""

import re
from typing import Any

from sqlite_utils import Database

from shopwire.storage.search.query_terms import parse_query, split_pairs
from shopwire.storage.text.characters import INDEXED_CJK
from shopwire.storage.text.folding import fold_scripts

RUN = re.compile(f"[{INDEXED_CJK}]+")

TITLE_WEIGHT = 4.0
# If more articles than this match, only the last stored ones of them are ranked.
RANKED = 2000
# Parameters: the result of `build_match_query` (`match`), the maximum number of rows (`most`). Copies are
# left out, because their canonical article has the same text. Texts are read for the best hits only.
_SEARCH = f"""
WITH hits AS (
    SELECT rowid AS id, bm25(articles_fts, {TITLE_WEIGHT}, 1.0) AS score
    FROM articles_fts WHERE articles_fts MATCH :match
    ORDER BY rowid DESC LIMIT {RANKED}
),
best AS (
    SELECT hits.id, score FROM hits JOIN articles USING (id)
    WHERE canonical_id = id{{conditions}} ORDER BY score, id LIMIT :most
)
SELECT articles.id, story_id AS story, day, language, title, source, url, text
FROM best JOIN articles USING (id)
ORDER BY score, id
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
    wanted: list[str] = []
    excluded: list[str] = []
    for term in parse_query(words):
        if term.excluded:
            excluded.append(term.match)
        elif term.either:
            wanted[-1] = f"({wanted[-1]} OR {term.match})"
        else:
            wanted.append(term.match)
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

    They are ranked by the BM25 of FTS5 (Robertson and Zaragoza, 2009), titles above texts.
    """
    query = build_match_query(words)
    if not query:
        return []
    values = {"match": query, "most": most, "after": after, "since": since}
    return list(db.query(SEARCH_SINCE, values))
