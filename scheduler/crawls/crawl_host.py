"""One process for many crawls: `python -m shopwire.scheduler.crawls.crawl_host crawl`, started by the daemon.

Reads orders from standard input, a line of JSON each: `{"crawl": SOURCE, "log": FILE}` or `{"stop": SOURCE}`.
Writes to standard output `{"ended": SOURCE, "code": 0 or 1, "memory": BYTES}`, and its memory alone every few
seconds. When its input ends it stops all crawls, which store what they have, and ends.
"""

import asyncio
import json
import logging
import os
import resource
import sys
from asyncio import StreamReader, StreamReaderProtocol
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase

logger = logging.getLogger(__name__)

# Seconds between two lines from a process without news.
HEARTBEAT_SECONDS = 5.0
# Linux counts in kilobytes, macOS in bytes.
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024

_log: ContextVar[TextIO] = ContextVar("log")


class CrawlLogHandler(logging.Handler):
    """Writes a record to the log of the crawl in whose context it was made, else to standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, and flush, so that the log of a killed crawl is complete."""
        log = _log.get(sys.stderr)
        if not log.closed:
            log.write(self.format(record) + "\n")
            log.flush()


@contextmanager
def write_log(path: Path) -> Iterator[None]:
    """Write the records of this context to a file."""
    with path.open("w", encoding="utf-8") as file:
        token = _log.set(file)
        try:
            yield
        finally:
            _log.reset(token)


class CrawlHost:
    """Crawls sources as ordered, and answers."""

    def __init__(self, process: AsyncCrawlerProcess, answers: TextIO) -> None:
        self.process, self._answers = process, answers
        self.crawlers: dict[str, Crawler] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, orders: StreamReader) -> None:
        """Obey orders until there are no more; then stop all crawls and wait for their end."""
        heart = asyncio.create_task(self._beat())
        while line := await orders.readline():
            order = json.loads(line)
            crawl = self._crawl(order["crawl"], Path(order["log"])) if "crawl" in order else None
            task = asyncio.create_task(crawl or self._stop(order["stop"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await self.process.stop()
        if self._tasks:
            await asyncio.wait(self._tasks)
        heart.cancel()

    async def _crawl(self, source: str, log: Path) -> None:
        code = 0
        with write_log(log):
            try:
                self.crawlers[source] = self.process.create_crawler(source)
                await self.process.crawl(self.crawlers[source])
            except Exception:  # whatever it is, it must not end the other crawls
                logger.exception("cannot crawl %s", source)
                code = 1
            finally:
                self.crawlers.pop(source, None)
        self._answer(ended=source, code=code)

    async def _stop(self, source: str) -> None:
        if source in self.crawlers:
            await self.crawlers[source].stop_async()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self._answer()

    def _answer(self, **words: str | int) -> None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MEMORY_UNIT
        self._answers.write(json.dumps({**words, "memory": memory}) + "\n")
        self._answers.flush()


async def serve(host: CrawlHost) -> None:
    """Run a host on standard input."""
    orders = StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: StreamReaderProtocol(orders), sys.stdin)
    await host.run(orders)


def configure_logs(settings: Settings) -> None:
    """Write the log of each crawl to its own file."""
    handler = CrawlLogHandler(settings.get("LOG_LEVEL"))
    handler.setFormatter(logging.Formatter(settings.get("LOG_FORMAT"), settings.get("LOG_DATEFORMAT")))
    logging.root.setLevel(settings.get("LOG_LEVEL"))
    logging.root.addHandler(handler)


def main() -> None:
    """Crawl until standard input ends."""
    # Nothing else may write to where the answers go.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    settings = get_project_settings()
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    configure_logs(settings)
    from twisted.internet import reactor  # noqa: PLC0415 - Scrapy has installed it

    loop = cast("ReactorBase", reactor)
    # The event loop itself keeps only weak references to tasks.
    tasks: list[asyncio.Task[None]] = []

    def begin() -> None:
        tasks.append(asyncio.get_event_loop().create_task(serve(CrawlHost(process, answers))))
        tasks[0].add_done_callback(lambda _: loop.stop())

    loop.callWhenRunning(begin)
    process.start(stop_after_crawl=False)


if __name__ == "__main__":
    main()
