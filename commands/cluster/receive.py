"""The daemon's side of the broker: sends crawls, hears beats, and takes in what workers have fetched."""

import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread
from typing import Any

from kombu.entity import Queue
from kombu.messaging import Consumer

from shopwire.commands.cluster.app import crawl_source, get_app
from shopwire.commands.cluster.broker import (
    BATCH,
    BEATS,
    CONFIRM_SECONDS,
    KEEP,
    LOST,
    POISON,
    Sender,
    announcing,
    connect,
    get_crawl_queue,
    get_worker_name,
    open_channel,
    read_message_body,
    read_sent,
)
from shopwire.pipelines.cluster.inbox import Checked, Inbox
from shopwire.scheduler.cluster.hearing import Hearing
from shopwire.spiders.user_sources.source_file import get_source_file, read_tables
from shopwire.spiders.user_sources.write_table import format_table
from shopwire.storage.cluster.knowledge import pack_source
from shopwire.storage.cluster.wire import Beat, Sign, WireError, decode_message
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now

logger = logging.getLogger(__name__)

# Seconds to wait before a broker or a store is tried again.
PAUSE = 2.0
# How often a message is tried that cannot be stored, though the store can be written.
TRIES = 2


class CrawlSender:
    """Sends crawls to workers, each with what must be known of its source. For one thread."""

    def __init__(self, store: Path, archive: Path, url: str, seconds: float, silence: int) -> None:
        self._path, self._archive, self._url = store, archive, url
        self._seconds, self._silence = seconds, silence
        get_app()

    def send(self, run: int, source: str, worker: str) -> None:
        """Send a crawl to a worker. Raises `OSError` if the broker does not take it."""
        with Store(self._path, read_only=True) as store:
            briefing = pack_source(store, source, datetime.now(UTC), self._archive)
        values = {
            "run": run,
            "source": source,
            "table": find_source_table(source),
            "briefing": briefing,
            "seconds": round(self._seconds),
            "silence": self._silence,
        }
        try:
            with connect(self._url) as connection:
                crawl_source.apply_async(
                    kwargs=values,
                    producer=connection.Producer(open_channel(connection)),
                    queue=get_crawl_queue(worker),
                    compression="gzip",
                    # The broker drops what is older, seconds.
                    expiration=self._silence / 4,
                    argsrepr="",
                    kwargsrepr=f"{source}, run {run}",
                    retry=False,
                    confirm_timeout=CONFIRM_SECONDS,
                )
        except LOST as error:
            raise OSError(f"the broker was lost: {error}") from error


def find_source_table(source: str) -> str:
    """Return the table of a source in sources.toml, empty if it has none."""
    tables, _ = read_tables(get_source_file())
    return next((format_table(one.name, one.values) for one in tables if one.name == source), "")


def consume(
    url: str,
    queue: Queue,
    stopping: Event,
    handle: Callable[[list[Any]], None],
    on_connect: Callable[[], None] = lambda: None,
    on_loss: Callable[[], None] = lambda: None,
    on_end: Callable[[float], None] = lambda _: None,
) -> None:
    """Call `handle` with up to `BATCH` messages, again and again until told to stop; it acknowledges them.

    `on_end` is called when all messages are handled that were there at a time of the steady clock.
    """
    while not stopping.is_set():
        try:
            with connect(url) as connection:
                channel = open_channel(connection)
                channel.basic_qos(0, BATCH, False)
                waiting: deque[Any] = deque()
                with Consumer(channel, [queue], on_message=waiting.append, accept=["json"]):
                    on_connect()
                    while not stopping.is_set():
                        begun = time.monotonic()
                        is_all = _drain(connection, waiting)
                        if waiting:
                            handle([waiting.popleft() for _ in range(len(waiting))])
                        if is_all:
                            on_end(begun)
        except LOST as error:
            on_loss()
            logger.warning("the broker was lost: %s; trying again", error)
            stopping.wait(PAUSE)


def _drain(connection: Any, waiting: deque[Any]) -> bool:
    """Wait up to a second for a message, and a moment for further ones; return whether there were no more."""
    try:
        connection.drain_events(timeout=1.0)
        while len(waiting) < BATCH:
            connection.drain_events(timeout=0.05)
    except TimeoutError:
        connection.heartbeat_check()
        return True
    return False


