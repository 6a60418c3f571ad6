"""Between two requests to a host lies the delay, by the clock of the server, whatever asks for them."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.crawl import crawl
from tests.faults.responses import ANSWERS
from tests.faults.robots import ROBOTS
from tests.faults.server import fault_server
from tests.support.crawling import shopwire
from tests.support.site_server import site_server

DELAY = 0.4


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


@pytest.mark.fault("23b", "Two sources of one site", "one request at a time, no pause is shorter")
def test_sources_of_one_site_are_crawled_one_after_another(tmp_path: Path) -> None:
    with site_server(2, 6, seconds=0.2) as server:
        sources = server.build_sources()
        # A second source of the first site.
        more = sources.partition("\n\n")[0].replace("[sources.s0]", "[sources.again]")
        (tmp_path / "sources.toml").write_text(f"{sources}\n{more}\n")
        shopwire(
            "crawl",
            "s0",
            "again",
            "s1",
            home=tmp_path,
            SCRAPY_SETTINGS_MODULE="shopwire.spiders.settings",
            SHOPWIRE_ALLOW_LOOPBACK="1",
            SHOPWIRE_DELAY=str(DELAY),
        )
        by_host = server.group_by_host()
    assert [len(requests) for requests in by_host.values()].count(8) == 1
    for requests in by_host.values():
        for one, other in pairwise(requests):
            assert one.ended <= other.begun, "two requests at once"
            assert other.begun - one.begun >= DELAY
