"""A store with three sources, two of which are on one site, and daemons that crawl them."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shopwire.scheduler.crawls.running_crawl import Limits
from shopwire.scheduler.crawls.starter import CrawlStarter
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.scheduler.daemons import Clock, Make

FAKE = Path(__file__).with_name("fake_crawl.py")
FAKE_HOST = Path(__file__).with_name("fake_host.py")
HOMES = {"alpha": "https://www.alpha.example/", "beta": "https://beta.example/"}
HOMES |= {"gamma": "https://alpha.example/other"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shopwire.db"
    with Store(path) as store, store.writing():
        for name, home in HOMES.items():
            declare_source(store, name, name.title(), home, "en")
    return path


@pytest.fixture
def make(path: Path) -> Iterator[Make]:
    """Return a function that makes a daemon whose crawls have given behaviours, in a shared process those of
    `shared`; kill them at the end."""
    made: list[Daemon] = []

    def daemon(
        behaviours: dict[str, str], clock: Any = None, shared: dict[str, str] | None = None, **options: Any
    ) -> Daemon:
        host = [sys.executable, str(FAKE_HOST), str(path)]
        limits = {"limits": Limits(crawl=30, grace=0.3), **options}
        starter = CrawlStarter(
            path.parent / "logs",
            lambda name: [sys.executable, str(FAKE), str(path), behaviours[name], "crawl", name],
            None if shared is None else lambda: [*host, json.dumps(shared), "crawl"],
        )
        one = Daemon(path, list(behaviours), Options(**limits), clock or Clock(), starter)
        made.append(one)
        return one

    yield daemon
    for one in made:
        for crawl in one.running:
            crawl.kill()
            while crawl.poll() is None:
                time.sleep(0.02)
        one.store.close()
