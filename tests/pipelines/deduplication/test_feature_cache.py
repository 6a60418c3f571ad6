"""What was read in a text is kept while newcomers are compared with it."""

from collections.abc import Iterator

import pytest

from shopwire.pipelines.deduplication import fingerprint_index, text_features
from shopwire.pipelines.deduplication.fingerprint import sample_keys
from shopwire.pipelines.deduplication.fingerprint_index import find_candidates, find_holders, unpack_shingles
from shopwire.pipelines.deduplication.text_features import TextFeatures, read_text_features
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.database import Store
from tests.pipelines.prose import ONE_HAND, OTHER_HAND, PARCELS, RATES, SALE, WAREHOUSE
from tests.support.makers import an_article, store_article

TEXTS = [f"{SALE}\n{ONE_HAND}", f"{SALE}\n{OTHER_HAND}", f"{SALE}\n{WAREHOUSE}"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that are read from now on, with nothing read before."""
    texts: list[str] = []

    def counting(text: str) -> TextFeatures:
        texts.append(text)
        return read_text_features(text)

    monkeypatch.setattr(text_features, "read_text_features", counting)
    text_features.FEATURE_CACHE.clear()
    yield texts
    text_features.FEATURE_CACHE.clear()


def add(store: Store, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        with store.writing():
            store_article(store, an_article(f"https://blog.example/{number}", text, title=""))


def test_a_digested_text_is_read_no_second_time(store: Store, counted: list[str]) -> None:
    add(store, TEXTS)
    assert counted == []
    text_features.FEATURE_CACHE.clear()
    with store.writing():
        store_article(store, an_article("https://blog.example/late", f"{SALE} Late.", title=""))
    assert set(counted) <= set(TEXTS)
    assert counted


def test_a_candidate_with_hardly_anything_in_common_is_not_read(store: Store, counted: list[str]) -> None:
    add(store, TEXTS)
    text_features.FEATURE_CACHE.clear()
    text = f"It was drawn more customers than any before it. {PARCELS} {RATES}"
    keys = sample_keys(read_text_features(text).keys).tolist()
    assert len(find_candidates(store, find_holders(store, keys), 0)) == len(TEXTS)
    with store.writing():
        far = store_article(store, an_article("https://blog.example/far", text, title=""))
    assert far.outcome == Outcome.STORED
    assert not set(counted) & set(TEXTS)


def test_shingles_are_deleted_with_the_text_they_are_of(store: Store) -> None:
    add(store, TEXTS)
    with store.writing():
        store.db.execute("UPDATE articles SET text = 'Another text.' WHERE id = 1")
        store.db.execute("UPDATE articles SET title = 'Another title' WHERE id = 2")
    sql = "SELECT lines, size, keys FROM articles LEFT JOIN shingles ON article_id = id ORDER BY id"
    first, second, _ = map(unpack_shingles, store.rows(sql))
    assert first is None
    assert second is not None
    lines, shingles = second
    assert len(lines) == len(TEXTS[1].split("\n"))
    of_text = read_text_features(TEXTS[1]).shorten()
    assert (shingles.keys.tolist(), shingles.size) == (of_text.keys.tolist(), of_text.size)


def test_only_so_many_readings_are_kept(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_features, "FEATURE_CACHE_SIZE", 2)
    add(store, TEXTS)
    assert len(text_features.FEATURE_CACHE) == 2


def test_only_the_shingles_of_the_latest_articles_are_stored(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint_index, "LATEST_STORED", 2)
    add(store, TEXTS)
    assert [row["article_id"] for row in store.rows("SELECT article_id FROM shingles")] == [2, 3]
