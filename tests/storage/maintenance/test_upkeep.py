"""What a daemon does for its store: when it is due, and what it records."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from shopwire.storage.configuration.options import Retention
from shopwire.storage.crawl_log.events import list_newest_events
from shopwire.storage.database import Store
from shopwire.storage.maintenance import upkeep
from shopwire.storage.maintenance.upkeep import Upkeep
from tests.support.makers import an_article, store_article

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Make = Callable[..., Upkeep]


@pytest.fixture
def make(store: Store) -> Make:
    with store.writing():
        store_article(store, an_article())
    archive = store.path.with_name("archive")
    return lambda **days: Upkeep(store.path, archive, Retention(**days), threading.Event())


def events(store: Store) -> list[tuple[str, str]]:
    return [(row["kind"], row["text"]) for row in list_newest_events(store, 100)]


def test_a_store_is_checked_once_a_week_and_pruned_once_a_day(store: Store, make: Make) -> None:
    job = make(log_days=30)
    for hours in range(0, 24 * 15, 6):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            job.run()
    kinds = [kind for kind, _ in events(store)]
    assert (kinds.count("check"), kinds.count("prune")) == (3, 15)
    assert ("check", "no problems") in events(store)


def test_without_a_retention_nothing_is_pruned(store: Store, make: Make) -> None:
    make().run()
    assert [kind for kind, _ in events(store)] == ["check"]


def test_a_problem_is_an_event_and_an_error(
    store: Store, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    with store.writing():
        store.db.execute("UPDATE articles SET text = 'changed'")
    make().run()
    ((_, text),) = events(store)
    assert text.startswith("1 problem, the first: text: article 1 ")
    assert text in caplog.text


def test_a_check_that_is_stopped_says_nothing(
    store: Store, make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(upkeep, "STEPS", 1)
    job = make()
    job.stopping.set()
    job.run()
    assert (events(store), caplog.text) == ([], "")


def test_a_store_that_cannot_be_written_is_tried_again(
    store: Store, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    job = make()
    store.path.rename(store.path.with_name("away.db"))
    job.run()
    assert "upkeep of the store" in caplog.text
