"""Young articles are requested again at their ages, and two runs read enough pages to show a layout."""

from datetime import timedelta
from typing import Any

import pytest

from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.spiders.page import FetchResult
from shopwire.storage.crawl_log.revisits import (
    AGES,
    PAGES_PER_TWO_RUNS,
    SAMPLE_EVERY,
    find_pages_to_revisit,
)
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from tests.support.makers import FETCHED, a_page, an_article

URL = "https://blog.example/1"


MINUTE = timedelta(minutes=1)


def read(store: Store, url: str, age: timedelta = timedelta(0), run: int | None = None, **more: Any) -> None:
    """An article is read, so long after `FETCHED`."""
    page = a_page(url, requested=url, fetched=FETCHED + age, archived_in="a.warc.gz#0")
    store_page(store, page, an_article(url, **more), run)


def crawl(store: Store, pages: int) -> None:
    """A run that reads so many new pages."""
    run = begin_run(store, "blog")
    for number in range(pages):
        url = f"https://blog.example/{run}-{number}"
        read(store, url, run=run, text=f"The sale of {url} has begun.")
    finish_run(store, run, 0, "finished")


@pytest.fixture
def busy(store: Store) -> Store:
    """A store of a source whose last run has read new pages."""
    crawl(store, PAGES_PER_TWO_RUNS)
    return store


def due(store: Store, age: timedelta) -> list[str]:
    return [visit.url for visit in find_pages_to_revisit(store, "blog", FETCHED + age, 50)]


@pytest.mark.parametrize(
    ("age", "visits", "expected"),
    [
        (AGES[0] - MINUTE, [], 0),
        (AGES[0], [], 1),
        (AGES[0], [AGES[0] - MINUTE], 1),
        (AGES[0] + MINUTE, [AGES[0]], 0),
        (AGES[1], [AGES[0]], 1),
        (AGES[1], [], 1),
        (AGES[1] + MINUTE, [AGES[1]], 0),
        (timedelta(days=10), [], 0),
    ],
)
def test_a_young_article_is_due_at_its_ages(
    busy: Store, age: timedelta, visits: list[timedelta], expected: int
) -> None:
    for visit in (timedelta(0), *visits):
        read(busy, URL, visit, likes=1)
    assert due(busy, age).count(URL) == expected


def test_a_page_that_is_gone_is_not_asked_for_at_every_run(busy: Store) -> None:
    read(busy, URL, likes=1)
    gone = FetchResult(URL, "blog", "page", FETCHED + AGES[0], "not_found", "404")
    store_fetch_result(busy, gone, None)
    assert due(busy, AGES[0] + MINUTE) == []


def test_articles_without_counts_are_looked_at_again_once_and_some_sooner(busy: Store) -> None:
    urls = [f"https://blog.example/{number}" for number in range(2 * SAMPLE_EVERY)]
    for url in urls:
        read(busy, url, text=f"Number {url}.")
    sooner = due(busy, AGES[0])
    assert len(sooner) == 2
    for url in sooner:
        read(busy, url, AGES[0], text=f"Number {url}.")
    assert due(busy, AGES[0] + MINUTE) == []
    assert set(due(busy, AGES[1])) >= set(urls)


@pytest.mark.parametrize("read_before", range(PAGES_PER_TWO_RUNS + 2))
def test_two_runs_together_read_as_many_pages_as_show_a_layout(store: Store, read_before: int) -> None:
    crawl(store, 5)
    crawl(store, read_before)
    visits = due(store, timedelta(days=10))
    assert len(set(visits)) == max(0, PAGES_PER_TWO_RUNS - read_before)


def test_pages_take_turns_and_those_with_an_author_come_first(store: Store) -> None:
    urls = [f"https://blog.example/turn-{number}" for number in range(4)]
    for url in urls:
        read(store, url, text=url, author="" if url == urls[2] else "A. Writer")
    crawl(store, 0)
    for expected in (urls[:2], [urls[3], urls[0]], [urls[1], urls[3]]):
        assert due(store, timedelta(days=10)) == expected
        for url in expected:
            store_fetch_result(store, FetchResult(url, "blog", "page", FETCHED, "timeout", "late"), None)


def test_a_crawl_without_a_past_looks_at_nothing_again(store: Store) -> None:
    assert due(store, timedelta(days=10)) == []
