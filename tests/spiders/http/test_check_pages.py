"""Answers that are checks of a human reader are refusals, by their script or by their words."""

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from shopwire.spiders.http.check_pages import CheckPagesMiddleware
from shopwire.spiders.http.failures import CheckPageError, describe_failure
from shopwire.storage.crawl_log.outcomes import Outcome

ALIBABA = (
    "<html><head><script>var arg1='3FE1A2';function reload(x){document.cookie='acw_sc__v2='+x;"
    "document.location.reload()}</script></head><body></body></html>"
)
UNNAMED = "<html><script>document.cookie='k='+f(1); location.href = location.href;</script></html>"
WAITING = "<title>Just a moment...</title><body><h1>Just a moment...</h1><p>Checking your browser</p></body>"
CLOUDFLARE = (
    "<title>Just a moment...</title><noscript>Enable JavaScript</noscript>"
    "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1'></script>"
)
APPLICATION = (
    "<html><head><link href='/a.css' rel='stylesheet'></head><body><div id='app'></div><script>"
    "document.cookie='seen=1'; if (mobile) location.href='https://m.site.example/'</script></body></html>"
)
ARTICLE = (
    "<script>document.cookie='acw_sc__v2=1'; location.reload()</script>" + 20 * "<p>A sentence of it.</p>"
)


def pass_on(body: str, status: int, path: str = "/a") -> Response:
    request = Request(f"https://site.example{path}")
    response = HtmlResponse(request.url, status=status, body=body.encode())
    return CheckPagesMiddleware().process_response(request, response)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (ALIBABA, 200, "acw_sc__v2"),
        (UNNAMED, 200, "sets a cookie"),
        (CLOUDFLARE, 202, "challenge-platform"),
        (CLOUDFLARE, 503, "challenge-platform"),
        (WAITING, 503, "just a moment"),
    ],
)
def test_a_check_page_is_a_refusal(body: str, status: int, says: str) -> None:
    with pytest.raises(CheckPageError) as raised:
        pass_on(body, status)
    outcome, reason, told = describe_failure(raised.value)
    assert (outcome, told) == (Outcome.BLOCKED, status)
    assert says in reason


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (APPLICATION, 200),
        (ARTICLE, 200),
        (WAITING, 200),
        (ALIBABA, 404),
        ("<h1>Service unavailable</h1>", 503),
        ("", 200),
    ],
)
def test_other_answers_pass(body: str, status: int) -> None:
    assert pass_on(body, status).status == status


def test_robots_txt_is_read_as_it_is() -> None:
    assert pass_on(ALIBABA, 200, "/robots.txt").status == 200
