"""Starts crawls: together in one process, or alone in one of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

from shopwire.scheduler.crawls.crawl_process import build_crawl_command, start_crawl
from shopwire.scheduler.crawls.running_crawl import RunningCrawl
from shopwire.scheduler.crawls.shared_process import SharedProcess, build_shared_command
from shopwire.storage.configuration.load import FILE

# What a process reads once, in the folder of the store.
FILES = (FILE, "sources.toml")


class CrawlStarter:
    """Starts crawls, whose logs are in the folder `logs` beside the store.

    A source whose last crawl did not end by itself is crawled alone, so that it costs no other source
    anything. Without a `shared_command` each is.
    """

    def __init__(
        self,
        logs: Path,
        command: Callable[[str], Sequence[str]] = build_crawl_command,
        shared_command: Callable[[], Sequence[str]] | None = build_shared_command,
    ) -> None:
        self.logs, self.command, self.shared_command = logs, command, shared_command
        self.alone: set[str] = set()
        self.processes: list[SharedProcess] = []

    def start(self, source: str, site: str, previous_run: int) -> RunningCrawl:
        """Start the crawl of a source. Its log replaces that of its last crawl. Raises `OSError`."""
        log = self.logs / f"{source}.log"
        if self.shared_command is None or source in self.alone:
            return start_crawl(source, site, previous_run, log, self.command(source))
        stamp = self._read_stamp()
        if not self.processes or self.processes[-1].is_worn(stamp):
            if self.processes:
                self.processes[-1].end()
            self.processes.append(SharedProcess(self.shared_command(), self.logs / "crawls.log", stamp))
        return self.processes[-1].crawl(source, site, log, previous_run)

    def note_end(self, crawl: RunningCrawl, code: int) -> None:
        """Decide how the source of an ended crawl is crawled next."""
        if crawl.stop_reason or code < 0:
            self.alone.add(crawl.source)
        else:
            self.alone.discard(crawl.source)

    def collect(self) -> None:
        """Forget the shared processes that have ended, and let one that is worn end."""
        self.processes = [one for one in self.processes if one.read() is None]
        if (
            self.processes
            and not self.processes[-1].crawls
            and self.processes[-1].is_worn(self._read_stamp())
        ):
            self.processes[-1].end()

    def close(self, seconds: float) -> None:
        """Let the shared processes end, and kill those that have not after `seconds`."""
        for one in self.processes:
            one.end()
        for one in self.processes:
            one.wait(seconds)

    def _read_stamp(self) -> object:
        """Return what changes with the files that a process has read."""
        files = [self.logs.parent / name for name in FILES]
        return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
