"""Sources come from the settings module that the environment names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# The script: unlike `python -m` it does not add the current folder to sys.path.
SHOPWIRE = Path(sys.executable).with_name("shopwire")
OWN_SETTINGS = """
from shopwire.spiders.settings import *

SPIDER_MODULES = [*SPIDER_MODULES, "own_sources"]
"""
OWN_SOURCE = """
from shopwire.spiders.feed import FeedSource

class RetailWeekly(FeedSource):
    name = "retailweekly"
    title = "Retail Weekly"
    home = "https://retailweekly.example/"
    feeds = ["https://retailweekly.example/feed/"]
"""


def list_sources(folder: Path, module: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHOPWIRE, "source", "list", "--json"],
        cwd=folder,
        env={**os.environ, "SCRAPY_SETTINGS_MODULE": module},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_user_adds_a_source_through_the_settings(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = own_settings\n")
    (tmp_path / "own_settings.py").write_text(OWN_SETTINGS)
    (tmp_path / "own_sources.py").write_text(OWN_SOURCE)
    done = list_sources(tmp_path, "own_settings")
    assert done.returncode == 0, done.stderr
    assert '"retailweekly"' in done.stdout
    assert '"ebrun"' in done.stdout


def test_an_empty_variable_means_the_settings_of_shopwire(tmp_path: Path) -> None:
    assert '"ebrun"' in list_sources(tmp_path, "").stdout


@pytest.mark.parametrize(
    ("settings", "says"),
    [(None, "cannot import"), ("BOT_NAME = 'other'", "must import all of")],
)
def test_settings_that_are_missing_or_not_based_on_ours_are_refused(
    tmp_path: Path, settings: str | None, says: str
) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\n")
    if settings is not None:
        (tmp_path / "own_settings.py").write_text(settings)
    done = list_sources(tmp_path, "own_settings")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