def hear_beats(hearing: Hearing, messages: list[Any]) -> None:
    """Note the beats of workers."""
    for message in messages:
        try:
            beat = decode_message(read_message_body(message))
        except WireError as error:
            logger.warning("a beat that is none: %s", error)
        else:
            if isinstance(beat, Beat):
                hearing.hear(beat)
        message.ack()


class Receiver:
    """Takes in what workers have fetched: stores it, then acknowledges it."""

    def __init__(self, inbox: Inbox, sender: Sender, stopping: Event) -> None:
        self.inbox, self.sender, self.stopping = inbox, sender, stopping
        self.trouble = ""
        # What is not yet settled of the messages in hand, with what each says.
        self.waiting: deque[tuple[Any, Checked]] = deque()

    def build_sign(self) -> Sign:
        """Return how many messages are in hand, since when the oldest waits, and what keeps it waiting."""
        held = [message for message, _ in self.waiting.copy()]
        oldest = read_sent(held[0]) if held else None
        name, now = get_worker_name(), format_now()
        return Sign(name, "daemon", version("shopwire"), now, BATCH, len(held), oldest, self.trouble[:500])

    def take_in(self, messages: list[Any]) -> None:
        """Store the messages, until all of them are stored or set aside as poison.

        What nobody could store is left to a person; while the store cannot be written all of them wait.
        """
        waiting = deque((message, checked) for message in messages if (checked := self._read(message)))
        self.waiting = waiting
        tries = 0
        while waiting and not self.stopping.is_set():
            before = len(waiting)
            try:
                for _ in self.inbox.keep_all([checked for _, checked in waiting]):
                    waiting.popleft()[0].ack()
            except sqlite3.OperationalError as error:
                self._wait_for_store(error)
                continue
            except LOST as error:
                # Of the broker, or of the archive: all of them come again.
                self.trouble = str(error)
                raise
            except Exception as error:  # each message may hold what nobody has thought of
                logger.exception("a message cannot be stored")
                tries = 1 if len(waiting) < before else tries + 1
                if tries == TRIES:
                    self._set_aside(waiting.popleft()[0], repr(error))
                    tries = 0
            self.trouble = ""

    def _read(self, message: Any) -> Checked | None:
        """Return what a message says; set it aside if that is nothing."""
        try:
            return self.inbox.check(decode_message(read_message_body(message)))
        except WireError as error:
            self._set_aside(message, str(error))
            return None

    def _set_aside(self, message: Any, reason: str) -> None:
        logger.error("set aside as poison: %s", reason)
        self.sender.publish(POISON, read_message_body(message), headers={"reason": reason[:500]})
        message.ack()

    def _wait_for_store(self, error: sqlite3.Error) -> None:
        if str(error) != self.trouble:
            logger.error("cannot write to the store: %s; trying again", error)
        self.trouble = str(error)
        self.stopping.wait(PAUSE)


def receive_fetched(hearing: Hearing, inbox: Inbox, url: str, stopping: Event) -> None:
    """Take in what workers have fetched, until told to stop."""
    with closing(Sender(url)) as sender:
        receiver = Receiver(inbox, sender, stopping)
        with announcing(url, receiver.build_sign):
            consume(url, KEEP, stopping, receiver.take_in, on_end=hearing.catch_up)


def receive_beats(hearing: Hearing, url: str, stopping: Event) -> None:
    """Hear the beats of workers, until told to stop."""
    hear = partial(hear_beats, hearing)
    consume(url, BEATS, stopping, hear, hearing.connect, hearing.disconnect)


@contextmanager
def receiving(hearing: Hearing, inbox: Inbox, url: str, stopping: Event) -> Iterator[None]:
    """Hear workers and take in what they fetch, in threads of their own, until the block ends.

    A thread that fails, which none should, stops the daemon: it is started again by what runs it.
    """

    def run(work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(*arguments, url, ending)
        except Exception:
            logger.exception("cannot go on")
            stopping.set()

    ending = Event()
    threads = [
        Thread(target=run, args=(receive_beats, hearing), name="beats"),
        Thread(target=run, args=(receive_fetched, hearing, inbox), name="inbox"),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()
