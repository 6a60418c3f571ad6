"""What a crawl has added to the store of a worker is shipped, and nothing that the worker was told."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.spiders.page import FetchResult
from shopwire.storage.archive import ArchivedBody, ArchivedPage, ArchiveWriter, read_record
from shopwire.storage.cluster.outbox import Outbox
from shopwire.storage.crawl_log.conditional_requests import Validators, mark_unreliable, save_validators
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import begin_run, finish_run
from shopwire.storage.database import Store
from tests.support.makers import FETCHED, a_page, an_article

URL = "https://blog.example/1"
RAW = ArchivedPage(URL, "blog", FETCHED, "text/html", b"<p>One", {"title": "A title"})


def test_it_ships_new_fetches_with_their_records_until_they_arrive(store: Store, tmp_path: Path) -> None:
    store_fetch_result(store, FetchResult(URL, "blog", "page", FETCHED, Outcome.ERROR, "500"), None)
    outbox = Outbox(store, tmp_path, 41, "blog")
    assert outbox.read() == []
    with ArchiveWriter(tmp_path, "2026-11/blog") as archive:
        archive.write(RAW)
        place = archive.write(RAW)
    run = begin_run(store, "blog")
    store_page(store, a_page(URL, archived_in=place, requested=URL), an_article(URL), run)
    (number, shipped), *others = outbox.read()
    assert not others
    assert (shipped.run, shipped.url, shipped.outcome, shipped.kind) == (41, URL, "stored", "page")
    assert read_record(BytesIO(shipped.record)) == RAW
    ((again, repeated),) = outbox.read()
    assert (again, replace(repeated, record=b"")) == (number, replace(shipped, record=b""))
    assert read_record(BytesIO(repeated.record)) == RAW
    outbox.settle(number)
    assert outbox.read() == []


def test_a_revisit_record_is_shipped_with_its_body(store: Store, tmp_path: Path) -> None:
    outbox = Outbox(store, tmp_path, 41, "blog")
    with ArchiveWriter(tmp_path, "2026-11/blog") as archive:
        body = ArchivedBody(archive.write(RAW), FETCHED)
        for place, body_in in ((body.place, ""), (archive.write(RAW, body), body.place)):
            page = a_page(URL, archived_in=place, body_in=body_in, requested=URL)
            store_page(store, page, an_article(URL), None)
    assert [read_record(BytesIO(shipped.record)) for _, shipped in outbox.read()] == [RAW, RAW]


def test_a_record_that_cannot_be_read_is_trouble(store: Store, tmp_path: Path) -> None:
    outbox = Outbox(store, tmp_path, 41, "blog")
    store_page(store, a_page(URL, archived_in="lost.warc.gz#0", requested=URL), an_article(URL), None)
    ((_, shipped),) = outbox.read()
    assert (shipped.outcome, shipped.record) == ("trouble", b"")
    assert "lost.warc.gz" in shipped.reason


def test_the_end_has_what_the_crawl_has_learned(store: Store, tmp_path: Path) -> None:
    with store.writing():
        for name in ("old", "wrong"):
            save_validators(store, f"https://blog.example/{name}", Validators('"a"'))
    outbox = Outbox(store, tmp_path, 41, "blog")
    run = begin_run(store, "blog")
    assert not outbox.build_end("ended by SIGKILL").is_complete
    with store.writing():
        save_validators(store, "https://blog.example/new", Validators('"b"', "yesterday"))
        mark_unreliable(store, "https://blog.example/wrong")
    finish_run(store, run, 3, "finished")
    end = outbox.build_end("exit code 0")
    assert (end.run, end.source, end.known, end.reason, end.is_complete) == (41, "blog", 3, "finished", True)
    assert end.validators == (("https://blog.example/new", '"b"', "yesterday"),)
    assert end.unreliable == ("https://blog.example/wrong",)


def test_a_crawl_that_was_told_to_stop_did_not_end_by_itself(store: Store, tmp_path: Path) -> None:
    outbox = Outbox(store, tmp_path, 41, "blog")
    finish_run(store, begin_run(store, "blog"), 3, "shutdown")
    assert outbox.build_end("the daemon was stopped").reason == "the daemon was stopped"
    assert not outbox.build_end("").is_complete
