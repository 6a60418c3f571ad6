"""Reads a list in any form that feeds and sitemaps have in the field."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.stream import (
    HEAD,
    convert_slices_to_utf8,
    cut_between_tags,
    cut_slices,
    unpack,
)
from shopwire.spiders.decoding.xml import escape_bare_markup, read_entries
from shopwire.spiders.lists.entries import ListEntry, is_address, is_sitemap_file
from shopwire.spiders.lists.json_feed import LARGEST_JSON, read_json_feed
from shopwire.spiders.lists.xml_lists import (
    FEED_ENTRIES,
    SITEMAP_ENTRIES,
    read_feed_entry,
    read_sitemap_entry,
)
from shopwire.storage.crawl_log.outcomes import Outcome

# What precedes the root element is not needed, and a document type with its entities may be an attack.
ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
FEED_ROOTS = frozenset((b"rss", b"feed", b"rdf", b"channel"))
HTML = re.compile(
    rb"\s*(?:<\?[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
XML_START = re.compile(rb"<(?![?!])([^\s<>]{1,40})")
LINE_BREAK = re.compile(rb"[\r\n]+")
SITEMAP_LINE = re.compile(r"\s*sitemap\s*:\s*(\S+)", re.IGNORECASE)
# Characters, as for a URL that can be canonical.
LONGEST_LINE = 2_083


def read_list(body: bytes, content_type: str = "") -> Iterator[ListEntry]:
    """Yield the entries of a list in their order: RSS, Atom, RDF or JSON Feed, an XML sitemap or an index of
    sitemaps, addresses line by line, or the sitemaps of a robots.txt; each may be packed.

    Raises `UnreadableListError` for a body that is none of these or has no entry; its reason says which.
    """
    slices = convert_slices_to_utf8(unpack(cut_slices(body)), content_type)
    head = _take_head(slices)
    start = head.lstrip()[:1]
    if start in (b"{", b"["):
        yield from read_json_feed(_join(chain([head], slices)))
    elif HTML.match(head):
        raise _build_error("neither a feed nor a sitemap: an HTML page")
    elif root := ROOT.search(head):
        yield from _read_xml(root[1].lower() in FEED_ROOTS, chain([head[root.start() :]], slices))
    elif start == b"<":
        name = XML_START.search(head)
        begins = f"begins with <{name[1].decode(errors='replace')}>" if name else "XML without an element"
        raise _build_error(f"neither a feed nor a sitemap: {begins}")
    else:
        yield from _read_lines(chain([head], slices))


def _build_error(reason: str) -> UnreadableListError:
    return UnreadableListError(Outcome.EMPTY_LIST, sanitize_line(reason))


def _take_head(slices: Iterator[bytes]) -> bytes:
    """Return the beginning of a text, up to the slice with the root element."""
    head = next(slices, b"")
    while len(head) < HEAD and not ROOT.search(head) and (more := next(slices, b"")):
        head += more
    return head


def _join(slices: Iterable[bytes]) -> bytes:
    """Return a whole JSON text. Raises `UnreadableListError` if it is too large to be parsed at once."""
    joined = bytearray()
    for data in slices:
        joined += data
        if len(joined) > LARGEST_JSON:
            raise UnreadableListError(Outcome.TOO_BIG, f"JSON larger than {LARGEST_JSON:,} bytes")
    return bytes(joined)


def _read_xml(is_feed: bool, slices: Iterable[bytes]) -> Iterator[ListEntry]:
    """Yield the entries of XML that begins with the root element."""
    count = named = 0
    names = FEED_ENTRIES if is_feed else SITEMAP_ENTRIES
    read = read_feed_entry if is_feed else read_sitemap_entry
    for entry in read_entries(escape_bare_markup(cut_between_tags(slices)), *names):
        count += 1
        found = read(entry, count)
        if found.urls:
            named += 1
            yield found
    kind = "feed" if is_feed else "sitemap"
    if not count:
        raise _build_error(f"a {kind} without entries")
    if not named:
        raise _build_error(f"a {kind} with {count:,} entries, none of which has an address")


def _read_lines(slices: Iterable[bytes]) -> Iterator[ListEntry]:
    """Yield the addresses of a text, one in each line, or the sitemaps that a robots.txt names."""
    first, count = "", 0
    for line in _split_lines(slices):
        first = first or line
        declared = SITEMAP_LINE.match(line)
        # Some programs write a date behind each address.
        url = declared[1] if declared else line.split()[0]
        if not declared and not is_address(url):
            continue
        count += 1
        yield ListEntry((url,), is_list=bool(declared) or is_sitemap_file(url), rank=count)
    if not count:
        found = f"begins with {first[:40]!r}" if first else "an empty body"
        raise _build_error(f"neither a feed nor a sitemap: {found}")


def _split_lines(slices: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a text that are not empty, cut to `LONGEST_LINE`."""
    held = b""
    for data in chain(slices, [b"\n"]):
        *lines, held = LINE_BREAK.split(held + data)
        for line in lines:
            if text := line[:LONGEST_LINE].decode("utf-8", "replace").strip():
                yield text
        held = held[:LONGEST_LINE]
