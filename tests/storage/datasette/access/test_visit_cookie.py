"""The cookie of the site, and what pages mark as new."""

import re
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from shopwire.storage.database import Store
from shopwire.storage.datasette.access.visit_cookie import COOKIE
from tests.storage.datasette.test_app import Get, build_getter, write

PAGE = {"accept": "text/html"}


@pytest.fixture
def get(store: Store) -> Get:
    articles = {
        "Seoul gets an office of Taobao": "Taobao rents four floors of a tower near the river.",
        "Court dismisses a film suit": "Taobao need not pay the makers of a comedy, judges in Lyon held.",
        "Drivers wanted for the snow": "Taobao hires nine hundred people with chains, a union says in Oslo.",
    }
    write(store, *({"title": title, "text": text} for title, text in articles.items()))
    return build_getter(store)


def visit(after: int, seen: int, minutes: int) -> dict[str, str]:
    """Return the headers of a browser whose last request was so many minutes ago."""
    at = int((datetime.now(UTC) - timedelta(minutes=minutes)).timestamp())
    return {**PAGE, "cookie": f"other=1; {COOKIE}={after}.{seen}.{at}.0"}


def read_marker(answer: object) -> str:
    found = re.search(rf"{COOKIE}=([\d.]+)", str(answer.headers.get("set-cookie")))  # type: ignore[attr-defined]
    return found[1] if found else ""


def test_in_the_first_visit_nothing_is_new(get: Get) -> None:
    answer = get("/", headers=PAGE)
    assert "since your last visit" not in answer.text
    assert 'class="new"' not in answer.text
    assert read_marker(answer).startswith("3.3.")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))


def test_in_the_next_visit_what_was_stored_in_between_is_new(get: Get) -> None:
    answer = get("/", headers=visit(0, 1, minutes=60))
    words = " ".join(re.sub("<.*?>", "", answer.text).split())
    assert "2 new since your last visit" in words
    assert answer.text.count('<em class="new"') == 2
    assert "/shopwire/latest?id__gt=1" in answer.text
    assert read_marker(answer).startswith("1.3.")


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/search?q=taobao", 2),
        ("/shopwire/latest", 2),
        ("/entity/Taobao", 2),
        ("/story/3", 1),
        ("/story/1", 0),
    ],
)
def test_lists_mark_what_is_new(get: Get, path: str, count: int) -> None:
    answer = get(path, headers=visit(0, 1, minutes=60))
    assert len(re.findall('<(?:em|tr) class="new"', answer.text)) == count


def test_an_address_may_have_the_marker(get: Get) -> None:
    assert get("/?after=2").text.count('<em class="new"') == 1
    page = get("/search?q=taobao&after=2").text
    assert "1 hit for" in page
    assert re.search('name="after" value="2" checked', page)
    assert "3 hits for" in get("/search?q=taobao&after=2x").text
    feed = feedparser.parse(get("/shopwire/feed.atom?q=taobao&after=1").text)
    assert sorted(entry["title"] for entry in feed.entries) == [
        "Court dismisses a film suit",
        "Drivers wanted for the snow",
    ]


@pytest.mark.parametrize("path", ["/shopwire/latest.json", "/assets/pages.css", "/-/login", "/nonsense"])
def test_only_pages_of_articles_set_the_cookie(get: Get, path: str) -> None:
    assert read_marker(get(path, headers=PAGE if path == "/nonsense" else {})) == ""


@pytest.mark.parametrize("cookie", ["shopwire_seen=x", "a=b; =; ;", "shopwire_seen=\"1'2", "x" * 5000])
def test_a_broken_cookie_is_a_first_visit(get: Get, cookie: str) -> None:
    answer = get("/", headers={**PAGE, "cookie": cookie})
    assert answer.status_code == 200
    assert read_marker(answer).startswith("3.3.")
