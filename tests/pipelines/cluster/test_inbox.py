"""Whatever comes in, in whatever order and however often, the store is the same."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopwire.pipelines.cluster import inbox
from shopwire.pipelines.cluster.inbox import OVERTAKEN, Inbox, read_fetched_page
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.spiders.page import format_known
from shopwire.spiders.workers.killable_pool import LostWorkError
from shopwire.storage.archive import ArchivedPage, build_record, read_archived_page
from shopwire.storage.cluster.leases import grant_lease, list_leases
from shopwire.storage.cluster.wire import Beat, Ended, Fetched, WireError
from shopwire.storage.crawl_log.conditional_requests import load_validators
from shopwire.storage.crawl_log.forgotten import add_forgotten
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.crawl_log.schedule import close_run
from shopwire.storage.database import Store
from shopwire.storage.timestamps import format_time
from tests.support.makers import FETCHED
from tests.support.site_server import write_page

FEED = "https://s0.example/feed"


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerPool]:
    with WorkerPool(processes=2, analyzes=True) as pool:
        yield pool


def build_messages(run: int, source: str) -> list[Fetched | Ended]:
    """What a crawl of a list and three pages ships, one of which failed."""
    home = f"https://{source}.example"
    shipped: list[Fetched | Ended] = [
        Fetched(run, source, "feed", f"{home}/feed", format_time(FETCHED), "listed", "4 links", 200, 9, 4)
    ]
    for number in range(3):
        at = FETCHED + timedelta(seconds=number)
        url = f"{home}/news/{number}-report"
        body = write_page(source, number).encode()
        record = build_record(ArchivedPage(url, source, at, "text/html; charset=utf-8", body, {"title": "A"}))
        shipped.append(
            Fetched(run, source, "page", url, format_time(at), "stored", "", 200, len(body), record=record)
        )
    shipped.append(Fetched(run, source, "page", f"{home}/bad", format_time(FETCHED), "error", "500", 500))
    shipped.append(
        Ended(run, source, 1, "finished", is_complete=True, validators=((f"{home}/feed", '"a"', ""),))
    )
    return shipped


def open_store(folder: Path) -> dict[str, int]:
    """A store with two crawls on workers; returns their runs."""
    with Store(folder / "shopwire.db") as store, store.writing():
        for name in ("s0", "s1"):
            declare_source(store, name, name, f"https://{name}.example/", "en")
        return {name: grant_lease(store, name, "one", FETCHED) for name in ("s0", "s1")}


def keep(folder: Path, workers: WorkerPool, *batches: list[Fetched | Ended]) -> None:
    """Take in messages in batches, each with a new inbox: as if the writer were killed in between."""
    for batch in batches:
        with Inbox(folder / "shopwire.db", folder / "archive", is_own, workers) as opened:
            assert list(opened.keep_all([opened.check(message) for message in batch])) == batch


def is_own(source: str, url: str) -> bool:
    return url.startswith(f"https://{source}.example/")


def read_store(folder: Path) -> dict[str, Any]:
    """Everything that must be the same, by address and not by number."""
    with Store(folder / "shopwire.db") as store:
        articles = store.rows(
            "SELECT url, title, text, published, source, fetched FROM articles ORDER BY url"
        )
        fetches = store.rows(
            "SELECT run_id, kind, url, at, outcome, reason, status, links, bytes, archived_in IS NOT NULL "
            "FROM fetches ORDER BY url, at"
        )
        runs = store.rows("SELECT id, source, outcome, reason, known FROM runs ORDER BY id")
        places = store.rows("SELECT url, archived_in FROM articles")
        bodies = {url: read_archived_page(folder / "archive", place).body for url, place in places}
        validators = store.rows("SELECT url, etag, last_modified FROM validators ORDER BY url")
        tables = (articles, fetches, runs, validators)
        return {"tables": [list(map(tuple, rows)) for rows in tables], "bodies": bodies}


def test_it_stores_what_a_crawl_here_would(tmp_path: Path, workers: WorkerPool) -> None:
    runs = open_store(tmp_path)
    keep(tmp_path, workers, build_messages(runs["s0"], "s0"))
    with Store(tmp_path / "shopwire.db") as store:
        assert [row[0] for row in store.rows("SELECT outcome FROM fetches ORDER BY id")] == [
            *("listed", "stored", "stored", "stored", "error"),
        ]
        assert store.rows("SELECT * FROM runs WHERE id = ? AND outcome = 'ok' AND known = 1", runs["s0"])
        assert [lease.has_ended for lease in list_leases(store)] == [True, False]
        assert load_validators(store, FEED).etag == '"a"'
    # A page of one site's article is archived once, and the bytes are those that were shipped.
    assert len(read_store(tmp_path)["bodies"]) == 3


@dataclass(frozen=True)
class Kept:
    """A store without messages, the messages of two crawls, and the store that has taken each once."""

    empty: Path
    queues: list[list[Fetched | Ended]]
    store: Any


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, workers: WorkerPool) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "empty").mkdir()
    runs = open_store(folder / "empty")
    queues = [build_messages(runs[name], name) for name in ("s0", "s1")]
    shutil.copytree(folder / "empty", folder / "plain")
    keep(folder / "plain", workers, *queues)
    return Kept(folder / "empty", queues, read_store(folder / "plain"))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_interleaving_with_repeats_gives_the_same_store(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, workers: WorkerPool, kept: Kept
) -> None:
    mixed = tmp_path_factory.mktemp("mixed") / "home"
    shutil.copytree(kept.empty, mixed)

    # The messages of one crawl come in their order; each batch may come again, whole or cut.
    sent: list[Fetched | Ended] = []
    left = [list(queue) for queue in kept.queues]
    while any(left):
        queue = data.draw(st.sampled_from([one for one in left if one]))
        sent.append(queue.pop(0))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=4)))
    batches = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    repeated = [
        batch[: data.draw(st.integers(0, len(batch)))] + batch if data.draw(st.booleans()) else batch
        for batch in batches
    ]
    keep(mixed, workers, *repeated, data.draw(st.permutations(sent)))
    assert read_store(mixed) == kept.store


def test_pages_of_a_run_that_was_closed_are_stored_but_its_end_is_not(
    tmp_path: Path, workers: WorkerPool
) -> None:
    runs = open_store(tmp_path)
    with Store(tmp_path / "shopwire.db") as store, store.writing():
        close_run(store, runs["s0"], FETCHED, "interrupted", "its worker fell silent")
    keep(tmp_path, workers, build_messages(runs["s0"], "s0"))
    articles, _, closed, validators = read_store(tmp_path)["tables"]
    assert len(articles) == 3
    assert closed[0][2:4] == ("interrupted", "its worker fell silent")
    assert validators == []


def build_page_message(run: int, number: int, seconds: int, body: str) -> Fetched:
    url, at = f"https://s0.example/news/{number}-report", FETCHED + timedelta(seconds=seconds)
    record = build_record(ArchivedPage(url, "s0", at, "text/html; charset=utf-8", body.encode()))
    return Fetched(run, "s0", "page", url, format_time(at), "stored", "", 200, len(body), record=record)


def test_a_page_that_comes_after_a_later_fetch_of_it_replaces_nothing(
    tmp_path: Path, workers: WorkerPool
) -> None:
    # A worker was cut off, another one has crawled the site again, then the first one sends what it has.
    runs = open_store(tmp_path)
    early, late = write_page("s0", 1), write_page("s0", 1).replace(" was counted.</p>", " was sold.</p>", 1)
    with Store(tmp_path / "shopwire.db") as store, store.writing():
        close_run(store, runs["s0"], FETCHED, "interrupted", "its worker fell silent")
        again = grant_lease(store, "s0", "two", FETCHED)
    first = build_page_message(runs["s0"], 1, 0, early)
    keep(tmp_path, workers, [build_page_message(again, 1, 90, late)], [first], [first])
    with Store(tmp_path / "shopwire.db") as store:
        (article,) = store.rows("SELECT id, text, fetched FROM articles")
        rows = store.rows("SELECT run_id, outcome, reason, article_id FROM fetches ORDER BY id")
    assert " was sold." in article["text"]
    assert article["fetched"] == format_time(FETCHED + timedelta(seconds=90))
    assert [tuple(row) for row in rows] == [
        (again, "stored", "", article["id"]),
        (runs["s0"], "known", OVERTAKEN, article["id"]),
    ]


FRAME = "More of trade at this address every week."


def build_crawl_with_a_frame(run: int) -> list[Fetched | Ended]:
    bodies = [write_page("s0", number) for number in range(5)]
    framed = [body.replace("</article>", f"<p>{FRAME}</p></article>") for body in bodies]
    return [
        *(build_page_message(run, number, number, body) for number, body in enumerate(framed)),
        Ended(run, "s0", 0, "finished", is_complete=True),
    ]


def count_framed(folder: Path) -> tuple[int, int]:
    """How many articles have the line, and how many runs of the source are closed."""
    with Store(folder / "shopwire.db") as store:
        (articles,) = store.row("SELECT count(*) FROM articles WHERE text LIKE ?", f"%{FRAME}%") or (0,)
        (runs,) = store.row("SELECT count(*) FROM runs WHERE source = 's0' AND finished IS NOT NULL") or (0,)
    return articles, runs


def test_no_run_is_closed_before_what_it_has_learned_is_removed(
    tmp_path: Path, workers: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = build_crawl_with_a_frame(open_store(tmp_path)["s0"])

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "sweep_boilerplate", fail)
        with pytest.raises(sqlite3.OperationalError):
            keep(tmp_path, workers, messages)
    articles, runs = count_framed(tmp_path)
    assert (articles > 0, runs) == (True, 0)
    # As the end was not acknowledged, it comes again.
    keep(tmp_path, workers, messages[-1:])
    assert count_framed(tmp_path) == (0, 1)


def test_a_run_is_closed_though_a_text_cannot_be_analyzed_without_its_boilerplate(
    tmp_path: Path, workers: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = build_crawl_with_a_frame(open_store(tmp_path)["s0"])

    def fail(*_: object) -> None:
        raise LostWorkError(Outcome.TIMEOUT, "too slow")

    monkeypatch.setattr(inbox, "sweep_boilerplate", fail)
    keep(tmp_path, workers, messages)
    assert count_framed(tmp_path)[1] == 1


def test_a_crawl_that_broke_off_is_closed_as_such(tmp_path: Path, workers: WorkerPool) -> None:
    runs = open_store(tmp_path)
    shipped = build_messages(runs["s0"], "s0")[:2]
    keep(tmp_path, workers, [*shipped, Ended(runs["s0"], "s0", 0, "ended by SIGKILL", is_complete=False)])
    keep(tmp_path, workers, [Ended(runs["s1"], "s1", 0, "exit code 1: no", is_complete=False)])
    _, _, closed, _ = read_store(tmp_path)["tables"]
    assert [run[2:4] for run in closed] == [
        ("interrupted", "ended by SIGKILL"),
        ("failed", "exit code 1: no"),
    ]


def test_what_was_taken_down_is_not_stored(tmp_path: Path, workers: WorkerPool) -> None:
    runs = open_store(tmp_path)
    url = "https://s0.example/news/1-report"
    with Store(tmp_path / "shopwire.db") as store, store.writing():
        add_forgotten(store, "url", [url], url)
    keep(tmp_path, workers, build_messages(runs["s0"], "s0"))
    articles, fetches, *_ = read_store(tmp_path)["tables"]
    assert url not in [article[0] for article in articles]
    assert url not in [fetch[2] for fetch in fetches]
    assert len(list((tmp_path / "archive").rglob("*.warc.gz"))) == 1


def test_the_body_of_an_unchanged_page_is_archived_once(tmp_path: Path, workers: WorkerPool) -> None:
    runs = open_store(tmp_path)
    for days in (0, 1):
        at = FETCHED + timedelta(days=days)
        url = "https://s0.example/news/1-report"
        record = build_record(ArchivedPage(url, "s0", at, "text/html", write_page("s0", 1).encode()))
        keep(
            tmp_path,
            workers,
            [Fetched(runs["s0"], "s0", "page", url, format_time(at), "stored", "", record=record)],
        )
    with Store(tmp_path / "shopwire.db") as store:
        places = [tuple(row) for row in store.rows("SELECT archived_in, body_in FROM fetches ORDER BY id")]
        outcomes = [row[0] for row in store.rows("SELECT outcome FROM fetches ORDER BY id")]
    assert places[1][0] != places[0][0] == places[1][1]
    first, second = (read_archived_page(tmp_path / "archive", place) for place, _ in places)
    assert second.body == first.body
    assert second.fetched == first.fetched + timedelta(days=1)
    assert outcomes == ["stored", "known"]


def test_a_page_has_what_its_worker_knew_of_it() -> None:
    url = "https://s0.example/news/1-report"
    known = {"title": "A", "zone": "Asia/Tokyo", "country_zone": "Asia/Seoul"}
    record = build_record(ArchivedPage(url, "s0", FETCHED, "text/html", b"<p>", known))
    at = format_time(FETCHED)
    page = read_fetched_page(Fetched(1, "s0", "page", url, at, "stored", "", modified=at, record=record))
    assert page is not None
    assert format_known(page).items() >= known.items()
    assert page.listed.modified == FETCHED


def forge(message: Fetched, **changes: Any) -> Fetched:
    return replace(message, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"run": 99},
        {"source": "s1"},
        {"url": "https://elsewhere.example/1"},
        {"url": "HTTPS://s0.example/1"},
        {"url": "s0"},
        {"at": "2026-11-22T09:00:00+00:00"},
        {"record": b""},
        {"record": b"\x1f\x8bdamaged"},
        {"record": build_record(ArchivedPage("https://elsewhere.example/", "s0", FETCHED, "", b""))},
        {"record": build_record(ArchivedPage("https://s0.example/1", "s1", FETCHED, "", b""))},
        {"kind": "feed", "url": "javascript:alert(1)", "record": b""},
    ],
)
def test_what_no_crawl_of_ours_can_have_sent_is_refused(
    tmp_path: Path, workers: WorkerPool, changes: dict[str, Any]
) -> None:
    runs = open_store(tmp_path)
    good = build_messages(runs["s0"], "s0")[1]
    assert isinstance(good, Fetched)
    with Inbox(tmp_path / "shopwire.db", tmp_path / "archive", is_own, workers) as opened:
        opened.check(good)
        with pytest.raises(WireError):
            opened.check(forge(good, **changes))
        with pytest.raises(WireError):
            opened.check(Beat("one", "1", 1))
