"""A part holds what was extracted, is whole or not there, and is another one for other rules."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from shopwire.pipelines.article import Processed, Refusal
from shopwire.pipelines.batch import parts, place
from shopwire.pipelines.batch.parts import (
    build_row,
    name_part,
    read_remarks,
    read_row,
    restore_article,
    write_part,
)
from shopwire.pipelines.batch.place import Parts
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import Outcome
from tests.support.makers import a_page, an_article

ARTICLE = an_article(text="Some\ntext — 中文.", tags=("one", "two"), views=7, published="2026-11-20")
REFUSAL = Refusal("https://blog.example/2", Outcome.THIN, "short")
RESULTS = [(a_page(), Processed(ARTICLE)), (a_page("https://blog.example/2"), Processed(REFUSAL))]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.part"
    write_part(path, [*RESULTS, (a_page("https://blog.example/3"), None)], [("odd", False), ("bad", True)])
    with closing(sqlite3.connect(path)) as connection:
        assert [read_row(connection, number) for number in (1, 2)] == [build_row(*one) for one in RESULTS]
        assert list(read_remarks(connection)) == [("odd", False), ("bad", True)]
        with pytest.raises(LookupError):
            read_row(connection, 3)


def test_a_part_that_was_interrupted_is_not_there(tmp_path: Path) -> None:
    def break_off() -> Iterator[tuple[Page, Processed]]:
        yield RESULTS[0]
        raise OSError("no space")

    path = tmp_path / "one.part"
    with pytest.raises(OSError, match="no space"):
        write_part(path, break_off(), [])
    assert not path.exists()
    write_part(path, RESULTS, [])
    with Parts([path]) as opened:
        assert opened.count() == 2


def test_its_name_changes_with_the_file_and_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"one")
    names = {name_part(file)}
    assert names == {name_part(file)}
    file.write_bytes(b"other")
    names.add(name_part(file))
    monkeypatch.setattr(parts, "EXTRACTOR", "shopwire 99")
    names.add(name_part(file))
    assert len(names) == 3


@pytest.mark.parametrize("most", [1, 200])
def test_each_address_comes_once_in_the_order_of_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(place, "MOST_OPEN", most)
    dates = {
        "c": "2026-11-20T10:00+08:00",
        "a": "2026-11-20T03:00+00:00",
        "b": "2026-11-19",
        "d": "2026-11-20T02:00Z",
    }
    for number, names in enumerate(("ca", "bda")):
        results = [
            (a_page(url), Processed(an_article(url, text=f"Text {number}.", published=dates[name])))
            for name in names
            for url in [f"https://blog.example/{name}"]
        ]
        write_part(tmp_path / f"{number}.part", results, [])
    for order in ("01", "10"):
        with Parts([tmp_path / f"{number}.part" for number in order]) as opened:
            assert [row.url[-1] for row in opened.read_in_order()] == ["b", "c", "d", "a"]
            assert opened.count() == 4


def test_parts_are_closed_if_one_cannot_be_read(tmp_path: Path) -> None:
    whole, damaged = tmp_path / "0.part", tmp_path / "1.part"
    write_part(whole, RESULTS, [])
    damaged.write_bytes(b"damaged" * 999)
    before = set(Path("/dev/fd").iterdir())
    with pytest.raises(sqlite3.Error):
        Parts([whole, damaged])
    assert set(Path("/dev/fd").iterdir()) == before


@pytest.mark.parametrize(
    "change",
    [{"title": 1}, {"tags": "one"}, {"views": -1}, {"text_hash": None}, {"views": True}, {"more": 1}],
)
def test_an_article_that_no_extraction_makes_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a part has"):
        restore_article(json.dumps({**asdict(ARTICLE), **change}))
    assert restore_article(json.dumps(asdict(ARTICLE))) == ARTICLE
