"""What the pages of a site teach, kept in the store: believed once several agree, doubted ever after."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

import pytest

from shopwire.pipelines.learn import AGREED, FIRST, KNOWN_PACE, LARGEST, known_site, learn
from shopwire.pipelines.store_article import place
from shopwire.pipelines.template import Lesson, Template
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.database import Store
from shopwire.storage.templates import MOST_KEPT, forget_templates
from tests.support.makers import a_page, an_article

HERE = Template("div#.page/div#.text", 1, frozenset(("author", "published", "title")))
THERE = Template("div#.page/div#.side", 0, frozenset(("title",)))
PAGES = [a_page(f"https://blog.example/{number}") for number in range(1_000)]
BY_CHANCE = [Lesson(replace(HERE, path=f"div#.{letter}")) for letter in ascii_lowercase]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "shopwire.db") as store:
        yield store


def teach(store: Store, *lessons: Lesson) -> None:
    with store.writing():
        for lesson in lessons:
            learn(store, "blog", lesson)


def studied(store: Store) -> int:
    return sum(known_site(store, page).to_study for page in PAGES)


def test_a_template_is_believed_once_several_pages_agree(store: Store) -> None:
    for _ in range(AGREED):
        assert known_site(store, PAGES[0]).templates == ()
        assert studied(store) == len(PAGES)
        teach(store, Lesson(HERE))
    assert known_site(store, PAGES[0]).templates == (HERE,)
    assert 0 < studied(store) < 3 * len(PAGES) / KNOWN_PACE


def test_it_asks_for_what_all_its_pages_have_and_reads_enough_for_each(store: Store) -> None:
    without_author = Template(HERE.path, 3, frozenset(("published", "tags", "title")))
    teach(store, *[Lesson(HERE)] * AGREED, Lesson(without_author), Lesson(HERE))
    both = Template(HERE.path, 3, frozenset(("published", "title")))
    assert known_site(store, PAGES[0]).templates == (both,)


def test_a_known_article_is_read_as_a_whole(store: Store) -> None:
    teach(store, *[Lesson(HERE)] * AGREED)
    with store.writing():
        declare_source(store, "blog", "", "", "en")
        place(store, an_article(url=PAGES[0].url), "")
    assert known_site(store, PAGES[0]).templates == ()
    assert known_site(store, PAGES[1]).templates == (HERE,)


def test_it_allows_for_as_much_beside_the_container_as_any_page_had(store: Store) -> None:
    teach(store, *[Lesson(replace(HERE, beside=count)) for count in (1, 4, 2)])
    assert known_site(store, PAGES[0]).templates == (replace(HERE, beside=4),)


def test_a_site_that_names_its_elements_by_chance_fills_no_table(store: Store) -> None:
    teach(store, *[Lesson(HERE)] * AGREED)
    teach(store, *BY_CHANCE)
    assert store.row("SELECT count(*) FROM templates")[0] <= MOST_KEPT + 1
    assert HERE in known_site(store, PAGES[0]).templates


def test_a_template_that_was_wrong_again_and_again_is_believed_no_more(store: Store) -> None:
    teach(store, *[Lesson(HERE)] * 100)
    teach(store, Lesson(THERE, wrong=(HERE,)))
    assert known_site(store, PAGES[0]).templates == (HERE,)
    teach(store, *[Lesson(THERE, wrong=(HERE,))] * 2)
    assert known_site(store, PAGES[0]).templates == (THERE,)


def test_a_site_that_teaches_nothing_is_studied_now_and_then(store: Store) -> None:
    teach(store, *[Lesson(None)] * FIRST)
    assert known_site(store, PAGES[0]).templates == ()
    before = studied(store)
    assert 0 < before < len(PAGES) / 4
    teach(store, *BY_CHANCE)
    assert 0 < studied(store) < before


def test_pages_in_hand_count_as_studied(store: Store) -> None:
    assert known_site(store, PAGES[0], begun=FIRST - 1).to_study
    in_hand = sum(known_site(store, page, begun=FIRST).to_study for page in PAGES)
    teach(store, *[Lesson(None)] * FIRST)
    assert in_hand == studied(store)


def test_a_page_that_takes_long_to_read_is_read_once(store: Store) -> None:
    assert known_site(store, a_page(body=b" " * LARGEST)).to_study
    assert not known_site(store, a_page(body=b" " * (LARGEST + 1))).to_study


def test_each_site_learns_for_itself_and_can_be_forgotten(store: Store) -> None:
    teach(store, *[Lesson(HERE)] * AGREED)
    other = a_page("https://other.example/1", source="other")
    assert known_site(store, other).templates == ()
    with store.writing():
        forget_templates(store, "other")
    assert known_site(store, PAGES[0]).templates == (HERE,)
    with store.writing():
        forget_templates(store, None)
    assert known_site(store, PAGES[0]).templates == ()
