"""The whole pipeline on the whole newsroom: real spiders, real processes, a real store."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from shopwire.storage.archive import read_archived_page
from shopwire.storage.crawl_log.revisits import PAGES_PER_TWO_RUNS
from shopwire.storage.database import Store
from tests.newsroom.expected import ARTICLES, REFUSED, SEEDS, Expected, Refused, Seed
from tests.newsroom.server import Newsroom, Request, newsroom
from tests.support.crawling import SOURCES, crawl

GOLD = Path(__file__).parent / "newsroom" / "gold"
# No line of these may stand in any stored text.
CHROME = (
    "Golden Crown Club",
    "Privacy Policy",
    "No content yet",
    "Current location",
    "Back to list",
    "Tags for this article",
    "浏览",
    "随机内容",
    "返回顶部",
    "1.jpg",
    "NT2541",
    "responsible editor",
)
FIRST = [page for page in ARTICLES if page.edition == 1]


class Crawled(NamedTuple):
    """A newsroom whose first edition has been crawled, and what came of it."""

    room: Newsroom
    home: Path
    store: Store
    reports: dict[str, dict[str, Any]]
    requests: list[Request]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    home = tmp_path_factory.mktemp("home")
    with newsroom() as room:
        reports = crawl(home=home, port=room.port)
        with Store(home / "shopwire.db") as store:
            yield Crawled(room, home, store, reports, list(room.requests))


def article(crawled: Crawled, host: str, path: str) -> dict[str, Any]:
    url = crawled.room.url(host, path)
    rows = crawled.store.rows("SELECT * FROM articles WHERE url = ?", url)
    assert len(rows) == 1, url
    return dict(rows[0])


def folded(text: str) -> str:
    """Without spaces and typographic variants, in which extractors may differ."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return "".join(text.split())


@pytest.mark.parametrize("page", FIRST, ids=lambda page: page.host.split(".")[0] + page.path)
def test_every_article_is_stored_once_with_what_it_says_of_itself(crawled: Crawled, page: Expected) -> None:
    row = article(crawled, page.host, page.path)
    assert row["title"] == page.title
    assert row["language"] == page.language
    assert (row["published"] or "").startswith(page.published[:16])
    assert bool(row["published"]) == bool(page.published)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_every_sentence_of_a_seed_is_stored_and_no_line_of_chrome(crawled: Crawled, seed: Seed) -> None:
    row = article(crawled, seed.host, seed.path)
    gold = (GOLD / f"{seed.name}.txt").read_text(encoding="utf-8").splitlines()
    stored = folded(row["text"])
    assert [line for line in gold if folded(line) not in stored] == []
    assert [chrome for chrome in seed.chrome if folded(chrome) in stored] == []


def test_no_line_of_chrome_stands_in_any_text(crawled: Crawled) -> None:
    rows = crawled.store.rows("SELECT url, text FROM articles")
    assert len(rows) == len(FIRST)
    assert [(row["url"], words) for row in rows for words in CHROME if words in row["text"]] == []


@pytest.mark.parametrize("page", REFUSED, ids=lambda page: page.outcome + page.path)
def test_what_is_no_article_is_refused_with_a_reason(crawled: Crawled, page: Refused) -> None:
    url = crawled.room.url(page.host, page.path)
    rows = crawled.store.rows("SELECT outcome, reason FROM fetches WHERE url = ?", url)
    assert [row["outcome"] for row in rows] == [page.outcome]
    assert rows[0]["reason"]
    assert not crawled.store.rows("SELECT 1 FROM articles WHERE url = ?", url)


def test_nothing_disallowed_was_asked_for(crawled: Crawled) -> None:
    assert not [one for one in crawled.requests if one.path.startswith("/private/")]


def test_every_page_was_asked_for_once(crawled: Crawled) -> None:
    pages = [(one.host, urlsplit(one.path).path) for one in crawled.requests]
    wanted = {(page.host, page.path) for page in FIRST}
    assert sorted(page for page in pages if page in wanted) == sorted(wanted)


def test_an_exact_repost_is_a_copy_of_the_first(crawled: Crawled) -> None:
    (page,) = [page for page in FIRST if page.kind == "exact"]
    copy = article(crawled, page.host, page.path)
    original_host, _, path = page.of.partition("/")
    original = article(crawled, original_host, f"/{path}")
    assert copy["canonical_id"] == original["id"] or original["canonical_id"] == copy["id"]
    pair = {copy["id"], original["id"]}
    rows = crawled.store.rows("SELECT article_id, of_id FROM copies WHERE kind = 'exact'")
    assert pair in [{row["article_id"], row["of_id"]} for row in rows]


def test_each_attempt_has_one_row_and_each_run_is_closed(crawled: Crawled) -> None:
    doubled = crawled.store.rows("SELECT url FROM fetches GROUP BY run_id, url HAVING count(*) > 1")
    assert [row["url"] for row in doubled] == []
    assert crawled.store.row("SELECT count(*) FROM runs WHERE finished IS NULL")[0] == 0
    assert crawled.store.row("SELECT count(*) FROM runs")[0] == len(SOURCES)


def test_the_raw_page_lies_in_the_archive(crawled: Crawled) -> None:
    seed = SEEDS[1]
    place = article(crawled, seed.host, seed.path)["archived_in"]
    page = read_archived_page(crawled.home / "archive", place)
    assert page.url.startswith(crawled.room.url(seed.host, seed.path))
    assert page.body == crawled.room.answer(f"{seed.host}:{crawled.room.port}", seed.path).body


def test_a_second_crawl_fetches_nothing_and_a_third_what_is_new_and_two_known_pages(
    crawled: Crawled,
) -> None:
    crawled.room.requests.clear()
    again = crawl(home=crawled.home, port=crawled.room.port)
    assert {source: run["fetched"] for source, run in again.items()} == dict.fromkeys(SOURCES, 0)
    feeds = [one for one in crawled.room.requests if one.host == "eastgate.localhost"]
    assert [(one.path, one.status) for one in feeds] == [("/robots.txt", 200), ("/feed.atom", 304)]

    crawled.room.edition = 2
    changed = [page for page in ARTICLES if page.edition == 2 or page.changes_in == 2]
    before = {page.path: _text(crawled, page) for page in changed}
    later = crawl(home=crawled.home, port=crawled.room.port)
    # And a few that show whether a site has changed its layout: the run before read none.
    fetched = sum(run["fetched"] for run in later.values())
    assert len(changed) <= fetched <= len(changed) + PAGES_PER_TWO_RUNS * len(SOURCES)
    assert sum(run["stored"] + run["copies"] + run["updated"] for run in later.values()) == len(changed)
    assert sum(run["updated"] for run in later.values()) == sum(page.changes_in == 2 for page in changed)
    assert all(_text(crawled, page) != before[page.path] for page in changed)


def _text(crawled: Crawled, page: Expected) -> str | None:
    url = crawled.room.url(page.host, page.path)
    row = crawled.store.row("SELECT text FROM articles WHERE url = ?", url)
    return row["text"] if row else None
