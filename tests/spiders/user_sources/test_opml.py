"""Lists of feeds: what comes in, what is left out and why, and the round trip of our own sources."""

from typing import Any

import pytest
from lxml import etree

from shopwire.commands.common.source_registry import load_sources
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.user_sources.build_source import build_source
from shopwire.spiders.user_sources.imported import (
    MOST_ENTRIES,
    Entry,
    Imported,
    UnreadableFileError,
    import_entries,
)
from shopwire.spiders.user_sources.opml import join_xpath, read_opml, write_opml
from shopwire.spiders.user_sources.source_values import describe_values
from shopwire.spiders.user_sources.url_list import read_url_list


def import_all(entries: list[Entry], sources: dict[str, Any] | None = None) -> list[Imported]:
    return list(import_entries(entries, sources or {}, allows_loopback=False))


def opml(outlines: str) -> bytes:
    namespace = 'xmlns:frss="https://freshrss.org/opml"'
    return f'<?xml version="1.0"?><opml version="2.0" {namespace}><body>{outlines}</body></opml>'.encode()


def test_the_whole_pack_comes_back_as_it_was() -> None:
    sources = load_sources()
    results = import_all(read_opml(write_opml(sources.values())))
    assert {one.name for one in results} == set(sources)
    for one in results:
        source = sources[one.name]
        built = build_source(one.name, one.entry.values)
        assert describe_values(built) == describe_values(source)
        assert built.__mro__[1] is source.__mro__[1]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("ebrun", {"links": ".news a.title"}),
        ("dsb", {"enabled": True}),
        ("retaildive", {"feeds": ["https://www.retaildive.com/other/"], "delay": 3.0}),
        ("retaildive", {"lists": ["https://www.retaildive.com/"], "links": "h3 a"}),
    ],
)
def test_a_changed_shipped_source_comes_back_with_its_changes_only(name: str, table: dict[str, Any]) -> None:
    shipped = load_sources()
    changed = build_source(name, table, shipped[name])
    entries = read_opml(write_opml([changed], shipped))
    (one,) = import_all(entries, shipped)
    assert one.name == name
    assert describe_values(build_source(name, one.entry.values, shipped[name])) == describe_values(changed)
    assert "lists" in table or one.entry.values == table
    assert import_all(entries, {**shipped, name: changed})[0].known == name
    other = build_source(name, {"delay": 9.0}, shipped[name])
    assert "has another table" in import_all(entries, {**shipped, name: other})[0].refused


def test_other_readers_see_every_feed() -> None:
    root = etree.fromstring(write_opml(load_sources().values()))
    feeds = [
        url for source in load_sources().values() if issubclass(source, FeedSource) for url in source.feeds
    ]
    shown = [one.get("xmlUrl") for one in root.iter("outline") if one.get("type") == "rss"]
    assert sorted(filter(None, shown)) == sorted(feeds)


def test_sources_that_are_there_are_known() -> None:
    sources = load_sources()
    results = import_all(read_opml(write_opml(sources.values())), sources)  # type: ignore[arg-type]
    assert [one.known for one in results] == [one.entry.name for one in results]
    feed = opml('<outline text="Other name" xmlUrl="http://www.retaildive.com/feeds/news/?utm_source=x"/>')
    (one,) = import_all(read_opml(feed.replace(b"http:", b"https:")), sources)  # type: ignore[arg-type]
    assert one.known == "retaildive"


def test_a_reader_s_folders_names_and_languages_are_taken_over() -> None:
    body = opml(
        '<outline text="Trade"><outline title="Sample Trade" text="x" type="rss" language="en-us"'
        ' category="a,/b" xmlUrl="https://trade.example/feed" htmlUrl="https://www.trade.example/"/></outline>'
    )
    (one,) = import_all(read_opml(body))
    assert one.name == "trade"
    assert one.entry.tags == ("Trade", "a", "b")
    assert one.entry.values == {
        "title": "Sample Trade",
        "home": "https://www.trade.example/",
        "language": "en",
        "feeds": ["https://trade.example/feed"],
    }


def test_feeds_of_one_site_and_folder_are_one_source() -> None:
    feed = '<outline text="{0}" xmlUrl="https://a.example/{0}" htmlUrl="https://a.example/"/>'
    body = opml(f'<outline text="X">{feed.format(1)}{feed.format(2)}</outline>{feed.format(3)}')
    results = import_all(read_opml(body))
    assert [one.entry.values["feeds"] for one in results] == [
        ["https://a.example/1", "https://a.example/2"],
        ["https://a.example/3"],
    ]
    assert [one.name for one in results] == ["a", "a_2"]


def test_pages_and_json_of_freshrss_become_listings_and_apis() -> None:
    body = opml(
        '<outline text="P" type="HTML+XPath" xmlUrl="https://p.example/news" frss:xPathItem="//li | //dt"'
        ' frss:xPathItemUri="descendant::a/@href"/>'
        '<outline text="J" type="JSON+DotNotation" xmlUrl="https://j.example/api" frss:jsonItem="data.items"'
        ' frss:jsonItemUri="url" frss:jsonItemTitle="name"/>'
    )
    page, api = import_all(read_opml(body))
    assert page.entry.values["links"] == "(//li | //dt)/descendant::a"
    assert {key: api.entry.values[key] for key in ("rows", "link", "titled")} == {
        "rows": "data.items",
        "link": "{url}",
        "titled": "name",
    }
    assert join_xpath("//a", "@href") == "//a"


