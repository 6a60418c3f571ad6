"""Facets of `latest` are read from stored counts or counted in an index, whatever the filters."""

from collections import Counter
from typing import Any

import pytest

from shopwire.storage.database import Store
from tests.storage.datasette.test_app import Get, build_getter, write

# The SQL of Datasette 0.65 (datasette/facets.py, datasette/views/table.py).
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
    """Return the steps of SQLite's query plan."""
    return [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize("filtered", FILTERS)
def test_counting_reads_an_index_only(store: Store, filtered: str) -> None:
    where = FILTERS[filtered]
    asked = [FACET.format(column=column, where=where) for column in COLUMNS]
    for sql in (*asked, COUNT.format(where=where)):
        first = plan(store, sql)[0]
        assert "USING COVERING INDEX" in first


@pytest.mark.parametrize("filtered", ["nothing", "a language", "all days since"])
def test_a_filter_that_passes_half_the_store_needs_no_sorting(store: Store, filtered: str) -> None:
    for column in COLUMNS:
        sql = FACET.format(column=column, where=FILTERS[filtered])
        assert "USE TEMP B-TREE FOR GROUP BY" not in plan(store, sql)


# Stored counts answer these queries; the others are counted.
STORED = (
    "_facet=story",
    "_facet_column=story",
    "language=zh&_facet=story",
    "language__exact=zh&_search=&_facet=story",
    "_facet=story&_sort=day&_size=2",
)
COUNTED = (
    "language=*&_facet=story",
    "language=zh&language=en&_facet=story",
    "source=blog&_facet=story",
    "language__not=zh&_facet=story",
    "language=zh&day__gte=2026-01-01&_facet=story",
    "_search=%E6%B7%98%E5%AE%9D&_facet=story",
    "_where=language+%3D+%27zh%27&_facet=story",
)


def facets(get: Get, query: str) -> dict[str, list[tuple[Any, int]]]:
    found = get(f"/shopwire/latest.json?{query}").json()["facet_results"]
    return {name: [(one["value"], one["count"]) for one in facet["results"]] for name, facet in found.items()}


@pytest.fixture
def filled(store: Store) -> Store:
    write(
        store,
        {"title": "Temu", "text": "Parcels reached buyers in nine days.", "language": "en"},
        {"title": "淘宝", "text": "商家不再付费。", "language": "zh"},
        {"title": "淘宝 again", "text": "天猫成交额5403亿元。", "language": "zh"},
    )
    store.update_article(2, {"story_id": 3})
    return store


@pytest.mark.parametrize("query", [*STORED, *COUNTED])
def test_a_facet_counts_the_articles_that_pass_the_filters(filled: Store, query: str) -> None:
    get = build_getter(filled)
    for name, kept in facets(get, query).items():
        path = f"/shopwire/latest.json?{query}&_shape=array&_size=max".replace("_size=2&", "")
        values = [row[name] for row in get(path).json() if row[name] is not None]
        assert dict(kept) == Counter(values)
        assert kept == sorted(kept, key=lambda one: (-one[1], one[0]))
    assert list(facets(get, query)) == list(COLUMNS)


@pytest.mark.parametrize("query", STORED)
def test_common_facets_are_read_from_stored_counts(filled: Store, query: str) -> None:
    filled.db.execute("UPDATE facet_counts SET articles = articles + 1000")
    found = facets(build_getter(filled), query)
    assert all(count > 1000 for facet in found.values() for _, count in facet)


@pytest.mark.parametrize("query", COUNTED)
def test_other_facets_are_counted(filled: Store, query: str) -> None:
    filled.db.execute("UPDATE facet_counts SET articles = articles + 1000")
    found = facets(build_getter(filled), query)
    assert all(count < 1000 for facet in found.values() for _, count in facet)


def test_a_long_facet_is_truncated(filled: Store) -> None:
    answer = build_getter(filled)("/shopwire/latest.json?_facet=story&_facet_size=1").json()
    story = answer["facet_results"]["story"]
    assert ([one["value"] for one in story["results"]], story["truncated"]) == ([3], True)


def test_stored_and_counted_facets_are_shown_together(filled: Store) -> None:
    filled.db.execute("UPDATE facet_counts SET articles = articles + 1000")
    found = facets(build_getter(filled), "_facet=title&_facet=story")
    assert found["title"] == [("Temu", 1), ("淘宝", 1), ("淘宝 again", 1)]
    assert found["story"] == [(3, 1002), (1, 1001)]


@pytest.mark.parametrize("path", ["latest", "articles"])
def test_a_value_of_a_facet_is_a_link_that_filters_by_it_or_no_longer_does(filled: Store, path: str) -> None:
    get = build_getter(filled)
    chosen = f"http://localhost/shopwire/{path}.json?_facet=language&language=zh"
    for query, selected, link in (("", False, chosen), ("&language=zh", True, chosen[:-12])):
        answer = get(f"/shopwire/{path}.json?_facet=language{query}").json()
        (value,) = (one for one in answer["facet_results"]["language"]["results"] if one["value"] == "zh")
        assert (value["selected"], value["toggle_url"]) == (selected, link)
