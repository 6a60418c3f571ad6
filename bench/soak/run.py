"""Run the daemon against simulated sites that fail: `python -m bench.soak --crawls 2000`.

Simulated time runs `--factor` times as fast as real time, for the daemon, for every crawl and for the
sites, which publish, fail, refuse, hang, change their layout, send false 304s and recover. Daemon and
crawls are killed with SIGKILL at random. Crawls are forked from a process that has everything imported
(`warm.py`). High load on the machine makes sites look slow, so watch it.

Prints the articles lost or duplicated compared with what the sites published, memory over time, how long
the daemon took to stop, and for each kind of fault how many runs of its source it took until an event
reported it: a change to a status that `world.FAULTS` has for the fault or, for false 304s, the event that
a server's 304s are not trusted any more. Runs that we killed are not counted. For false 304s a run counts
only if it starts after the list has gained an article that no earlier run can have seen; once detected,
the list is never requested conditionally again, so later false 304s are not met. A fault is missed if it
takes more than two runs, or if no event reports it until six hours after its end. With `--keep-days` the
store is pruned once a simulated day, also of the events, so that faults are not counted; the sizes of each
day show whether the disk stays as full.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

from tests.newsroom.sites import SITES

from bench.soak.disk import Disk
from bench.soak.world import DAY, FAULTS, Clock, Fault, FaultyNewsroom, World, first_day
from shopwire.scheduler.crawls.crawl_process import is_crawling
from shopwire.storage.crawl_log.events import WRONG_304
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.crawl_log.schedule import LOST, STOPPED, list_scheduled
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_time

# The most runs until a fault is reported, and the longest time after its end.
MOST_RUNS, LATE = 2, DAY / 4
SOURCES = [f"newsroom_{site.name}" for site in SITES]


class Soak:
    """One soak: the sites, the daemon, the kills, the samples."""

    def __init__(self, home: Path, options: argparse.Namespace) -> None:
        self.home, self.options = home, options
        self.clock = Clock(first_day(), time.monotonic(), options.factor)
        self.world = World(self.clock.start, options.days, options.seed, options.kinds)
        self.sites = FaultyNewsroom(self.world, self.clock)
        self.store = Store(home / "shopwire.db")
        self.chance = random.Random(options.seed)
        self.memory: list[tuple[int, int]] = []
        self.disk = Disk(self.store.path, self.clock.start, options.keep_days)
        self.killed: Counter[str] = Counter()
        self.warm = self.start("crawl")
        while not (home / "warm" / "orders").exists():
            time.sleep(0.1)
        self.daemon = self.start("daemon")

    def start(self, part: str) -> subprocess.Popen[bytes]:
        """Start a process on simulated time."""
        environment = {
            **os.environ,
            **self.clock.variables(),
            "SHOPWIRE_HOME": str(self.home),
            "SCRAPY_SETTINGS_MODULE": "tests.newsroom.settings",
            "SHOPWIRE_NEWSROOM_PORT": str(self.sites.port),
        }
        command = [sys.executable, "-m", "bench.soak", part, *SOURCES]
        return subprocess.Popen(command, env=environment)

    def run(self) -> None:
        """Run until there were enough crawls; then let all sites recover and be crawled."""
        kills = sorted(self.chance.uniform(0.1, 0.9) for _ in range(self.options.kills))
        deadline = time.monotonic() + self.options.minutes * 60
        while (done := self.count_crawls()) < self.options.crawls and time.monotonic() < deadline:
            self.sample()
            left = (deadline - time.monotonic()) / self.options.minutes / 60
            if kills and max(done / self.options.crawls, 1 - left) > kills[0]:
                kills.pop(0)
                self.kill()
            time.sleep(0.5)
        self.sites.until = self.end = self.end_faults()
        calm = self.clock() + DAY * 1.3
        while self.clock() < calm:
            self.sample()
            time.sleep(0.5)

    def end_faults(self) -> datetime:
        """End all faults and all publishing; returns the simulated time."""
        now = self.clock()
        self.ended = now
        self.injected = [one for one in self.world.faults if one.first < now]
        self.world.faults = []
        return now

    def count_crawls(self) -> int:
        """Return the number of runs so far."""
        return int(self.store.db.execute("SELECT count(*) FROM runs").fetchone()[0])

    def sample(self) -> None:
        """Record the daemon's memory (KiB), or restart it if it has ended; prune once a simulated day."""
        self.disk.prune_if_due(self.clock())
        if self.daemon.poll() is not None:
            self.daemon = self.start("daemon")
            return
        status = Path(f"/proc/{self.daemon.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        self.memory.append((self.daemon.pid, int(resident.split()[1])))

    def kill(self) -> None:
        """Kill the daemon or a crawl, in turns."""
        if sum(self.killed.values()) % 2 == 0:
            self.daemon.kill()
            self.daemon.wait()
            self.killed["daemon"] += 1
            return
        while not self.kill_crawl():
            time.sleep(0.1)
        self.killed["crawl"] += 1

    def kill_crawl(self) -> bool:
        """Kill one of the running crawls; returns whether there was one."""
        pids = [one.pid for one in list_scheduled(self.store) if one.pid and is_crawling(one.pid)]
        if pids:
            os.kill(self.chance.choice(pids), signal.SIGKILL)
        return bool(pids)

    def stop(self) -> float:
        """Stop the daemon; returns the seconds from SIGTERM to its end."""
        began = time.monotonic()
        self.daemon.terminate()
        self.daemon.wait(60)
        self.warm.terminate()
        self.warm.wait(60)
        return time.monotonic() - began


def count_runs(soak: Soak, fault: Fault) -> tuple[int, bool]:
    """Return how many runs met a fault until it was reported or over, and whether it was reported."""
    source, store = f"newsroom_{fault.site}", soak.store
    first, last = format_time(fault.first), format_time(fault.last + LATE)
    words = FAULTS[fault.kind]
    marks = " OR ".join("text LIKE ?" for _ in words)
    moment = store.db.execute(
        f"SELECT min(at) FROM events WHERE source = ? AND at BETWEEN ? AND ? AND ({marks})",
        [source, first, last, *words],
    ).fetchone()[0]
    counted = store.db.execute(
        "SELECT count(*) FROM runs WHERE source = ? AND started >= ? AND started <= ? "
        "AND coalesce(reason, '') NOT IN (?, ?)",
        [source, find_first_met(soak, fault), moment or format_time(fault.last), STOPPED, LOST],
    )
    # A run that began before the fault may report it too: a crawl takes much simulated time.
    return max(int(counted.fetchone()[0]), int(moment is not None)), moment is not None


def find_first_met(soak: Soak, fault: Fault) -> str:
    """Return the time from which runs meet a fault.

    False 304s are met once the list has an article that no run can have seen, and never after the
    server's 304s are no longer trusted.
    """
    if fault.kind != "lies":
        return format_time(fault.first)
    source, first = f"newsroom_{fault.site}", format_time(fault.first)
    known = soak.store.row(
        "SELECT min(at) AS at FROM events WHERE source = ? AND kind = ?", source, WRONG_304
    )
    if known and known["at"] and known["at"] < first:
        return format_time(fault.last)
    before = soak.store.row(
        "SELECT coalesce(max(started), '') AS at FROM runs WHERE source = ? AND started < ?",
        source,
        first,
    )
    published = (format_time(one.published) for one in soak.world.articles[fault.site] if one.published)
    hidden = (moment for moment in published if before and moment > before["at"])
    return max(first, next(hidden, format_time(fault.last)))


def print_faults(soak: Soak) -> None:
    """Print a row for each kind of fault; those that no run met count as injected only."""
    columns = (
        "fault",
        "injected",
        "met",
        "reported",
        "runs until reported: median",
        "most",
        "missed",
    )
    print("{:10}{:>9}{:>5}{:>10}{:>29}{:>6}{:>8}".format(*columns))
    by_kind: dict[str, list[tuple[int, bool]]] = {}
    for fault in soak.injected:
        if fault.last < soak.ended:
            by_kind.setdefault(fault.kind, []).append(count_runs(soak, fault))
    for kind, found in sorted(by_kind.items()):
        met = [one for one in found if one[0]]
        runs = [count for count, is_reported in met if is_reported]
        median, most = (statistics.median(runs), max(runs)) if runs else ("-", "-")
        late = sum(count > MOST_RUNS or not is_reported for count, is_reported in met)
        print(f"{kind:10}{len(found):9}{len(met):5}{len(runs):10}{median:>29}{most:>6}{late:8}")


def print_articles(soak: Soak) -> None:
    """Print the articles published, lost and duplicated."""
    published = {
        f"http://{site.host}:{soak.sites.port}{article.path}"
        for site in SITES
        for article in soak.world.list_articles(site.name, soak.ended)
        if (article.published or soak.ended) >= soak.clock.start
    }
    rows = [row[0] for row in soak.store.rows("SELECT url FROM articles")]
    doubled = soak.store.db.execute("SELECT count(*) - count(DISTINCT title) FROM articles").fetchone()[0]
    lost = sorted(published - set(rows))
    print(f"articles published {len(published)}, lost {len(lost)}, duplicated {doubled}")
    for url in lost[:10]:
        tries = soak.store.rows("SELECT at, outcome, reason FROM fetches WHERE url = ?", url)
        print(f"  lost: {url}", *(tuple(row) for row in tries))


def print_memory(soak: Soak) -> None:
    """Print the memory in the first and the last quarter, of the longest-lived daemon and of all."""
    pids = Counter(pid for pid, _ in soak.memory)
    longest, _ = pids.most_common(1)[0]
    for name, samples in (
        ("all daemons", [kib for _, kib in soak.memory]),
        ("longest-lived", [kib for pid, kib in soak.memory if pid == longest]),
    ):
        quarter = max(1, len(samples) // 4)
        first, last = (statistics.median(part) / 1024 for part in (samples[:quarter], samples[-quarter:]))
        print(f"memory, {name}: first quarter {first:.1f} MiB, last {last:.1f} ({last / first - 1:+.1%})")


@contextmanager
def serve(sites: FaultyNewsroom) -> Iterator[None]:
    """Serve the sites in a thread."""
    thread = Thread(target=sites.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        sites.shutdown()
        thread.join()


def main() -> None:
    """Run the soak, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crawls", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60, help="the longest real time")
    parser.add_argument("--factor", type=float, default=1000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=FAULTS, default=FAULTS, help="kinds of faults")
    parser.add_argument("--keep-days", type=int, default=0, help="retention of archive, versions and log")
    parser.add_argument("--home", type=Path, help="folder to leave the store in (default: a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        with Store(home / "shopwire.db") as store, store.writing():
            for site, name in zip(SITES, SOURCES, strict=True):
                declare_source(store, name, site.title, f"http://{site.host}/", "en")
            first = first_day().isoformat(timespec="seconds")
            store.db.execute("UPDATE sources SET first_crawled = ?", [first])
        soak = Soak(home, options)
        with serve(soak.sites):
            began = time.monotonic()
            soak.run()
            seconds, stopped = time.monotonic() - began, soak.stop()
        days = (soak.clock() - soak.clock.start) / timedelta(days=1)
        print(
            f"{soak.count_crawls()} crawls of {len(SOURCES)} sources in {seconds:.0f} s, "
            f"{days:.1f} simulated days"
        )
        print(f"killed with SIGKILL: {dict(soak.killed)}; stopped in {stopped:.1f} s")
        print_articles(soak)
        left = soak.store.rows("SELECT 1 FROM runs WHERE finished IS NULL")
        planned = soak.store.rows("SELECT source FROM schedule")
        print(f"runs left open {len(left)}, sources with a next crawl {len(planned)} of {len(SOURCES)}")
        if not options.keep_days:
            print_faults(soak)
        print_memory(soak)
        soak.disk.print()
        soak.store.close()


if __name__ == "__main__":
    main()
