"""What pages have in common: how they read the store, how long they may, and where their links begin."""

import asyncio
import re
from typing import Any

import pytest
from datasette.database import QueryInterrupted

from shopwire.storage.database import Store
from shopwire.storage.datasette.app import build_datasette
from shopwire.storage.datasette.live_database import LiveDatabase
from shopwire.storage.datasette.pages.rendering import Rows, fetch_together
from shopwire.storage.datasette.plugin import METADATA, keep_table_rules
from tests.storage.datasette.test_app import ask_datasette, build_getter, write

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


@pytest.mark.parametrize("path", ["/article/1", "/story/1", "/search?q=words"])
def test_a_page_waits_for_the_store_once(store: Store, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    write(store, {"title": "Some words"})
    get = build_getter(store)
    page = {"accept": "text/html"}
    assert get(path, headers=page).status_code == 200
    waits: list[Any] = []
    execute_fn = LiveDatabase.execute_fn

    async def count(database: LiveDatabase, fn: Any) -> Any:
        waits.append(fn)
        return await execute_fn(database, fn)

    monkeypatch.setattr(LiveDatabase, "execute_fn", count)
    assert get(path, headers=page).status_code == 200
    assert len(waits) == 1


@pytest.mark.parametrize("path", ["/", "/article/1", "/search?q=words", "/shopwire/latest", "/nowhere"])
def test_links_begin_with_the_path_of_the_site(store: Store, path: str) -> None:
    write(store, {"title": "Some words", "tags": ["one"]})
    datasette = build_datasette(store.path)
    datasette._settings["base_url"] = "/news/"
    page = ask_datasette(datasette)(path).text
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert len(links) > 8
    assert [link for link in links if not link.startswith("/news/")] == []


def test_of_tables_the_rules_are_kept_for_permissions() -> None:
    tables = {
        "latest": {"title": "Latest", "allow": {"id": "me"}, "facet_size": 3},
        "named": {"title": "Named"},
    }
    kept = {"latest": {"allow": {"id": "me"}, "facet_size": 3}}
    assert keep_table_rules({"databases": {"a": {"tables": tables}, "b": {}}}) == {
        "databases": {"a": {"tables": kept}}
    }
    assert keep_table_rules(METADATA) == {"databases": {}}
