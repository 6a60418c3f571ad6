"""What was read in a text is kept while newcomers are compared with it."""

from collections.abc import Iterator

import pytest

from shopwire.pipelines import relate
from shopwire.pipelines.keep import place
from shopwire.pipelines.resemblance import Reading, read
from shopwire.storage.store import Store
from tests.makers import an_article
from tests.pipelines.prose import ONE_HAND, OTHER_HAND, SALE, WAREHOUSE

TEXTS = [f"{SALE}\n{ONE_HAND}", f"{SALE}\n{OTHER_HAND}", f"{SALE}\n{WAREHOUSE}"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts that are read from now on, with nothing read before."""
    texts: list[str] = []

    def counting(text: str) -> Reading:
        texts.append(text)
        return read(text)

    monkeypatch.setattr(relate, "read", counting)
    relate.READINGS.clear()
    yield texts
    relate.READINGS.clear()


def add(store: Store, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        with store.writing():
            place(store, an_article(f"https://blog.example/{number}", text, title=""), "")


def test_a_digested_text_is_read_no_second_time(store: Store, counted: list[str]) -> None:
    add(store, TEXTS)
    assert counted == []
    relate.READINGS.clear()
    with store.writing():
        place(store, an_article("https://blog.example/late", f"{SALE} Late.", title=""), "")
    assert set(counted) <= set(TEXTS)
    assert counted


def test_only_so_many_readings_are_kept(
    store: Store, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relate, "MOST_READINGS", 2)
    add(store, TEXTS)
    assert len(relate.READINGS) == 2
