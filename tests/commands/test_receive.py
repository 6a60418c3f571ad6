"""What nobody can store is set aside, what can be stored later waits, and each thing is acknowledged once."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from threading import Event
from typing import Any, cast

import pytest

from shopwire.pipelines.cluster.inbox import Checked
from shopwire.storage.cluster.wire import Ended, WireError, encode_message

pytest.importorskip("celery")

from shopwire.commands.cluster import receive
from shopwire.commands.cluster.receive import Receiver

SENT = 1_795_000_000
SENT_AT = "2026-11-18T11:06:40+00:00"


class Message:
    """A message of the broker."""

    def __init__(self, body: bytes) -> None:
        self.body, self.acknowledged = body, 0
        self.properties = {"timestamp": SENT}

    def ack(self) -> None:
        self.acknowledged += 1


class FakeInbox:
    """Stores what it is given, but for runs that fail; `locked` calls find the store locked."""

    def __init__(self, failing: tuple[int, ...] = (), locked: int = 0) -> None:
        self.failing, self.locked = failing, locked
        self.kept: list[int] = []

    def check(self, message: Ended) -> Checked:
        if message.run == 99:
            raise WireError("no run of ours")
        return Checked(message, None)

    def keep_all(self, checked: list[Checked]) -> Iterator[Any]:
        for message, _ in checked:
            if self.locked:
                self.locked -= 1
                raise sqlite3.OperationalError("database is locked")
            if message.run in self.failing:
                raise LookupError("nobody has thought of it")
            self.kept.append(message.run)
            yield message


class FakeSender:
    """Notes what is set aside."""

    def __init__(self) -> None:
        self.set_aside: list[bytes] = []

    def publish(self, queue: Any, body: bytes, **_: Any) -> None:
        assert queue.name == "shopwire.poison"
        self.set_aside.append(body)


def build(*runs: int) -> list[Message]:
    return [Message(encode_message(Ended(run, "blog", 0, "finished", is_complete=True))) for run in runs]


def take_in(inbox: Any, messages: list[Message]) -> FakeSender:
    sender: Any = FakeSender()
    Receiver(inbox, sender, Event()).take_in(messages)
    return sender


def test_what_nobody_can_store_is_set_aside_and_the_others_are_stored() -> None:
    inbox = FakeInbox(failing=(2, 4))
    messages = [*build(1, 2, 3, 4, 5, 99), Message(b"no message")]
    sender = take_in(inbox, messages)
    assert inbox.kept == [1, 3, 5]
    assert [message.acknowledged for message in messages] == [1] * 7
    assert len(sender.set_aside) == 4


def test_nothing_is_lost_while_the_store_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "PAUSE", 0.0)
    inbox = FakeInbox(locked=5)
    messages = build(1, 2)
    sender = take_in(inbox, messages)
    assert inbox.kept == [1, 2]
    assert [message.acknowledged for message in messages] == [1, 1]
    assert sender.set_aside == []


@pytest.mark.parametrize("trouble", [sqlite3.OperationalError("database is locked"), OSError("disk full")])
def test_a_store_that_cannot_be_written_is_told(trouble: Exception) -> None:
    stopping = Event()

    class StuckInbox(FakeInbox):
        def keep_all(self, checked: list[Checked]) -> Iterator[Any]:
            yield checked[0]
            stopping.set()
            raise trouble

    inbox, sender = StuckInbox(), FakeSender()
    receiver = Receiver(cast("Any", inbox), cast("Any", sender), stopping)
    with suppress(OSError):
        receiver.take_in(build(1, 2, 3))
    sign = receiver.build_sign()
    assert (sign.busy, sign.oldest, sign.trouble) == (2, SENT_AT, str(trouble))


def test_nothing_is_acknowledged_once_it_must_stop() -> None:
    stopping = Event()
    stopping.set()
    inbox: Any = FakeInbox()
    sender: Any = FakeSender()
    messages = build(1)
    Receiver(inbox, sender, stopping).take_in(messages)
    assert messages[0].acknowledged == 0
