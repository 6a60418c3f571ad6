"""Feeds as they are, and as they should not be."""

from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from shopwire.spiders.decoding.feed_text import parse_feed_date
from shopwire.spiders.feed import read_feed
from tests.faults.lists import ODD_DATES, XXE, item, rss

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><link rel="self" href="/feed"/>
<entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; title</title><link rel="edit" href="/edit/1"/>
<link rel="alternate" href="/1"/><author><name>Li Ming</name></author>
<published>2026-11-10T08:00:00+08:00</published><updated>2026-11-11T08:00:00Z</updated></entry>
<entry><title>Second</title><link href="/2"/><updated>2026-11-09</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed</title></channel><item><title>One</title>
<link>/1</link><dc:creator>Wang Fang</dc:creator><dc:date>2026-11-10</dc:date></item></rdf:RDF>"""


def links(body: str | bytes, content_type: str = "application/xml") -> list[tuple[str, str]]:
    found = read_feed(response(body, content_type))
    return [(link.url, link.listed.title) for link in found]


def response(body: str | bytes, content_type: str = "application/xml") -> Response:
    data = body.encode() if isinstance(body, str) else body
    return Response("http://a.example/feed", headers={"Content-Type": content_type}, body=data)


def test_atom_is_read_with_its_dates_and_author() -> None:
    first, second = read_feed(response(ATOM))
    assert (first.url, first.listed.title, first.listed.author) == (
        "/1",
        "A bold title",
        "Li Ming",
    )
    assert first.listed.published == "2026-11-10T08:00:00+08:00"
    assert first.listed.modified == datetime(2026, 11, 11, 8, tzinfo=UTC)
    assert (second.url, second.listed.published) == ("/2", "2026-11-09")


def test_rss_one_is_read() -> None:
    (only,) = read_feed(response(RDF))
    assert (only.url, only.listed.author) == ("/1", "Wang Fang")


def test_a_guid_is_an_address_unless_it_says_otherwise() -> None:
    body = rss("<item><guid>http://a.example/1</guid></item>")
    assert links(body) == [("http://a.example/1", "")]
    assert links(body.replace("<guid>", "<guid isPermaLink='false'>")) == []


def test_an_address_is_no_name_of_an_author() -> None:
    (only,) = read_feed(
        response(rss("<item><link>/1</link><author>desk@a.example (Li Ming)</author></item>"))
    )
    assert only.listed.author == "Li Ming"


@pytest.mark.fault("32a", "XXE in a feed's title", "nothing of the file in it")
def test_an_entity_brings_nothing_in() -> None:
    ((url, title),) = links(rss(item("/1", "before &xxe; after"), before=XXE))
    assert url == "/1"
    assert "root:" not in title
    assert title.startswith("before")


@pytest.mark.fault("33a", "GBK feed declared UTF-8", "its title is right")
@pytest.mark.parametrize(("codec", "declared"), [("gbk", "utf-8"), ("gb18030", "gb2312")])
def test_a_mislabelled_feed_is_decoded_as_what_it_is(codec: str, declared: str) -> None:
    title = "跨境平台公布秋季物流新规，商家等待退款"
    body = rss(item("/1", title), declared=declared).encode(codec)
    assert links(body, f"text/xml; charset={declared}") == [("/1", title)]


@pytest.mark.fault("37a", "Script in a feed's title", "its text alone")
def test_a_title_is_text() -> None:
    body = rss(item("/1", "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;Bold&lt;/b&gt;"))
    assert links(body) == [("/1", "alert(1) Bold")]


@pytest.mark.fault("34", "pubDate `2026年11月11日 08:30`", "handed on as it is, never 1 November")
def test_a_date_in_another_form_is_left_to_those_who_read_the_page() -> None:
    (only,) = read_feed(response(rss(item("/1", date=ODD_DATES[0]))))
    assert only.listed.published == "2026年11月11日 08:30"
    assert only.listed.modified is None


@pytest.mark.fault("35a", "Dates in 2100, in 99999, without zone, in no form", "none, or in UTC")
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Wed, 11 Nov 2100 08:00:00 GMT", None),
        ("Wed, 11 Nov 99999 08:00:00 GMT", None),
        ("Wed, 11 Nov 2020 08:00:00 +9999999999999999", None),
        ("1970-01-01", None),
        ("soon", None),
        ("9" * 10_000, None),
        ("2020-11-11T08:00:00", datetime(2020, 11, 11, 8, tzinfo=UTC)),
        ("Wed, 11 Nov 2020 16:00:00 +0800", datetime(2020, 11, 11, 8, tzinfo=UTC)),
    ],
)
def test_absurd_dates_are_no_dates(said: str, expected: datetime | None) -> None:
    assert parse_feed_date(said) == expected


@pytest.mark.fault("40c", "Lone surrogates in a JSON feed", "the title without them")
def test_half_a_character_is_dropped() -> None:
    body = '{"items": [{"url": "/1", "title": "half \\ud800 a character"}, {"url": 5}, 7]}'
    assert links(body) == [("/1", "half a character")]
