"""Politeness and safety, sentence by sentence, with real crawls of a real server on loopback."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Response

from shopwire.spiders.http.retry import LONGEST_RETRY_AFTER, read_retry_after
from tests.faults.crawl import Crawled, crawl
from tests.faults.responses import ANSWERS, MIB
from tests.faults.robots import ROBOTS
from tests.faults.server import FaultServer, fault_server

SPELLINGS = (
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "sneaky.example",
)
PRIVATE = (
    "10.0.0.1",
    "167772161",
    "0xa000001",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
    "inward.example",
)
NAMES = json.dumps(
    {
        "sneaky.example": ["127.0.0.1"],
        "inward.example": ["10.0.0.1"],
        "rebinding.example": ["127.0.0.1", "127.0.0.1", "10.0.0.1"],
    }
)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with fault_server(ANSWERS, ROBOTS) as running:
        yield running


@pytest.fixture(autouse=True)
def _forget(server: FaultServer) -> None:
    server.requests.clear()
    server.robots_requests.clear()


def outcomes(crawled: Crawled) -> dict[str, str]:
    return {row["url"]: row["outcome"] for row in crawled.rows}


@pytest.mark.fault("19", "robots.txt forbids all, 10 requests at once", "none fetched")
def test_robots_does_not_leak_when_ten_requests_wait_for_it(server: FaultServer, tmp_path: Path) -> None:
    urls = [server.url(f"/article/{number}", "shut.localhost") for number in range(10)]
    crawled = crawl(tmp_path, urls)
    assert server.requests == []
    assert len(server.robots_requests) == 1
    assert outcomes(crawled) == dict.fromkeys(urls, "robots")


@pytest.mark.fault("20", "robots.txt 500, 503, 429, dropped, garbage", "nothing fetched, the reason says why")
@pytest.mark.fault("21", "robots.txt in UTF-16, or HTML", "UTF-16 is read, HTML allows all")
@pytest.mark.fault("22", "robots.txt with BOM, with CR alone, of 5 MB", "its rules apply")
def test_each_robots_txt_is_obeyed_for_what_it_is(server: FaultServer, tmp_path: Path) -> None:
    nothing = ("broken500", "broken503", "broken429", "resting", "dropped", "garbage")
    everything = ("forbidden", "html", "open")
    all_but_private = ("bom", "carriage", "utf16", "large", "named", "moved")
    paths = ("/article/1", "/private/1")
    hosts = [*nothing, *everything, *all_but_private]
    urls = [server.url(path, f"{host}.localhost") for host in hosts for path in paths]
    crawled = crawl(tmp_path, urls, {"SHOPWIRE_DEFAULT_RETRY_AFTER": 0})
    fetched = {(one.host.partition(".")[0], one.path) for one in server.requests}
    allowed = {(host, path) for host in everything for path in paths}
    allowed |= {(host, "/article/1") for host in all_but_private}
    allowed.add(("moved", "/robots2.txt"))
    assert fetched == allowed
    refused = [row for row in crawled.rows if row["article_id"] is None]
    assert all("robots.txt" in row["reason"] for row in refused)
    assert len(refused) == 2 * len(nothing) + len(all_but_private)
    assert len(crawled.rows) == len(urls)
    resting = crawled.row(server.url("/article/1", "resting.localhost"))
    assert (resting["outcome"], resting["status"], resting["rest"]) == ("blocked", 429, 7200)


def test_the_cookie_of_a_redirect_is_sent_once(server: FaultServer, tmp_path: Path) -> None:
    paths = ("/cookie/1", "/cookie/2", "/article/3")
    urls = [server.url(path) for path in paths]
    crawled = crawl(tmp_path, urls)
    assert outcomes(crawled) == dict.fromkeys(urls, "stored")
    sent = sorted((one.path, one.headers.get("cookie")) for one in server.requests if "cookie" in one.headers)
    assert sent == [("/cookie/1", "seen=1"), ("/cookie/2", "seen=1")]
    assert len(server.requests) == 5


@pytest.mark.fault("23", "Crawl-delay", "no pause is shorter")
def test_a_crawl_delay_is_honoured(server: FaultServer, tmp_path: Path) -> None:
    urls = [server.url(f"/article/{number}", "slow.localhost") for number in range(4)]
    crawl(tmp_path, urls)
    times = sorted([*(one.at for one in server.robots_requests), *(one.at for one in server.requests)])
    assert len(times) == 5
    assert min(later - earlier for earlier, later in pairwise(times)) >= 1.5


@pytest.mark.parametrize(("path", "at_least"), [("/busy429", 2.0), ("/busy503", 2.0), ("/busy-date", 2.0)])
@pytest.mark.fault("16", "429 and 503 with Retry-After, seconds or a date", "no retry before")
def test_retry_after_is_honoured(server: FaultServer, tmp_path: Path, path: str, at_least: float) -> None:
    crawled = crawl(tmp_path, [server.url(path)])
    first, second = server.times(path)
    assert second - first >= at_least
    assert crawled.row(server.url(path))["status"] == 200


@pytest.mark.fault("16a", "Retry-After of a day", "the host is not asked again in this crawl")
def test_a_host_that_wants_a_day_of_rest_gets_it(server: FaultServer, tmp_path: Path) -> None:
    urls = [server.url(path) for path in ("/go-away", *(f"/article/{n}" for n in range(5)))]
    crawled = crawl(tmp_path, urls, {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "CONCURRENT_REQUESTS": 1})
    assert [one.path for one in server.requests] == ["/go-away"]
    assert outcomes(crawled) == dict.fromkeys(urls, "blocked")
    reason = crawled.row(urls[-1])["reason"]
    assert re.fullmatch(
        r"not requested: open\.localhost:\d+ asked to wait \(Retry-After\), 86,\d\d\d s left", reason
    )


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:00", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Fri, 31 Dec 2026 23:59:59 +99999999999999999999", None),
    ],
)
def test_every_spelling_of_retry_after_is_read(said: str, seconds: float | None) -> None:
    headers = {"Retry-After": said.encode("latin-1")}
    assert read_retry_after(Response("http://a.example/", headers=headers)) == seconds


def test_a_huge_retry_after_is_longer_than_we_wait() -> None:
    said = read_retry_after(Response("http://a.example/", headers={"Retry-After": "9" * 5000}))
    assert said is not None
    assert said > LONGEST_RETRY_AFTER


@pytest.mark.fault(
    "11", "127.0.0.1 in 13 spellings: decimal, hex, octal, short, full-width, v4-mapped", "refused"
)
def test_this_machine_is_out_of_reach_in_every_spelling(server: FaultServer, tmp_path: Path) -> None:
    urls = [f"http://{host}:{server.port}/article/1" for host in SPELLINGS]
    crawled = crawl(tmp_path, urls, SHOPWIRE_ALLOW_LOOPBACK="", PROBE_NAMES=NAMES)
    assert server.requests == server.robots_requests == []
    assert {row["article_id"] for row in crawled.rows} == {None}
    assert len(crawled.rows) == len({row["url"] for row in crawled.rows})


@pytest.mark.fault(
    "9", "Redirects to private addresses in 12 spellings", "`blocked`, also where loopback is open"
)
def test_the_setting_opens_loopback_and_nothing_else(server: FaultServer, tmp_path: Path) -> None:
    inside = [f"http://{host}:{server.port}/article/{host}" for host in SPELLINGS[:4]]
    outside = [f"http://{host}:{server.port}/article/1" for host in PRIVATE]
    redirected = [server.url(f"/to/http://{host}:PORT/article/1") for host in PRIVATE]
    crawled = crawl(tmp_path, [*inside, *outside, *redirected], PROBE_NAMES=NAMES)
    assert {one.path for one in server.requests if one.path.startswith("/article")} == {
        f"/article/{host}" for host in SPELLINGS[:4]
    }
    assert len([one for one in server.requests if one.path.startswith("/to/")]) == len(redirected)
    refused = [row for row in crawled.rows if row["outcome"] != "stored"]
    assert len(refused) == len(outside) + len(redirected)
    spelled = [row for row in refused if "/10.0.0.1" in row["url"]]
    said = "10.0.0.1 resolves to 10.0.0.1, which is not public"
    assert [row["outcome"] for row in spelled] == ["blocked"] * 2
    assert all(said in row["reason"] for row in spelled)


@pytest.mark.fault("12", "DNS rebinding", "refused at the connection")
def test_a_name_that_changes_its_mind_is_refused_at_the_connection(
    server: FaultServer, tmp_path: Path
) -> None:
    urls = [f"http://rebinding.example:{server.port}/article/{number}" for number in range(2)]
    settings = {
        "DNSCACHE_ENABLED": False,
        "CONCURRENT_REQUESTS": 1,
        "RETRY_TIMES": 0,
    }
    crawled = crawl(tmp_path, urls, settings, PROBE_NAMES=NAMES)
    assert [one.path for one in server.robots_requests] == ["/robots.txt"]
    assert [one.path for one in server.requests] == ["/article/0"]
    assert "10.0.0.1, which is not public" in crawled.row(urls[1])["reason"]


@pytest.mark.fault("8", "file:, data:, ftp:, also after a redirect", "not followed")
def test_nothing_but_http_is_spoken_not_even_after_a_redirect(server: FaultServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("<h1>A secret</h1><p>It lies in the files of this machine.</p>" * 9)
    targets = [f"file://{secret}", "data:text/html,<p>secret", f"ftp://localhost:{server.port}/"]
    redirected = [server.url(f"/to/{target}") for target in targets]
    crawled = crawl(tmp_path, [*targets, *redirected])
    assert [row["status"] for row in crawled.rows] == [302] * len(redirected)
    assert all("redirect not followed" in row["reason"] for row in crawled.rows)
    assert len(server.requests) == len(redirected)


@pytest.mark.fault("1", "gzip bomb of 1 GiB", "`too_big`, memory grows by less than 100 MiB")
@pytest.mark.fault("2", "brotli bomb of 256 MiB", "`too_big`, memory grows by less than 100 MiB")
@pytest.mark.fault("3", "Endless body", "`too_big`, memory grows by less than 100 MiB")
def test_bodies_over_eight_mebibytes_are_cut_off(server: FaultServer, tmp_path: Path) -> None:
    urls = [server.url(path) for path in ("/large", "/bomb/gzip", "/bomb/br", "/endless-body")]
    crawled = crawl(tmp_path, urls)
    assert outcomes(crawled) == dict.fromkeys(urls, "too_big")
    assert len(crawled.rows) == len(urls)
    assert crawled.grown < 100 * MIB


@pytest.mark.fault("8a", "RemoteControl, telnet", "a crawl listens nowhere")
def test_a_crawl_listens_nowhere(server: FaultServer, tmp_path: Path) -> None:
    assert crawl(tmp_path, [server.url("/article/1")]).listening == []
    # That listening would be noticed is shown by Scrapy's own default.
    assert crawl(tmp_path, [server.url("/article/1")], {"TELNETCONSOLE_ENABLED": True}).listening


def test_the_user_agent_is_honest_and_has_a_contact(server: FaultServer, tmp_path: Path) -> None:
    crawl(tmp_path, [server.url("/article/1")], SHOPWIRE_CONTACT="mailto:desk@news.example")
    agents = {one.headers["user-agent"] for one in [*server.requests, *server.robots_requests]}
    assert agents == {"shopwire/0.1 (+mailto:desk@news.example)"}
