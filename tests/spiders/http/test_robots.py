"""What the middleware makes of each answer to robots.txt."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from shopwire.spiders.http import robots
from shopwire.spiders.http.failures import RobotsUnavailableError
from shopwire.spiders.http.robots import LARGEST_ROBOTS, SMALL_ROBOTS, RobotsMiddleware, read_robots

PAGE = Request("https://a.example:8443/page")
SETTINGS = {"USER_AGENT": "shopwire/1", "DOWNLOAD_DELAY": 2, "ROBOTSTXT_OBEY": True}
RULES = b"User-agent: *\nDisallow: /no\nCrawl-delay: {}\n"


class Site:
    """A site with one answer to robots.txt, in place of Scrapy's engine; notes what it is asked for."""

    def __init__(self, answer: Response | Exception) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    async def download_async(self, request: Request) -> Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Pool:
    """In place of the workers; notes what was given to them."""

    def __init__(self) -> None:
        self.given: list[tuple[Any, ...]] = []

    async def run_async(self, deadline: float, function: Any, *values: Any) -> Any:
        self.given.append((deadline, function.__name__, *values))
        return function(*values)


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The delays that were set."""
    found: list[float] = []

    def note(crawler: Any, request: Request, delay: float) -> None:
        assert request in crawler.engine.requests
        found.append(delay)

    monkeypatch.setattr(robots, "set_slot_delay", note)
    return found


def make(answer: Response | Exception, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Any:
    pool = Pool()
    joined: list[object] = []
    monkeypatch.setattr(robots, "CrawlPool", SimpleNamespace(join=lambda one: joined.append(one) or pool))
    crawler = get_crawler(Spider, {**SETTINGS, **settings})
    crawler.engine = Site(answer)
    middleware = RobotsMiddleware(crawler)
    assert joined == [crawler]
    return middleware


def respond(status: int, body: bytes = b"") -> Response:
    return Response("https://a.example:8443/robots.txt", status=status, body=body)


def ask(middleware: Any, path: str, agent: str = "shopwire/1") -> bool:
    rules = asyncio.run(middleware.robot_parser(PAGE))
    return bool(rules.allowed(f"https://a.example:8443{path}", agent))


def test_rules_are_fetched_once_for_all_requests_of_a_host(
    monkeypatch: pytest.MonkeyPatch, delays: list[float]
) -> None:
    middleware = make(respond(200, RULES), monkeypatch)

    async def ask_at_once() -> list[Any]:
        return await asyncio.gather(*(middleware.robot_parser(PAGE) for _ in range(3)))

    first, *others = asyncio.run(ask_at_once())
    assert all(other is first for other in others)
    (request,) = middleware.crawler.engine.requests
    assert request.url == "https://a.example:8443/robots.txt"
    assert request.meta["dont_obey_robotstxt"]
    assert request.callback is NO_CALLBACK
    assert request.priority == RobotsMiddleware.DOWNLOAD_PRIORITY
    assert (ask(middleware, "/yes"), ask(middleware, "/no")) == (True, False)
    assert middleware._pool.given == []
    assert delays == []


def test_each_host_has_its_own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    middleware = make(respond(200, RULES), monkeypatch)
    assert not ask(middleware, "/no")
    middleware.crawler.engine.answer = respond(404)
    other = asyncio.run(middleware.robot_parser(Request("https://b.example/page")))
    assert other.allowed("https://b.example/no", "shopwire/1")
    assert not ask(middleware, "/no")
    assert set(middleware._locks) == {"a.example:8443", "b.example"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_forbids_all(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    middleware = make(respond(status, RULES), monkeypatch)
    for _ in range(2):
        with pytest.raises(RobotsUnavailableError) as caught:
            ask(middleware, "/yes")
        assert caught.value.response.status == status
    assert len(middleware.crawler.engine.requests) == 1


def test_no_answer_forbids_all_and_is_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = OSError("down")
    middleware = make(failure, monkeypatch)
    with pytest.raises(RobotsUnavailableError) as caught:
        ask(middleware, "/yes")
    assert caught.value.__cause__ is failure
    assert caught.value.response is None


@pytest.mark.parametrize("status", [204, 301, 400, 404, 428, 430, 499])
def test_any_other_status_allows_all(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(make(respond(status, RULES), monkeypatch), "/no")


@pytest.mark.parametrize(
    ("wished", "delay"),
    [("0", []), ("1", [2.0]), ("7", [7.0]), ("60", [60.0]), ("61", [60.0]), ("9999", [60.0])],
)
def test_the_longer_of_two_delays_counts_up_to_a_minute(
    wished: str, delay: list[float], monkeypatch: pytest.MonkeyPatch, delays: list[float]
) -> None:
    ask(make(respond(200, RULES.replace(b"{}", wished.encode())), monkeypatch), "/yes")
    assert delays == delay


def test_the_agent_of_the_settings_is_the_one_whose_rules_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = b"User-agent: other\nDisallow: /no\n\nUser-agent: shopwire\nDisallow: /yes\n"
    middleware = make(respond(200, body), monkeypatch)
    assert (ask(middleware, "/yes"), ask(middleware, "/no")) == (False, True)
    named = make(respond(200, body), monkeypatch, ROBOTSTXT_USER_AGENT="other")
    assert (ask(named, "/yes", "other"), ask(named, "/no", "other")) == (True, False)


@pytest.mark.parametrize("more", [0, 1])
def test_a_large_one_is_reduced_in_a_worker(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = b"User-agent: *\nDisallow: /no\n"
    body = rules + b"#" * (SMALL_ROBOTS - len(rules) + more)
    middleware = make(respond(200, body), monkeypatch)
    assert (ask(middleware, "/yes"), ask(middleware, "/no")) == (True, False)
    given = [(robots.DEADLINE, "reduce_robots", body, "shopwire/1")] if more else []
    assert middleware._pool.given == given


def test_the_rest_of_a_huge_one_is_not_read() -> None:
    assert read_robots(respond(404, RULES)) == b""
    assert read_robots(respond(200, b"a" * (LARGEST_ROBOTS + 1))) == b"a" * LARGEST_ROBOTS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_mark(encoding: str) -> None:
    body = "\ufeffUser-agent: *".encode(encoding)
    assert read_robots(respond(200, body)) == b"User-agent: *"
    assert read_robots(respond(200, body + b"\xd8")) == "User-agent: *\ufffd".encode()
