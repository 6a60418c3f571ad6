"""Fixtures for tests of several packages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store

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
