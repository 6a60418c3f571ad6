"""Listing pages and JSON lists: packed, dated, or without what their source expects."""

import gzip

import pytest

from shopwire.spiders.api import ApiSource
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.readers.list_body import ListBody

HTML = b"""<ul><li><a href="/1">One</a> <i>2026-11-09 08:30</i></li><li><a href="/2">Two</a></li></ul>"""
JSON = b'\xef\xbb\xbfcallback({"data": {"rows": [{"id": 1, "t": "/Date(1794187800000)/"}, {"id": 2}]}});'
URL = "https://a.example/list"


class Listing(ListingSource):
    name = "listing"
    home = "https://a.example/"
    links = "ul a"


class Api(ApiSource):
    name = "api"
    home = "https://a.example/"
    rows = "data.rows"
    link = "https://a.example/{id}"
    dated = "t"


def read(source: Listing | Api, body: bytes) -> list[tuple[str, str]]:
    """Return the address and the time of each link."""
    found = [one for one in source.build_reader().read(ListBody(URL, body)) if isinstance(one, ListedLink)]
    return [(link.url, f"{link.date:%Y-%m-%d %H:%M}" if link.date else "") for link in found]


def test_a_listing_page_has_dates() -> None:
    expected = [("/1", "2026-11-09 00:30"), ("/2", "")]
    assert read(Listing(), HTML) == expected
    assert read(Listing(), gzip.compress(HTML)) == expected


def test_a_json_list_has_dates() -> None:
    expected = [("https://a.example/1", "2026-11-09 01:30"), ("https://a.example/2", "")]
    assert read(Api(), JSON) == expected
    assert read(Api(), gzip.compress(JSON)) == expected


@pytest.mark.parametrize(
    ("source", "body", "words"),
    [
        (Listing, b"<p>Nothing", "no element matches `links`: ul a"),
        (Api, b"<p>Nothing", "no JSON"),
        (Api, b'{"data": 5}', "JSON without a list at `data.rows`"),
        (Api, b'{"data": {"rows": []}}', "a list without rows"),
        (Api, b'{"data": {"rows": [{"key": 1}]}}', "1 rows, none of which has the values of"),
    ],
)
def test_a_list_says_what_it_lacks(source: type[Listing | Api], body: bytes, words: str) -> None:
    with pytest.raises(UnreadableListError, match=words):
        read(source(), body)


def test_since_is_a_time_in_the_zone_of_the_source() -> None:
    assert str(Listing(since="2026-11-09").since) == "2026-11-09 00:00:00+08:00"