@pytest.mark.parametrize(
    ("outline", "says"),
    [
        ('<outline text="x" type="HTML+Magic" xmlUrl="https://a.example/"/>', "type 'HTML+Magic'"),
        ('<outline text="x" type="include" url="https://a.example/x.opml"/>', "type 'include'"),
        ('<outline text="x" xmlUrl="ftp://a.example/feed"/>', "is not an http or https address"),
        ('<outline text="x" xmlUrl="http://127.0.0.1/feed"/>', "is on this machine or in a private network"),
        (
            '<outline text="x" xmlUrl="http://192.168.1.9/feed"/>',
            "is on this machine or in a private network",
        ),
        ('<outline text="x" xmlUrl="http://[::1]/feed"/>', "is on this machine or in a private network"),
        (
            '<outline text="x" xmlUrl="http://printer.local/feed"/>',
            "is on this machine or in a private network",
        ),
        (
            '<outline text="x" type="HTML+XPath" xmlUrl="https://a.example/" frss:xPathItem="//a["/>',
            "neither CSS",
        ),
    ],
)
def test_what_is_left_out_is_named_and_the_others_come_in(outline: str, says: str) -> None:
    good = '<outline text="good" xmlUrl="https://good.example/feed"/>'
    results = import_all(read_opml(opml(outline + good)))
    assert [one.name for one in results] == ["", "good"]
    assert says in results[0].refused


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html><body>not found</body></html>", "no outline with an xmlUrl"),
        (b"", "no outline with an xmlUrl"),
        (opml('<outline text="x"/>'), "no outline with an xmlUrl"),
        (opml('<outline xmlUrl="https://a.example/"/>' * (MOST_ENTRIES + 1)), "more than 10,000 outlines"),
        (b"<opml><body><outline " + b"a='1' " * 3000 + b"/></body></opml>", "attributes"),
        (opml("<outline text='a'>" * 5000 + "</outline>" * 5000), "line 1: Excessive depth"),
    ],
)
def test_a_file_that_is_no_list_is_one_clear_line(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        read_opml(body)


@pytest.mark.parametrize("written", ["?a=1&b=2", "?a=1&amp;b=2", "?a=1&lang=en&copy=1", "?a=1&#38;b=2"])
def test_an_address_with_an_ampersand_is_taken_as_it_is_meant(written: str) -> None:
    (one,) = read_opml(opml(f'<outline text="A & B" xmlUrl="https://a.example/feed{written}"/>'))
    meant = written.replace("&amp;", "&").replace("&#38;", "&")
    assert one.values == {"title": "A & B", "feeds": [f"https://a.example/feed{meant}"]}


@pytest.mark.parametrize("length", [1, 20, 47])
def test_a_file_that_breaks_off_says_where(length: int) -> None:
    outlines = "".join(f'<outline text="{n}" xmlUrl="https://{n}.example/feed"/>\n' for n in "ab")
    body = opml(outlines)
    cut = body[: body.index(b'<outline text="b"') + length]
    first, error = read_opml(cut)
    assert first.values["feeds"] == ["https://a.example/feed"]
    assert error.ignored.startswith("line 2: ")
    assert [bool(one.refused) for one in import_all([first, error])] == [False, True]


def test_no_entity_is_expanded_and_no_file_is_read(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    body = (
        f'\n<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]>'
        '<opml><body><outline text="a &m; &x;" xmlUrl="https://a.example/feed"/></body></opml>'
    ).encode()
    outline, notice = read_opml(body)
    assert outline.values == {"title": "a &m; &x;", "feeds": ["https://a.example/feed"]}
    assert notice.ignored == "line 2: it declares entities, which are not read: check the texts"


def test_a_file_of_somebody_else_sets_no_proxy_and_no_cookies() -> None:
    namespace = "https://github.com/shopwire/shopwire/opml"
    secrets = 's:proxy="&quot;http://evil.example&quot;" s:cookies="{}" s:delay="3"'
    outline = f'<outline text="x" type="rss" s:name="x" xmlUrl="https://a.example/feed" {secrets}/>'
    body = f'<opml xmlns:s="{namespace}"><body>{outline}</body></opml>'
    (one,) = import_all(read_opml(body.encode()))
    assert one.entry.values == {"feeds": ["https://a.example/feed"], "delay": 3}


def test_a_plain_list_has_titles_and_tags() -> None:
    body = (
        '# mine\nhttps://a.example/feed "~Sample A" trade "two words" !\n\n'
        '"query:Unread:unread = \\"yes\\""\nexec:~/bin/x\nhttps://b.example/rss\n'
    )
    results = import_all(read_url_list(body.encode()))
    assert [(one.name, one.entry.tags) for one in results if one.name] == [
        ("a", ("trade", "two words")),
        ("b", ()),
    ]
    assert results[0].entry.values == {"feeds": ["https://a.example/feed"], "title": "Sample A"}
    assert [one.refused for one in results if one.refused] == ["not an address of a feed"] * 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\x00\x01\x02 binary", "no line that begins with"),
        (b"https://a.example/\n" * (MOST_ENTRIES + 1), "more than 10,000 lines"),
    ],
)
def test_a_text_file_without_addresses_is_one_clear_line(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        read_url_list(body)


def test_duplicate_names_and_addresses_give_one_source() -> None:
    body = b"https://a.example/feed\nhttps://a.example/feed\nhttps://a.example/other\n"
    results = import_all(read_url_list(body))
    assert [(one.name, one.known) for one in results] == [("a", ""), ("", "a"), ("a_2", "")]
