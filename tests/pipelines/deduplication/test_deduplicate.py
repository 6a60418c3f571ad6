"""Copies as the store shows them, whatever the order in which they came."""

import json
import random
from collections import defaultdict
from itertools import combinations, permutations

import pytest

from shopwire.pipelines.article import Article
from shopwire.pipelines.deduplication import duplicate_groups as stored_groups
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.extraction.site_boilerplate import load_site_boilerplate
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.pipelines.prose import ONE_HAND, OTHER_HAND, PARCELS, SALE, WAREHOUSE
from tests.support.makers import an_article, store_article

NAMES = ("agency", "daily", "portal")


@pytest.fixture
def sites(store: Store) -> Store:
    """A store with three more sources."""
    with store.writing():
        for name in NAMES:
            declare_source(store, name, f"The {name.title()}", f"https://{name}.example/", "en")
    return store


def piece(name: str, text: str, source: str = "blog", **more: str) -> Article:
    """An article at an address that ends with `name`."""
    url = f"https://{source}.example/{name}"
    values = {"title": "", "published": "2026-11-20T08:00+00:00", **more}
    return an_article(url, text, source=source, text_hash=hash_text(text), **values)


def add(store: Store, *articles: Article) -> None:
    for article in articles:
        with store.writing():
            store_article(store, article)


def groups(store: Store, by: str = "canonical_id") -> set[frozenset[str]]:
    """Who is a copy of whom, as sets of the last parts of the addresses."""
    found = defaultdict(set)
    for url, shared in store.rows(f"SELECT url, {by} FROM articles"):
        found[shared].add(url.rsplit("/", 1)[1])
    return {frozenset(group) for group in found.values()}


def front(store: Store, name: str) -> str:
    sql = (
        "SELECT front.url FROM articles JOIN articles AS front ON front.id = articles.canonical_id "
        "WHERE articles.url LIKE ?"
    )
    return str(store.row(sql, f"%/{name}")["url"].rsplit("/", 1)[1])


def edited(text: str, seed: int, rate: float = 0.06) -> str:
    """The text with some words left out, doubled or replaced."""
    chance = random.Random(seed)
    words = []
    for word in text.split(" "):
        roll = chance.random()
        if roll < rate / 3:
            continue
        words.append(f"indeed{seed}" if roll < 2 * rate / 3 else word)
        if 2 * rate / 3 < roll < rate:
            words.append("then")
    return " ".join(words)


def test_copies_point_to_the_earliest_and_say_why(sites: Store) -> None:
    add(
        sites,
        piece("first", SALE, published="2026-11-20T08:00+00:00"),
        piece("near", edited(SALE, 1), "daily", published="2026-11-20T09:00+00:00"),
        piece("exact", SALE.upper(), "portal", published="2026-11-20T10:00+00:00"),
        piece("other", WAREHOUSE, "portal"),
    )
    assert groups(sites) == {frozenset({"first", "near", "exact"}), frozenset({"other"})}
    rows = sites.rows("SELECT article_id, of_id, kind, score, why FROM copies ORDER BY article_id")
    assert [tuple(row)[:3] for row in rows] == [(2, 1, "near"), (3, 1, "exact")]
    why = json.loads(rows[0]["why"])
    assert why["says"] == "the same words"
    assert why["between"] == [2, 1]
    assert 0.5 < why["of_the_longer"] <= why["of_the_shorter"] < 1
    assert rows[1]["score"] == 1


def test_a_late_arrival_that_was_earlier_comes_to_the_front(sites: Store) -> None:
    add(
        sites,
        piece("second", SALE, published="2026-11-20T09:00+00:00"),
        piece("third", SALE, "daily", published="2026-11-20T10:00+00:00"),
        piece("first", edited(SALE, 1), "agency", published="2026-11-20T07:30+00:00"),
    )
    assert {front(sites, name) for name in ("first", "second", "third")} == {"first"}
    rows = sites.rows("SELECT article_id, of_id, kind FROM copies ORDER BY article_id")
    assert [tuple(row) for row in rows] == [(1, 3, "near"), (2, 3, "near")]


def test_an_article_without_a_date_is_as_old_as_its_first_sight(sites: Store) -> None:
    add(
        sites,
        piece("undated", SALE, published="", fetched="2026-11-20T07:00:00+00:00"),
        piece("dated", SALE, "daily", published="2026-11-20T08:00+00:00"),
        piece("day", SALE, "agency", published="2026-11-20", fetched="2026-11-22T08:00:00+00:00"),
    )
    assert {front(sites, name) for name in ("undated", "dated", "day")} == {"undated"}


def test_of_copies_of_one_moment_the_longest_stands_in_front(sites: Store) -> None:
    add(sites, piece("short", SALE), piece("long", f"{SALE} That is all for today.", "daily"))
    assert front(sites, "short") == "long"


