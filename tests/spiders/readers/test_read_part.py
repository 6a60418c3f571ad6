"""The newest part of a list of any length, as a worker returns it."""

import pickle
import re
from datetime import UTC, datetime

import pytest

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.discovery.detected_links import DetectedLinkReader
from shopwire.spiders.lists.list_dates import build_list_dates
from shopwire.spiders.lists.newest import NEWEST
from shopwire.spiders.lists.reading import ListedLink, ListedList, NextList
from shopwire.spiders.readers import read_part as module
from shopwire.spiders.readers.entry_reader import EntryReader
from shopwire.spiders.readers.link_reader import LinkReader
from shopwire.spiders.readers.list_body import MOST_MARKS, SMALL_LIST, ListBody, ListReader
from shopwire.spiders.readers.read_part import CHUNK, Choice, ListPart, read_part
from shopwire.spiders.readers.row_reader import RowReader
from shopwire.storage.crawl_log.outcomes import Outcome

URL = "https://a.example/list"
DATES = build_list_dates("en", "https://a.example/")
ENTRIES = EntryReader("", DATES)
ALL = Choice(None, None)


def build_sitemap(count: int, name: str = "url") -> ListBody:
    """Return a sitemap with one page a day; the oldest is the first."""
    entry = f"<{name}><loc>/{{}}</loc><lastmod>{{}}-{{:02}}-01</lastmod></{name}>"
    entries = "".join(entry.format(n, 2001 + n // 12, n % 12 + 1) for n in range(count))
    return ListBody(URL, f"<urlset>{entries}</urlset>".encode())


def list_urls(part: ListPart) -> list[str]:
    return [one.url for one in part.list_items() if isinstance(one, ListedLink)]


def test_the_newest_links_come_first_and_the_others_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINKS", 3)
    part = read_part(build_sitemap(8), ENTRIES, ALL)
    assert list_urls(part) == ["/7", "/6", "/5"]
    assert (part.left_out, part.tally.links) == (5, 8)


def test_parts_follow_each_other_without_a_gap_or_a_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINKS", 3)
    body = build_sitemap(8)
    part, urls = read_part(body, ENTRIES, ALL), []
    while True:
        urls += list_urls(part)
        if not part.left_out:
            break
        part = read_part(body, ENTRIES, ALL, part.oldest)
    assert urls == [f"/{number}" for number in range(7, -1, -1)]


def test_links_without_dates_are_ordered_by_their_place() -> None:
    body = ListBody(URL, b"<rss><item><link>/new</link></item><item><link>/old</link></item></rss>")
    assert list_urls(read_part(body, ENTRIES, ALL)) == ["/new", "/old"]


def test_long_texts_make_a_part_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 5)
    part = read_part(build_sitemap(8), ENTRIES, ALL)
    assert list_urls(part) == ["/7", "/6"]
    assert part.left_out == 6


def test_one_link_that_is_too_long_is_a_part() -> None:
    body = ListBody(URL, b"<urlset><url><loc>/1</loc></url></urlset>")
    assert list_urls(read_part(body, ENTRIES, ALL)) == ["/1"]


def test_links_of_several_chunks_are_all_there() -> None:
    assert len(list_urls(read_part(build_sitemap(2 * CHUNK + 1), ENTRIES, ALL))) == 2 * CHUNK + 1


def test_what_is_not_wanted_is_counted_and_left() -> None:
    feed = b"".join(
        b"<item><link>/%d</link><title>%s</title><pubDate>2026-11-0%d</pubDate></item>" % (day, title, day)
        for day, title in ((1, b"Fees"), (2, b"Fees"), (3, b"Rain"))
    )
    choice = Choice(datetime(2026, 11, 2, tzinfo=UTC), re.compile("Fees"))
    part = read_part(ListBody(URL, b"<rss>" + feed + b"</rss>"), ENTRIES, choice)
    assert list_urls(part) == ["/2"]
    assert (part.tally.links, part.tally.old, part.tally.off_subject) == (3, 1, 1)


def test_the_newest_further_lists_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINKS", 2)
    part = read_part(build_sitemap(5, "sitemap"), ENTRIES, ALL)
    assert [one.url for one in part.list_items() if isinstance(one, ListedList)] == ["/4", "/3"]
    assert part.lists_left_out == 3
    assert list(read_part(build_sitemap(5, "sitemap"), ENTRIES, ALL, (NEWEST, 0)).list_items()) == []


def test_an_error_comes_with_what_was_read_before_it() -> None:
    part = read_part(ListBody(URL, b"<html>"), ENTRIES, ALL)
    assert list_urls(part) == []
    assert part.tally.error is not None
    assert part.tally.error.outcome is Outcome.EMPTY_LIST


def test_an_error_passes_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnreadableListError(Outcome.TOO_BIG, "too large")))
    assert (error.outcome, str(error)) == (Outcome.TOO_BIG, "too large")


READERS: list[tuple[ListReader, bytes]] = [
    (ENTRIES, b"<rss><item><link>/1</link></item></rss>"),
    (LinkReader(DATES, "ul a", next_page="a.next"), b"<ul><a href='/1'>x</a></ul><a class=next href='?p=2'>"),
    (
        DetectedLinkReader(LinkReader(DATES)),
        b"".join(b"<li><a href='/%d'>A title of twenty letters %d</a>" % (n, n) for n in range(9)),
    ),
    (RowReader(DATES, link="/{id}", next_page="more", rows="rows"), b'{"rows": [{"id": 1}], "more": "?p=2"}'),
]


@pytest.mark.parametrize(("reader", "content"), READERS, ids=lambda one: type(one).__name__)
def test_a_worker_can_take_each_reader(reader: ListReader, content: bytes) -> None:
    sent: ListReader = pickle.loads(pickle.dumps(reader))
    part: ListPart = pickle.loads(pickle.dumps(read_part(ListBody(URL, content), sent, ALL)))
    assert list_urls(part)
    following = [one.url for one in part.list_items() if isinstance(one, NextList)]
    assert following == (["?p=2"] if isinstance(reader, (LinkReader, RowReader)) else [])


@pytest.mark.parametrize(
    ("content", "is_small"),
    [
        (b"x" * SMALL_LIST, True),
        (b"x" * (SMALL_LIST + 1), False),
        (b"<" * MOST_MARKS, True),
        (b"<&{[" * (MOST_MARKS // 4) + b"<", False),
        (b"\x1f\x8b", False),
    ],
)
def test_a_list_is_small_by_its_length_and_its_marks(content: bytes, is_small: bool) -> None:
    assert ListBody(URL, content).is_small is is_small
