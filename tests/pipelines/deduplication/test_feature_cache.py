"""What was read in a text is kept while newcomers are compared with it."""

from collections.abc import Iterator

import pytest

from shopwire.pipelines.deduplication import deduplicate
from shopwire.pipelines.deduplication.similarity import TextFeatures, read_text_features
from shopwire.storage.database import Store
from tests.pipelines.prose import ONE_HAND, OTHER_HAND, SALE, WAREHOUSE
from tests.support.makers import an_article, store_article

TEXTS = [f"{SALE}\n{ONE_HAND}", f"{SALE}\n{OTHER_HAND}", f"{SALE}\n{WAREHOUSE}"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that are read from now on, with nothing read before."""
    texts: list[str] = []

    def counting(text: str) -> TextFeatures:
        texts.append(text)
        return read_text_features(text)

    monkeypatch.setattr(deduplicate, "read_text_features", counting)
    deduplicate.FEATURE_CACHE.clear()
    yield texts
    deduplicate.FEATURE_CACHE.clear()


def add(store: Store, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        with store.writing():
            store_article(store, an_article(f"https://blog.example/{number}", text, title=""))


def test_a_digested_text_is_read_no_second_time(store: Store, counted: list[str]) -> None:
    add(store, TEXTS)
    assert counted == []
    deduplicate.FEATURE_CACHE.clear()
    with store.writing():
        store_article(store, an_article("https://blog.example/late", f"{SALE} Late.", title=""))
    assert set(counted) <= set(TEXTS)
    assert counted


def test_only_so_many_readings_are_kept(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deduplicate, "FEATURE_CACHE_SIZE", 2)
    add(store, TEXTS)
    assert len(deduplicate.FEATURE_CACHE) == 2
