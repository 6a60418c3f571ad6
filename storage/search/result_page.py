"""One page of search results: filtered, sorted, and folded by story."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shopwire.storage.search.full_text import BM25, RANKED, TYPED

FILTERS: Mapping[str, str] = {
    "language": "language = :language",
    "source": "source = :source",
    "entity": "EXISTS (SELECT 1 FROM named WHERE article_id = articles.id AND name = :entity)",
    "since": "day >= :since",
    "until": "day <= :until",
    "after": "articles.id > CAST(:after AS INTEGER)",
}
"""The condition of each filter, with a parameter of its name: `entity` is an English name, `after` an id."""

ORDERS: Mapping[str, str] = {"relevance": "score, id DESC", "date": "time DESC, id DESC"}


class Folding(NamedTuple):
    """Parts of the query that choose the best hit of each story: columns of all hits, tables of more, and the
    only min() or max() of a story, from whose row SQLite takes the other columns."""

    columns: str
    tables: str
    best: str
    hits: str = "hits"


BY_DATE = Folding("", "", "max(time) AS time")
BY_SCORE = Folding(f", {BM25} AS score", "", "min(score) AS score")
BY_TYPED_SCORE = Folding(
    "", f"{TYPED},", "min(coalesce(score, 0)) AS score", "hits LEFT JOIN typed USING (id)"
)

# SQLite keeps the order of a CROSS JOIN: the index of words is read first, and only until enough hits pass.
# All columns of articles are in the other index; in their rows, most of them come after the text.
PAGE = """
WITH hits AS MATERIALIZED (
    SELECT articles.id, time, coalesce(story_id, -articles.id) AS story {folding.columns}
    FROM articles_fts CROSS JOIN articles INDEXED BY articles_canonical
        ON canonical_id = articles_fts.rowid AND articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :match {conditions}
    ORDER BY articles_fts.rowid DESC LIMIT {ranked}
),
{folding.tables}
folded AS MATERIALIZED (
    SELECT id, story, {folding.best}, count(*) - 1 AS more FROM {folding.hits} GROUP BY story
),
page AS (
    SELECT *, (SELECT count(*) FROM folded) AS total FROM folded ORDER BY {order} LIMIT :most OFFSET :skip
)
SELECT page.id, page.story, day, language, title, source, url, text, more, total
FROM page JOIN articles USING (id)
ORDER BY {final_order}
"""


def build_page_query(filters: Iterable[str], order: str, is_widened: bool) -> str:
    """Return the SQL of a page of hits, one for each story, with how many `more` of it match.

    `filters` are keys of `FILTERS`, `order` one of `ORDERS`; a search is widened if `match` has more names
    than `typed`. Parameters: `match` of `build_match_query`, `typed` of `build_typed_query`, `most`, `skip`
    and those of the filters. Of more than `RANKED` hits the last stored ones are sorted.
    """
    by_relevance = BY_TYPED_SCORE if is_widened else BY_SCORE
    return PAGE.format(
        ranked=RANKED,
        conditions="".join(f"AND {FILTERS[name]} " for name in filters),
        folding=by_relevance if order == "relevance" else BY_DATE,
        order=ORDERS[order],
        final_order=f"page.{ORDERS[order]}",
    )
