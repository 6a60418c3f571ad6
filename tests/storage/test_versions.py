"""An article's earlier words and its counts are kept, and young ones are looked at again."""

from datetime import timedelta

import pytest

from shopwire.pipelines.keep import keep
from shopwire.storage.store import Store
from shopwire.storage.versions import AGES, SAMPLE, readable_diff, to_revisit
from tests.makers import FETCHED, a_page, an_article

URL = "https://blog.example/1"


def test_a_diff_reads_like_one() -> None:
    old, new = "one\ntwo\nthree\nfour", "one\ntwo\n3\nfour"
    assert readable_diff(old, new).split("\n")[1:] == [" two", "-three", "+3", " four"]


def test_a_changed_article_keeps_what_it_was_and_an_unchanged_one_nothing(store: Store) -> None:
    for text in ("The sale begins on Monday.", "The sale begins on Monday.", "It is off."):
        keep(store, a_page(URL), an_article(URL, text), None)
    (version,) = store.rows("SELECT * FROM versions")
    assert version["text"] == "The sale begins on Monday."
    assert "-The sale begins on Monday.\n+It is off." in version["diff"]


def test_counts_are_kept_over_time_as_far_as_the_page_shows_them(store: Store) -> None:
    seen = [(10, None, 0), (480, 3, 25), (None, None, None)]
    for hours, (views, comments, likes) in enumerate(seen):
        page = a_page(URL, fetched=FETCHED + timedelta(hours=hours))
        keep(store, page, an_article(URL, views=views, comments=comments, likes=likes), None)
    rows = store.rows("SELECT views, comments, likes FROM counts ORDER BY at")
    assert [tuple(row) for row in rows] == seen[:2]


@pytest.mark.parametrize(
    ("age", "visits", "expected"),
    [
        (AGES[0] - timedelta(minutes=1), 1, 0),
        (AGES[0], 1, 1),
        (AGES[0], 2, 0),
        (AGES[1], 2, 1),
        (AGES[1], 3, 0),
        (timedelta(days=10), 1, 0),
    ],
)
def test_a_young_article_is_due_at_its_ages(
    store: Store, age: timedelta, visits: int, expected: int
) -> None:
    for _ in range(visits):
        keep(store, a_page(URL, requested=URL), an_article(URL, likes=1), None)
    assert to_revisit(store, "blog", FETCHED + age, 10) == [URL] * expected


def test_of_articles_without_counts_some_are_looked_at_again(store: Store) -> None:
    for number in range(1, 2 * SAMPLE + 1):
        url = f"https://blog.example/{number}"
        keep(store, a_page(url, requested=url), an_article(url, f"Number {number}."), None)
    due = to_revisit(store, "blog", FETCHED + AGES[0], 10)
    assert due == [f"https://blog.example/{number}" for number in (SAMPLE, 2 * SAMPLE)]
