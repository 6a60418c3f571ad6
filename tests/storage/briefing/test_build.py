"""A briefing has what a period brought, and nothing of other days."""

from datetime import date

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.briefing.build import Briefing, build_briefing, find_period, list_complete_days
from shopwire.storage.crawl_log.events import record_health
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.makers import FETCHED, a_page, an_article

DAY = date(2026, 11, 20)
LONG = "The parcel platform opens a warehouse of its own in the port, its owner said. " * 4


def keep(store: Store, *articles: tuple[str, str]) -> None:
    """Store articles: the time of publication, and the text."""
    first = store.db.execute("SELECT count(*) FROM articles").fetchone()[0] + 1
    for number, (published, text) in enumerate(articles, start=first):
        url = f"https://blog.example/{number}"
        article = an_article(url, text, title=f"Title {number}", published=published or None)
        store_page(store, a_page(url), article, None)


def build(store: Store, since: date = DAY, until: date = DAY) -> Briefing:
    return build_briefing(store.db.conn, since, until)


def test_an_empty_store_has_an_empty_briefing(store: Store) -> None:
    since, until = find_period(store.db.conn)
    assert since == until
    briefing = build(store)
    assert (briefing.articles, briefing.stories, briefing.movers, briefing.figures) == (0, (), (), ())
    assert list_complete_days(store.db.conn, 7) == []


def test_the_newest_period_is_the_day_of_the_newest_fetch_and_the_day_before(store: Store) -> None:
    keep(store, ("2026-11-22T07:00+00:00", "Today."), ("2026-11-21", "Yesterday."))
    assert find_period(store.db.conn) == (date(2026, 11, 21), date(2026, 11, 22))


def test_the_newest_period_goes_back_to_the_newest_dated_article(store: Store) -> None:
    keep(store, ("2026-10-02", "Old."), ("", "Undated."))
    assert find_period(store.db.conn) == (date(2026, 10, 2), date(2026, 11, 22))


def test_a_story_of_the_period_has_its_first_article_in_each_language(store: Store) -> None:
    with store.writing():
        declare_source(store, "other", "Another blog", "https://other.example/", "zh")
    keep(store, ("2026-11-19T20:00+00:00", LONG), ("2026-11-20T08:00+00:00", f"{LONG}\nAnd more."))
    keep(store, ("2026-11-21", "Another day."))
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = 1, canonical_id = id WHERE id < 3")
        store.db.execute("UPDATE articles SET language = 'zh', source = 'other' WHERE id = 2")
        store.db.execute("UPDATE stories SET articles = 2, sources = 2 WHERE id = 1")
    (story,) = build(store).stories
    assert (story.sources, story.articles) == (2, 2)
    assert story.first.id == 1
    assert story.first.source == "A blog"
    assert story.english == story.first
    assert story.chinese
    assert (story.chinese.id, story.chinese.time) == (2, "2026-11-20T08:00")
    assert build(store, date(2026, 11, 21), date(2026, 11, 21)).stories == ()


@pytest.mark.parametrize(
    ("before", "now", "is_listed"),
    [(0, 1, False), (0, 2, True), (28, 3, False), (28, 4, True), (28 * 5, 0, True), (28 * 4, 0, False)],
)
def test_a_name_moves_against_its_own_four_weeks(
    store: Store, before: int, now: int, is_listed: bool
) -> None:
    with store.writing():
        for day, articles in (("2026-10-22", 900), ("2026-10-23", before), ("2026-11-20", now)):
            if articles:
                store.insert(
                    "mentions", {"day": day, "name": "Temu", "kind": "platform", "articles": articles}
                )
    movers = build(store).movers
    assert [one.name for one in movers] == ["Temu"] * is_listed
    if is_listed:
        assert (movers[0].articles, movers[0].expected) == (now, before / 28)


def test_an_average_is_that_of_a_period_as_long(store: Store) -> None:
    with store.writing():
        for day, articles in (("2026-11-10", 28), ("2026-11-20", 6), ("2026-11-21", 6)):
            store.insert("mentions", {"day": day, "name": "Temu", "kind": "platform", "articles": articles})
    (mover,) = build(store, DAY, date(2026, 11, 21)).movers
    assert (mover.articles, mover.expected) == (12, 2.0)


def test_a_mover_has_its_newest_articles(store: Store) -> None:
    keep(store, *((f"2026-11-20T0{hour}:00+00:00", f"Temu sells {hour} lamps.") for hour in (1, 2, 3)))
    (mover,) = build(store).movers
    assert (mover.name, mover.articles, len(mover.reports)) == ("Temu", 3, 2)


def test_a_figure_is_new_once(store: Store) -> None:
    keep(store, ("2026-11-19", "The warehouse cost 1.2 billion yuan."))
    keep(
        store,
        ("2026-11-20T08:00+00:00", "It had cost 1.2 billion yuan.\nAnother cost 3.5 billion yuan."),
        ("2026-11-20T09:00+00:00", "Others say that it cost 3.5 billion yuan."),
        ("2026-11-20T10:00+00:00", "It has 300,000 square metres."),
    )
    with store.writing():  # texts as short as these pass for copies of one another
        store.db.execute("UPDATE articles SET canonical_id = id")
    (figure,) = build(store).figures
    assert (figure.value, figure.unit, figure.report.id) == (3.5e9, "cny", 2)
    assert figure.sentence == "Another cost 3.5 billion yuan."


def test_a_new_source_is_introduced_on_its_first_day(store: Store) -> None:
    keep(store, ("2026-11-20", "The first paragraph.\nThe second."))
    with store.writing():
        store.db.execute("UPDATE sources SET first_crawled = '2026-11-20T05:00:00+00:00'")
    (new,) = build(store).new_sources
    assert (new.name, new.beginning, new.report.title) == ("A blog", "The first paragraph.", "Title 1")
    assert build(store, date(2026, 11, 21), date(2026, 11, 21)).new_sources == ()


def test_sources_that_became_silent_or_sick_until_the_period_ends_are_named(store: Store) -> None:
    with store.writing():
        record_health(store, "blog", FETCHED, "blocked", "3 of 3 requests got 403")
    assert build(store).attention == ()
    (source,) = build(store, DAY, FETCHED.date()).attention
    assert (source.title, source.status, source.evidence) == ("A blog", "blocked", "3 of 3 requests got 403")


def test_only_days_that_are_over_are_complete(store: Store) -> None:
    keep(
        store, ("2026-11-22", "Today."), ("2026-11-21", "One."), ("2026-11-19", "Two."), ("2026-11-18", "3.")
    )
    assert list_complete_days(store.db.conn, 2) == [date(2026, 11, 21), date(2026, 11, 19)]


def test_the_figures_of_copies_are_not_listed(store: Store) -> None:
    keep(store, ("2026-11-19", LONG), ("2026-11-20", f"{LONG}\nIt cost 3.5 billion yuan."))
    with store.writing():
        store.update_article(2, {"canonical_id": 1})
    assert build(store).figures == ()
