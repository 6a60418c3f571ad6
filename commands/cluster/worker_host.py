"""A worker's side of live crawls: runs them in throw-away homes, and ships what they fetch.

A crawl whose worker has not reached the broker for half of the silence after which its lease is given to
another worker is killed, so that a site is never crawled twice at once; it ends itself if the worker hangs.
"""

import logging
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import Any

from shopwire.commands.cluster.broker import Sender
from shopwire.scheduler.cluster.tied import build_tied_command, let_live
from shopwire.scheduler.crawls.crawl_process import CrawlProcess, start_crawl
from shopwire.scheduler.crawls.running_crawl import Limits
from shopwire.spiders.user_sources.source_file import FILE_NAME
from shopwire.storage.cluster.knowledge import unpack_source
from shopwire.storage.cluster.outbox import Outbox
from shopwire.storage.cluster.wire import Beat, WireError, check_name, check_number, check_text
from shopwire.storage.configuration.load import FILE
from shopwire.storage.crawl_log.schedule import CUT_OFF, STOPPED
from shopwire.storage.database import Store
from shopwire.storage.paths import get_home

logger = logging.getLogger(__name__)

# Seconds between two looks at what a crawl has fetched.
PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class CrawlTask:
    """A crawl that a worker is given: `table` is the text of the source in sources.toml, empty for a shipped
    one, `seconds` the time that it may take, `silence` after how many seconds it is given to another."""

    run: int
    source: str
    table: str
    briefing: object
    seconds: int
    silence: int


def read_crawl_task(values: dict[str, Any]) -> CrawlTask:
    """Return the crawl of a task. Raises `WireError`."""
    try:
        return CrawlTask(
            run=check_number(values["run"]),
            source=check_name(values["source"]),
            table=check_text(values["table"]),
            briefing=values["briefing"],
            seconds=check_number(values["seconds"]),
            silence=check_number(values["silence"]),
        )
    except (KeyError, ValueError) as error:
        raise WireError(f"crawl: {error!r}") from error


