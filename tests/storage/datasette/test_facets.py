"""Facets and counts of `latest` read an index and nothing else, whatever is filtered."""

import pytest

from shopwire.storage.store import Store

# As Datasette 0.65 asks (datasette/facets.py, datasette/views/table.py).
FACET = """
select {column} as value, count(*) as count from (
    select id, day, title, source, language, platform, copies, story, author, origin, time, url
    from latest {where}
)
where {column} is not null
group by {column} order by count desc, value limit 9
"""
COUNT = "select count(*) from latest {where}"
COLUMNS = ("language", "source", "platform", "story")
FILTERS = {
    "nothing": "",
    "a language": "where language = 'zh'",
    "a source": "where source = 'ebrun'",
    "a platform": "where platform = 'Taobao'",
    "a story": "where story = 7",
    "a day": "where day = '2026-11-11'",
    "all days since": "where day >= '2026-01-01'",
    "some days": "where day >= '2026-11-01' and day <= '2026-11-11'",
    "a language and some days": "where language = 'zh' and day >= '2026-11-01'",
    "a language and a source": "where language = 'zh' and source = 'ebrun'",
}


def plan(store: Store, sql: str) -> list[str]:
    """How SQLite would go about a query."""
    return [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize("filtered", FILTERS)
def test_no_text_is_touched_to_count(store: Store, filtered: str) -> None:
    where = FILTERS[filtered]
    asked = [FACET.format(column=column, where=where) for column in COLUMNS]
    for sql in (*asked, COUNT.format(where=where)):
        first = plan(store, sql)[0]
        assert "USING COVERING INDEX" in first


@pytest.mark.parametrize("filtered", ["nothing", "a language", "all days since"])
def test_what_half_the_store_passes_is_not_sorted(store: Store, filtered: str) -> None:
    for column in COLUMNS:
        sql = FACET.format(column=column, where=FILTERS[filtered])
        assert "USE TEMP B-TREE FOR GROUP BY" not in plan(store, sql)
