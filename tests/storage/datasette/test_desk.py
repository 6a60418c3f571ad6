"""What the desk answers, asked the way a browser asks but without a socket."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from shopwire.pipelines.keep import keep
from shopwire.storage.datasette.desk import open_desk
from shopwire.storage.store import Store
from tests.makers import a_page, an_article

Get = Callable[..., Any]


@pytest.fixture
def get(store: Store) -> Get:
    """Asks the desk over `store` for a path; keyword arguments go to httpx."""
    return getter(store)


def getter(store: Store, password: str | None = None) -> Get:
    desk = open_desk(store.path, password)

    def ask(path: str, **more: Any) -> Any:
        async def once() -> Any:
            await desk.invoke_startup()
            return await desk.client.get(path, **more)

        return asyncio.run(once())

    return ask


def write(store: Store, *articles: dict[str, Any]) -> None:
    for number, fields in enumerate(articles, start=1):
        keep(
            store, a_page(), an_article(**{"url": f"https://blog.example/{number}"} | fields), None
        )


@pytest.mark.parametrize("words", ["淘宝", "双11", "直播带货", "Temu", '"live streaming"'])
@pytest.mark.parametrize("table", ["latest", "articles"])
def test_the_search_box_finds_chinese_words(store: Store, get: Get, table: str, words: str) -> None:
    write(
        store,
        {"title": "淘宝与双11", "text": "直播带货 by Temu, with live streaming."},
        {"title": "宝淘 11双", "text": "带货直播 and streaming live."},
    )
    rows = get(f"/shopwire/{table}.json", params={"_search": words, "_shape": "array"}).json()
    assert [row["id"] for row in rows] == [1]


def test_a_search_for_nothing_but_signs_is_answered(store: Store, get: Get) -> None:
    write(store, {"text": "words"})
    answer = get("/shopwire/latest.json", params={"_search": '"?!', "_shape": "array"})
    assert (answer.status_code, answer.json()) == (200, [])


def test_what_is_committed_meanwhile_is_seen_at_once(store: Store, get: Get) -> None:
    def titles() -> list[str]:
        rows = get("/shopwire/latest.json?_shape=array").json()
        return [row["title"] for row in rows]

    assert titles() == []
    write(store, {"title": "Fresh"})
    assert titles() == ["Fresh"]


def test_nothing_can_be_written(store: Store, get: Get) -> None:
    write(store, {"title": "Kept"})
    get("/shopwire", params={"sql": "delete from articles"})
    get("/shopwire", params={"sql": "select writefile('x', 'y')"})
    assert store.row("SELECT title FROM articles")[0] == "Kept"  # type: ignore[index]


def test_the_file_cannot_be_downloaded(get: Get) -> None:
    assert get("/shopwire.db").status_code == 403


@pytest.mark.parametrize("path", ["/", "/shopwire", "/shopwire/latest", "/nowhere", "/-/login"])
def test_every_answer_says_what_a_browser_may_do(get: Get, path: str) -> None:
    headers = get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


def test_what_only_the_crawler_reads_is_not_shown(get: Get) -> None:
    tables = get("/shopwire.json").json()["tables"]
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert {"articles", "copies", "fetches", "runs", "sources", "stories"} <= shown
    assert not shown & {"_sqlite_migrations", "fingerprints", "lines", "validators", "articles_fts"}


def test_with_a_password_a_stranger_is_sent_to_the_form(store: Store) -> None:
    get = getter(store, password="open sesame")
    asked = get("/shopwire/latest", headers={"accept": "text/html"})
    assert (asked.status_code, asked.headers["location"]) == (302, "/-/login")
    assert get("/shopwire/latest.json").status_code == 403
    assert get("/shopwire/latest.json", auth=("shopwire", "wrong")).status_code == 403
    assert get("/shopwire/latest.json", auth=("shopwire", "open sesame")).status_code == 200


def test_a_store_with_another_reader_can_still_be_written(store: Store, get: Get) -> None:
    get("/shopwire/latest")
    with sqlite3.connect(store.path, timeout=0) as other:
        other.execute("UPDATE sources SET title = 'changed'")
    assert get("/shopwire/sources.json?_shape=array").json()[0]["title"] == "changed"
