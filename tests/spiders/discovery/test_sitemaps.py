"""Patterns of the articles of a sitemap."""

import re

import pytest

from shopwire.spiders.discovery.sitemaps import build_pattern

SITE = "https://site.example"
CATEGORIES = [
    "retail",
    "food",
    "tech",
    "policy",
    "beauty",
    "home",
    "travel",
    "people",
    "data",
    "law",
    "jobs",
    "art",
]


@pytest.mark.parametrize(
    ("form", "later"),
    [
        ("/html/2026-11/{n}/content_{n}.htm", "/html/2026-12/01/content_77.htm"),
        ("/a/y2026m11/{n}.html", "/a/y2026m12/77.html"),
        ("/2026/nov/{n}/some-long-title", "/2026/dec/01/another-long-title"),
        ("/2026/w48/some-long-title-{n}", "/2026/w49/another-long-title"),
        ("/issue-112/some-long-title-{n}", "/issue-113/another-long-title"),
        ("/n/2026-11-{n}/some-long-title", "/n/2027-01-02/another-long-title"),
        ("/news/202611{n}.html", "/news/20261201.html"),
        ("/a/{n}-title-of-a-page/index.html", "/a/77-another-page-of-it/index.html"),
    ],
)
def test_a_pattern_holds_for_the_next_month(form: str, later: str) -> None:
    urls = [SITE + form.format(n=number) for number in range(10, 30)]
    pattern = build_pattern(urls)
    assert all(re.search(pattern, url) for url in urls)
    assert re.search(pattern, SITE + later)
    assert not re.search(pattern, f"{SITE}/about")


@pytest.mark.parametrize("count", [1, 3, 8, 12])
def test_a_pattern_has_the_articles_of_all_categories_and_no_overviews(count: int) -> None:
    urls = [f"{SITE}/{name}/some-title-number-{n}" for name in CATEGORIES[:count] for n in range(10)]
    overviews = [f"{SITE}/tag/subject-number-one-{n}" for n in range(count // 4)]
    pattern = build_pattern([*urls, *overviews])
    assert all(re.search(pattern, url) for url in urls)
    assert not any(re.search(pattern, url) for url in (*overviews, f"{SITE}/a-root-page", f"{SITE}/about"))


def test_a_folder_that_most_addresses_share_stays() -> None:
    urls = [f"{SITE}/news/{name}/some-title-number-{n}" for name in CATEGORIES for n in range(10)]
    pattern = build_pattern([*urls, f"{SITE}/shop/goods/a-pair-of-shoes"])
    assert pattern == "/news/[^/]+/[^/]+/?$"


def test_addresses_without_a_common_form_have_no_pattern() -> None:
    assert build_pattern([f"{SITE}/{name}" for name in CATEGORIES]) == ""
    assert build_pattern([f"{SITE}{'/a' * depth}/some-title-of-a-page" for depth in range(4)]) == ""
