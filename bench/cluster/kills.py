"""Crawls on workers while everything is killed in turn, against a crawl without a cluster."""

import random
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from tests.support.cluster import Cluster, cluster
from tests.support.rabbitmq import Broker, rabbitmq
from tests.support.site_server import SiteServer, site_server

from bench.measure import print_table
from shopwire.storage.database import Store

DELAY = 0.4
ARTICLES = "SELECT url, title, text, text_hash, published, language, source FROM articles ORDER BY url"
DOUBLED = "SELECT url FROM fetches WHERE kind = 'page' GROUP BY url, at HAVING count(*) > 1"


def measure_kills(sites: int = 8, pages: int = 80, kills: int = 20) -> None:
    """Print what was lost, doubled, asked twice and impolite, over so many kills."""
    with (
        tempfile.TemporaryDirectory() as name,
        rabbitmq(Path(name) / "rabbitmq") as broker,
        site_server(sites, pages) as server,
        cluster(Path(name) / "cluster", broker, server, DELAY) as made,
    ):
        made.environment["SHOPWIRE_SILENCE"] = "12"
        kill_in_turn(made, broker, server, kills)
        for process in list(made.processes):
            made.kill(process)
        crawled = read_articles(made.home)
        requests = list(server.requests)
        report_requests(server)
        crawl_alone(made, Path(name) / "alone")
        alone = read_articles(Path(name) / "alone")
        with Store(made.home / "shopwire.db") as store:
            doubled = len(store.rows(DOUBLED))
            is_whole = store.row("PRAGMA integrity_check")
            runs = store.rows("SELECT outcome, reason, count(*) FROM runs GROUP BY 1, 2")
    shared = sorted(crawled.keys() & alone.keys())
    differing = [(crawled[url], alone[url]) for url in shared if crawled[url] != alone[url]]
    asked = [one.path for one in requests if one.path.startswith("/news/")]
    rows = [
        ("kills of worker, daemon, broker", str(kills)),
        ("articles, of so many pages", f"{len(crawled)}, {sites * pages}"),
        ("lost", str(len(set(server.list_urls()) - crawled.keys()))),
        ("articles that only one machine has", str(len(alone.keys() - crawled.keys()))),
        ("rows of the crawl log doubled", str(doubled)),
        ("articles that one machine lacks", str(len(crawled.keys() - alone.keys()))),
        ("articles that differ from those of one machine", str(len(differing))),
        ("pages asked for more than once", str(len(asked) - sites * pages)),
        ("integrity of the store", str(is_whole[0] if is_whole else "")),
        ("runs", "; ".join(f"{count} {outcome}: {reason}" for outcome, reason, count in runs)),
    ]
    print_table(("", ""), rows)
    for pair in differing:
        print(*pair, sep="\n")


def kill_in_turn(made: Cluster, broker: Broker, server: SiteServer, kills: int) -> None:
    """Crawl until every page is stored; kill a worker, the daemon and the broker in turn meanwhile."""
    words = ("cluster", "work", "--crawls", "4", "--name")
    chance, names, pages = random.Random(20), ("one", "two"), len(server.list_urls())
    made.start_daemon()
    for name in names:
        made.run(name, *words, name)
    made.wait_for((made.home / "shopwire.db").exists)
    with Store(made.home / "shopwire.db") as store:

        def count() -> int:
            row = store.row("SELECT count(*) FROM articles")
            return int(row[0]) if row else 0

        for turn in range(kills):
            made.wait_for(lambda: count() > (turn + 1) * pages // (kills + 1), 900)  # noqa: B023
            kill_one(made, broker, turn % 3, chance.choice(names), words)
        made.wait_for(lambda: count() >= pages, 900)
        made.wait_for(lambda: not store.rows("SELECT 1 FROM leases"), 300)


def kill_one(made: Cluster, broker: Broker, turn: int, name: str, words: tuple[str, ...]) -> None:
    """Kill a worker, the daemon or the broker, and start it again."""
    if turn == 0:
        made.kill(name)
        made.run(name, *words, name)
    elif turn == 1:
        made.kill("daemon")
        made.start_daemon()
    else:
        broker.kill()
        broker.start()
    time.sleep(1)


def read_articles(home: Path) -> dict[str, tuple[object, ...]]:
    """Return what every article must be, whoever crawled it, by its address."""
    with Store(home / "shopwire.db") as store:
        return {row["url"]: tuple(row) for row in store.rows(ARTICLES)}


def crawl_alone(made: Cluster, home: Path) -> None:
    """Crawl the same sites without a cluster, and what has failed once more."""
    home.mkdir()
    (home / "sources.toml").write_text((made.home / "sources.toml").read_text())
    environment = {**made.build_environment(home), "SHOPWIRE_DELAY": "0"}
    words = ["-m", "shopwire.commands", "crawl", *made.list_sources(), "--json"]
    for _ in range(2):
        subprocess.run([sys.executable, *words], env=environment, check=True, stdout=subprocess.DEVNULL)


def report_requests(server: SiteServer) -> None:
    """Print how close requests to one host came to each other, by the log of the server."""
    gaps = []
    overlaps = 0
    for requests in server.group_by_host().values():
        for one, other in pairwise(requests):
            gaps.append(other.begun - one.begun)
            overlaps += one.ended > other.begun
    print_table(
        ("requests", "two at once on a host", "smallest gap, s", "delay, s"),
        [
            (
                str(len(server.requests)),
                str(overlaps),
                f"{min(gaps):.3f}",
                f"{DELAY}",
            )
        ],
    )
