"""Measure what 127 sources cost a command: `python -m bench.source_pack`.

The version before `spiders/sources/taiwan.py` came, which had 18 sources, is taken from the history of the
repository; both run with the same libraries, in turns. `scrapy list` loads all sources; the crawl is one of
the newsroom on this machine into an empty store, with all sources loaded.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.newsroom.server import newsroom
from tests.newsroom.sites import SITES

from bench.measure import print_table, spread, watch

ROOT = Path(__file__).parent.parent
FIRST_FILE = "spiders/sources/taiwan.py"
TURNS = 5
# Seconds between two looks at the processes of a command.
EVERY = 0.05
LIST = ["scrapy", "list"]
CRAWL = ["shopwire.commands", "crawl", *(f"newsroom_{site.name}" for site in SITES)]
SETTINGS = """\
from shopwire.spiders.settings import *
from shopwire.spiders.settings import SPIDER_MODULES

SPIDER_MODULES = [*SPIDER_MODULES, "tests.newsroom.spiders"]
SHOPWIRE_ALLOW_LOOPBACK = True
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 8
"""
# CPU seconds of a command with all its processes, and the most megabytes of the main one.
Cost = tuple[float, float]


def checkout_earlier(folder: Path) -> None:
    """Write the files of the version before the pack. Raises `CalledProcessError` without a history."""
    git = ["git", "-C", str(ROOT)]
    log = [*git, "log", "--format=%H", "--diff-filter=A", "--", FIRST_FILE]
    commit = subprocess.run(log, capture_output=True, text=True, check=True).stdout.split()[-1]
    archive = subprocess.run([*git, "archive", f"{commit}^"], capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)


def prepare_version(tree: Path, folder: Path) -> dict[str, str]:
    """Return the environment in which commands run the version in `tree`; `folder` is for its links."""
    folder.mkdir()
    (folder / "shopwire").symlink_to(tree)
    (folder / "loaded_sources.py").write_text(SETTINGS)
    return {
        **os.environ,
        "PYTHONPATH": f"{folder}:{tree}",
        "SCRAPY_SETTINGS_MODULE": "loaded_sources",
    }


def run(arguments: Sequence[str], environment: dict[str, str]) -> tuple[Cost, str]:
    """Run a Python module with an empty home, and return its cost and what it printed. Raises `RuntimeError`
    if it fails."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        command = [sys.executable, "-m", *arguments]
        watched = watch(command, {**environment, "SHOPWIRE_HOME": home}, folder, cwd=folder, every=EVERY)
        printed = (folder / "bench.log").read_text()
    return (watched.cpu_seconds(), watched.peak_mb()), printed


def measure(arguments: Sequence[str], versions: Sequence[dict[str, str]]) -> list[list[Cost]]:
    """Return the costs of a command by version, measured in turns after one that is not counted."""
    costs: list[list[Cost]] = [[] for _ in versions]
    for turn in range(TURNS + 1):
        for environment, measured in zip(versions, costs, strict=True):
            cost, _ = run(arguments, environment)
            if turn:
                measured.append(cost)
    return costs


def format_row(name: str, costs: Sequence[Sequence[Cost]]) -> list[str]:
    """Return the row of a command: the costs of the earlier and of this version, and their ratios."""
    before, now = ([[cost[kind] for cost in one] for kind in (0, 1)] for one in costs)
    cells = [name]
    for earlier, later in zip(before, now, strict=True):
        cells += [spread(earlier), spread(later), f"{median(later) / median(earlier):.2f}"]
    return cells


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as home, newsroom() as server:
        earlier = Path(home) / "earlier"
        earlier.mkdir()
        checkout_earlier(earlier)
        port = {"SHOPWIRE_NEWSROOM_PORT": str(server.port)}
        trees = {"before": earlier, "now": ROOT}
        versions = [{**prepare_version(tree, Path(home) / name), **port} for name, tree in trees.items()]
        counts = [len(run(LIST, one)[1].split()) - len(SITES) for one in versions]
        headings = [f"{kind}, {count} sources" for kind in ("CPU s", "MB") for count in counts]
        headings = ["command", *headings[:2], "ratio", *headings[2:], "ratio"]
        commands = {"`scrapy list`": LIST, "a cold crawl": CRAWL}
        print_table(headings, (format_row(name, measure(one, versions)) for name, one in commands.items()))


if __name__ == "__main__":
    main()
