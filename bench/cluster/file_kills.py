"""Imports on workers while everything is killed in turn, against an import of one machine."""

import random
import sys
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, run

from tests.cluster.test_import import read_tables, start_worker
from tests.support.cluster import Cluster, cluster
from tests.support.rabbitmq import Broker, rabbitmq

from bench.cluster.batch import write_files
from bench.measure import print_table
from shopwire.storage.database import Store

NAMES = ("one", "two")
# The tables that are compared, as `read_tables` returns them.
TABLES = ("articles", "fronts", "copies", "stories", "lines", "fetches", "sources")
REPEATED = "SELECT url FROM fetches WHERE outcome <> 'known' GROUP BY url, kind HAVING count(*) > 1"


def measure_file_kills(pages: int = 2_000, kills: int = 20) -> None:
    """Print what was lost, doubled and otherwise than on one machine, over so many kills of a worker, the
    import and the broker in turn: half of them while parts are made, half while articles are stored."""
    with (
        tempfile.TemporaryDirectory() as name,
        rabbitmq(Path(name) / "rabbitmq") as broker,
        cluster(Path(name) / "cluster", broker) as made,
    ):
        shared = Path(name) / "shared"
        shared.mkdir()
        files = [str(path) for path in write_files(shared, pages)]
        made.environment["SHOPWIRE_CLUSTER_DIR"] = str(shared)
        again = kill_in_turn(made, broker, files, pages, kills)
        alone = Path(name) / "alone"
        words = ["-m", "shopwire.commands", "import", "--two-pass", *files]
        run([sys.executable, *words], env=made.build_environment(alone), check=True, stdout=DEVNULL)
        here, there = read_tables(alone), read_tables(made.home)
        with Store(made.home / "shopwire.db") as store:
            doubled = len(store.rows(REPEATED))
    rows = [
        ("kills of worker, import, broker", str(kills)),
        ("pages, files", f"{pages}, {len(files)}"),
        ("lost", str(len({one[0] for one in here[0]} - {one[0] for one in there[0]}))),
        ("rows of the crawl log doubled", str(doubled)),
        ("imports started again after a file that was set aside", str(again)),
        *(
            (f"rows of {table} that differ", str(differ(*pair)))
            for table, *pair in zip(TABLES, here, there, strict=True)
        ),
    ]
    print_table(("", ""), rows)


def differ(here: list[tuple[object, ...]], there: list[tuple[object, ...]]) -> int:
    """Return how many rows only one of two tables has."""
    return len(set(here) ^ set(there))


def kill_in_turn(made: Cluster, broker: Broker, files: list[str], pages: int, kills: int) -> int:
    """Import the files, and kill meanwhile; return how often the import had to be started once more because
    a file had been set aside."""
    chance, again, done = random.Random(20), 0, 0
    parts = Path(made.environment["SHOPWIRE_CLUSTER_DIR"]) / "parts"
    for name in NAMES:
        start_worker(made, name)
    start_import(made, files)
    while (importing := made.processes["import"]).poll() is None or done < kills:
        if importing.poll() is not None:
            raise SystemExit(f"the import ended after {done} kills: more pages are needed")
        if count_progress(made.home, parts, len(files), pages) >= (done + 1) / (kills + 1) and done < kills:
            time.sleep(chance.uniform(0.0, 2.0))
            kill_one(made, broker, done % 3, chance.choice(NAMES), files)
            done += 1
        time.sleep(0.1)
    while made.processes.pop("import").returncode != 0:
        again += 1
        start_import(made, files)
        made.processes["import"].wait()
    return again


def start_import(made: Cluster, files: list[str]) -> None:
    """Start the import beside the store."""
    made.run("import", "import", "--cluster", "--json", *files, home=made.home)


def count_progress(home: Path, parts: Path, files: int, pages: int) -> float:
    """Return the share of the work that is done: parts are the first half, articles the second."""
    made = len(list(parts.glob("*.part"))) if parts.exists() else 0
    if not (home / "shopwire.db").exists():
        return 0.0
    with Store(home / "shopwire.db", read_only=True) as store:
        is_made = store.row("SELECT 1 FROM sqlite_master WHERE name = 'articles'")
        row = store.row("SELECT count(*) FROM articles") if is_made else None
    stored = int(row[0]) if row else 0
    return 0.5 + stored / pages / 2 if stored else made / files / 2


def kill_one(made: Cluster, broker: Broker, turn: int, name: str, files: list[str]) -> None:
    """Kill a worker, the import or the broker, and start it again."""
    if turn == 0:
        made.kill(name)
        start_worker(made, name)
    elif turn == 1:
        made.kill("import")
        start_import(made, files)
    else:
        broker.kill()
        broker.start()
