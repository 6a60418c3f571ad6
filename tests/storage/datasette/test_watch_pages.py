"""The page and the feed of a watch, and its number on the front page."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from shopwire.storage.database import Store
from tests.storage.datasette.test_app import Get, build_getter, write

TOML = '[watches."双 11"]\nwords = "Taobao"\n[watches.empty]\nwords = "nothing"\n'


@pytest.fixture
def get(store: Store) -> Get:
    now = datetime.now(UTC)
    days = {"today": now, "old": now - timedelta(days=10), "older": now - timedelta(days=40)}
    write(
        store,
        *(
            {"title": f"<b>{name}</b>", "text": f"Taobao {name} {name * 9}", "fetched": f"{at:%FT%T}+00:00"}
            for name, at in days.items()
        ),
    )
    (store.path.parent / "shopwire.toml").write_text(TOML, encoding="utf-8")
    return build_getter(store)


def test_a_page_has_the_matches_of_its_days(get: Get) -> None:
    page = get("/watch/双 11")
    assert page.status_code == 200
    assert "2 articles stored in the last 30 days" in page.text
    assert re.findall("&lt;b&gt;(.*?)&lt;/b&gt;", page.text) == ["old", "today"]
    assert "words: Taobao" in page.text


def test_a_page_without_a_match_and_an_unknown_one_say_so(get: Get) -> None:
    assert "No article stored in the last 30 days matches" in get("/watch/empty").text
    unknown = get("/watch/nobody")
    assert unknown.status_code == 404
    assert "There is no watch called nobody" in unknown.text


def test_the_front_page_counts_the_matches_of_a_week(get: Get) -> None:
    front = re.sub("<.*?>", "", get("/").text)
    assert "双 11 1" in front
    assert "empty 0" in front


def test_a_changed_file_is_read_at_once(store: Store, get: Get) -> None:
    assert get("/watch/empty").status_code == 200
    file: Path = store.path.with_name("shopwire.toml")
    file.write_text(TOML.replace("empty", "other"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert [get(f"/watch/{name}").status_code for name in ("empty", "other")] == [404, 200]
    file.unlink()
    assert get("/watch/other").status_code == 404


def test_a_feed_has_an_entry_for_each_match(get: Get) -> None:
    answer = get("/watch/双 11.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.text)
    assert not feed.bozo
    assert [entry["id"] for entry in feed.entries] == ["urn:shopwire:article:2", "urn:shopwire:article:1"]
    assert feedparser.parse(get("/watch/empty.atom").text).entries == []


def test_a_mistake_in_the_file_is_named_and_breaks_no_other_page(store: Store, get: Get) -> None:
    file: Path = store.path.with_name("shopwire.toml")
    file.write_text("[watches.a]\nword = 'x'", encoding="utf-8")
    front = get("/")
    assert front.status_code == 200
    assert "line 2: unknown key" in front.text
    assert get("/watch/a").status_code == 404
