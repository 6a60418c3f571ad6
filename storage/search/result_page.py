"""One page of search results: filtered, sorted, and folded by story."""

from collections.abc import Iterable, Mapping

from shopwire.storage.search.full_text import RANKED, TITLE_WEIGHT

FILTERS: Mapping[str, str] = {
    "language": "language = :language",
    "source": "source = :source",
    "entity": "EXISTS (SELECT 1 FROM named WHERE article_id = articles.id AND name = :entity)",
    "since": "day >= :since",
    "until": "day <= :until",
    "after": "articles.id > CAST(:after AS INTEGER)",
}
"""The condition of each filter, with a parameter of its name: `entity` is an English name, `after` an id."""

ORDERS: Mapping[str, str] = {"relevance": "score, id", "date": "time DESC, id DESC"}
BEST: Mapping[str, str] = {"relevance": "min(score) AS score, time", "date": "score, max(time) AS time"}
"""The columns of the best hit of a story: SQLite takes the others from the row of the only min() or max()."""
# SQLite keeps the order of a CROSS JOIN: the index of words is read first, and only until enough hits pass.
# All columns of articles are in the other index; in their rows, most of them come after the text.
PAGE = """
WITH hits AS (
    SELECT articles.id, bm25(articles_fts, {weight}, 1.0) AS score, time,
           coalesce(story_id, -articles.id) AS story
    FROM articles_fts CROSS JOIN articles INDEXED BY articles_canonical
        ON canonical_id = articles_fts.rowid AND articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :match {conditions}
    ORDER BY articles_fts.rowid DESC LIMIT {ranked}
),
folded AS MATERIALIZED (SELECT id, story, {best}, count(*) - 1 AS more FROM hits GROUP BY story),
page AS (
    SELECT *, (SELECT count(*) FROM folded) AS total FROM folded ORDER BY {order} LIMIT :most OFFSET :skip
)
SELECT page.id, page.story, day, language, title, source, url, text, more, total
FROM page JOIN articles USING (id)
ORDER BY {final_order}
"""


def build_page_query(filters: Iterable[str], order: str) -> str:
    """Return the SQL of a page of hits, one for each story, with how many `more` of it match.

    `filters` are keys of `FILTERS`, `order` one of `ORDERS`. Parameters: `match` of `build_match_query`,
    `most`, `skip` and those of the filters. Of more than `RANKED` hits the last stored ones are sorted.
    """
    return PAGE.format(
        weight=TITLE_WEIGHT,
        ranked=RANKED,
        conditions="".join(f"AND {FILTERS[name]} " for name in filters),
        best=BEST[order],
        order=ORDERS[order],
        final_order=", ".join(f"page.{column}" for column in ORDERS[order].split(", ")),
    )