def test_of_undated_copies_the_first_stored_is_canonical(sites: Store) -> None:
    add(
        sites,
        piece("stored-first", SALE, published="", fetched="2026-11-20T07:00:00+00:00"),
        piece("longer", f"{SALE} That is all.", "daily", published="", fetched="2026-11-20T07:00:00+00:00"),
    )
    assert front(sites, "longer") == "stored-first"


def test_a_round_up_contains_and_stays_its_own(sites: Store) -> None:
    add(
        sites,
        piece("sale", SALE),
        piece("copy", edited(SALE, 2), "portal", published="2026-11-20T09:00+00:00"),
        piece("roundup", "\n".join([WAREHOUSE, PARCELS, SALE]), "daily", published="2026-11-21"),
        piece("hall", WAREHOUSE, "agency"),
    )
    assert front(sites, "roundup") == "roundup"
    rows = sites.rows("SELECT article_id, of_id FROM copies WHERE kind = 'contains' ORDER BY of_id")
    assert [tuple(row) for row in rows] == [(3, 1), (3, 4)]


def test_a_new_text_that_joins_two_groups_makes_them_one(sites: Store) -> None:
    words = SALE.split(" ")
    most = int(0.75 * len(words))
    one = f"{' '.join(words[:most])}\n{PARCELS}"
    two = f"{ONE_HAND[: len(PARCELS)]}\n{' '.join(words[-most:])}"
    add(sites, piece("one", one), piece("two", two, "portal"))
    assert len(groups(sites)) == 2
    add(sites, piece("whole", SALE, "agency", published="2026-11-20T07:00+00:00"))
    assert groups(sites) == {frozenset({"one", "two", "whole"})}
    assert front(sites, "one") == "whole"


def test_a_changed_text_leaves_its_copies_to_each_other(sites: Store) -> None:
    add(
        sites,
        piece("first", SALE, published="2026-11-20T07:00+00:00"),
        piece("second", SALE, "daily"),
        piece("third", edited(SALE, 3), "portal", published="2026-11-20T09:00+00:00"),
        piece("first", WAREHOUSE, published="2026-11-20T07:00+00:00"),
    )
    assert groups(sites) == {frozenset({"first"}), frozenset({"second", "third"})}
    assert front(sites, "third") == "second"
    add(sites, piece("fourth", edited(SALE, 4), "agency", published="2026-11-20T10:00+00:00"))
    assert front(sites, "fourth") == "second"


