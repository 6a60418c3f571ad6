"""The writing thread commits several writes together, and reports the result of each."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.writer import JOBS_AHEAD, StoreWriter


@pytest.fixture
def writer(store: Store) -> Iterator[StoreWriter]:
    opened = StoreWriter(store.path)
    yield opened
    opened.close()


def sources(store: Store) -> list[str]:
    return [row["name"] for row in store.rows("SELECT name FROM sources ORDER BY name")]


def declare(store: Store, name: str) -> str:
    declare_source(store, name, "", "", "en")
    return name


def fail(store: Store) -> None:
    declare(store, "half")
    raise ZeroDivisionError


def test_who_is_answered_is_committed(store: Store, writer: StoreWriter) -> None:
    assert writer.submit(declare, "one").result() == "one"
    assert sources(store) == ["blog", "one"]


def test_what_waits_is_committed_together(store: Store, writer: StoreWriter) -> None:
    held, seen = Event(), []
    writer.submit_alone(lambda _: held.wait())
    first = writer.submit(declare, "one")
    first.add_done_callback(lambda _: seen.extend(sources(store)))
    second = writer.submit(declare, "two")
    held.set()
    assert (first.result(), second.result()) == ("one", "two")
    assert seen == ["blog", "one", "two"]


def test_one_that_fails_costs_no_other(store: Store, writer: StoreWriter) -> None:
    held = Event()
    writer.submit_alone(lambda _: held.wait())
    before, broken, after = (
        writer.submit(declare, "a"),
        writer.submit(fail),
        writer.submit(declare, "b"),
    )
    held.set()
    assert (before.result(), after.result()) == ("a", "b")
    with pytest.raises(ZeroDivisionError):
        broken.result()
    assert sources(store) == ["a", "b", "blog"]


def test_a_locked_store_is_waited_for_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr("shopwire.storage.database.BUSY_SECONDS", 0.1)
    writer = StoreWriter(store.path)
    writer.submit_alone(lambda own: own.db.conn.set_trace_callback(begun.append)).result()
    with store.writing():
        held = Event()
        writer.submit_alone(lambda _: held.wait())
        answers = [writer.submit(declare, name) for name in ("a", "b", "c")]
        held.set()
        errors = [answer.exception() for answer in answers]
    assert ["locked" in str(error) for error in errors] == [True] * 3
    assert begun.count("BEGIN IMMEDIATE") <= 1
    assert writer.submit(declare, "d").result() == "d"
    writer.close()


def test_what_nobody_waits_for_any_more_is_not_written(store: Store, writer: StoreWriter) -> None:
    held = Event()
    writer.submit_alone(lambda _: held.wait())
    assert writer.submit(declare, "unwanted").cancel()
    last = writer.submit(declare, "wanted")
    held.set()
    assert last.result() == "wanted"
    assert sources(store) == ["blog", "wanted"]


def test_closing_writes_what_waits(store: Store) -> None:
    writer = StoreWriter(Path(store.path))
    answers = [writer.submit(declare, f"s{number:02}") for number in range(40)]
    writer.close()
    assert [answer.result() for answer in answers] == sources(store)[1:]


def test_all_of_many_are_answered_in_their_order_and_few_taken_ahead(
    store: Store, writer: StoreWriter
) -> None:
    names = [f"source-{number:03}" for number in range(3 * JOBS_AHEAD)]
    taken = []

    def jobs() -> Iterator[Callable[[Store], str]]:
        for name in names:
            taken.append(name)
            yield partial(declare, name=name)

    answers = writer.write_all(jobs())
    assert next(answers) == names[0]
    assert len(taken) == JOBS_AHEAD
    assert names[0] in sources(store)
    assert list(answers) == names[1:]


def test_an_error_of_what_brings_the_jobs_comes_after_their_answers(
    store: Store, writer: StoreWriter
) -> None:
    def jobs() -> Iterator[Callable[[Store], str]]:
        yield partial(declare, name="one")
        raise FileNotFoundError("the rest")

    answers = writer.write_all(jobs())
    assert next(answers) == "one"
    with pytest.raises(FileNotFoundError, match="the rest"):
        next(answers)
    assert sources(store) == ["blog", "one"]


def test_nothing_is_written_after_a_job_that_fails(store: Store, writer: StoreWriter) -> None:
    names = [f"source-{number:03}" for number in range(3 * JOBS_AHEAD)]
    jobs: list[Callable[[Store], object]] = [partial(declare, name=name) for name in names]
    jobs[JOBS_AHEAD + 5] = fail
    answers = writer.write_all(jobs)
    for name in names[: JOBS_AHEAD + 5]:
        assert next(answers) == name
    with pytest.raises(ZeroDivisionError):
        next(answers)
    writer.submit(declare, "later").result()
    assert sources(store) == ["blog", "later", *names[: JOBS_AHEAD + 5]]


def test_many_jobs_leave_nothing_in_the_queue_of_the_thread(tmp_path: Path) -> None:
    """An import of 100,000 pages kept a call for each of them."""
    writer = StoreWriter(tmp_path / "shopwire.db")
    longest = 0
    for _ in writer.write_all(lambda store: None for _ in range(500)):
        longest = max(longest, writer._thread._work_queue.qsize())
    writer.close()
    assert longest <= 1
