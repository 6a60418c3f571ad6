"""The items of digests are linked to the articles that report their events, whatever arrives first."""

from itertools import permutations

import pytest

from shopwire.pipelines.forget import delete_articles
from shopwire.pipelines.stories.story_store import list_mentions
from shopwire.storage.database import Store
from tests.support.makers import an_article, store_article

FUNDING = (
    "Larkbox, a maker of parcel lockers in Leeds, has raised $31 million from Hollow Oak Partners. "
    "The firm said on Tuesday that it would put 900 lockers into railway stations by the summer."
)
OTHER_ROUND = (
    "Larkbox, a maker of parcel lockers in Leeds, has raised $75 million from Stonebridge Fund. "
    "The firm said that it would open an office in Lyon, and buy a rival of its own size there."
)
STRIKE = (
    "Drivers of the courier Veloce walked out in Turin on Monday over a new app that counts their breaks. "
    "The union said that 640 drivers had joined, and that no parcel had left the depot since the morning."
)
DIGEST = "\n".join(
    (
        "Our pick of the week.",
        "1. Parcel lockers: Larkbox raised $31 million from Hollow Oak Partners.",
        "2. Courier drivers of Veloce walked out in Turin over an app that counts breaks; 640 joined.",
        "3. A bookshop in Bath turned forty.",
    )
)
ARTICLES = {
    "funding": (FUNDING, "Larkbox raises $31 million for parcel lockers", "2026-03-03T09:00:00+00:00"),
    "other": (OTHER_ROUND, "Larkbox raises $75 million for parcel lockers", "2026-03-05T09:00:00+00:00"),
    "strike": (STRIKE, "Veloce drivers walk out in Turin", "2026-03-02T09:00:00+00:00"),
    "digest": (DIGEST, "Weekly digest, issue 9", "2026-03-06T09:00:00+00:00"),
}


def put(store: Store, name: str, **more: str) -> int:
    text, title, published = ARTICLES[name]
    values = {"text": text, "title": title, "published": published, "language": "en", **more}
    article = an_article(f"https://{name}.example/1", values.pop("text"), **values)
    with store.writing():
        kept = store_article(store, article)
    assert kept.article_id is not None
    return kept.article_id


def list_links(store: Store) -> set[tuple[int, str]]:
    rows = store.rows("SELECT item, url FROM digest_mentions JOIN articles ON id = report")
    return {(row["item"], row["url"].removeprefix("https://").partition(".")[0]) for row in rows}


@pytest.mark.parametrize("order", list(permutations(ARTICLES)), ids="-".join)
def test_an_item_is_linked_to_the_report_of_its_event(store: Store, order: tuple[str, ...]) -> None:
    for name in order:
        put(store, name)
    assert list_links(store) == {(1, "funding"), (2, "strike")}


def test_an_item_with_other_numbers_mentions_another_event(store: Store) -> None:
    put(store, "other")
    put(store, "digest")
    assert list_links(store) == set()


def test_a_report_of_another_week_is_not_mentioned(store: Store) -> None:
    put(store, "funding", published="2026-02-20T09:00:00+00:00")
    put(store, "strike", published="2026-03-09T09:00:00+00:00")
    put(store, "digest")
    assert list_links(store) == set()


def test_a_copy_of_a_digest_is_linked_once(store: Store) -> None:
    put(store, "funding")
    first = put(store, "digest")
    with store.writing():
        store_article(store, an_article("https://copier.example/1", DIGEST, title="Weekly digest, issue 9"))
    rows = store.rows("SELECT digest, item FROM digest_mentions")
    assert list(map(tuple, rows)) == [(first, 1)]


def test_the_links_of_a_changed_digest_are_found_anew(store: Store) -> None:
    for name in ("funding", "strike", "digest"):
        put(store, name)
    put(store, "digest", text=DIGEST.replace("1. Parcel", "0. A fair in Bonn closed early.\n1. Parcel"))
    assert list_links(store) == {(2, "funding"), (3, "strike")}
    put(store, "digest", title="Why lockers matter", text=FUNDING.replace("Larkbox", "Petrelbox"))
    assert list_links(store) == set()
    assert store.rows("SELECT * FROM digest_items") == store.rows("SELECT * FROM digest_keys") == []


def test_a_report_that_changes_or_goes_is_not_mentioned(store: Store) -> None:
    for name in ("funding", "strike", "digest"):
        put(store, name)
    put(store, "strike", text="A museum of shops opened in Turin, with scales and tills of two centuries.")
    assert list_links(store) == {(1, "funding")}
    with store.writing():
        delete_articles(store, [1])
    assert list_links(store) == set()
    assert store.rows("PRAGMA foreign_key_check") == []


def test_both_sides_are_told_of_a_mention(store: Store) -> None:
    put(store, "funding")
    put(store, "digest")
    assert list_mentions(store, 1) == ["mentioned in Weekly digest, issue 9 (article 2)"]
    assert list_mentions(store, 2) == [
        "mentions story 1: Parcel lockers: Larkbox raised $31 million from Hollow Oak Partners."
    ]
