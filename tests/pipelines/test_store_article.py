"""An article, its duplicates and its fetch are stored together."""

import json
from datetime import UTC, datetime

from shopwire.pipelines.analyze_article import analyze_text, get_day_number
from shopwire.pipelines.article import Refusal
from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.spiders.page import FetchResult
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article


def test_a_new_article_is_its_own_canonical(store: Store) -> None:
    kept = store_page(store, a_page(archived_in="f.warc.gz#0"), an_article(tags=("直播",)), None)
    assert (kept.outcome, kept.article_id) == ("stored", 1)
    row = store.row("SELECT canonical_id, tags, archived_in FROM articles")
    assert tuple(row) == (1, '["直播"]', "f.warc.gz#0")
    assert tuple(store.row("SELECT outcome, article_id FROM fetches")) == ("stored", 1)


def test_the_same_page_again_changes_nothing(store: Store) -> None:
    for _ in range(2):
        kept = store_page(store, a_page(), an_article(), None)
    assert kept.outcome == "known"
    assert store.row("SELECT count(*) FROM articles")[0] == 1
    assert store.row("SELECT count(*) FROM fetches")[0] == 2


def test_a_date_that_stays_is_the_day_of_its_story(store: Store) -> None:
    article = an_article(published="2026-11-10")
    store_page(store, a_page(), article, None)
    longer = an_article(text="One sentence, and another one.")
    told = analyze_text(longer.title, longer.text, longer.language, longer.fetched)
    store_page(store, a_page(), longer, None, told)
    (profile,) = store.rows("SELECT day FROM profiles")
    assert profile["day"] == get_day_number(article.published)


def test_the_same_text_elsewhere_is_a_copy_of_the_first(store: Store) -> None:
    store_page(store, a_page(), an_article(), None)
    second = "https://blog.example/2"
    kept = store_page(store, a_page(second), an_article(second, title="Another headline"), None)
    assert kept.outcome == "copy"
    article, of, kind, score, why = store.row("SELECT * FROM copies")
    assert (article, of, kind, score) == (2, 1, "exact", 1.0)
    assert json.loads(why) == {"says": "the same text", "between": [2, 1]}
    assert store.row("SELECT canonical_id FROM articles WHERE id = 2")[0] == 1


def test_a_changed_text_is_an_update_and_no_copy_any_more(store: Store) -> None:
    second = "https://blog.example/2"
    store_page(store, a_page(), an_article(), None)
    store_page(store, a_page(second), an_article(second), None)
    kept = store_page(store, a_page(second), an_article(second, text="Rewritten."), None)
    assert (kept.outcome, kept.article_id) == ("updated", 2)
    assert store.row("SELECT count(*) FROM copies")[0] == 0
    assert store.row("SELECT canonical_id, text FROM articles WHERE id = 2")[0] == 2


def test_a_corrected_byline_is_an_update_of_that_field(store: Store) -> None:
    store_page(store, a_page(), an_article(author="Nobody"), None)
    kept = store_page(store, a_page(), an_article(author="Li Lei"), None)
    assert (kept.outcome, kept.reason) == ("updated", "changed: author")
    assert store.row("SELECT author FROM articles")[0] == "Li Lei"


def test_a_refused_page_leaves_only_its_ledger_row(store: Store) -> None:
    refusal = Refusal("https://blog.example/1", "thin", "12 characters of text")
    store_page(store, a_page(requested="http://blog.example/1"), refusal, None)
    assert store.row("SELECT count(*) FROM articles")[0] == 0
    row = store.row("SELECT url, outcome, reason, article_id FROM fetches")
    assert tuple(row) == ("http://blog.example/1", "thin", "12 characters of text", None)


def test_an_attempt_without_a_page_is_written_down(store: Store) -> None:
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    store_fetch_result(
        store,
        FetchResult("https://blog.example/feed", "blog", "feed", at, "unchanged", "304", 304),
        None,
    )
    row = store.row("SELECT kind, outcome, status, at FROM fetches")
    assert tuple(row) == ("feed", "unchanged", 304, "2026-11-22T08:00:00+00:00")


def test_counts_that_a_page_no_longer_shows_stay(store: Store) -> None:
    store_page(store, a_page(), an_article(views=812, likes=3), None)
    store_page(store, a_page(), an_article(text="Another text of the same page.", likes=4), None)
    assert tuple(store.row("SELECT views, likes FROM articles")) == (812, 4)


def test_another_headline_may_file_an_article_elsewhere(store: Store) -> None:
    text = "Temu and Shein lower their fees for sellers in May."
    store_page(store, a_page(), an_article(text=text, title="Temu lowers its fees"), None)
    assert store.row("SELECT platform FROM articles")[0] == "Temu"
    store_page(store, a_page(), an_article(text=text, title="Shein lowers its fees"), None)
    assert store.row("SELECT platform FROM articles")[0] == "SHEIN"
