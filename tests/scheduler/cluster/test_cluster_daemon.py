"""A daemon whose crawls run on workers: leases, silence, and never two crawls of one site."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shopwire.scheduler.cluster.cluster_daemon import ClusterDaemon
from shopwire.scheduler.cluster.hearing import Hearing
from shopwire.storage.cluster.leases import list_leases
from shopwire.storage.cluster.wire import Beat
from shopwire.storage.crawl_log.schedule import SILENT, STOPPED, close_run, list_scheduled
from shopwire.storage.database import Store
from tests.scheduler.conftest import HOMES
from tests.scheduler.daemons import Clock, Make

SILENCE = 60.0


class Seconds:
    """A steady clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Room:
    """A daemon, its clocks, and what it has sent."""

    def __init__(self, path: Path) -> None:
        self.clock, self.steady = Clock(), Seconds()
        self.hearing = Hearing(SILENCE, self.steady)
        self.sent: list[tuple[int, str, str]] = []
        self.refuses = False
        self.path = path
        self.daemon = self.start()

    def start(self) -> ClusterDaemon:
        return ClusterDaemon(self.path, list(HOMES), self.hearing, self.send, "1.0", clock=self.clock)

    def send(self, run: int, source: str, worker: str) -> None:
        if self.refuses:
            raise OSError("no broker")
        self.sent.append((run, source, worker))

    def hear(self, slots: int = 4, version: str = "1.0", worker: str = "one", *runs: int) -> None:
        self.hearing.connect() if not self.hearing.list_workers() else None
        self.hearing.hear(Beat(worker, version, slots, runs))

    def pass_time(self, seconds: float) -> None:
        self.steady.now += seconds
        self.clock.now += timedelta(seconds=seconds)
        self.hearing.catch_up(self.steady.now)

    def runs(self) -> list[tuple[str, str, str]]:
        rows = self.daemon.store.rows("SELECT source, outcome, reason FROM runs ORDER BY id")
        return [tuple(row) for row in rows]


@pytest.fixture
def room(path: Path) -> Iterator[Room]:
    made = Room(path)
    made.hearing.connect()
    yield made
    made.daemon.store.close()


def test_due_sources_go_to_workers_with_room_never_two_of_one_site(room: Room) -> None:
    room.daemon.tick()
    assert room.sent == []
    room.hear(1, "1.0", "one")
    room.hear(4, "1.0", "two")
    room.daemon.tick()
    # `gamma` is on the site of `alpha`.
    assert [(source, worker) for _, source, worker in room.sent] == [("alpha", "two"), ("beta", "two")]
    room.daemon.tick()
    assert len(room.sent) == 2
    assert [lease.site for lease in list_leases(room.daemon.store)] == ["alpha.example", "beta.example"]


def test_a_worker_gets_no_more_than_it_takes(room: Room) -> None:
    room.hear(1)
    room.daemon.tick()
    assert [source for _, source, _ in room.sent] == ["alpha"]
    room.hear(0, "1.0", "one", room.sent[0][0])
    room.daemon.tick()
    assert len(room.sent) == 1


