"""One page is one article, whatever its addresses; a site whose `?id=` is the article keeps all of them."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from shopwire.pipelines.store_article import StoreResult, store_page
from shopwire.storage.addresses.aliases import find_simple_url, load_meaningless_parts
from shopwire.storage.addresses.parts import rank_address
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article

SITE = "https://blog.example"
TEXTS = (
    "The port of Qingshui opened a second sorting hall for parcels on Monday, its owner said.",
    "Buyers returned fewer shoes this autumn because shops measure feet with a phone.",
    "A court in Lindau fined a marketplace for coupons that nobody could redeem.",
    "Tea sellers on the island ship by ferry since the bridge has closed for repairs.",
)


def store_at(store: Store, url: str, text: str = TEXTS[0], declared: str = "") -> StoreResult:
    """Store a page whose article has this text; it declares another URL, or its own."""
    return store_page(store, a_page(url, requested=url), an_article(declared or url, text), None)


def list_urls(store: Store) -> list[str]:
    return [row["url"] for row in store.rows("SELECT url FROM articles ORDER BY url")]


def list_alias_urls(store: Store) -> list[str]:
    return [row["url"] for row in store.rows("SELECT url FROM aliases ORDER BY url")]


VARIANTS = (
    (f"{SITE}/1.html?zz=1", f"{SITE}/1.html"),
    (f"{SITE}/1.html", "http://blog.example/1.html", "https://www.blog.example/1.html"),
    ("https://m.blog.example/1.html", f"{SITE}/1.html"),
    ("https://amp.blog.example/1.html", f"{SITE}/1.html", f"{SITE}/amp/1.html"),
    (f"{SITE}/1.html/print", f"{SITE}/1.html?print=1", f"{SITE}/1.html"),
    (f"{SITE}/1/", f"{SITE}/1/index.html", f"{SITE}/1"),
    (f"{SITE}/1.html?b=2&a=1", f"{SITE}/1.html?a=3", f"{SITE}/1.html"),
    (f"{SITE}/show?id=7&sid=1", f"{SITE}/show?id=7&sid=2", f"{SITE}/show?id=7"),
)


@pytest.mark.parametrize("urls", VARIANTS)
@pytest.mark.parametrize("order", [1, -1])
def test_the_same_text_at_variants_of_an_address_is_one_article(
    store: Store, urls: Sequence[str], order: int
) -> None:
    results = [store_at(store, url) for url in urls[::order]]
    best = min(urls, key=lambda url: rank_address(url, f"{SITE}/"))
    assert [result.outcome for result in results] == ["stored", *["known"] * (len(urls) - 1)]
    assert list_urls(store) == [best]
    assert list_alias_urls(store) == sorted({*urls} - {best})
    assert store.rows("SELECT 1 FROM copies") == []


VIEWS = (
    f"{SITE}/1.html?print=1",
    f"{SITE}/print/1.html",
    f"{SITE}/1.html/amp",
    f"{SITE}/1.html?do=print&id=3",
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_view_that_lacks_a_line_is_the_same_page(store: Store, view: str, is_first: bool) -> None:
    main, whole = f"{SITE}/1.html{'?id=3' if 'id=3' in view else ''}", "\n".join(TEXTS)
    pages = [(view, "\n".join(TEXTS[:3])), (main, whole)]
    for url, text in pages if is_first else reversed(pages):
        store_at(store, url, text)
    assert (list_urls(store), list_alias_urls(store)) == ([main], [view])
    assert store.rows("SELECT text FROM articles")[0]["text"] == whole


def test_a_number_in_the_query_is_no_view(store: Store) -> None:
    store_at(store, f"{SITE}/show?id=1", "\n".join(TEXTS))
    store_at(store, f"{SITE}/show?id=2", "\n".join(TEXTS[:3]))
    assert len(list_urls(store)) == 2


def test_parts_that_meant_nothing_on_two_articles_are_removed_on_this_site_only(store: Store) -> None:
    for number in (1, 2):
        assert find_simple_url(store, f"{SITE}/9.html?zz=2") == f"{SITE}/9.html?zz=2"
        for start, query in ((SITE, ""), (SITE, "?zz=1"), ("http://blog.example", "")):
            store_at(store, f"{start}/{number}.html{query}", TEXTS[number])
    assert find_simple_url(store, "http://blog.example/9.html?zz=2&id=3") == f"{SITE}/9.html?id=3"
    assert find_simple_url(store, "https://other.example/9.html?zz=2") == "https://other.example/9.html?zz=2"


@pytest.mark.parametrize("queries", list(permutations(("", "?zz=1", "?zz=2"))))
def test_what_a_part_becomes_does_not_depend_on_the_order_of_variants(
    store: Store, queries: Sequence[str]
) -> None:
    for number in (1, 2):
        for query in queries:
            store_at(store, f"{SITE}/{number}.html{query}", TEXTS[number])
    assert load_meaningless_parts(store, "blog.example") == {"?zz": ""}


def test_many_variants_of_one_article_are_evidence_of_one(store: Store) -> None:
    for value in range(5):
        store_at(store, f"{SITE}/1.html?zz={value}")
    assert load_meaningless_parts(store, "blog.example") == {}


def test_a_number_in_the_query_that_is_the_article_is_never_removed(store: Store) -> None:
    """Even if the site published two of its articles twice."""
    for number, text in enumerate((TEXTS[0], TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[2], TEXTS[3])):
        store_at(store, f"{SITE}/show?id={number}", text)
    assert list_urls(store) == [f"{SITE}/show?id={number}" for number in range(6)]
    assert list_alias_urls(store) == []
    assert load_meaningless_parts(store, "blog.example") == {}
    assert len(store.rows("SELECT 1 FROM copies")) == 2


def test_a_page_without_the_number_does_not_hide_the_articles(store: Store) -> None:
    for number, text in enumerate(TEXTS):
        store_at(store, f"{SITE}/show?id={number}", text)
    store_at(store, f"{SITE}/show", TEXTS[3])
    assert len(list_urls(store)) == len(TEXTS) + 1


def test_what_was_learned_is_forgotten_at_the_first_other_text(store: Store) -> None:
    for number in (1, 2):
        store_at(store, f"{SITE}/{number}", TEXTS[number])
        store_at(store, f"{SITE}/{number}?page=1", TEXTS[number])
    assert load_meaningless_parts(store, "blog.example") == {"?page": ""}
    store_at(store, f"{SITE}/1?page=2", TEXTS[3])
    assert load_meaningless_parts(store, "blog.example") == {}
    assert f"{SITE}/1?page=2" in list_urls(store)


def test_an_alias_whose_page_changes_becomes_an_article(store: Store) -> None:
    store_at(store, f"{SITE}/1")
    store_at(store, f"{SITE}/1?edition=2")
    store_at(store, f"{SITE}/1?edition=2", TEXTS[1])
    assert list_urls(store) == [f"{SITE}/1", f"{SITE}/1?edition=2"]
    assert list_alias_urls(store) == []


def test_a_page_is_stored_at_the_address_that_it_declares(store: Store) -> None:
    amp, main = "https://m.blog.example/x/1", f"{SITE}/a/1.html"
    assert store_at(store, amp, declared=main).outcome == "stored"
    assert store_at(store, amp, "Shorter. " + TEXTS[0], declared=main).outcome == "known"
    assert store_at(store, main, TEXTS[0] + " More.").outcome == "updated"
    assert store_at(store, amp, declared=main).outcome == "known"
    assert (list_urls(store), list_alias_urls(store)) == ([main], [amp])
    assert store.rows("SELECT text FROM articles")[0]["text"] == TEXTS[0] + " More."


def test_a_site_that_declares_one_address_for_all_pages_is_not_believed(store: Store) -> None:
    for number, text in enumerate(TEXTS):
        store_at(store, f"{SITE}/show?id={number}", text, declared=f"{SITE}/show")
    assert list_urls(store) == [f"{SITE}/show?id={number}" for number in range(4)]
    assert list_alias_urls(store) == []
    assert load_meaningless_parts(store, "blog.example") == {}


def test_redirects_from_removed_articles_teach_nothing(store: Store) -> None:
    """A site shows its newest article instead of one that it has removed."""
    for number, text in enumerate(TEXTS):
        store_at(store, f"{SITE}/a.b?id={number}", f"{text} More.")
    for number in (7, 8):
        url = f"{SITE}/a.b?id={number % 4}"
        article = an_article(url, f"{TEXTS[number % 4]} More.")
        store_page(store, a_page(url, requested=f"{SITE}/a.b?id={number}"), article, None)
    assert load_meaningless_parts(store, "blog.example") == {}


def test_the_only_parameter_of_a_script_stays(store: Store) -> None:
    """A name that means nothing in the addresses of other pages may be the article there."""
    for number in (1, 2):
        for query in ("", "?t=5"):
            store_at(store, f"{SITE}/{number}.html{query}", TEXTS[number])
    assert find_simple_url(store, f"{SITE}/9.html?t=1") == f"{SITE}/9.html"
    for url in (f"{SITE}/show.php?t=1", f"{SITE}/?t=1", f"{SITE}/news/view?t=1"):
        assert find_simple_url(store, url) == url
    assert find_simple_url(store, f"{SITE}/show.php?id=3&t=1") == f"{SITE}/show.php?id=3"


def test_copies_count_publishers(store: Store) -> None:
    with store.writing():
        for name in ("mirror", "portal"):
            declare_source(store, name, name, f"https://{name}.example/", "en")
    store_at(store, f"{SITE}/1")
    store_at(store, f"{SITE}/other/2")
    for name in ("mirror", "mirror", "portal"):
        number = len(list_urls(store))
        article = an_article(f"https://{name}.example/{number}", TEXTS[0], source=name)
        store_page(store, a_page(article.url, source=name), article, None)
    assert [row["copies"] for row in store.rows("SELECT copies FROM latest")] == [2]
    assert len(list_urls(store)) == 5
