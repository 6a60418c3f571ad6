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
PAGE = """
WITH hits AS (
    SELECT articles_fts.rowid AS id, bm25(articles_fts, {weight}, 1.0) AS score
    FROM articles_fts {tables}
    WHERE articles_fts MATCH :match {conditions}
    ORDER BY articles_fts.rowid DESC LIMIT {ranked}
),
first AS (
    SELECT hits.id, score, time, coalesce(story_id, -hits.id) AS story
    FROM hits JOIN articles USING (id) WHERE canonical_id = id
),
folded AS (
    SELECT *, count(*) OVER (PARTITION BY story) - 1 AS more,
           row_number() OVER (PARTITION BY story ORDER BY {order}) AS place
    FROM first
),
page AS (
    SELECT *, count(*) OVER () AS total FROM folded WHERE place = 1 ORDER BY {order} LIMIT :most OFFSET :skip
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
    conditions = [FILTERS[name] for name in filters]
    return PAGE.format(
        weight=TITLE_WEIGHT,
        ranked=RANKED,
        # SQLite keeps the order of a CROSS JOIN: the index is read first, and only until enough hits pass.
        tables="CROSS JOIN articles ON articles.id = articles_fts.rowid" if conditions else "",
        conditions="".join(f"AND {condition} " for condition in conditions),
        order=ORDERS[order],
        final_order=", ".join(f"page.{column}" for column in ORDERS[order].split(", ")),
    )
