"""The ledger knows what needs no second fetch, and how a run ended."""

from datetime import UTC, datetime, timedelta

import pytest

from shopwire.storage.ledger import (
    Validators,
    begin_run,
    finish_run,
    known_urls,
    record_fetch,
    remember_validators,
    validators,
)
from shopwire.storage.store import Store

MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def fetch(
    store: Store, url: str, outcome: str, at: datetime = MOMENT, run: int | None = None
) -> None:
    with store.writing():
        record_fetch(
            store,
            {
                "run_id": run,
                "source": "blog",
                "kind": "page",
                "url": url,
                "at": at.isoformat(),
                "outcome": outcome,
                "reason": "",
            },
        )


def test_a_stored_page_is_known_for_ever(store: Store) -> None:
    fetch(store, "https://blog.example/1", "stored")
    asked = ["https://blog.example/1", "https://blog.example/2"]
    assert known_urls(store, asked, MOMENT + timedelta(days=900)) == {asked[0]: MOMENT.isoformat()}


def test_a_failed_page_is_tried_again_later_but_not_for_ever(store: Store) -> None:
    url = "https://blog.example/1"
    fetch(store, url, "error")
    assert url in known_urls(store, [url], MOMENT + timedelta(minutes=5))
    assert url not in known_urls(store, [url], MOMENT + timedelta(minutes=15))
    for _ in range(4):
        fetch(store, url, "error")
    assert url in known_urls(store, [url], MOMENT + timedelta(days=30))


def test_a_url_list_may_be_longer_than_sqlite_takes_parameters(store: Store) -> None:
    urls = [f"https://blog.example/{number}" for number in range(1200)]
    fetch(store, urls[-1], "stored")
    assert list(known_urls(store, urls, MOMENT)) == [urls[-1]]


@pytest.mark.parametrize(
    ("outcomes", "reason", "expected"),
    [
        (["stored", "robots"], "finished", "ok"),
        ([], "finished", "ok"),
        (["stored", "error"], "finished", "partial"),
        (["error", "timeout"], "finished", "failed"),
        (["stored"], "shutdown", "interrupted"),
    ],
)
def test_a_run_says_how_it_ended(
    store: Store, outcomes: list[str], reason: str, expected: str
) -> None:
    run = begin_run(store, "blog")
    for outcome in outcomes:
        fetch(store, "https://blog.example/1", outcome, run=run)
    finish_run(store, run, known=3, reason=reason)
    row = store.row("SELECT outcome, known, finished IS NOT NULL FROM runs WHERE id = ?", run)
    assert tuple(row) == (expected, 3, 1)


def test_validators_are_remembered(store: Store) -> None:
    url = "https://blog.example/feed"
    assert validators(store, url) == Validators()
    with store.writing():
        remember_validators(store, url, Validators('"abc"', "Sun, 22 Nov 2026 08:00:00 GMT"))
    assert validators(store, url) == Validators('"abc"', "Sun, 22 Nov 2026 08:00:00 GMT")