def test_the_same_again_adds_nothing(sites: Store) -> None:
    articles = [
        piece("first", SALE),
        piece("near", edited(SALE, 1), "daily"),
        piece("roundup", "\n".join([WAREHOUSE, SALE, PARCELS]), "portal"),
    ]
    tables = ("articles", "copies", "fingerprints", "lines")
    add(sites, *articles)
    before = [sites.rows(f"SELECT * FROM {table}") for table in tables]
    add(sites, *articles)
    assert [sites.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_thirty_fold_syndication_is_one_group_in_any_order(sites: Store) -> None:
    copies = [
        piece(f"copy{number}", edited(f"{ONE_HAND} {SALE}", number), source=NAMES[number % 3])
        for number in range(30)
    ]
    others = [piece("hall", WAREHOUSE), piece("hand", f"{PARCELS} {PARCELS.title()}")]
    random.Random(7).shuffle(copies)
    add(sites, *copies[:15], *others, *copies[15:])
    largest = max(groups(sites), key=len)
    assert largest <= {f"copy{number}" for number in range(30)}
    assert len(largest) >= 0.97 * 30


def test_a_group_enters_a_key_once(sites: Store) -> None:
    add(sites, piece("first", SALE))
    alone = sites.row("SELECT count(*) FROM fingerprints")[0]
    add(sites, *(piece(f"copy{n}", f"{SALE}\n{n}", NAMES[n % 3]) for n in range(20)))
    assert len(groups(sites)) == 1
    rows = sites.rows("SELECT count(*) AS rows FROM fingerprints GROUP BY key")
    assert {row["rows"] for row in rows} == {1}
    assert len(rows) < 2 * alone


FRAME = "\n".join(
    (
        "Join our circle of shop owners today and win a place at the winter fair in the old exchange.",
        "No part of this page may be stored or shown elsewhere without leave in writing from the house.",
    )
)


def short_notes(count: int) -> list[str]:
    """Notes of a few dozen words that share none."""
    return [" ".join(f"word{n}x{word}" for word in range(25)) + f"\n{FRAME}" for n in range(count)]


def test_lines_on_unrelated_articles_of_a_site_become_its_frame(sites: Store) -> None:
    add(sites, *(piece(f"note{n}", note) for n, note in enumerate(short_notes(4))))
    assert len(groups(sites)) == 4
    assert len(load_site_boilerplate(sites, "blog")) == 2
    assert load_site_boilerplate(sites, "daily") == frozenset()
    add(sites, piece("new", f"{' '.join(f'fresh{word}' for word in range(12))}\n{FRAME}", "daily"))
    assert front(sites, "new") == "new"


def test_a_line_that_only_copies_share_is_never_lost(sites: Store) -> None:
    add(sites, *(piece(f"copy{n}", f"{SALE}\n{PARCELS}\n{n}") for n in range(8)))
    assert len(groups(sites)) == 1
    assert load_site_boilerplate(sites, "blog") == frozenset()


def test_order_of_arrival_does_not_matter(sites: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = {"sale": SALE, "hall": WAREHOUSE, "hand": ONE_HAND}
    articles = [
        piece(
            f"{name}{n}",
            edited(text, n, 0.12),
            NAMES[n % 3],
            published=f"2026-11-20T{n:02}:00+00:00",
        )
        for name, text in texts.items()
        for n in range(8)
    ]
    articles.append(piece("other", OTHER_HAND, "agency", published="2026-11-20T20:00+00:00"))
    seen = []
    for order in range(3):
        random.Random(order).shuffle(articles)
        with Store(tmp_path_factory.mktemp("order") / "shopwire.db") as store:
            with store.writing():
                for name in NAMES:
                    declare_source(store, name, name, "", "en")
            add(store, *articles)
            seen.append({frozenset(pair) for group in groups(store) for pair in combinations(group, 2)})
    assert seen[0] == seen[1] == seen[2]


def test_a_copy_with_a_foreign_paragraph_finds_its_original_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    sale, hall = SALE.split(" "), WAREHOUSE.split(" ")
    mixed = f"{' '.join(sale[: len(sale) * 6 // 10])}\n{' '.join(hall[: len(hall) * 4 // 10])}"
    articles = [
        piece("sale", SALE),
        piece("hall", WAREHOUSE, "daily"),
        piece("mixed", mixed, "portal"),
    ]
    for order in permutations(articles):
        with Store(tmp_path_factory.mktemp("order") / "shopwire.db") as store:
            with store.writing():
                for name in ("blog", *NAMES):
                    declare_source(store, name, name, "", "en")
            add(store, *order)
            assert groups(store) == {frozenset({"sale", "mixed"}), frozenset({"hall"})}


def test_an_article_that_turns_out_to_be_the_copy_of_a_later_one_changes_its_story(
    sites: Store,
) -> None:
    sale, hall = SALE.split(" "), WAREHOUSE.split(" ")
    mixed = f"{' '.join(sale[: len(sale) * 6 // 10])}\n{' '.join(hall[: len(hall) * 4 // 10])}"
    add(sites, piece("hall", WAREHOUSE, "daily"), piece("mixed", mixed, "portal"))
    assert groups(sites, "story_id") == {frozenset({"hall", "mixed"})}
    add(sites, piece("sale", SALE))
    assert groups(sites, "story_id") == groups(sites)
    assert sites.row("SELECT count(*) FROM stories")[0] == 2


def test_a_round_up_that_came_before_its_items_contains_them(sites: Store) -> None:
    add(
        sites,
        piece("roundup", "\n".join([WAREHOUSE, PARCELS, SALE]), "daily"),
        piece("another", "\n".join([SALE, ONE_HAND]), "portal"),
        piece("sale", SALE),
        piece("hall", WAREHOUSE, "agency"),
    )
    assert len(groups(sites)) == 4
    rows = sites.rows("SELECT article_id, of_id FROM copies WHERE kind = 'contains'")
    assert {tuple(row) for row in rows} == {(1, 3), (1, 4), (2, 3)}


def test_what_is_held_may_turn_out_to_be_one_report(sites: Store) -> None:
    add(sites, piece("roundup", PARCELS), piece("sale", SALE), piece("hall", WAREHOUSE))
    link = stored_groups.DuplicateLink
    with sites.writing():
        stored_groups.record_containment(sites, 1, 2, link(0.8, {}))
        stored_groups.record_containment(sites, 1, 3, link(0.9, {}))
        stored_groups.merge_groups(sites, 3, {2: link(0.7, {"between": [3, 2]})})
        stored_groups.record_containment(sites, 1, 3, link(0.95, {}))
        stored_groups.record_containment(sites, 1, 2, link(0.5, {}))
    rows = sites.rows("SELECT of_id, score FROM copies WHERE kind = 'contains'")
    assert [tuple(row) for row in rows] == [(3, 0.95)]


def test_genealogy_says_who_copied_from_whom(sites: Store) -> None:
    add(
        sites,
        piece("root", SALE, "agency", published="2026-11-20T07:00+00:00"),
        piece("quoting", edited(SALE, 1), "daily", published="2026-11-20T08:00+00:00"),
        piece(
            "naming",
            edited(SALE, 2),
            "portal",
            published="2026-11-20T09:00+00:00",
            origin="The Daily",
        ),
    )
    rows = sites.rows("SELECT article_id, copied_from, known_by FROM genealogy")
    assert [tuple(row) for row in rows] == [
        (1, None, "first"),
        (2, 1, "closest text"),
        (3, 2, "says so"),
    ]
