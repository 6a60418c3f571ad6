"""Crawl sources that have nothing new, as the daemon does: `python -m bench.idle_sources [SOURCES]`.

Each source has a feed on a host of its own on this machine, whose three pages are known. Prints the CPU
seconds of such a crawl, the start of its process included, and the peak memory of a process: for crawls that
share a process, as usual, and for crawls that have one each.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench.discovery.documents import Site, add_articles, make_articles, render_rss
from bench.discovery.server import serve_sites
from bench.measure import print_table
from shopwire.scheduler.crawls.shared_process import build_shared_command
from shopwire.scheduler.crawls.starter import CrawlStarter
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.spiders.user_sources.write_table import format_table
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_now

SOURCES, PAGES = 100, 3
AT_ONCE = 16
KB_PER_MB = 1024
Command = Callable[[], Sequence[str]]


def build_feeds(base: str, count: int) -> list[Site]:
    """Return sites with a feed of a few articles, each with a text of its own."""
    sites = []
    for number in range(count):
        name = f"feed{number}"
        articles = [
            replace(one, text=f"{one.text} Host number {number} says so in its {place}th report of today.")
            for place, one in enumerate(make_articles("/story/{s}")[:PAGES])
        ]
        feed = render_rss(base.format(name), articles)
        sites.append(Site(name, "feed", "/feed", {"/feed": feed, **add_articles(articles)}))
    return sites


def crawl_all(path: Path, names: Sequence[str], shared: Command | None) -> tuple[float, float]:
    """Crawl all sources at once. Return the CPU seconds of the processes, and the most megabytes of one."""
    with Store(path) as store, store.writing():
        store.db.execute("UPDATE schedule SET next_due = ?", [format_now()])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    starter = CrawlStarter(path.parent / "logs", shared_command=shared)
    daemon = Daemon(path, names, Options(at_once=AT_ONCE), starter=starter)
    runs = f"SELECT count(*) FROM runs WHERE finished IS NOT NULL AND id > {count_runs(daemon.store)}"
    while daemon.store.db.execute(runs).fetchone()[0] < len(names):
        daemon.tick()
        time.sleep(0.1)
    daemon.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / KB_PER_MB


def count_runs(store: Store) -> int:
    """Return how many runs there are."""
    return int(store.db.execute("SELECT count(*) FROM runs").fetchone()[0])


def main() -> None:
    """Crawl all sources for their pages, then measure crawls that find nothing."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SOURCES
    names = [f"feed{number}" for number in range(count)]
    with serve_sites(lambda base: build_feeds(base, count)) as server, tempfile.TemporaryDirectory() as home:
        os.environ |= {"SHOPWIRE_HOME": home, "SHOPWIRE_ALLOW_LOOPBACK": "1"}
        feeds = {name: server.base.format(name) + "/feed" for name in names}
        tables = (format_table(name, {"feeds": [feed], "language": "en"}) for name, feed in feeds.items())
        (Path(home) / "sources.toml").write_text("\n".join(tables))
        path = Path(home) / "shopwire.db"
        with Store(path) as store, store.writing():
            for name, feed in feeds.items():
                declare_source(store, name, name, feed, "en")
        crawl_all(path, names, build_shared_command)
        rows = []
        for label, shared in (("shared", build_shared_command), ("one each", None)):
            seconds, megabytes = crawl_all(path, names, shared)
            rows.append((label, f"{seconds / count:.3f}", f"{megabytes:.0f}"))
    print_table(("process", "CPU s a crawl", "MB of a process, largest so far"), rows)


if __name__ == "__main__":
    main()
