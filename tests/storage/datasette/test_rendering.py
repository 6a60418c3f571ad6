"""Queries of our own pages have the time limit of Datasette, also several that are read together."""

import asyncio

import pytest
from datasette.database import QueryInterrupted

from shopwire.storage.database import Store
from shopwire.storage.datasette.app import build_datasette
from shopwire.storage.datasette.pages.rendering import Rows, fetch_together

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def fetch(store: Store, queries: dict[str, str], **values: int) -> dict[str, Rows]:
    async def once() -> dict[str, Rows]:
        datasette = build_datasette(store.path)
        datasette.sql_time_limit_ms = 20
        await datasette.invoke_startup()
        return await fetch_together(datasette, queries, **values)

    return asyncio.run(once())


def test_each_query_takes_the_values_that_it_names(store: Store) -> None:
    found = fetch(store, {"one": "SELECT :a AS a", "both": "SELECT :b AS b, :a AS a"}, a=1, b=2)
    assert found == {"one": [{"a": 1}], "both": [{"b": 2, "a": 1}]}


def test_a_query_that_takes_too_long_is_named(store: Store) -> None:
    with pytest.raises(QueryInterrupted) as raised:
        fetch(store, {"one": "SELECT 1", "endless": ENDLESS})
    assert raised.value.sql == ENDLESS
