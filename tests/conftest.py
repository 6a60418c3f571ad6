"""Fixtures for tests of several packages."""

import gc
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store

# Datasette leaves a connection open while it is imported, of which Python warns since 3.13, in whatever test
# it then collects garbage.
with warnings.catch_warnings(action="ignore", category=ResourceWarning):
    import datasette.filters  # noqa: F401

    gc.collect()

# Load on the machine must not fail a test.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with one declared source, `blog`."""
    with Store(tmp_path / "shopwire.db") as opened:
        with opened.writing():
            declare_source(opened, "blog", "A blog", "https://blog.example/", "en")
        yield opened


# Whose connections a test need not close: its own, and those that Datasette has for each of its threads.
LENIENT = ("tests", "datasette", "shopwire.storage.datasette")


@pytest.fixture(autouse=True)
def _connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close at its end the connections that a test has opened, of which Python warns since 3.13. A connection
    that the product leaves open still makes a test fail."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connect_recorded(*args: Any, **options: Any) -> sqlite3.Connection:
        caller = sys._getframe(1)
        while caller.f_back and caller.f_globals.get("__name__", "").startswith("sqlite_utils"):
            caller = caller.f_back
        if not caller.f_globals.get("__name__", "").startswith(LENIENT):
            return connect(*args, **options)
        opened.append(connect(*args, **{**options, "check_same_thread": False}))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connect_recorded)
    yield
    for connection in opened:
        connection.close()
