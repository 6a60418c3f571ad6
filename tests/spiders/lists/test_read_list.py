"""Feeds and sitemaps as they are, and as they should not be."""

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.xml import MOST_OPEN
from shopwire.spiders.lists.entries import ListEntry
from shopwire.spiders.lists.read_list import read_list
from tests.faults.lists import XXE, item, rss

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><link rel="self" href="/feed"/>
<entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; title</title><link rel="edit" href="/edit/1"/>
<link rel="alternate" href="/1"/><author><name>Li Ming</name></author>
<published>2026-11-10T08:00:00+08:00</published><updated>2026-11-11T08:00:00Z</updated></entry>
<entry><title>Second</title><link href="/2"/><updated>2026-11-09</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed</title></channel><item><title>One</title>
<link>/1</link><dc:creator>Wang Fang</dc:creator><dc:date>2026-11-10</dc:date></item></rdf:RDF>"""


def links(body: str | bytes, content_type: str = "application/xml") -> list[tuple[str, str]]:
    return [(entry.urls[0], entry.title) for entry in entries(body, content_type)]


def entries(body: str | bytes, content_type: str = "application/xml") -> list[ListEntry]:
    return list(read_list(body.encode() if isinstance(body, str) else body, content_type))


def reason(body: str | bytes) -> str:
    with pytest.raises(UnreadableListError) as error:
        entries(body)
    return str(error.value)


def test_atom_is_read_with_its_dates_and_author() -> None:
    first, second = entries(ATOM)
    assert (first.urls, first.title, first.author) == (("/1",), "A bold title", "Li Ming")
    assert (first.published, first.updated) == ("2026-11-10T08:00:00+08:00", "2026-11-11T08:00:00Z")
    assert (second.urls, second.published) == (("/2",), "2026-11-09")


def test_rss_one_is_read() -> None:
    (only,) = entries(RDF)
    assert (only.urls, only.author, only.published) == (("/1",), "Wang Fang", "2026-11-10")


def test_a_guid_is_an_address_unless_it_says_otherwise() -> None:
    body = rss("<item><guid>http://a.example/1</guid></item>")
    assert links(body) == [("http://a.example/1", "")]
    assert "none of which has an address" in reason(body.replace("<guid>", "<guid isPermaLink='false'>"))


def test_an_address_is_no_name_of_an_author() -> None:
    (only,) = entries(rss("<item><link>/1</link><author>desk@a.example (Li Ming)</author></item>"))
    assert only.author == "Li Ming"


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


@pytest.mark.fault("40c", "Lone surrogates in a JSON feed", "the title without them")
def test_half_a_character_is_dropped() -> None:
    body = '{"items": [{"url": "/1", "title": "half \\ud800 a character"}, {"url": 5}, 7]}'
    assert links(body) == [("/1", "half a character")]


URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{more}>{entries}</urlset>'
IMAGE = ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
VIDEO = ' xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
NEWS = ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*found: str, more: str = "") -> str:
    return URLSET.format(more=more, entries="".join(found))


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/show?a=1&copy=2&section=3", "/show?a=1&copy=2&section=3"),
        ("/show?id=7&lt=5&reg=eu&part=2", "/show?id=7&lt=5&reg=eu&part=2"),
        ("/show?a=1&amp;b=2&c=3", "/show?a=1&b=2&c=3"),
        ("/show?a=1&#38;b=2&#x26;c=3", "/show?a=1&b=2&c=3"),
        ("/show?a=1&amp;amp;b=2", "/show?a=1&b=2"),
        ("<![CDATA[\n /show?a=1&copy=2 \n]]>", "/show?a=1&copy=2"),
        ("<![CDATA[/show?a=1&amp;b=2]]>", "/show?a=1&b=2"),
        ("/caf&eacute;", "/café"),
    ],
)
def test_a_bare_ampersand_stays_in_an_address(link: str, url: str) -> None:
    assert links(rss(f"<item><link>{link}</link></item>")) == [(url, "")]
    assert links(urlset(f"<url><loc>{link}</loc></url>")) == [(url, "")]
    assert links(f"<feed><entry><link>{link}</link></entry></feed>") == [(url, "")]


@given(st.text("abc&;#<>[]!CDATA ", max_size=60))
def test_no_text_in_a_title_hides_the_entry_behind_it(text: str) -> None:
    plain = text.replace("<", "&lt;").replace("]]>", "")
    found = links(rss(item("/1", plain), item("/2", f"<![CDATA[{text.replace(']]>', '')}]]>"), item("/3")))
    assert [url for url, _ in found] == ["/1", "/2", "/3"]


@pytest.mark.parametrize("text", ["I <3 you", "x < y", "<1536x1536>5</1536x1536>", "a<", "3<五元"])
def test_a_bare_less_than_sign_is_text(text: str) -> None:
    found = links(rss(f"<item><title>{text}</title><link>/1</link><size>{text}</size></item>", item("/2")))
    assert [url for url, _ in found] == ["/1", "/2"]
    assert found[0][1] in (text, "5", "35元", "3<五元")


@pytest.mark.parametrize("text", ["a <b>c", "a<br><i>c", "<p>a<p>c"])
@pytest.mark.parametrize("name", ["title", "description"])
def test_a_tag_without_end_in_a_text_hides_no_field_behind_it(text: str, name: str) -> None:
    other = "description" if name == "title" else "title"
    fields = f"<{name}>{text}</{name}><{other}>b</{other}><link>/1</link><pubDate>2026-11-09</pubDate>"
    first, second = entries(rss(f"<item>{fields}</item>", item("/2")))
    assert (first.urls, first.published, second.urls) == (("/1",), "2026-11-09", ("/2",))
    assert first.title in ("b", "a c", "ac")


@pytest.mark.parametrize(
    "body",
    [
        ATOM.replace("<", "<a:").replace("<a:/", "</a:").replace("xmlns=", "xmlns:a="),
        ATOM.replace("<", "<ns0:").replace("<ns0:/", "</ns0:").replace("xmlns=", "xmlns:ns0="),
        ATOM.replace("<", "<x:").replace("<x:/", "</x:"),
        "\n<br>Warning: a line in front" + ATOM,
        '\ufeff<?xml version="1.0"?>' + ATOM,
    ],
)
def test_any_prefix_names_the_same_elements(body: str) -> None:
    body = body.replace("&lt;", "[").replace("&gt;", "]")
    assert [url for url, _ in links(body)] == ["/1", "/2"]
    assert entries(body)[0].author == "Li Ming"


@pytest.mark.parametrize("name", ["RSS", "Rss", "rdf:RDF"])
def test_capitals_name_the_same_elements(name: str) -> None:
    body = f"<{name} VERSION='2.0'><CHANNEL><ITEM><TITLE>A</TITLE><LINK>/1</LINK>"
    (only,) = entries(body + f"<PUBDATE>2026-11-09</PUBDATE></ITEM></CHANNEL></{name}>")
    assert (only.urls, only.title, only.published) == (("/1",), "A", "2026-11-09")


def test_the_title_of_a_picture_is_not_that_of_the_page() -> None:
    media = "<m:content><m:title>Photo</m:title></m:content><m:title>Photo</m:title>"
    found = links(
        rss(f"<item xmlns:m='http://search.yahoo.com/mrss/'>{media}<title>Page</title><link>/1</link></item>")
    )
    assert found == [("/1", "Page")]


def test_the_image_of_a_channel_is_no_entry() -> None:
    assert links(rss("<image><url>/logo.png</url><link>/</link></image>", item("/1"))) == [("/1", "A title")]


@pytest.mark.parametrize(
    ("elements", "urls"),
    [
        ("<link>http://count.example/~r/1</link><f:origLink>http://a.example/1</f:origLink>", 2),
        ("<f:origLink>http://a.example/1</f:origLink><link>http://count.example/~r/1</link>", 2),
        ("<guid>http://a.example/1</guid><link>http://a.example/1</link>", 1),
    ],
)
def test_the_original_link_comes_first(elements: str, urls: int) -> None:
    body = rss(f"<item xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>{elements}</item>")
    (only,) = entries(body)
    assert only.urls[0] == "http://a.example/1"
    assert len(only.urls) == urls


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(
    "body", [rss(item("/1")), urlset("<url><loc>/1</loc></url>"), "http://a.example/1\n"]
)
def test_a_packed_list_is_unpacked(body: str, layers: int) -> None:
    packed = body.encode()
    for _ in range(layers):
        packed = gzip.compress(packed)
    assert [url for url, _ in links(packed)] == [url for url, _ in links(body)]


def test_a_list_in_zlib_format_is_unpacked() -> None:
    assert links(zlib.compress(rss(item("/1")).encode())) == links(rss(item("/1")))
    assert links(b"http://a.example/1\n") == [("http://a.example/1", "")]


def test_several_packed_files_in_one_are_one_list() -> None:
    body = urlset(*(f"<url><loc>/{number}</loc></url>" for number in range(100))).encode()
    packed = gzip.compress(body[:1000]) + gzip.compress(body[1000:]) + b"\0" * 20
    assert len(links(packed)) == 100


def test_a_packed_list_that_is_cut_off_is_read_up_to_its_end() -> None:
    body = urlset(*(f"<url><loc>/{number}</loc></url>" for number in range(5_000))).encode()
    packed = gzip.compress(body)
    assert 100 < len(links(packed[: len(packed) // 2])) < 5_000


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_long_list_has_one_charset(codec: str) -> None:
    title = "跨境平台公布秋季物流新规"
    body = rss(*(item(f"/{number}", title + "很长的一行文字" * 20) for number in range(6_000)))
    found = links(body.replace('encoding="utf-8"', "").encode(codec))
    assert len(found) == 6_000
    assert {text[: len(title)] for _, text in found} == {title}


@pytest.mark.parametrize(
    ("item", "urls", "author"),
    [
        ({"url": "/1", "author": {"name": "Ada Moor"}}, ("/1",), "Ada Moor"),
        ({"url": "/1", "author": "Ada Moor"}, ("/1",), "Ada Moor"),
        ({"url": "/1", "authors": {"name": "Ada Moor", "url": "/ada"}}, ("/1",), "Ada Moor"),
        ({"url": "/1", "authors": [{"name": "Ada Moor"}, {"name": "Li Ming"}]}, ("/1",), "Ada Moor, Li Ming"),
        ({"url": "/1", "authors": ["Ada Moor", "Li Ming"]}, ("/1",), "Ada Moor, Li Ming"),
        ({"url": "/1", "authors": "Ada Moor"}, ("/1",), "Ada Moor"),
        ({"url": "/1", "authors": {"1": {"name": "Ada Moor"}}}, ("/1",), "Ada Moor"),
        ({"url": "/1", "authors": [], "author": {"name": "Ada Moor"}}, ("/1",), "Ada Moor"),
        ({"url": "/1", "authors": [{"url": "/ada"}, None, 5]}, ("/1",), ""),
        ({"external_url": "http://b.example/1"}, ("http://b.example/1",), ""),
        ({"id": "http://a.example/1"}, ("http://a.example/1",), ""),
        ({"id": 5, "url": "/1"}, ("/1",), ""),
        ({"url": "/1", "external_url": "http://b.example/2", "id": "1"}, ("/1", "http://b.example/2"), ""),
    ],
)
def test_a_json_feed_is_read_in_both_versions(
    item: dict[str, object], urls: tuple[str, ...], author: str
) -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]})
    for text in (body, "\ufeff" + body, "\n " + body):
        (only,) = entries(text)
        assert (only.urls, only.author) == (urls, author)


def test_the_author_of_a_json_feed_is_that_of_its_items() -> None:
    (only,) = entries(json.dumps({"authors": [{"name": "Ada Moor"}], "items": [{"url": "/1"}]}))
    assert only.author == "Ada Moor"


PICTURE = "<image:image><image:loc>/i.jpg</image:loc><image:title>Photo</image:title></image:image>"
FILM_DATE = "<video:publication_date>2019-01-01</video:publication_date>"
FILM = f"<video:video><video:title>Film</video:title>{FILM_DATE}</video:video>"
REPORT = "<n:news><n:publication_date>2026-11-09</n:publication_date><n:title>Page</n:title></n:news>"


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
def test_extensions_may_stand_in_any_order(order: tuple[int, ...]) -> None:
    parts = (PICTURE, FILM, REPORT, "<loc>/1</loc><lastmod>2026-11-10</lastmod>")
    entry = "".join(parts[number] for number in order)
    (only,) = entries(urlset(f"<url>{entry}</url>", more=IMAGE + VIDEO + NEWS))
    assert (only.urls, only.title, only.published, only.updated) == (
        ("/1",),
        "Page",
        "2026-11-09",
        "2026-11-10",
    )
    (bare,) = entries(urlset(f"<url>{entry}</url>"))
    assert bare.urls == ("/1",)


def test_an_extension_alone_has_no_address() -> None:
    assert "none of which has an address" in reason(urlset(f"<url>{PICTURE}</url>", more=IMAGE))


@pytest.mark.parametrize(
    "body",
    [
        "<sitemapindex><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>",
        "<sitemapindex><sitemap>\n /s.xml \n</sitemap></sitemapindex>",
        "<s:sitemapindex xmlns:s='http://a.example/b'><s:sitemap><s:loc>/s.xml</s:loc></s:sitemap></s:sitemapindex>",
        "<SITEMAPINDEX><SITEMAP><LOC><![CDATA[/s.xml]]></LOC></SITEMAP></SITEMAPINDEX>",
        "User-agent: *\nDisallow:\nSITEMAP : /s.xml # all\n",
    ],
)
def test_an_index_names_sitemaps(body: str) -> None:
    (only,) = entries(body)
    assert (only.urls, only.is_list) == (("/s.xml",), True)


@pytest.mark.parametrize("name", ["s.xml", "S2.XML.gz", "s.xml?page=2"])
def test_a_sitemap_that_is_listed_like_a_page_is_a_list(name: str) -> None:
    url = f"https://a.example/{name}"
    for body in (f"<urlset><url><loc>{url}</loc></url></urlset>", f"# all\n{url}\n"):
        assert [(one.urls, one.is_list) for one in entries(body)] == [((url,), True)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n \n"])
def test_a_text_has_an_address_in_each_line(end: str) -> None:
    body = end.join(
        ("\ufeffhttp://a.example/1", " http://a.example/2 ", "http://a.example/3?a=1&b=2 2026-11-09")
    )
    assert [url for url, _ in links(body)] == [
        "http://a.example/1",
        "http://a.example/2",
        "http://a.example/3?a=1&b=2",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<?xml version="1.0"?><opml version="2.0"><body></body></opml>', "begins with <opml>"),
        ("<!DOCTYPE html><title>Home</title><rdf:RDF>", "an HTML page"),
        ("<!-- x -->\n<html><body>", "an HTML page"),
        ("<a><b/></a>", "begins with <a>"),
        ("", "an empty body"),
        ("  \n", "an empty body"),
        ("Not today.", "begins with 'Not today.'"),
        (b"\x00\xff\x01", "begins with"),
        ('{"version": "1"}', "JSON without `items`"),
        ("{half", "no JSON"),
        (rss(), "a feed without entries"),
        ('{"items": []}', "a feed without entries"),
        ("<feed/>", "a feed without entries"),
        (urlset(), "a sitemap without entries"),
        (rss("<item><title>A</title></item>"), "a feed with 1 entries, none of which has an address"),
        ('{"items": [{"title": "A"}]}', "a feed with 1 entries, none of which has an address"),
    ],
)
def test_a_list_without_links_says_what_it_is(body: str | bytes, words: str) -> None:
    assert words in reason(body)


@pytest.mark.fault("46t", "Thousands of open elements in a list", "what came before them is read")
@pytest.mark.parametrize(("begin", "end"), [("<x>", "</x>"), ('<div xml:base="b/">', "</div>")])
def test_a_list_is_read_up_to_too_many_open_elements(begin: str, end: str) -> None:
    """A parser needs the time of all open ones for each."""
    first, second = (item(f"https://a.example/{number}") for number in (1, 2))
    for depth, count in ((MOST_OPEN // 2, 2), (MOST_OPEN + 1, 1)):
        assert len(entries(rss(first, begin * depth + end * depth, second))) == count


def test_a_missing_end_of_an_entry_loses_no_other() -> None:
    assert [
        url for url, _ in links(rss("<item><link>/1</link>", item("/2"), "<item><link>/3</link></item>"))
    ] == [
        "/1",
        "/2",
        "/3",
    ]


@pytest.mark.parametrize("name", ["location", "url", "link"])
def test_an_address_counts_whatever_its_element_is_called(name: str) -> None:
    address = "http://a.example/s.xml"
    fields = f"<lastmod>2026-11-09</lastmod><{name}>{address}</{name}>"
    (only,) = entries(f"<sitemapindex><sitemap>{fields}</sitemap></sitemapindex>")
    assert (only.urls, only.is_list, only.updated) == ((address,), True, "2026-11-09")


@pytest.mark.parametrize("relation", ["via", "related", "canonical"])
def test_the_page_that_an_entry_is_about_comes_behind_its_link(relation: str) -> None:
    links = f"<link rel='{relation}' href='/1'/><link rel='alternate' href='http://agg.example/1'/>"
    (only,) = entries(f"<feed><entry>{links}<link rel='self' href='/e/1'/></entry></feed>")
    assert only.urls == ("http://agg.example/1", "/1")


@pytest.mark.parametrize(
    ("feed", "entry", "link", "expected"),
    [
        ("", "", "", "one"),
        ("/log/", "", "", "/log/one"),
        ("https://other.example/log/", "", "", "https://other.example/log/one"),
        ("https://other.example/log/", "../news/", "", "https://other.example/news/one"),
        ("/log/", "", "2026/", "/log/2026/one"),
        ("http://[", "", "", "one"),
    ],
)
def test_a_relative_address_is_relative_to_the_base_of_its_element(
    feed: str, entry: str, link: str, expected: str
) -> None:
    base = [f" xml:base='{one}'" if one else "" for one in (feed, entry, link)]
    row = f"<entry{base[1]}><title>x</title><link{base[2]} href='one'/></entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'{base[0]}><title>all</title>{row}{row}</feed>"
    assert [one.urls[0] for one in read_list(atom.encode())] == [expected, expected]


def test_the_base_of_a_channel_holds_for_its_items_only() -> None:
    item = "<item><link>one</link></item>"
    rss = (
        f"<rss><channel xml:base='/a/'><image xml:base='/b/'/>{item}</channel><channel>{item}</channel></rss>"
    )
    assert [one.urls[0] for one in read_list(rss.encode())] == ["/a/one", "one"]
