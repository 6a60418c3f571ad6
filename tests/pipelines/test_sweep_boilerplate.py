"""Lines that unrelated articles of a site share are removed, also from stored ones; others stay."""

import pytest

from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.extraction.site_boilerplate import (
    get_kept_boilerplate,
    load_site_boilerplate,
    save_boilerplate,
)
from shopwire.pipelines.store_article import store_page
from shopwire.pipelines.sweep_boilerplate import sweep_boilerplate
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article

SIGN_OFF = "Follow us, and we bring you the news of the trade every morning."
# Unrelated stories, so that nothing but the sign-off makes them alike.
STORIES = [
    "A warehouse in Yiwu ships parcels to sellers in forty countries.",
    "Retailers in Jakarta still prefer cash when the courier rings.",
    "Freight rates from Shenzhen fell for the sixth week in a row.",
    "An orchard near Yantai sells its apples from the packing hall.",
    "The tax office opens a portal for people who sell by live stream.",
]


def put(store: Store, number: int, text: str) -> None:
    url = f"https://blog.example/{number}"
    article = an_article(url, text, title=text[:20], text_hash=hash_text(text))
    store_page(store, a_page(url), article, None)


def texts(store: Store) -> list[str]:
    return [row["text"] for row in store.rows("SELECT text FROM articles ORDER BY id")]


def test_a_line_on_four_unrelated_articles_goes_from_all_of_them(store: Store) -> None:
    for number, story in enumerate(STORIES[:3]):
        put(store, number, f"{story}\n{SIGN_OFF}")
    assert sweep_boilerplate(store, "blog") == 0
    put(store, 3, f"{STORIES[3]}\n{SIGN_OFF}")
    assert sweep_boilerplate(store, "blog") == 4
    assert texts(store) == STORIES[:4]
    assert sweep_boilerplate(store, "blog") == 0
    assert len(load_site_boilerplate(store, "blog")) == 1


def test_a_reader_knows_at_once_what_another_connection_has_learned(store: Store) -> None:
    with Store(store.path) as reader:
        for learned in ([], [1, 2], [3]):
            with store.writing():
                save_boilerplate(store, "blog", learned)
            assert (
                get_kept_boilerplate(reader, "blog") == load_site_boilerplate(store, "blog") >= set(learned)
            )
            assert get_kept_boilerplate(reader, "blog") is get_kept_boilerplate(reader, "blog")
        assert get_kept_boilerplate(reader, "daily") == frozenset()


def test_search_follows(store: Store) -> None:
    for number, story in enumerate(STORIES):
        put(store, number, f"{story}\n{SIGN_OFF}")
    sweep_boilerplate(store, "blog")
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH '\"every morning\"'"
    assert store.row(sql)[0] == 0


def test_a_line_of_a_long_text_takes_its_names_and_figures_along(store: Store) -> None:
    line = "Join Temu now: vouchers of 5 million dollars."
    for number, story in enumerate(STORIES[:4]):
        long = "\n".join(f"{story} ({number}-{part})" for part in range(20))
        put(store, number, f"{long}\n{line}")
    stories = [row["story_id"] for row in store.rows("SELECT story_id FROM articles ORDER BY id")]
    before = noted(store)
    of_the_line = {("Temu", 4), ("5000000", 4)}
    assert of_the_line < before
    assert sweep_boilerplate(store, "blog") == 4
    assert noted(store) == before - of_the_line
    assert line not in "".join(texts(store))
    assert stories == [row["story_id"] for row in store.rows("SELECT story_id FROM articles ORDER BY id")]


def noted(store: Store) -> set[tuple[str, int]]:
    """What is noted how often: names and figures."""
    rows = store.rows(
        "SELECT name, count(*) FROM named GROUP BY 1 "
        "UNION ALL SELECT format('%d', value), count(*) FROM figures GROUP BY 1"
    )
    return {(row[0], row[1]) for row in rows}


@pytest.mark.parametrize("times", [6])
def test_copies_never_erase_their_own_lines(store: Store, times: int) -> None:
    text = "\n".join(STORIES)
    for number in range(times):
        put(store, number, text)
    assert sweep_boilerplate(store, "blog") == 0
    assert texts(store) == [text] * times


def test_an_article_corrected_often_keeps_its_lines(store: Store) -> None:
    for version in range(6):
        put(store, 1, "\n".join([*STORIES, f"Version {version} of this report."]))
    assert sweep_boilerplate(store, "blog") == 0
    assert load_site_boilerplate(store, "blog") == frozenset()


def test_an_article_of_nothing_but_frame_stays(store: Store) -> None:
    put(store, 9, SIGN_OFF)
    for number, story in enumerate(STORIES):
        put(store, number, f"{story}\n{SIGN_OFF}")
    sweep_boilerplate(store, "blog")
    assert texts(store)[0] == SIGN_OFF


def test_the_line_goes_from_the_markdown_too(store: Store) -> None:
    marked = (
        "**Follow** us, and we bring you the [news](https://blog.example/news) of the trade every morning."
    )
    for number, story in enumerate(STORIES[:4]):
        text = f"{story}\n{SIGN_OFF}"
        markdown = f"- {story}\n- {marked}" if number else None
        url = f"https://blog.example/{number}"
        article = an_article(url, text, title=text[:20], text_hash=hash_text(text), markdown=markdown or "")
        store_page(store, a_page(url), article, None)
    assert sweep_boilerplate(store, "blog") == 4
    rows = store.rows("SELECT markdown FROM articles ORDER BY id")
    assert [row["markdown"] for row in rows] == [None, *(f"- {story}" for story in STORIES[1:4])]
