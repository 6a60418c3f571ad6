"""Ctrl-C: the first one lets a crawl store what it has, the second one ends it at once."""

import os
import signal
from collections.abc import Callable
from types import FrameType

from shopwire.commands.common.exit_codes import INTERRUPTED

Handler = Callable[[int, FrameType | None], object]
STOPPING = b"\nstopping after the pages in hand (Ctrl-C again: at once)\n"


class CrawlInterrupt:
    """Handles Ctrl-C while Scrapy's reactor runs; `has_happened` says that there was one."""

    def __init__(self) -> None:
        self.has_happened = False
        self._stop_crawls: Handler = signal.default_int_handler

    def install(self) -> None:
        """Take over SIGINT from Scrapy, whose handler is still called. Call once it is installed."""
        handler = signal.getsignal(signal.SIGINT)
        if callable(handler):
            self._stop_crawls = handler
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.has_happened:  # a second one may come before the first is handled
            end_at_once(number, frame)
        self.has_happened = True
        os.write(2, STOPPING)
        self._stop_crawls(number, frame)
        signal.signal(signal.SIGINT, end_at_once)


def end_at_once(_: int, __: FrameType | None) -> None:
    """End the process with one word. Transactions are rolled back by the next one that opens the store, and
    open runs are closed by the next crawl."""
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)
