"""The newest of any number of links are found, whatever their order."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shopwire.spiders.lists.newest import OLDEST, Newest, Ranked
from shopwire.spiders.lists.reading import ListedList, ListReading, Tally

NOW = datetime(2026, 11, 9, tzinfo=UTC)
DAYS = st.integers(-1, 30)


def rank(number: int, days: int) -> Ranked[int]:
    return Ranked(number, OLDEST if days < 0 else NOW - timedelta(days=days), number)


def find_newest(links: list[Ranked[int]], most: int) -> list[int]:
    """Return the newest wanted links as the long way finds them; every third one is known."""
    wanted = [one for one in links if one.link % 3]
    return [one.link for one in sorted(wanted, key=lambda one: one.key, reverse=True)][:most]


@given(st.lists(DAYS, max_size=60), st.integers(1, 8))
def test_the_newest_wanted_links_are_found(days: list[int], most: int) -> None:
    rejected: list[Any] = []
    links = [rank(number, age) for number, age in enumerate(days)]
    newest: Newest[int, int] = Newest(most)
    for _ in newest.add_links(links, lambda number: number if number % 3 else None, rejected.append):
        pass
    taken = newest.take_since(OLDEST)
    assert taken == find_newest(links, most)
    assert set(taken).isdisjoint(rejected)


@given(st.lists(st.lists(DAYS, max_size=12), max_size=6), st.integers(1, 8))
def test_several_lists_have_the_newest_of_all(lists: list[list[int]], most: int) -> None:
    rejected: list[Any] = []
    newest: Newest[int, int] = Newest(most)
    numbers = iter(range(1_000))
    links = [[rank(next(numbers), age) for age in days] for days in lists]
    for one in links:
        for _ in newest.add_links(one, lambda number: number if number % 3 else None, rejected.append):
            pass
    assert newest.take_since(OLDEST) == find_newest(list(chain.from_iterable(links)), most)


def test_a_long_list_asks_little_of_what_accepts() -> None:
    rejected: list[Any] = []
    newest: Newest[int, int] = Newest(100)
    asked: list[int] = []

    def accept(number: int) -> int:
        asked.append(number)
        return number

    for _ in newest.add_links((rank(number, -1) for number in range(100_000)), accept, rejected.append):
        pass
    assert newest.left_out == 99_900
    assert len(asked) <= 50_100
    assert newest.take_since(OLDEST) == list(range(99_999, 99_899, -1))


def test_what_was_taken_counts() -> None:
    rejected: list[Any] = []
    newest: Newest[int, int] = Newest(2)
    for _ in newest.add_links([rank(1, 1), rank(2, 9)], lambda number: number, rejected.append):
        pass
    assert newest.take_since(NOW - timedelta(days=5)) == [1]
    for _ in newest.add_links([rank(3, 2), rank(4, 3)], lambda number: number, rejected.append):
        pass
    assert newest.take_since(OLDEST) == [3]
    assert newest.left_out == 2


def sort_lists(*lists: ListedList) -> list[str]:
    reading = ListReading(lists=list(lists))
    reading.sort_lists(200)
    return [one.url for one in reversed(reading.lists)]


def test_further_lists_are_read_by_date_then_by_number_then_the_last_first() -> None:
    url = "http://a.example/sitemap-"
    dated = [ListedList(f"{url}{name}", 1, NOW - timedelta(days=age)) for name, age in (("x", 3), ("y", 1))]
    numbered = [
        ListedList(f"{url}{month}.xml", 1, rank=-n)
        for n, month in enumerate(("2026-9", "2026-10", "2025-12"))
    ]
    named = [ListedList(f"{url}{name}.xml", 1, rank=n) for n, name in enumerate(("news", "blog"))]
    assert sort_lists(*named, *numbered, *dated) == [
        url + name for name in ("y", "x", "2026-10.xml", "2026-9.xml", "2025-12.xml", "blog.xml", "news.xml")
    ]


def test_pages_wait_until_no_list_can_have_newer_ones() -> None:
    rejected: list[Any] = []
    reading = ListReading(lists=[ListedList("http://a.example/b.xml", 1, NOW - timedelta(days=5))])
    links = [Ranked(number, NOW - timedelta(days=number), 0) for number in (1, 4, 6)]
    for _ in reading.links.add_links(links, lambda number: number, rejected.append):  # type: ignore[arg-type]
        pass
    assert reading.take_pages() == [1, 4]
    reading.lists.clear()
    assert reading.take_pages() == [6]


def test_lists_older_than_all_pages_are_not_read() -> None:
    rejected: list[Any] = []
    reading = ListReading(
        links=Newest(2), lists=[ListedList("http://a.example/b.xml", 1, NOW - timedelta(days=5))]
    )
    links = [Ranked(number, NOW - timedelta(days=number), 0) for number in (1, 4)]
    for _ in reading.links.add_links(links, lambda number: number, rejected.append):  # type: ignore[arg-type]
        pass
    reading.drop_needless_lists()
    assert (reading.lists, reading.lists_left_out) == ([], 1)


def test_the_crawl_log_says_what_came_of_the_links() -> None:
    tally = Tally(links=12)
    assert tally.describe(None) == "12 links, 0 new"
    tally.foreign.update({"agg.example": 11, "b.example": 1})
    assert tally.is_foreign
    assert tally.describe(None) == "12 links, 11 to agg.example, 1 to b.example"
    tally.own = tally.new = 3
    tally.foreign.update({"c.example": 1, "d.example": 1})
    tally.old, tally.left_out, tally.links = 2, 700, 719
    assert tally.describe(NOW) == (
        "719 links, 3 new, 2 before 2026-11-09, 700 older ones left out, "
        "11 to agg.example, 1 to b.example, 2 to other sites"
    )
