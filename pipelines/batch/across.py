"""Copies that lie further apart than a shard reaches.

One join in DuckDB over texts and keys names the articles; what finds the duplicates of any new text decides.
"""

from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shopwire.pipelines.deduplication.deduplicate import deduplicate_again
from shopwire.pipelines.deduplication.fingerprint_index import COMMON_KEY, RARE_KEY
from shopwire.pipelines.stories.assign_story import assign_story, leave_story
from shopwire.storage.database import Store

# Days before the month of a shard whose articles it compares with.
WARM_UP_DAYS: Final = 30
# Rows read from the store at once.
BLOCK: Final = 1_000_000
COLUMNS: Final = {"articles": ("id", "front", "text", "day", "reach"), "keys": ("key", "article")}
# Id, front, text, day, and the first day that the shard of an article has compared it with.
ARTICLES: Final = """
SELECT id, canonical_id, text_hash, CAST(julianday(date(seen)) + 0.5 AS INTEGER),
    iif(id < ?, 1 << 40, CAST(julianday(date(seen, 'start of month')) + 0.5 AS INTEGER) - ?)
FROM (SELECT *, coalesce(date(coalesce(published, fetched)), '0001-01-01') AS seen FROM articles)
"""
KEYS: Final = "SELECT key, article FROM fingerprints"
# Of two articles that no shard has compared the later one, if they share a text, several keys, or a rare one.
MISSED: Final = """
WITH held AS (
    SELECT key, article, count(*) OVER (PARTITION BY key) AS holders FROM keys
    QUALIFY holders BETWEEN 2 AND $common),
shared AS (
    SELECT one.article AS early, other.article AS late
    FROM held AS one JOIN held AS other ON one.key = other.key AND one.article < other.article
    GROUP BY ALL HAVING count(*) > 1 OR sum(1 / one.holders) * $rare >= 1),
same AS (SELECT min(id) AS early, text FROM articles GROUP BY text HAVING count(DISTINCT front) > 1),
pairs AS (
    SELECT early, late FROM shared
    UNION SELECT early, id FROM same JOIN articles USING (text))
SELECT DISTINCT late FROM pairs
JOIN articles AS one ON one.id = early JOIN articles AS other ON other.id = late
WHERE one.front <> other.front AND late >= $first AND one.day < other.reach ORDER BY late
"""


def link_missed(store: Store, first: int) -> int:
    """Find the duplicates of articles from this id on that no shard could; return how many were looked at."""
    missed = find_missed(store, first)
    for article in missed:
        with store.writing():
            found = deduplicate_again(store, article)
            for other, former_member in found.reevaluated:
                if former_member is not None:
                    leave_story(store, other, former_member)
            for other in dict.fromkeys([article, *(other for other, _ in found.reevaluated)]):
                assign_story(store, other)
    return len(missed)


def find_missed(store: Store, first: int) -> list[int]:
    """Return the articles from this id on that may have a duplicate which their shard did not have."""
    # An extra.
    import duckdb  # noqa: PLC0415

    # A database on the disk, as the keys of many articles do not fit into the memory.
    with (
        TemporaryDirectory(prefix="shopwire-keys-") as folder,
        duckdb.connect(f"{folder}/keys") as connection,
    ):
        for table, columns in COLUMNS.items():
            declared = ", ".join(f"{column} BIGINT" for column in columns)
            connection.execute(f"CREATE TABLE {table} ({declared})")
        for table, sql, values in (("articles", ARTICLES, [first, WARM_UP_DAYS]), ("keys", KEYS, [])):
            for block in _read_blocks(store, sql, values):
                connection.register("block", dict(zip(COLUMNS[table], block, strict=True)))
                connection.execute(f"INSERT INTO {table} SELECT * FROM block")
        limits = {"common": COMMON_KEY, "rare": RARE_KEY, "first": first}
        return [late for (late,) in connection.execute(MISSED, limits).fetchall()]


def _read_blocks(store: Store, sql: str, values: Sequence[int]) -> Iterator[NDArray[np.int64]]:
    """Yield the columns of a query, which are whole numbers, for some rows at a time."""
    cursor = store.db.conn.execute(sql, values)
    while rows := cursor.fetchmany(BLOCK):
        yield np.array([tuple(row) for row in rows], dtype=np.int64).T.copy()
