"""Run Scrapy in a process of its own, as users do, and read the results from the store."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopwire.storage.database import Store

ROOT = Path(__file__).parent.parent.parent
LONGEST_CRAWL = 400
# A proxy would resolve the names, and could not reach the servers of the tests.
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True, slots=True)
class Crawled:
    """Results of a crawl: `rows` of the crawl log, its log, the addresses it listened on, its peak memory
    and growth in bytes, the delay of its event loop in seconds, and the CPU time it was busy at a stretch."""

    rows: list[dict[str, Any]]
    log: str
    listening: list[str]
    peak: int
    grown: int
    lag_p99: float
    lag_max: float
    busy_p99: float

    def row(self, url: str) -> dict[str, Any]:
        """Return the row of a URL. Raises `ValueError` unless there is exactly one."""
        (found,) = (one for one in self.rows if one["url"] == url)
        return found


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a shopwire command whose files are all in `home`."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
    return {
        **kept,
        "SCRAPY_SETTINGS_MODULE": "shopwire.spiders.settings",
        "SHOPWIRE_HOME": str(home),
        "SHOPWIRE_ALLOW_LOOPBACK": "1",
        "PYTHONWARNINGS": "default",
        **more,
    }


def crawl(
    home: Path,
    urls: Sequence[str],
    settings: Mapping[str, object] | None = None,
    before: Callable[[], None] | None = None,
    **more: str,
) -> Crawled:
    """Crawl pages with the probe; `before` is called in the new process, `more` are environment
    variables."""
    return run_spider(home, "probe", {"urls": urls}, settings, before, **more)


def run_spider(
    home: Path,
    spider: str,
    arguments: Mapping[str, Sequence[str] | int],
    settings: Mapping[str, object] | None = None,
    before: Callable[[], None] | None = None,
    longest: float = LONGEST_CRAWL,
    **more: str,
) -> Crawled:
    """Run a spider of `probe.py` for at most `longest` seconds; its arguments are passed as JSON."""
    values = {"SPIDER_MODULES": "tests.faults.probe", "DOWNLOAD_TIMEOUT": 5, **(settings or {})}
    command = [sys.executable, "-m", "scrapy", "crawl", spider]
    for name, value in arguments.items():
        command += ["-a", f"{name}={json.dumps(value)}"]
    for name, setting in values.items():
        command += ["-s", f"{name}={setting}"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=longest,
        check=False,
        preexec_fn=before,
    )
    assert done.returncode == 0, done.stderr
    with Store(home / "shopwire.db") as store:
        rows = [dict(row) for row in store.rows("SELECT * FROM fetches ORDER BY id")]
    return Crawled(rows=rows, log=done.stderr, **json.loads(done.stdout.splitlines()[-1]))
