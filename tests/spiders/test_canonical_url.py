"""One address for one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.spiders.canonical_url import get_canonical_url, get_declared_url

PAGE = "https://m.shop.example/amp/1.html"
ALIASES = {"m.shop.example": "www.shop.example"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Shop.Example:80/a?b=2&a=1#top", "http://shop.example/a?a=1&b=2"),
        (
            "https://shop.example/a?utm_source=rss&utm_medium=feed&id=3",
            "https://shop.example/a?id=3",
        ),
        ("https://shop.example/a?from=timeline&isappinstalled=0", "https://shop.example/a"),
        ("https://shop.example/a?from=2026-11-01", "https://shop.example/a?from=2026-11-01"),
        ("https://shop.example/a?spm=1.2.3&cid=7", "https://shop.example/a?cid=7"),
        ("https://shop.example/a;jsessionid=AB12?id=3", "https://shop.example/a?id=3"),
        ("https://m.shop.example/1.html", "https://www.shop.example/1.html"),
        ("https://shop.example/文章/1.html", "https://shop.example/%E6%96%87%E7%AB%A0/1.html"),
        ("https://shop.example/a?t=%b5%E7&utm_id=1&a=2", "https://shop.example/a?t=%b5%E7&a=2"),
        ("https://shop.example/?news/12.html", "https://shop.example/?news/12.html"),
        (
            "https://shop.example/index.php?/news/12&z=1&a=2",
            "https://shop.example/index.php?/news/12&z=1&a=2",
        ),
        ("https://shop.example/a?b=1&a=2&a=1&", "https://shop.example/a?a=2&a=1&b=1"),
        ("https://shop.example/a?q=a%20b+c", "https://shop.example/a?q=a%20b+c"),
        ("https://shop.example/a?fbclid=x&WT.mc_id=1&hmsr=wx&PHPSESSID=1", "https://shop.example/a"),
        ("https://shop.example/a?cid=rss&f=rss&f=12", "https://shop.example/a?f=12"),
        ("https://shop.example:8443/a", "https://shop.example:8443/a"),
        ("https://shop.example", "https://shop.example/"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("mailto:a@b.example", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("http://shop.example:99999/", ""),
        ("https://shop.example/" + "a" * 3000, ""),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert get_canonical_url(url, ALIASES) == expected


WORDS = "%2F %3f %25 utm_source sid from rss (S( ;jsessionid= 文 é m.shop.example http:// .. 80 443"
PIECES = st.sampled_from([*"/?&=;:#@%+.[]() \t", "a" * 24, *WORDS.split()])
ODD = st.lists(PIECES, max_size=14).map("".join)


@given((ODD | st.text(max_size=60)).map("https://shop.example/".__add__) | ODD.map("http://".__add__))
def test_it_is_idempotent(url: str) -> None:
    once = get_canonical_url(url, ALIASES)
    assert get_canonical_url(once, ALIASES) == once


@given(st.text(max_size=100))
def test_nothing_makes_it_raise(url: str) -> None:
    get_canonical_url(url, ALIASES)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/\ud800",
        "http://a\ud800.example/",
        "http://[bad/",
        "http://[::1",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://exa mple.com/",
        "http://a.example\\@b.example/",
        "http://%31%32%37.0.0.1/",
        "http://<script>/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://",
        "//",
        "",
    ],
)
def test_what_is_no_address_of_the_web_has_no_canonical_form(url: str) -> None:
    assert get_canonical_url(url) == ""


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ("https://www.shop.example/a/1.html", "https://www.shop.example/a/1.html"),
        ("/a/1.html?utm_source=amp#top", "https://m.shop.example/a/1.html"),
        ("../a/1.html", "https://m.shop.example/a/1.html"),
        ("https://news.shop.example/1", "https://news.shop.example/1"),
        ("https://shop.example/?p=1", "https://shop.example/?p=1"),
        ("", PAGE),
        ("https://www.shop.example/", PAGE),
        ("https://www.shop.example/index.html", PAGE),
        ("https://m.shop.example/amp/", PAGE),
        ("https://original.example/a/1.html", PAGE),
        ("http://[bad/", PAGE),
        ("javascript:void(0)", PAGE),
    ],
)
def test_what_a_page_declares_counts_on_its_own_site(declared: str, url: str) -> None:
    assert get_declared_url(PAGE, declared) == url


def test_an_ipv6_host_keeps_its_brackets() -> None:
    assert get_canonical_url("http://[2001:DB8::1]:80/a") == "http://[2001:db8::1]/a"
    assert get_canonical_url("http://[2001:db8::1]:8080/a") == "http://[2001:db8::1]:8080/a"
