"""What was read in a text is kept while newcomers are compared with it."""

from collections.abc import Iterator

import pytest

from shopwire.pipelines.deduplication import deduplicate
from shopwire.pipelines.deduplication.similarity import Reading, read
from shopwire.pipelines.store_article import place
from shopwire.storage.database import Store
from tests.pipelines.prose import ONE_HAND, OTHER_HAND, SALE, WAREHOUSE
from tests.support.makers import an_article

TEXTS = [f"{SALE}\n{ONE_HAND}", f"{SALE}\n{OTHER_HAND}", f"{SALE}\n{WAREHOUSE}"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that are read from now on, with nothing read before."""
    texts: list[str] = []

    def counting(text: str) -> Reading:
        texts.append(text)
        return read(text)

    monkeypatch.setattr(deduplicate, "read", counting)
    deduplicate.READINGS.clear()
    yield texts
    deduplicate.READINGS.clear()


def add(store: Store, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        with store.writing():
            place(store, an_article(f"https://blog.example/{number}", text, title=""), "")


def test_a_digested_text_is_read_no_second_time(store: Store, counted: list[str]) -> None:
    add(store, TEXTS)
    assert counted == []
    deduplicate.READINGS.clear()
    with store.writing():
        place(store, an_article("https://blog.example/late", f"{SALE} Late.", title=""), "")
    assert set(counted) <= set(TEXTS)
    assert counted


def test_only_so_many_readings_are_kept(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deduplicate, "MOST_READINGS", 2)
    add(store, TEXTS)
    assert len(deduplicate.READINGS) == 2
