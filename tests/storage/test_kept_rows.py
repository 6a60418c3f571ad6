"""Rows kept in memory: never older than what the transaction sees."""

import pytest

from shopwire.pipelines.extraction.site_boilerplate import MIN_GROUPS, count_lines, select_boilerplate
from shopwire.pipelines.stories.story_index import count_terms, load_frequencies, uncount_terms
from shopwire.storage import kept_rows
from shopwire.storage.database import Store


def load(store: Store, *terms: str) -> tuple[int, dict[str, int]]:
    with store.writing():
        return load_frequencies(store, terms)


def count(store: Store, article: int, *terms: str) -> None:
    with store.writing():
        count_terms(store, article, terms)


def test_rows_are_read_once(store: Store) -> None:
    count(store, 1, "parcel")
    assert load(store, "parcel", "lorry") == (1, {"parcel": 1})
    with store.writing():
        assert store.kept.get_mapping("frequencies") == {"": 1, "parcel": 1, "lorry": 0}
        # Nobody does this; it shows that the rows are not read again.
        store.db.execute("UPDATE terms SET articles = 7")
        assert load_frequencies(store, ["parcel"]) == (1, {"parcel": 1})


def test_what_another_connection_writes_is_read(store: Store) -> None:
    assert load(store, "parcel") == (0, {})
    with Store(store.path) as other:
        count(other, 1, "parcel")
    assert load(store, "parcel") == (1, {"parcel": 1})


def test_own_counts_change_what_is_kept(store: Store) -> None:
    assert load(store, "parcel") == (0, {})
    count(store, 1, "parcel", "lorry")
    assert load(store, "parcel", "lorry") == (1, {"parcel": 1, "lorry": 1})
    with store.writing():
        uncount_terms(store, 1, ["parcel"])
    assert load(store, "parcel", "lorry") == (0, {"lorry": 1})


def test_a_rollback_forgets(store: Store) -> None:
    def fail() -> None:
        with store.writing():
            count_terms(store, 1, ["parcel"])
            assert load_frequencies(store, ["parcel"]) == (1, {"parcel": 1})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert load(store, "parcel") == (0, {})


def test_a_reader_keeps_nothing(store: Store) -> None:
    assert load_frequencies(store, ["parcel"]) == (0, {})
    with Store(store.path) as other:
        count(other, 1, "parcel")
    assert load_frequencies(store, ["parcel"]) == (1, {"parcel": 1})


def test_a_line_becomes_boilerplate_while_it_is_kept(store: Store) -> None:
    with store.writing():
        for _ in range(MIN_GROUPS):
            assert select_boilerplate(store, [11, 12]) == set()
            count_lines(store, "site", {11})
        assert select_boilerplate(store, [11, 12]) == {11}


def test_a_full_mapping_is_emptied(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_rows, "MOST_KEPT", 3)
    with store.writing():
        load_frequencies(store, ["a", "b", "c"])
        load_frequencies(store, ["d"])
        assert store.kept.get_mapping("frequencies") == {"": 0, "d": 0}