def test_a_worker_of_another_version_gets_nothing(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    room.hear(4, "0.9")
    room.daemon.tick()
    room.daemon.tick()
    assert room.sent == []
    assert caplog.text.count("has version 0.9, not 1.0") == 1


def test_a_crawl_that_ended_is_planned_like_one_here(room: Room) -> None:
    room.hear()
    room.daemon.tick()
    run = room.sent[0][0]
    with room.daemon.store.writing():
        close_run(room.daemon.store, run, room.clock.now, "ok", "finished")
    room.pass_time(1)
    room.daemon.tick()
    assert [lease.source for lease in list_leases(room.daemon.store)] == ["beta", "gamma"]
    due = {one.source: one.next_due for one in list_scheduled(room.daemon.store)}
    assert due["alpha"] > room.clock.now


@pytest.mark.parametrize("heard", [True, False])
def test_a_silent_crawl_is_given_to_another(room: Room, heard: bool) -> None:
    room.hear()
    room.daemon.tick()
    run = room.sent[0][0]
    for _ in range(6):
        room.pass_time(15)
        room.hear(0, "1.0", "one", *([run] if heard else []))
        room.daemon.tick()
    leased = [lease.run for lease in list_leases(room.daemon.store)]
    assert (run in leased) is heard
    closed = [(source, outcome, reason) for source, outcome, reason in room.runs() if reason]
    assert ("alpha", "failed", SILENT) in closed or heard
    due = {one.source: one.next_due for one in list_scheduled(room.daemon.store)}
    assert due["beta"] <= room.clock.now


def test_silence_does_not_count_while_the_broker_is_away(room: Room) -> None:
    room.hear()
    room.daemon.tick()
    room.hearing.disconnect()
    room.pass_time(10 * SILENCE)
    room.daemon.tick()
    assert len(list_leases(room.daemon.store)) == 2
    room.hearing.connect()
    room.pass_time(SILENCE / 2)
    room.daemon.tick()
    assert len(list_leases(room.daemon.store)) == 2
    room.pass_time(SILENCE)
    room.daemon.tick()
    assert list_leases(room.daemon.store) == []


def test_a_crawl_whose_end_may_still_come_in_is_not_lost(room: Room) -> None:
    room.hear()
    room.daemon.tick()
    room.steady.now += 10 * SILENCE
    room.daemon.tick()
    assert len(list_leases(room.daemon.store)) == 2
    room.hearing.catch_up(room.steady.now)
    room.daemon.tick()
    assert list_leases(room.daemon.store) == []


def test_leases_outlive_the_daemon(room: Room) -> None:
    room.hear()
    room.daemon.tick()
    room.daemon.close()
    room.hearing = Hearing(SILENCE, room.steady)
    room.daemon = room.start()
    room.hearing.connect()
    room.hear(4, "1.0", "one", *(run for run, _, _ in room.sent))
    room.daemon.tick()
    assert [lease.source for lease in list_leases(room.daemon.store)] == ["alpha", "beta"]
    assert len(room.sent) == 2


def test_a_crawl_that_the_broker_does_not_take_leaves_nothing_and_keeps_nobody(room: Room) -> None:
    room.hear()
    room.refuses = True
    room.daemon.tick()
    assert room.runs() == []
    assert list_leases(room.daemon.store) == []
    room.refuses = False
    room.daemon.tick()
    # Not `alpha`, which was refused, but the other source of its site.
    assert [source for _, source, _ in room.sent] == ["beta", "gamma"]
    room.pass_time(SILENCE + 1)
    assert [one.source for one in list_scheduled(room.daemon.store) if one.next_due <= room.clock.now][
        -1
    ] == "alpha"


def test_a_crawl_whose_worker_was_stopped_is_due_at_once(room: Room) -> None:
    room.hear()
    room.daemon.tick()
    with room.daemon.store.writing():
        close_run(room.daemon.store, room.sent[0][0], room.clock.now, "interrupted", STOPPED)
    room.daemon.tick()
    assert [source for _, source, _ in room.sent] == ["alpha", "beta", "alpha"]


def test_it_is_stored_when_a_worker_was_heard(room: Room, path: Path) -> None:
    room.hear()
    room.daemon.tick()
    with Store(path) as store:
        room.daemon.beat(store)
        assert [row[0] for row in store.rows("SELECT beat FROM leases")] == [None, None]
        room.hear(4, "1.0", "one", room.sent[0][0])
        room.daemon.beat(store)
        assert [row[0] for row in store.rows("SELECT beat IS NULL FROM leases ORDER BY run")] == [0, 1]


def test_a_daemon_without_cluster_leaves_leased_sites_alone_until_their_time_is_over(
    room: Room, make: Make
) -> None:
    room.hear()
    room.daemon.tick()
    room.daemon.close()
    clock = Clock()
    alone = make({"alpha": "good", "beta": "good"}, clock)
    alone.tick()
    assert alone.running == []
    clock.now += timedelta(seconds=31)
    alone.tick()
    assert list_leases(alone.store) == []
    alone.tick()
    assert [crawl.source for crawl in alone.running] == ["alpha", "beta"]


def test_a_worker_that_is_not_heard_is_forgotten(room: Room) -> None:
    room.hear()
    assert [worker.name for worker in room.hearing.list_workers()] == ["one"]
    room.pass_time(SILENCE + 1)
    assert room.hearing.list_workers() == []
