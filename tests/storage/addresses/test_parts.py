"""Which parts of an address may mean nothing, and what is left without them."""

import pytest

from shopwire.storage.addresses.parts import (
    find_common_address,
    find_differences,
    is_list_above,
    is_same_site,
    rank_address,
    simplify_address,
)

MAIN = "https://www.shop.example/a/1.html"


@pytest.mark.parametrize(
    ("url", "differences"),
    [
        (MAIN, {}),
        (f"{MAIN}?f=rss", {"?f": ""}),
        (f"{MAIN}?a=1&a=2&f=rss", {"?a": "", "?f": ""}),
        ("http://www.shop.example/a/1.html", {"http://www.shop.example": "https://www.shop.example"}),
        ("https://m.shop.example/a/1.html", {"https://m.shop.example": "https://www.shop.example"}),
        ("https://news.shop.example/a/1.html", {"https://news.shop.example": None}),
        ("https://www.shop.example/amp/a/1.html", {"/amp": ""}),
        ("https://www.shop.example/a/1.html/print/", {"/print": "", "/": ""}),
        ("https://www.shop.example/a/1_print.html", {"/*_print": ""}),
        ("https://www.shop.example/a/print-1.html", {"/print-*": ""}),
        ("https://www.shop.example/m/a/1.amp.html", {"/m": "", "/*.amp": ""}),
        ("https://www.shop.example/a/1.html.print", {"/*.print": ""}),
        ("https://www.shop.example/a/1_printed.html", None),
        (f"{MAIN}?print", {"?print": ""}),
        (f"{MAIN}?t=%B5%E7", {"?t": ""}),
        ("https://www.shop.example/a/2.html", None),
        (f"{MAIN}?news/12.html", None),
        ("https://www.shop.example/", None),
    ],
)
def test_the_parts_in_which_an_address_differs(url: str, differences: dict[str, str | None] | None) -> None:
    assert find_differences(url, MAIN) == differences
    if differences and None not in differences.values():
        becomes = {part: value for part, value in differences.items() if value is not None}
        assert simplify_address(url, becomes) == MAIN


def test_a_part_that_the_main_address_has_cannot_be_added_to_others() -> None:
    assert find_differences(MAIN, f"{MAIN}?f=rss") == {"?f": None}
    assert find_differences(f"{MAIN}?f=app", f"{MAIN}?f=rss") == {"?f": "f=rss"}
    assert simplify_address(f"{MAIN}?f=app&id=3", {"?f": "f=rss"}) == f"{MAIN}?f=rss&id=3"


def test_a_parameter_with_any_value_is_not_needed() -> None:
    assert find_common_address(f"{MAIN}?from=a", f"{MAIN}?from=b") == MAIN
    assert find_common_address(f"{MAIN}?a=1&id=3", f"{MAIN}?b=2&id=3") == f"{MAIN}?id=3"
    assert find_common_address(MAIN, f"{MAIN}?b=2") == MAIN
    shown = "https://shop.example/show.php?id=3"
    assert find_common_address(shown, "https://shop.example/show.php?news=3") == shown


def test_values_in_another_charset_than_utf8_stay_different() -> None:
    one, other = (f"https://shop.example/show.asp?t={value}" for value in ("%B5%E7", "%BF%EC"))
    assert find_differences(one, other) == {"?t": "t=%BF%EC"}


def test_hosts_that_become_each_other_end() -> None:
    becomes = {"http://a.example": "https://a.example", "https://a.example": "http://a.example"}
    assert simplify_address("http://a.example/1", becomes) == "https://a.example/1"


def test_the_address_that_readers_know_comes_first() -> None:
    ranked = [
        MAIN,
        "https://shop.example/a/1.html",
        "http://www.shop.example/a/1.html",
        "https://m.shop.example/a/1.html",
        f"{MAIN}?f=rss",
        f"{MAIN}?f=rss&g=1",
        "https://www.shop.example/amp/a/1.html",
    ]
    shuffled = sorted(ranked)
    assert sorted(shuffled, key=lambda url: rank_address(url, "https://www.shop.example/")) == ranked


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.shop.example/", "http://m.shop.example/1", True),
        ("https://news.shop.example/", "https://www.shop.example/", True),
        ("https://news.shop.example/", "https://tech.shop.example/", False),
        ("https://shop.example/", "https://othershop.example/", False),
        ("mailto:a@b.example", "https://shop.example/", False),
    ],
)
def test_hosts_of_one_site(one: str, other: str, same: bool) -> None:
    assert is_same_site(one, other) is same
    assert is_same_site(other, one) is same


@pytest.mark.parametrize(
    ("url", "page", "above"),
    [
        ("https://shop.example/", "https://shop.example/a/1.html", True),
        ("https://shop.example/index.html", "https://shop.example/a/1.html", True),
        ("https://m.shop.example/?from=gone", "https://shop.example/a/1.html", True),
        ("https://shop.example/news/", "https://shop.example/news/parcels/1.html", True),
        ("https://shop.example/2026/11/", "https://shop.example/2026/11/parcels", True),
        ("https://shop.example/news/1.html", "https://shop.example/news/1.html/amp", False),
        ("https://shop.example/news/31874", "https://shop.example/news/31874/parcels-by-night", False),
        ("https://shop.example/?removed=1", "https://shop.example/a/1.html", True),
        ("https://shop.example/?error=404", "https://shop.example/a/1.html", True),
        ("https://shop.example/?from=%2Fa%2F1.html", "https://shop.example/a/1.html", True),
        ("https://shop.example/index.php?url=/a/1.html", "https://shop.example/a/1.html", True),
        ("https://shop.example/?p=12", "https://shop.example/2026/11/parcels", False),
        ("https://shop.example/?news/12.html", "https://shop.example/a/1.html", False),
        ("https://shop.example/tech/", "https://shop.example/news/1.html", False),
    ],
)
def test_a_list_above_a_page(url: str, page: str, above: bool) -> None:
    assert is_list_above(url, page) is above
