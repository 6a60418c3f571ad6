"""What a daemon costs that has nothing to do: `python -m bench.idle --seconds 60`.

It has 100 sources of which none is due. Printed: CPU seconds an hour (user and system, of the whole
process, its start left out) and resident memory.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shopwire.scheduler.daemon import Daemon
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.crawl_log.schedule import plan, take_into_care
from shopwire.storage.database import Store

TICKS = os.sysconf("SC_CLK_TCK")


def names(count: int) -> list[str]:
    """Sources that nobody crawls."""
    return [f"idle_{number}" for number in range(count)]


def prepare(path: Path, count: int) -> None:
    """A store with sources that are due in a day."""
    now = datetime.now(UTC)
    with Store(path) as store, store.writing():
        for name in names(count):
            declare_source(store, name, name, f"https://{name}.example/", "en")
        take_into_care(store, names(count), now)
        for name in names(count):
            plan(store, name, now, timedelta(days=1), "not due")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> float:
    """MiB of memory in use."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def main() -> None:
    """Measure, or be the daemon that is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--daemon", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.daemon:
        Daemon(options.daemon, names(options.sources)).run()
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shopwire.db"
        prepare(path, options.sources)
        command = [sys.executable, "-m", "bench.idle", "--daemon", str(path)]
        with subprocess.Popen([*command, "--sources", str(options.sources)]) as daemon:
            time.sleep(5)
            before = cpu_seconds(daemon.pid)
            time.sleep(options.seconds)
            used, memory = cpu_seconds(daemon.pid) - before, resident(daemon.pid)
            daemon.terminate()
    hourly = used * 3600 / options.seconds
    print(f"{options.sources} idle sources: {hourly:.1f} CPU seconds an hour, {memory:.1f} MiB")


if __name__ == "__main__":
    main()
