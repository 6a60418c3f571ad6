"""Archived pages are extracted again: changes are reported by field, an interrupted run continues."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shopwire.pipelines.store_article import store_page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter
from shopwire.storage.crawl_log.reextraction import (
    find_archived_fetches,
    load_position,
    save_position,
)
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.crawling import environment, shopwire
from tests.support.makers import FETCHED, a_page, an_article

SENTENCES = [
    "The platform said that its warehouse in Yiwu now ships 2.6 million parcels a day to sellers abroad.",
    "Merchants who tried it in the spring report that returns fell by a third within two months.",
    "A second warehouse is to open before the autumn, the company told our reporter on Tuesday.",
]


def raw_page(number: int) -> bytes:
    body = "".join(f"<p>{sentence} ({number})</p>" for sentence in SENTENCES)
    head = f"<title>Warehouse {number} opens - A blog</title>"
    text = f'<h1>Warehouse {number} opens</h1><div class="text">{body}</div>'
    return f"<html><head>{head}</head><body>{text}</body></html>".encode()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three archived pages of which the store has but a poor extraction."""
    return fill_archive(tmp_path)


def fill_archive(home: Path) -> Path:
    """Archive three pages of which the store has but a poor extraction."""
    home.mkdir(exist_ok=True)
    fetched = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    with (
        Store(home / "shopwire.db") as store,
        ArchiveWriter(home / "archive", "blog-1") as archive,
    ):
        with store.writing():
            declare_source(store, "blog", "A blog", "https://blog.example/", "en")
        for number in range(3):
            url = f"https://blog.example/{number}"
            raw = ArchivedPage(url, "blog", fetched, "text/html", raw_page(number), {})
            page = a_page(url, raw.body, archived_in=archive.write(raw), requested=url)
            store_page(store, page, an_article(url, f"Advertisement {number}"), None)
    return home


def test_every_article_gets_the_text_of_today(home: Path) -> None:
    told = json.loads(shopwire("reextract", "--json", home=home))
    assert told["pages"] == {"updated": 3}
    assert told["changed"]["text"] == 3
    with Store(home / "shopwire.db") as store:
        texts = [row["text"] for row in store.rows("SELECT text FROM articles ORDER BY id")]
    for number, text in enumerate(texts):
        assert text.split("\n") == [f"{sentence} ({number})" for sentence in SENTENCES]
    assert json.loads(shopwire("reextract", "--json", home=home))["pages"] == {"known": 3}


def test_a_pass_that_was_stopped_goes_on(home: Path) -> None:
    with Store(home / "shopwire.db") as store:
        first = next(find_archived_fetches(store, 0, None))
        with store.writing():
            save_position(store, "reextract", first.fetch)
    assert json.loads(shopwire("reextract", "--json", home=home))["pages"] == {"updated": 2}
    with Store(home / "shopwire.db") as store:
        assert load_position(store, "reextract") == 0


@pytest.mark.parametrize(("first", "kept"), [("A. Writer", "A. Writer"), ("", "")])
def test_what_a_page_had_lost_when_it_was_fetched_stays(home: Path, first: str, kept: str) -> None:
    """And what the rules of yesterday made of that same page goes, if those of today do not."""
    url = "https://blog.example/0"
    raw = ArchivedPage(url, "blog", FETCHED, "text/html", raw_page(0), {})
    with (
        Store(home / "shopwire.db") as store,
        ArchiveWriter(home / "archive", "blog-2") as archive,
    ):
        page = a_page(url, raw.body, archived_in=archive.write(raw), requested=url)
        for author in (first, "" if first else "Share Print"):
            store_page(store, page, an_article(url, author=author), None)
    shopwire("reextract", home=home)
    with Store(home / "shopwire.db") as store:
        assert store.row("SELECT author FROM articles WHERE url = ?", url)["author"] == kept


@pytest.mark.fault("46r", "The same in a pass over the archive", "named, exit 3; the others are extracted")
@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.95])
def test_a_damaged_page_is_named_and_costs_no_other(home: Path, share: float) -> None:
    (file,) = (home / "archive").glob("*.warc.gz")
    with Store(home / "shopwire.db") as store:
        (place,) = store.row("SELECT archived_in FROM articles ORDER BY id DESC LIMIT 1")
    whole, last = file.read_bytes(), int(place.partition("#")[2])
    file.write_bytes(whole[: last + int(share * (len(whole) - last))])
    told = json.loads(shopwire("reextract", "--json", home=home, code=3))
    assert told["pages"] == {"updated": 2, "damaged": 1}


def test_a_file_that_is_missing_is_named_once(home: Path) -> None:
    (file,) = (home / "archive").glob("*.warc.gz")
    file.unlink()
    said = f"{file.name}: no such file in {file.parent}, so none of its pages can be read\n"
    for command in ("reextract", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "shopwire.commands", command],
            env=environment(home, 1),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert (done.stdout + done.stderr).count(said) == 1


def test_articles_of_an_earlier_version_get_their_markdown(home: Path) -> None:
    json.loads(shopwire("reextract", "--json", home=home))
    with Store(home / "shopwire.db") as store, store.writing():
        filled = [row["markdown"] for row in store.rows("SELECT markdown FROM articles ORDER BY id")]
        store.db.execute("UPDATE articles SET markdown = NULL")
    told = json.loads(shopwire("reextract", "--json", home=home))
    assert told == {"pages": {"known": 3}, "changed": {"markdown": 3}}
    with Store(home / "shopwire.db") as store:
        rows = store.rows("SELECT text, markdown FROM articles ORDER BY id")
    assert [row["markdown"] for row in rows] == filled
    assert all(row["markdown"] == row["text"].replace("\n", "\n\n") for row in rows)


def test_the_zone_that_a_source_has_now_counts(home: Path) -> None:
    url = "https://blog.example/clock"
    body = raw_page(7).replace(b"</h1>", b"</h1><p>2026-11-20 10:30</p>")
    raw = ArchivedPage(url, "blog", FETCHED, "text/html", body, {})
    with Store(home / "shopwire.db") as store, ArchiveWriter(home / "archive", "blog-2") as archive:
        page = a_page(url, body, archived_in=archive.write(raw), requested=url)
        store_page(store, page, an_article(url), None)
    table = '[sources.blog]\nlanguage = "en"\nfeeds = ["https://blog.example/feed"]\n'
    for zone, expected in (("", "+00:00"), ("America/New_York", "-05:00"), ("Asia/Tokyo", "+09:00")):
        (home / "sources.toml").write_text(f'{table}zone = "{zone}"\n' if zone else table)
        shopwire("reextract", home=home)
        with Store(home / "shopwire.db") as store:
            (row,) = store.rows("SELECT published FROM articles WHERE url = ?", url)
        assert row["published"] == f"2026-11-20T10:30{expected}"
