"""The daemon's own CPU time for each page that a worker ships: check, archive, store, commit."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.pipelines.cluster.test_inbox import is_own, open_store
from tests.support.makers import FETCHED

from bench.measure import print_table
from bench.memory import Rewriter
from shopwire.pipelines.cluster.inbox import Inbox
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.archive import ArchivedPage, build_record
from shopwire.storage.cluster.wire import Fetched
from shopwire.storage.timestamps import format_time

# Messages that come at once.
BATCH = 64


def measure_writer(pages: int = 2_000, step: int = 500) -> None:
    """Print the CPU milliseconds of the daemon's process for each page, besides the extraction in others."""
    rows, rewriter = [], Rewriter()
    with tempfile.TemporaryDirectory() as name, WorkerPool(analyzes=True) as workers:
        folder = Path(name)
        run = open_store(folder)["s0"]
        messages = [build_message(run, number, rewriter.build_page(number)) for number in range(pages)]
        with Inbox(folder / "shopwire.db", folder / "archive", is_own, workers) as inbox:
            keep(inbox, messages[:BATCH])
            for start in range(BATCH, pages, step):
                some = messages[start : start + step]
                begun = time.process_time()
                keep(inbox, some)
                spent = 1000 * (time.process_time() - begun) / len(some)
                rows.append((f"{start + len(some):,}", f"{spent:.1f}"))
    print_table(("pages in the store", "CPU ms a page, for the last of them"), rows)


def keep(inbox: Inbox, messages: list[Fetched]) -> None:
    """Take in messages as they come."""
    for start in range(0, len(messages), BATCH):
        for _ in inbox.keep_all([inbox.check(message) for message in messages[start : start + BATCH]]):
            pass


def build_message(run: int, number: int, body: bytes) -> Fetched:
    """Return the message of a page."""
    url = f"https://s0.example/news/{number}-report"
    at = FETCHED + timedelta(seconds=number)
    record = build_record(ArchivedPage(url, "s0", at, "text/html; charset=utf-8", body, {"title": "A"}))
    return Fetched(run, "s0", "page", url, format_time(at), "stored", "", 200, len(body), record=record)
