"""The crawl log knows which pages need no second fetch, and how a run ended."""

from datetime import UTC, datetime, timedelta

import pytest

from shopwire.storage.crawl_log.conditional_requests import (
    Validators,
    load_validators,
    save_validators,
)
from shopwire.storage.crawl_log.fetches import (
    LastFetch,
    find_last_fetch,
    has_unsettled_pages,
    record_fetch,
)
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store

MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def fetch(
    store: Store,
    url: str,
    outcome: str,
    at: datetime = MOMENT,
    run: int | None = None,
    kind: str = "page",
) -> None:
    with store.writing():
        record_fetch(
            store,
            {
                "run_id": run,
                "source": "blog",
                "kind": kind,
                "url": url,
                "at": at.isoformat(),
                "outcome": outcome,
                "reason": "",
            },
        )


def test_a_stored_page_is_settled_for_ever(store: Store) -> None:
    url = "https://blog.example/1"
    assert find_last_fetch(store, url) is None
    fetch(store, url, "stored")
    last = find_last_fetch(store, url)
    assert last == LastFetch(MOMENT, Outcome.STORED, 1)
    assert last.is_settled
    assert not last.is_due(MOMENT + timedelta(days=900))


def test_a_failed_page_is_tried_again_later_but_not_for_ever(store: Store) -> None:
    url = "https://blog.example/1"
    fetch(store, url, "error")
    last = find_last_fetch(store, url)
    assert not last.is_settled
    assert not last.is_due(MOMENT + timedelta(minutes=5))
    assert last.is_due(MOMENT + timedelta(minutes=15))
    for _ in range(6):
        fetch(store, url, "error")
    assert find_last_fetch(store, url).is_settled


def test_a_page_whose_server_is_down_for_two_days_is_had_in_the_end(store: Store) -> None:
    url, at, tries = "https://blog.example/1", MOMENT, 0
    while at < MOMENT + timedelta(days=2):
        last = find_last_fetch(store, url)
        if last is None or last.is_due(at):
            fetch(store, url, "error", at)
            tries += 1
        at += timedelta(minutes=10)
    assert tries < 6
    assert not find_last_fetch(store, url).is_settled


def test_our_own_trouble_counts_for_nothing(store: Store) -> None:
    url = "https://blog.example/1"
    for hours in range(30):
        fetch(store, url, Outcome.TROUBLE, MOMENT + timedelta(hours=hours))
    last = find_last_fetch(store, url)
    assert not last.is_settled
    assert last.is_due(MOMENT + timedelta(hours=30))
    fetch(store, url, "error", MOMENT + timedelta(hours=31))
    assert not find_last_fetch(store, url).is_settled


@pytest.mark.parametrize("outcome", ["not_found", "robots", "bad_html", "too_big", "blocked"])
def test_a_run_none_of_whose_lists_was_read_has_failed(store: Store, outcome: str) -> None:
    run = begin_run(store, "blog")
    fetch(store, "https://blog.example/feed", outcome, run=run, kind="feed")
    fetch(store, "https://blog.example/1", "known", run=run)
    finish_run(store, run, 0, "finished")
    assert store.row("SELECT outcome FROM runs")["outcome"] == "failed"


def test_the_last_outcome_counts(store: Store) -> None:
    url = "https://blog.example/1"
    fetch(store, url, "error")
    fetch(store, url, "stored", MOMENT + timedelta(hours=1))
    assert find_last_fetch(store, url) == LastFetch(MOMENT + timedelta(hours=1), Outcome.STORED, 2)


def test_a_page_that_its_source_says_has_changed_is_due_but_not_daily_for_nothing() -> None:
    later, day = MOMENT + timedelta(hours=2), timedelta(days=1)
    last = LastFetch(MOMENT, Outcome.STORED, 1, MOMENT - day)
    assert last.is_due(later, modified=later)
    assert not last.is_due(later, modified=MOMENT - day)
    assert not last.is_due(later)
    in_vain = LastFetch(MOMENT, Outcome.KNOWN, 2, MOMENT - day)
    assert not in_vain.is_due(later, modified=later)
    assert in_vain.is_due(later + day, modified=later)


@pytest.mark.parametrize(("outcome", "expected"), [("stored", False), ("error", True), ("thin", True)])
def test_a_run_may_leave_pages_to_try_again(store: Store, outcome: str, expected: bool) -> None:
    run = begin_run(store, "blog")
    fetch(store, "https://blog.example/1", outcome, run=run)
    assert has_unsettled_pages(store, run) is expected


@pytest.mark.parametrize(
    ("attempts", "reason", "expected"),
    [
        ("list:listed page:stored page:robots", "finished", "ok"),
        ("list:unchanged", "finished", "ok"),
        ("list:listed page:stored page:stored page:error", "finished", "ok"),
        ("list:listed page:stored page:error page:timeout", "finished", "partial"),
        ("list:listed list:error page:stored", "finished", "partial"),
        ("list:blocked", "finished", "failed"),
        ("list:listed page:stored", "shutdown", "interrupted"),
    ],
)
def test_a_run_says_how_it_ended(store: Store, attempts: str, reason: str, expected: str) -> None:
    run = begin_run(store, "blog")
    for attempt in attempts.split():
        kind, outcome = attempt.split(":")
        fetch(store, "https://blog.example/1", outcome, run=run, kind=kind)
    finish_run(store, run, known=3, reason=reason)
    row = store.row("SELECT outcome, known, finished IS NOT NULL FROM runs WHERE id = ?", run)
    assert tuple(row) == (expected, 3, 1)


def test_a_run_whose_process_is_gone_is_closed_by_the_next(store: Store) -> None:
    dead = begin_run(store, "blog")
    alive = begin_run(store, "blog")
    with store.writing():
        store.db.execute("UPDATE runs SET pid = 999999999 WHERE id = ?", [dead])
    begin_run(store, "blog")
    outcomes = dict(map(tuple, store.rows("SELECT id, outcome FROM runs")))
    assert outcomes[dead] == "interrupted"
    assert outcomes[alive] is None


def test_validators_are_remembered(store: Store) -> None:
    url = "https://blog.example/feed"
    assert load_validators(store, url) == Validators()
    with store.writing():
        save_validators(store, url, Validators('"abc"', "Sun, 22 Nov 2026 08:00:00 GMT"))
    assert load_validators(store, url) == Validators('"abc"', "Sun, 22 Nov 2026 08:00:00 GMT")
