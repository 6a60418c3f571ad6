"""Between two requests to a host lies the delay, by the clock of the server, whatever asks for them."""

import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from shopwire.storage.database import Store
from tests.faults.crawl import crawl
from tests.faults.responses import ANSWERS
from tests.faults.robots import ROBOTS
from tests.faults.server import fault_server
from tests.support.crawling import environment, shopwire
from tests.support.site_server import SiteServer, site_server

DELAY = 0.4
SETTINGS = {
    "SCRAPY_SETTINGS_MODULE": "shopwire.spiders.settings",
    "SHOPWIRE_ALLOW_LOOPBACK": "1",
    "SHOPWIRE_DELAY": str(DELAY),
}


@pytest.mark.fault("23a", "A redirect to a host that is being crawled", "no pause is shorter")
def test_a_redirect_to_another_host_keeps_the_pauses_of_that_host(tmp_path: Path) -> None:
    with fault_server(ANSWERS, ROBOTS) as server:
        hosts = ("open", "html", "forbidden")
        targets = [server.url(f"/article/{number}", "bom.localhost") for number in range(6)]
        urls = [
            *(server.url(f"/to/{to}", f"{host}.localhost") for host, to in zip(hosts, targets, strict=False)),
            *targets[len(hosts) :],
        ]
        crawl(tmp_path, urls, {"DOWNLOAD_DELAY": DELAY, "CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        requests = [*server.robots_requests, *server.requests]
    times = sorted(one.at for one in requests if one.host == "bom.localhost")
    assert len(times) == len(targets) + 1
    assert min(later - earlier for earlier, later in pairwise(times)) >= DELAY


def test_a_crawl_begins_with_a_pause_as_another_one_may_just_have_ended(tmp_path: Path) -> None:
    with site_server(1, 1) as server:
        write_sources(server, tmp_path)
        begun = time.monotonic()
        shopwire("crawl", "s0", home=tmp_path, **{**SETTINGS, "SHOPWIRE_DELAY": "4"})
        assert min(one.begun for one in server.requests) - begun >= 4


def write_sources(server: SiteServer, home: Path) -> None:
    """Write the sources of all sites, and a second one of the first."""
    sources = server.build_sources()
    more = sources.partition("\n\n")[0].replace("[sources.s0]", "[sources.again]")
    (home / "sources.toml").write_text(f"{sources}\n{more}\n")


def test_no_source_of_a_site_is_begun_after_a_signal(tmp_path: Path) -> None:
    with site_server(1, 40) as server:
        write_sources(server, tmp_path)
        command = [sys.executable, "-m", "shopwire.commands", "crawl", "s0", "again"]
        with subprocess.Popen(command, env=environment(tmp_path, 0, **SETTINGS)) as process:
            until = time.monotonic() + 60
            while len(server.requests) < 4:
                assert time.monotonic() < until
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    with Store(tmp_path / "shopwire.db") as store:
        runs = [tuple(row) for row in store.rows("SELECT source, outcome FROM runs")]
    assert runs == [("s0", "interrupted")]


@pytest.mark.fault("23b", "Two sources of one site", "one request at a time, no pause is shorter")
def test_sources_of_one_site_are_crawled_one_after_another(tmp_path: Path) -> None:
    with site_server(2, 6, seconds=0.2) as server:
        write_sources(server, tmp_path)
        shopwire("crawl", "s0", "again", "s1", home=tmp_path, **SETTINGS)
        by_host = server.group_by_host()
    assert [len(requests) for requests in by_host.values()].count(8) == 1
    for requests in by_host.values():
        for one, other in pairwise(requests):
            assert one.ended <= other.begun, "two requests at once"
            assert other.begun - one.begun >= DELAY
