"""With what a worker is told, a crawl decides as it would beside the whole store."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.spiders.page import FetchResult
from shopwire.storage.addresses.aliases import add_alias, find_simple_url
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, read_archived_page
from shopwire.storage.cluster.knowledge import pack_source, unpack_source
from shopwire.storage.cluster.wire import WireError
from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    estimate_articles_per_day,
    load_validators,
    save_validators,
)
from shopwire.storage.crawl_log.fetches import find_last_fetch, find_last_fetch_of_article
from shopwire.storage.crawl_log.forgotten import add_forgotten, is_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.revisits import find_pages_to_revisit
from shopwire.storage.crawl_log.runs import (
    begin_run,
    declare_source,
    finish_run,
    has_runs,
    is_last_run_complete,
)
from shopwire.storage.database import Store
from tests.support.makers import FETCHED, a_page, an_article

FEED = "https://blog.example/feed"
LATER = FETCHED + timedelta(hours=25)


@pytest.fixture
def whole(store: Store, tmp_path: Path) -> Store:
    """A store with some of everything that a crawl reads."""
    run = begin_run(store, "blog")
    with ArchiveWriter(tmp_path / "archive", "2026-11/blog") as archive:
        for number in range(4):
            url = f"https://blog.example/{number}"
            listed = {"title": f"Title {number}", "author": "Li", "published": ""}
            place = archive.write(ArchivedPage(url, "blog", FETCHED, "text/html", b"<p>", listed))
            page = a_page(url, archived_in=place, requested=f"{url}?from=feed")
            store_page(store, page, an_article(url, f"Text number {number}."), run)
    for _ in range(3):
        failed = FetchResult("https://blog.example/bad", "blog", "page", FETCHED, Outcome.ERROR, "500")
        store_fetch_result(store, failed, run)
    store_fetch_result(store, FetchResult(FEED, "blog", "feed", FETCHED, Outcome.UNCHANGED, "304"), run)
    with store.writing():
        save_validators(store, FEED, Validators('"a"', "yesterday"))
        add_alias(store, 1, "https://m.blog.example/0", "redirect")
        add_forgotten(store, "url", ["https://blog.example/gone"], "gone")
        declare_source(store, "sister", "Sister", "https://blog.example/en/", "en")
        declare_source(store, "other", "Other", "https://other.example/", "en")
    for source, url in (("sister", "https://blog.example/en/1"), ("other", "https://other.example/1")):
        store_fetch_result(store, FetchResult(url, source, "page", FETCHED, Outcome.THIN, "short"), None)
    finish_run(store, run, 0, "finished")
    return store


@pytest.fixture
def told(whole: Store, tmp_path: Path) -> Any:
    """A store of a worker, that was told of `blog`."""
    packed = json.loads(json.dumps(pack_source(whole, "blog", LATER, tmp_path / "archive")))
    with Store(tmp_path / "worker" / "shopwire.db") as made:
        unpack_source(made, packed, tmp_path / "worker" / "archive")
        yield made


URLS = [
    *(f"https://blog.example/{number}{more}" for number in range(4) for more in ("", "?from=feed")),
    "https://blog.example/bad",
    "https://blog.example/never",
    "https://blog.example/en/1",
]


@pytest.mark.parametrize("url", URLS)
def test_a_page_is_as_known_as_in_the_whole_store(whole: Store, told: Store, url: str) -> None:
    def find(store: Store) -> object:
        last = find_last_fetch(store, url) or find_last_fetch_of_article(store, url)
        return last and (last.at, last.outcome, last.modified, last.is_settled, last.is_due(LATER))

    assert find(told) == find(whole)


def test_another_address_of_an_article_is_known(told: Store) -> None:
    assert find_last_fetch(told, "https://m.blog.example/0") is not None


def test_lists_runs_and_what_was_taken_down_are_known(whole: Store, told: Store) -> None:
    for store in (whole, told):
        validators = load_validators(store, FEED)
        assert (validators.etag, validators.last_modified, validators.was_unchanged) == (
            '"a"',
            "yesterday",
            True,
        )
        assert has_runs(store, "blog")
        assert is_last_run_complete(store, "blog")
        assert is_forgotten(store, "https://blog.example/gone")
    assert find_simple_url(told, "https://blog.example/9?from=feed") == find_simple_url(
        whole, "https://blog.example/9?from=feed"
    )
    assert estimate_articles_per_day(told, "blog", LATER) == estimate_articles_per_day(whole, "blog", LATER)


def test_the_same_pages_are_requested_again_with_what_their_list_said(
    whole: Store, told: Store, tmp_path: Path
) -> None:
    expected = find_pages_to_revisit(whole, "blog", LATER, 20)
    found = find_pages_to_revisit(told, "blog", LATER, 20)
    assert expected
    assert sorted(one.url for one in found) == sorted(one.url for one in expected)
    listed = {
        one.url: read_archived_page(tmp_path / "worker" / "archive", one.archived_in).listed for one in found
    }
    assert listed == {
        one.url: read_archived_page(tmp_path / "archive", one.archived_in).listed for one in expected
    }


def test_nothing_is_told_of_other_sites(told: Store) -> None:
    assert find_last_fetch(told, "https://other.example/1") is None
    assert [row[0] for row in told.rows("SELECT name FROM sources ORDER BY name")] == ["blog", "sister"]


@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed["tables"].pop("lines"),
        lambda packed: packed["tables"].update(stories=[["id"]]),
        lambda packed: packed["tables"]["fetches"][0].append("nothing"),
        lambda packed: packed["tables"]["fetches"].append([1]),
        lambda packed: packed["tables"]["fetches"][1].__setitem__(0, {"a": 1}),
        lambda packed: packed["tables"]["fetches"][1].__setitem__(0, "nobody"),
        lambda packed: packed["tables"]["sources"][1].__setitem__(0, None),
        lambda packed: packed["tables"]["sources"][1].__setitem__(1, "x" * 200_000),
        lambda packed: packed["listed"].update(place={"title": 1}),
        lambda packed: packed.pop("listed"),
    ],
)
def test_what_is_no_briefing_is_refused(whole: Store, tmp_path: Path, change: Any) -> None:
    packed = json.loads(json.dumps(pack_source(whole, "blog", LATER, tmp_path / "archive")))
    change(packed)
    with Store(tmp_path / "worker.db") as made, pytest.raises(WireError):
        unpack_source(made, packed, tmp_path / "worker")
