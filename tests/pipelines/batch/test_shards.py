"""Months that are placed apart make the groups of one store, within the window and beyond it."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shopwire.pipelines.article import Processed, Refusal
from shopwire.pipelines.batch import terms
from shopwire.pipelines.batch.parts import write_part
from shopwire.pipelines.batch.place import Parts, learn_frames, place_parts
from shopwire.pipelines.batch.shards import Shard, place_in_shards, place_shard, write_seed
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article
from tests.support.site_server import write_sentences

pytest.importorskip("duckdb")

FIRST = date(2026, 7, 20)
# Days after the first of each page of a report, besides those that nobody repeats: within a month, over its
# end, over two of them, and further apart than any shard reaches.
REPORTS = {"a": (1, 3), "b": (10, 13), "c": (11, 14, 40), "d": (2, 90), "e": (12, 41, 70), "f": (5, 95, 97)}
FRONTS = """
SELECT articles.url, front.url FROM articles JOIN articles AS front ON front.id = articles.canonical_id
ORDER BY articles.url
"""
COPIES = """
SELECT one.url, other.url, kind FROM copies JOIN articles AS one ON one.id = article_id
JOIN articles AS other ON other.id = of_id ORDER BY one.url, other.url
"""
MADE = "SELECT url, text, text_hash, checksum, day, time FROM articles ORDER BY url"
NAMED = "SELECT url, name, kind FROM named JOIN articles ON id = article_id ORDER BY url, name"
MENTIONS = "SELECT day, name, articles FROM mentions ORDER BY day, name"
FACETS = "SELECT field, within, value, articles FROM facet_counts WHERE field <> 'story' ORDER BY 1, 2, 3"
# A copy of what is further away was stored as an article first.
FETCHES = """
SELECT fetches.url, articles.url, bytes FROM fetches LEFT JOIN articles ON articles.id = article_id ORDER BY 1
"""
COUNTED = "SELECT articles FROM terms WHERE term = ''"
FAR = 2
TABLES = (FRONTS, COPIES, MADE, NAMED, MENTIONS, FACETS, FETCHES)
ORPHANS = """
SELECT 1 FROM articles WHERE story_id NOT IN (SELECT id FROM stories)
UNION ALL SELECT 1 FROM stories WHERE articles <> (SELECT count(*) FROM articles WHERE story_id = stories.id)
"""


def write_report(report: str, version: int) -> str:
    """A text of a report; each second version has some other words."""
    text = "\n".join(write_sentences(report))
    return text.replace("was counted", "was counted twice", 2) if version % 2 else text


def build_results() -> Iterator[tuple[Any, Processed]]:
    """Pages of two sites over four months, most of them alone."""
    for number in range(40):
        yield build_result(f"alone{number}", number * 2.6, 0)
    for report, days in REPORTS.items():
        for version, day in enumerate(days):
            yield build_result(report, day, version)
    page = a_page("https://one.example/thin")
    yield page, Processed(Refusal(page.url, Outcome.THIN, "short"))


def build_result(report: str, day: float, version: int) -> tuple[Any, Processed]:
    published = f"{FIRST + timedelta(days=int(day))}T08:{version:02}+00:00"
    host = f"{'one' if version % 2 else 'two'}.example"
    url = f"https://{host}/{report}-{version}"
    article = an_article(
        url, write_report(report, version), title=f"Report {report}", published=published, source=host
    )
    return a_page(url, source=host), Processed(article)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    results = list(build_results())
    random.Random(1).shuffle(results)
    made = [tmp_path / f"{number}.part" for number in range(3)]
    for number, path in enumerate(made):
        write_part(path, results[number::3], [])
    return made


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerPool]:
    with WorkerPool(processes=1) as pool:
        yield pool


def describe(store: Store) -> list[list[tuple[Any, ...]]]:
    return [[tuple(row) for row in store.rows(sql)] for sql in TABLES]


def place(store: Store, paths: list[Path], folder: Path, workers: WorkerPool) -> list[str]:
    """Place the parts in shards, and return the URLs of the results."""

    def make(missing: Mapping[Path, Shard], seed: Path) -> None:
        for path, shard in missing.items():
            place_shard(paths, shard, seed, path, workers)

    with Parts(paths) as parts:
        learn_frames(store, parts)
        return [result.url for result in place_in_shards(store, paths, parts, folder, make)]


def test_shards_make_the_groups_of_one_store(tmp_path: Path, paths: list[Path], workers: WorkerPool) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with Store(tmp_path / "whole.db") as whole, Store(tmp_path / "sharded.db") as sharded:
        with Parts(paths) as parts:
            learn_frames(whole, parts)
            expected = sorted(result.url for result in place_parts(whole, parts, workers))
        assert sorted(place(sharded, paths, folder, workers)) == expected
        for found, wanted in zip(describe(sharded), describe(whole), strict=True):
            assert found == wanted
        assert len({front for _, front in describe(sharded)[0]}) == 40 + len(REPORTS)
        assert sharded.row(COUNTED)[0] == whole.row(COUNTED)[0] + FAR
        for store in (whole, sharded):
            assert [tuple(row) for row in store.rows(ORPHANS)] == []
            assert [tuple(row) for row in store.rows("PRAGMA foreign_key_check")] == []
            assert store.row("PRAGMA integrity_check")[0] == "ok"
            assert store.row("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'counted'")[0] == 55
        assert list(folder.iterdir()) == []
        assert [tuple(row) for row in sharded.rows("SELECT * FROM passes")] == []


def test_terms_are_counted_before_the_first_month(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {}
    with Store(tmp_path / "store.db") as store, Parts(paths) as parts:
        for most in (100, 20):
            monkeypatch.setattr(terms, "MOST_READ", most)
            path = tmp_path / f"{most}.db"
            write_seed(store, parts, path)
            with Store(path, read_only=True) as seed:
                counts[most] = dict(map(tuple, seed.rows("SELECT term, articles FROM terms")))
    # All of them, and one in three for three.
    articles = 40 + sum(map(len, REPORTS.values()))
    assert counts[100][""] == counts[100]["count"] == articles
    assert abs(counts[20][""] - articles) <= 6
    assert counts[20][""] == counts[20]["count"]
