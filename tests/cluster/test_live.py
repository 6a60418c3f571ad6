"""Crawls on workers: nothing is lost and nothing is doubled, whatever is killed."""

import json
import signal
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from shopwire.commands.cluster.broker import KEEP, Sender
from shopwire.storage.cluster.wire import Ended
from shopwire.storage.crawl_log.schedule import CUT_OFF, SILENT
from shopwire.storage.database import Store
from tests.support.cluster import PATIENCE, cluster
from tests.support.rabbitmq import Broker
from tests.support.site_server import site_server

SITES, PAGES, DELAY = 8, 10, 0.4
# So many that a crawl takes several times the silence after which it is ended.
CUT_OFF_PAGES = 12


def test_every_page_arrives_once_though_worker_and_writer_are_killed(broker: Broker, tmp_path: Path) -> None:
    with site_server(SITES, PAGES) as server, cluster(tmp_path, broker, server, DELAY) as made:
        made.environment["SHOPWIRE_SILENCE"] = "12"
        made.start_daemon()
        made.run("one", "cluster", "work", "--crawls", "4", "--name", "one")
        made.run("two", "cluster", "work", "--crawls", "4", "--name", "two")
        made.wait_for((made.home / "shopwire.db").exists)
        with Store(made.home / "shopwire.db") as store:

            def count(sql: str) -> int:
                return int(store.row(sql)[0])

            made.wait_for(lambda: count("SELECT count(*) FROM articles") >= 8)
            made.kill("one")
            made.wait_for(lambda: count("SELECT count(*) FROM articles") >= 16)
            made.kill("daemon")
            made.start_daemon()
            made.run("one", "cluster", "work", "--crawls", "4", "--name", "one")
            made.wait_for(lambda: count("SELECT count(*) FROM articles") >= SITES * PAGES)
            made.wait_for(lambda: count("SELECT count(*) FROM leases") == 0)
            assert [
                row[0] for row in store.rows("SELECT url FROM articles ORDER BY url")
            ] == server.list_urls()
            doubled = store.rows(
                "SELECT url FROM fetches WHERE kind = 'page' GROUP BY url, at HAVING count(*) > 1"
            )
            assert [tuple(row) for row in doubled] == []
            assert count("SELECT count(*) FROM runs WHERE finished IS NULL") == 0
            assert store.row("PRAGMA integrity_check")[0] == "ok"
            assert count("SELECT count(*) FROM runs WHERE outcome = 'ok'") >= SITES
        for requests in server.group_by_host().values():
            for one, other in pairwise(requests):
                assert one.ended <= other.begun, "two requests at once"
                assert other.begun - one.begun >= DELAY
            paths = [one.path for one in requests if one.path != "/feed.xml"]
            assert len(paths) - len(set(paths)) <= 5


def test_a_worker_that_is_cut_off_ends_its_crawls_and_poison_stops_nobody(
    broker: Broker, tmp_path: Path
) -> None:
    with site_server(2, CUT_OFF_PAGES) as server, cluster(tmp_path, broker, server, delay=1.0) as made:
        made.environment["SHOPWIRE_SILENCE"] = "6"
        with closing(Sender(broker.url)) as sender:
            sender.publish(KEEP, b"no message")
            sender.send(Ended(10**6, "s0", 0, "finished", is_complete=True))
        said = json.loads(made.call("cluster", "status", "--json"))
        assert said["workers"] == []
        assert 0 <= said["queues"]["keep"].pop("oldest_seconds") < PATIENCE
        assert said["queues"]["keep"] == {"messages": 2, "consumers": 0}
        made.start_daemon()
        made.run("one", "cluster", "work", "--crawls", "2", "--name", "one")
        made.wait_for(lambda: len(server.requests) > 6)
        broker.kill(signal.SIGSTOP)
        # The crawls have more to ask for, but nobody may.
        made.wait_for(lambda: time.monotonic() - server.requests[-1].ended > 4)
        asked = len(server.requests)
        broker.kill(signal.SIGCONT)
        with Store(made.home / "shopwire.db") as store:
            made.wait_for(lambda: store.row("SELECT count(*) FROM articles")[0] == 2 * CUT_OFF_PAGES)
            made.wait_for(lambda: store.row("SELECT count(*) FROM leases")[0] == 0)
            reasons = {row[0] for row in store.rows("SELECT reason FROM runs")}
        assert asked < 2 * CUT_OFF_PAGES
        assert reasons & {CUT_OFF, SILENT}
        for requests in server.group_by_host().values():
            assert all(one.ended <= other.begun for one, other in pairwise(requests))
        assert (made.folder / "one.log").read_text().count("started as process") > 2

        # A process tells every few seconds what it has in hand.
        said: dict[str, Any] = {}

        def is_idle() -> bool:
            said.update(json.loads(made.call("cluster", "status", "--json", code=1)))
            return not said["workers"][0]["busy"] and not said["queues"]["keep"]["messages"]

        made.wait_for(is_idle)
        (worker,) = said["workers"]
        assert (worker["name"], worker["role"], worker["busy"], worker["slots"]) == ("one", "crawls", 0, 2)
        assert 0 <= worker["heard_seconds"] < 60
        assert 0 <= said["queues"]["poison"].pop("oldest_seconds") < PATIENCE
        nothing = {"messages": 0, "consumers": 0, "oldest_seconds": None}
        assert (said["crawls"], said["trouble"]) == ([], "")
        assert said["queues"] == {
            "keep": {**nothing, "consumers": 1},
            "beats": {**nothing, "consumers": 1},
            "refine": nothing,
            "failed": nothing,
            "poison": {"messages": 2, "consumers": 0},
        }
