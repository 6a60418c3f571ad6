"""No look-up on the way of a page reads a large table from its first row to its last.

The statements are those that SQLite was really asked, so that a new one is not forgotten.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from shopwire.pipelines.article import Refusal
from shopwire.pipelines.store_article import store_page
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.scheduler.source_stats import read_history, read_source_stats
from shopwire.storage.briefing import queries as briefing_queries
from shopwire.storage.configuration.options import Watch
from shopwire.storage.crawl_log import schedule
from shopwire.storage.crawl_log.conditional_requests import load_validators
from shopwire.storage.crawl_log.fetches import find_last_fetch, has_unsettled_pages
from shopwire.storage.crawl_log.revisits import find_pages_to_revisit
from shopwire.storage.crawl_log.run_report import load_newest_articles, load_run_report
from shopwire.storage.crawl_log.runs import begin_run, finish_run, is_last_run_complete
from shopwire.storage.database import Store
from shopwire.storage.datasette.pages import queries
from shopwire.storage.datasette.pages.rendering import DATABASE
from shopwire.storage.datasette.plugin import METADATA
from shopwire.storage.search.full_text import SEARCH, search
from shopwire.storage.search.result_page import FILTERS, ORDERS, build_page_query
from shopwire.storage.watches.matches import COUNT, build_conditions
from tests.support.makers import a_page, an_article

# Tables that grow with what is read. Where SQLite knows no better than to read one of them through, or
# to make an index of its own each time, its plan says so. (`runs_open` holds but the runs that go on,
# `typed` the scores of the hits that are ranked.)
GROWING = re.compile(
    r"SCAN (articles|copies|counts|events|facts|fetches|figures|fingerprints|lines|mentions|named"
    r"|profiles|runs|stories|story_links|terms|translations|validators|versions)\b"
    r"(?! USING INDEX runs_open)|(?<!SEARCH typed USING )AUTOMATIC"
)
THROUGH_AN_INDEX = re.compile(r"SCAN \w+ USING (COVERING )?INDEX")
ASKED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REPORT = "Temu lowered its fees for sellers by 12.5% on Nov. 11, 2026, the company said in Boston. "
LONG = "\n".join(f"{REPORT} Paragraph {number} says more of it." for number in range(12))


def keep_one(store: Store, number: int, text: str, **more: str) -> None:
    url = f"https://blog.example/{number}"
    store_page(store, a_page(url), an_article(url, text, **more), None)


def keep_all_kinds(store: Store) -> None:
    """New, exact and near copies, a round-up, another text for a known page, and a refusal."""
    keep_one(store, 1, LONG)
    keep_one(store, 2, LONG)
    keep_one(store, 3, f"{LONG}\nAnd a line more.")
    keep_one(store, 4, LONG.replace("Boston", "Berlin"), title="Another title")
    keep_one(store, 1, "Rewritten from the first word to the last one.")
    keep_one(store, 2, LONG, title="A better title")
    for number in range(5, 9):
        keep_one(store, number, f"Subscribe to our weekly letter.\nNews of its own {number}.")
    sweep_boilerplate(store, "blog")
    refused = "https://blog.example/9"
    store_page(store, a_page(refused), Refusal(refused, "thin", "too short"), None)


def run_once(store: Store) -> None:
    is_last_run_complete(store, "blog")
    run = begin_run(store, "blog")
    load_validators(store, "https://blog.example/feed")
    find_last_fetch(store, "https://blog.example/1")
    find_pages_to_revisit(store, "blog", AT, 20)
    has_unsettled_pages(store, run)
    finish_run(store, run, 0, "finished")
    load_run_report(store, run)


def tick(store: Store) -> None:
    """What the daemon asks: which sources are due, and how each is doing."""
    begin_run(store, "blog")
    schedule.list_open_runs(store)
    schedule.find_newest_run_id(store)
    schedule.find_run(store, "blog", 1, 0)
    schedule.count_successful_pages(store, 1)
    read_history(store, "blog", AT)
    read_source_stats(store, "blog", AT)


def asked(store: Store, work: Callable[[Store], None]) -> list[str]:
    """The statements that some work has come to, with their values."""
    statements: list[str] = []
    store.db.conn.set_trace_callback(statements.append)
    try:
        work(store)
    finally:
        store.db.conn.set_trace_callback(None)
    # Nothing is in an empty list, which SQLite knows before it begins.
    return [sql for sql in dict.fromkeys(statements) if ASKED.match(sql) and "IN ()" not in sql]


def plan(store: Store, sql: str, **values: str) -> list[str]:
    return [row["detail"] for row in store.db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.parametrize("work", [keep_all_kinds, run_once, tick])
def test_what_happens_to_every_page_reads_no_table_through(
    store: Store, work: Callable[[Store], None]
) -> None:
    statements = asked(store, work)
    assert len(statements) > 5
    found = {step: sql for sql in statements for step in plan(store, sql) if GROWING.search(step)}
    assert found == {}


@pytest.mark.parametrize("module", [queries, briefing_queries])
def test_what_a_reader_asks_reads_no_texts_through(store: Store, module: ModuleType) -> None:
    since, today = (AT - timedelta(days=7)).isoformat(), AT.date().isoformat()
    days = dict.fromkeys(("since", "first_day", "named_since"), since)
    days |= dict.fromkeys(("until", "last_day", "named_until", "today"), today)
    values = {
        "canonical": "1",
        "after": "7",
        "id": "1",
        **days,
        "most": "7",
        "story": "1",
        "name": "Taobao",
    }
    constants = {name: sql for name, sql in vars(module).items() if name.isupper() and name[0] != "_"}
    pages = {name: sql for name, sql in constants.items() if isinstance(sql, str)}
    found = {
        (name, step)
        for name, sql in pages.items()
        for step in plan(store, sql, **values)
        if GROWING.search(step) and not THROUGH_AN_INDEX.search(step)
    }
    assert pages
    assert found == set()


def test_search_and_the_newest_articles_read_no_table_through(store: Store) -> None:
    def look(store: Store) -> None:
        load_newest_articles(store, 12)
        search(store.db, "fees sellers", 20)

    steps = [step for sql in asked(store, look) for step in plan(store, sql)]
    assert steps
    assert [s for s in steps if GROWING.search(s) and not THROUGH_AN_INDEX.search(s)] == []


def test_the_largest_amounts_are_found_without_the_rows_of_the_figures(store: Store) -> None:
    sql = METADATA["databases"][DATABASE]["queries"]["biggest_figures"]["sql"]
    assert any("COVERING INDEX figures_day" in step for step in plan(store, sql))


def test_the_hits_in_a_table_are_counted_without_the_rows_of_articles(store: Store) -> None:
    hits = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH :search"
    steps = plan(store, f"SELECT count(*) FROM latest WHERE id IN ({hits})", search="one")
    assert [step for step in steps if "SEARCH articles" in step] == [
        "SEARCH articles USING COVERING INDEX articles_originals (canonical_id=? AND rowid=?)"
    ]


def test_figures_of_one_size_are_found_without_their_rows(store: Store) -> None:
    sql = METADATA["databases"][DATABASE]["queries"]["the_same_figure"]["sql"]
    steps = plan(store, sql, number="1")
    assert "SEARCH figures USING COVERING INDEX figures_value (kind=? AND value>? AND value<?)" in steps


@pytest.mark.parametrize("is_widened", [False, True])
@pytest.mark.parametrize("order", ORDERS)
def test_a_page_of_hits_is_chosen_without_the_rows_of_articles(
    store: Store, order: str, is_widened: bool
) -> None:
    values = dict.fromkeys([*FILTERS, "match", "typed", "most", "skip"], "1")
    steps = plan(store, build_page_query(FILTERS, order, is_widened), **values)
    chosen = "SEARCH articles USING COVERING INDEX articles_canonical (canonical_id=?)"
    read = [step for step in steps if "SEARCH articles USING" in step]
    assert read == [chosen, "SEARCH articles USING INTEGER PRIMARY KEY (rowid=?)"]


def test_words_are_scored_in_one_pass(store: Store) -> None:
    values = {"match": "one", "typed": "two", "most": "1", "skip": "0"}
    for sql in (build_page_query([], "relevance", True), SEARCH):
        reads = [step for step in plan(store, sql, **values) if "VIRTUAL TABLE" in step]
        # M2 is a MATCH, > a smallest id; = would be a search of its own for each hit.
        assert [read.rpartition(":")[2] for read in reads] == ["M2", "M2>"]


def test_a_watch_of_names_reads_those_of_the_new_articles(store: Store) -> None:
    conditions, _ = build_conditions(Watch(entities=("Taobao",)))
    values = dict.fromkeys(["after", "until", "entities", "least_sources"], "1")
    steps = plan(store, COUNT.format(conditions=conditions), **values)
    assert "SEARCH named USING PRIMARY KEY (article_id>? AND article_id<?)" in steps


def test_a_scan_would_be_noticed(store: Store) -> None:
    steps = plan(store, "SELECT id FROM articles WHERE author = 'Nobody'")
    assert any(GROWING.search(step) for step in steps)
