"""The daemon on a newsroom that breaks: `python -m bench.soak --crawls 2000`.

World time runs `--factor` times as fast as ours, for the daemon, for every crawl and for the sites, which
publish, die, refuse, hang, change their layout, lie with 304s and recover. Daemon and crawls are killed
with SIGKILL at random. A crawl is forked from a process that has everything imported (`warm.py`); all
else is as it is in life. A machine that is busy with other things makes sites look slow: watch its load.
Printed: articles lost or doubled against what the sites published, memory over time, how long it took to
stop, and for each kind of fault how many runs of its source it took until it was named.

What is named stands in `shopwire status`: a change of the source's status word to one that `world.FAULTS`
has for the fault, or, as a server that lies may be crawled all the same, the event that its 304s are
believed no more. Runs are counted from the first that starts under the fault to the last that starts
before it is named, those left out that we killed. Of a lying list only those runs are counted that start
when there is something behind its 304 that no earlier run can have seen; a list that has been found out is
never asked with conditions again, so that nobody meets its next lies. A fault is missed when it takes more
than two runs, or is named not at all or more than six hours after it is over.
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

from bench.soak.world import DAY, FAULTS, Clock, Fault, FaultyNewsroom, World, today
from shopwire.scheduler.crawl_process import is_crawling
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.crawl_log.schedule import LOST, STOPPED, WRONG_304, scheduled, stamp
from shopwire.storage.database import Store

# Named within so many runs, and so long after its end at most.
SOON, LATE = 2, DAY / 4
SOURCES = [f"newsroom_{site.name}" for site in SITES]


class Soak:
    """One run: the sites, the daemon, the killing, the samples."""

    def __init__(self, home: Path, options: argparse.Namespace) -> None:
        self.home, self.options = home, options
        self.clock = Clock(today(), time.monotonic(), options.factor)
        self.world = World(self.clock.start, options.days, options.seed, options.kinds)
        self.room = FaultyNewsroom(self.world, self.clock)
        self.store = Store(home / "shopwire.db")
        self.chance = random.Random(options.seed)
        self.memory: list[tuple[int, int]] = []
        self.killed: Counter[str] = Counter()
        self.warm = self.start("crawl")
        while not (home / "warm" / "orders").exists():
            time.sleep(0.1)
        self.daemon = self.start("daemon")

    def start(self, part: str) -> subprocess.Popen[bytes]:
        """A process in the world."""
        environment = {
            **os.environ,
            **self.clock.variables(),
            "SHOPWIRE_HOME": str(self.home),
            "SHOPWIRE_ALLOW_LOOPBACK": "1",
            "SHOPWIRE_NEWSROOM_PORT": str(self.room.port),
        }
        command = [sys.executable, "-m", "bench.soak", part, *SOURCES]
        return subprocess.Popen(command, env=environment)

    def run(self) -> None:
        """Until there were enough crawls; then let everything recover and come in."""
        kills = sorted(self.chance.uniform(0.1, 0.9) for _ in range(self.options.kills))
        deadline = time.monotonic() + self.options.minutes * 60
        while (done := self.crawls()) < self.options.crawls and time.monotonic() < deadline:
            self.sample()
            left = (deadline - time.monotonic()) / self.options.minutes / 60
            if kills and max(done / self.options.crawls, 1 - left) > kills[0]:
                kills.pop(0)
                self.kill()
            time.sleep(0.5)
        self.room.until = self.end = self.last_healthy()
        calm = self.clock() + DAY * 1.3
        while self.clock() < calm:
            self.sample()
            time.sleep(0.5)

    def last_healthy(self) -> datetime:
        """World time of the end: from now on nothing is published and nothing is wrong."""
        now = self.clock()
        self.ended = now
        self.injected = [one for one in self.world.faults if one.first < now]
        self.world.faults = []
        return now

    def crawls(self) -> int:
        """Runs so far."""
        return int(self.store.db.execute("SELECT count(*) FROM runs").fetchone()[0])

    def sample(self) -> None:
        """Note the daemon's memory (KiB), and start it again if it is gone."""
        if self.daemon.poll() is not None:
            self.daemon = self.start("daemon")
            return
        status = Path(f"/proc/{self.daemon.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        self.memory.append((self.daemon.pid, int(resident.split()[1])))

    def kill(self) -> None:
        """SIGKILL to the daemon or to a crawl, in turns."""
        if sum(self.killed.values()) % 2 == 0:
            self.daemon.kill()
            self.daemon.wait()
            self.killed["daemon"] += 1
            return
        while not self.kill_crawl():
            time.sleep(0.1)
        self.killed["crawl"] += 1

    def kill_crawl(self) -> bool:
        """SIGKILL to one of the crawls that run now; whether there was one."""
        pids = [one.pid for one in scheduled(self.store) if one.pid and is_crawling(one.pid)]
        if pids:
            os.kill(self.chance.choice(pids), signal.SIGKILL)
        return bool(pids)

    def stop(self) -> float:
        """Seconds from SIGTERM to the end."""
        began = time.monotonic()
        self.daemon.terminate()
        self.daemon.wait(60)
        self.warm.terminate()
        self.warm.wait(60)
        return time.monotonic() - began


def named(soak: Soak, fault: Fault) -> tuple[int, bool]:
    """How many runs met a fault until it was named, or until it was over; and whether it was named."""
    source, store = f"newsroom_{fault.site}", soak.store
    first, last = stamp(fault.first), stamp(fault.last + LATE)
    words = FAULTS[fault.kind]
    marks = " OR ".join("text LIKE ?" for _ in words)
    moment = store.db.execute(
        f"SELECT min(at) FROM events WHERE source = ? AND at BETWEEN ? AND ? AND ({marks})",
        [source, first, last, *words],
    ).fetchone()[0]
    counted = store.db.execute(
        "SELECT count(*) FROM runs WHERE source = ? AND started >= ? AND started <= ? "
        "AND coalesce(reason, '') NOT IN (?, ?)",
        [source, first_met(soak, fault), moment or stamp(fault.last), STOPPED, LOST],
    )
    # A run that was under way when the fault began may name it as well: in a crawl time stands still,
    # nearly, while the world's goes on.
    return max(int(counted.fetchone()[0]), int(moment is not None)), moment is not None


def first_met(soak: Soak, fault: Fault) -> str:
    """From when on a run meets a fault: a list that lies does so once an article stands behind it that
    no run can have seen, and never again to one who believes none of its 304s."""
    if fault.kind != "lies":
        return stamp(fault.first)
    source, first = f"newsroom_{fault.site}", stamp(fault.first)
    known = soak.store.row(
        "SELECT min(at) AS at FROM events WHERE source = ? AND kind = ?", source, WRONG_304
    )
    if known and known["at"] and known["at"] < first:
        return stamp(fault.last)
    before = soak.store.row(
        "SELECT coalesce(max(started), '') AS at FROM runs WHERE source = ? AND started < ?",
        source,
        first,
    )
    published = (stamp(one.published) for one in soak.world.articles[fault.site] if one.published)
    hidden = (moment for moment in published if before and moment > before["at"])
    return max(first, next(hidden, stamp(fault.last)))


def print_faults(soak: Soak) -> None:
    """A row for each kind of fault; those that no run met are counted as injected only."""
    columns = ("fault", "injected", "met", "named", "runs until named: median", "most", "missed")
    print("{:10}{:>9}{:>5}{:>7}{:>26}{:>6}{:>8}".format(*columns))
    by_kind: dict[str, list[tuple[int, bool]]] = {}
    for fault in soak.injected:
        if fault.last < soak.ended:
            by_kind.setdefault(fault.kind, []).append(named(soak, fault))
    for kind, found in sorted(by_kind.items()):
        met = [one for one in found if one[0]]
        runs = [count for count, is_named in met if is_named]
        median, most = (statistics.median(runs), max(runs)) if runs else ("-", "-")
        late = sum(count > SOON or not is_named for count, is_named in met)
        print(f"{kind:10}{len(found):9}{len(met):5}{len(runs):7}{median:>26}{most:>6}{late:8}")


def print_articles(soak: Soak) -> None:
    """What was published against what is stored."""
    published = {
        f"http://{site.host}:{soak.room.port}{article.path}"
        for site in SITES
        for article in soak.world.shown(site.name, soak.ended)
        if (article.published or soak.ended) >= soak.clock.start
    }
    rows = [row[0] for row in soak.store.rows("SELECT url FROM articles")]
    texts = soak.store.db.execute(
        "SELECT count(*) - count(DISTINCT title) FROM articles"
    ).fetchone()[0]
    lost = sorted(published - set(rows))
    print(f"articles published {len(published)}, lost {len(lost)}, doubled {texts}")
    for url in lost[:10]:
        tries = soak.store.rows("SELECT at, outcome, reason FROM fetches WHERE url = ?", url)
        print(f"  lost: {url}", *(tuple(row) for row in tries))


def print_memory(soak: Soak) -> None:
    """First against last quarter of the daemon that lived longest, and of all."""
    pids = Counter(pid for pid, _ in soak.memory)
    longest, _ = pids.most_common(1)[0]
    for name, samples in (
        ("all daemons", [kib for _, kib in soak.memory]),
        ("longest-lived", [kib for pid, kib in soak.memory if pid == longest]),
    ):
        quarter = max(1, len(samples) // 4)
        first, last = (
            statistics.median(part) / 1024 for part in (samples[:quarter], samples[-quarter:])
        )
        print(
            f"memory, {name}: first quarter {first:.1f} MiB, last {last:.1f} ({last / first - 1:+.1%})"
        )


@contextmanager
def served(room: FaultyNewsroom) -> Iterator[None]:
    """The sites, on a thread."""
    thread = Thread(target=room.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        room.shutdown()
        thread.join()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crawls", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60, help="at most so long, of our time")
    parser.add_argument("--factor", type=float, default=1000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kinds", nargs="+", choices=FAULTS, default=FAULTS, help="faults that there are"
    )
    parser.add_argument("--home", type=Path, help="where to leave the store (default: thrown away)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        with Store(home / "shopwire.db") as store, store.writing():
            for site, name in zip(SITES, SOURCES, strict=True):
                declare_source(store, name, site.title, f"http://{site.host}/", "en")
            first = today().isoformat(timespec="seconds")
            store.db.execute("UPDATE sources SET first_crawled = ?", [first])
        soak = Soak(home, options)
        with served(soak.room):
            began = time.monotonic()
            soak.run()
            seconds, stopped = time.monotonic() - began, soak.stop()
        days = (soak.clock() - soak.clock.start) / timedelta(days=1)
        print(
            f"{soak.crawls()} crawls of {len(SOURCES)} sources in {seconds:.0f} s, {days:.1f} world days"
        )
        print(f"killed with SIGKILL: {dict(soak.killed)}; stopped in {stopped:.1f} s")
        print_articles(soak)
        left = soak.store.rows("SELECT 1 FROM runs WHERE finished IS NULL")
        planned = soak.store.rows("SELECT source FROM schedule")
        print(f"runs left open {len(left)}, sources still planned {len(planned)} of {len(SOURCES)}")
        print_faults(soak)
        print_memory(soak)
        soak.store.close()


if __name__ == "__main__":
    main()