class Contact:
    """When this worker has last reached the broker, by a steady clock."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._last = steady()

    def note(self, begun: float) -> None:
        """Note a message that the broker has confirmed, by when its sending began."""
        self._last = max(self._last, begun)

    def is_lost(self, seconds: float) -> bool:
        """Return whether the broker was not reached for so many seconds."""
        return self._steady() - self._last > seconds


class WorkerHost:
    """The crawls of one worker, and the beats that keep their leases."""

    def __init__(self, name: str, slots: int, silence: int, broker: str) -> None:
        self.name, self.slots, self.silence, self.broker = name, slots, silence, broker
        self.contact = Contact()
        self.stopping = Event()
        self._is_due = Event()
        self._runs: set[int] = set()
        self._crawls: list[CrawlProcess] = []
        self._lock = Lock()
        self._beats = Thread(target=self._beat_until_stopped, name="beats", daemon=True)

    def start(self) -> None:
        """Begin to tell the daemon that this worker is there."""
        self._beats.start()

    def stop(self) -> None:
        """Take no further crawls, and stop those that run."""
        self.stopping.set()
        self._is_due.set()

    def run(self, task: CrawlTask) -> None:
        """Crawl a source, and ship what it fetches and how it ended. Raises `WireError` for a briefing that
        is none."""
        with self._lock:
            self._runs.add(task.run)
        self._is_due.set()
        try:
            with (
                TemporaryDirectory(prefix="shopwire-crawl-") as folder,
                closing(self._open_sender()) as sender,
            ):
                self._crawl(task, Path(folder), sender)
        finally:
            with self._lock:
                self._runs.discard(task.run)

    def _open_sender(self) -> Sender:
        # A crawl that waits for the broker must find in time that it is cut off.
        return Sender(self.broker, self.silence / 6)

    def _crawl(self, task: CrawlTask, home: Path, sender: Sender) -> None:
        prepare_home(task, home)
        path = home / "shopwire.db"
        with Store(path) as store:
            unpack_source(store, task.briefing, home / "archive")
            outbox = Outbox(store, home / "archive", task.run, task.source)
            # Later than it is killed here, and before the lease is given to another worker.
            fence = 0.6 * task.silence
            command = build_tied_command("scrapy", "crawl", task.source, seconds=fence)
            crawl = start_crawl(task.source, "", 0, home / "logs" / f"{task.source}.log", command, home)
            logger.info("crawl of %s started as process %d", task.source, crawl.pid)
            try:
                with self._lock:
                    self._crawls.append(crawl)
                code = self._watch(task, crawl, outbox, sender)
            finally:
                with self._lock:
                    self._crawls.remove(crawl)
                crawl.kill()
                crawl.process.communicate()
            reason = crawl.stop_reason or crawl.describe_end(code)
            logger.info("crawl of %s ended: %s", task.source, reason)
            self._ship_all(task, outbox, sender, reason)

    def _watch(self, task: CrawlTask, crawl: CrawlProcess, outbox: Outbox, sender: Sender) -> int:
        """Return the exit code of a crawl; ship what it fetches meanwhile."""
        limits = Limits(crawl=task.seconds)
        while (code := crawl.check(limits)) is None:
            if self.contact.is_lost(task.silence / 2):
                crawl.stop_reason = CUT_OFF
                crawl.kill()
                return crawl.process.wait()
            if self.stopping.is_set() and not crawl.stop_reason:
                crawl.stop(STOPPED)
            # A broker that does not answer must not keep us from the next look at the clock.
            if not self.contact.is_lost(self.silence / 6):
                self._ship(outbox, sender)
            time.sleep(PAUSE)
        if self.contact.is_lost(task.silence / 2):
            # It has ended itself, while this process was held up.
            crawl.stop_reason = crawl.stop_reason or CUT_OFF
        return code

    def _ship(self, outbox: Outbox, sender: Sender) -> bool:
        """Ship what was fetched; return whether there may be more. What the broker does not take now comes
        with the next call."""
        try:
            for number, message in outbox.read():
                sender.send(message)
                outbox.settle(number)
        except OSError as error:
            logger.warning("%s", error)
            return True
        return bool(outbox.read())

    def _ship_all(self, task: CrawlTask, outbox: Outbox, sender: Sender, reason: str) -> None:
        """Ship what is left and the end of the crawl, as soon as the broker can be reached."""
        while self._ship(outbox, sender):
            if self.stopping.wait(PAUSE) and self.contact.is_lost(task.silence / 2):
                return
        while True:
            try:
                sender.send(outbox.build_end(reason))
            except OSError as error:
                logger.warning("%s", error)
                if self.stopping.wait(PAUSE):
                    return
            else:
                return

    def _beat_until_stopped(self) -> None:
        with closing(self._open_sender()) as sender:
            while not self.stopping.is_set():
                self._beat(sender, self.slots)
                self._is_due.wait(self.silence / 6)
                self._is_due.clear()
            while self._runs:
                self._beat(sender, 0)
                time.sleep(PAUSE)

    def _beat(self, sender: Sender, slots: int) -> None:
        begun = time.monotonic()
        with self._lock:
            runs = tuple(sorted(self._runs))
        try:
            sender.send(Beat(self.name, version("shopwire"), slots, runs))
        except OSError as error:
            logger.warning("%s", error)
            time.sleep(PAUSE)
        else:
            self.contact.note(begun)
            with self._lock:
                for crawl in self._crawls:
                    let_live(crawl.process)


def prepare_home(task: CrawlTask, home: Path) -> None:
    """Write the configuration of this machine and the table of the source into the home of a crawl."""
    configuration = get_home() / FILE
    if configuration.exists():
        shutil.copy(configuration, home / FILE)
    if task.table:
        (home / FILE_NAME).write_text(task.table, encoding="utf-8")
