"""What the elements of RSS, Atom, RDF and sitemaps mean."""

import re
from collections.abc import Iterator

from shopwire.spiders.decoding.feed_text import strip_tags
from shopwire.spiders.decoding.xml import CONTENT_PATHS, LONGEST_CONTENT, Entry
from shopwire.spiders.lists.entries import LEAST_CONTENT, ListEntry, clean_url, is_address, is_sitemap_file

FEED_ENTRIES, SITEMAP_ENTRIES = ("item", "entry"), ("url", "sitemap")
# RSS 2.0 writes an author as `address (name)`.
NAME_OF_ADDRESS = re.compile(r"[^\s@()]+@[^\s()]+ ?\(([^()]+)\)")
# Paths of fields, see `xml.Field`; the first that has a text counts.
TITLE = ("title", "+title")
AUTHOR = ("author/name", "author", "+creator", "creator", "+author/name", "+author")
PUBLISHED = (
    "pubdate",
    "published",
    "issued",
    "+date",
    "date",
    "+issued",
    "+published",
    "+created",
    "created",
)
UPDATED = ("updated", "modified", "+updated", "+modified")
CATEGORIES = ("category", "+category", "+subject")
MOST_CATEGORIES = 20
# Relations of Atom links to a page that an entry is about; that of an aggregator's entry may be the original.
ORIGINALS = ("canonical", "related", "via")
NEWS_DATE = ("+news/publication_date", "news/publication_date")
NEWS_TITLE = ("+news/title", "news/title")


def read_feed_entry(entry: Entry, number: int) -> ListEntry:
    """Return an entry of RSS, Atom or RDF, the `number`th of its feed, with all addresses that it names."""
    author = entry.get_text(*AUTHOR)
    address = NAME_OF_ADDRESS.fullmatch(author)
    updated = entry.get_text(*UPDATED)
    return ListEntry(
        tuple(dict.fromkeys(filter(None, map(clean_url, _list_feed_urls(entry))))),
        title=strip_tags(entry.get_text(*TITLE)),
        author=strip_tags(address[1] if address else author),
        published=entry.get_text(*PUBLISHED) or updated,
        updated=updated,
        categories=tuple(_list_categories(entry)),
        text=_find_content(entry),
        rank=-number,
    )


def _find_content(entry: Entry) -> str:
    """Return the longest text of an entry as HTML; empty if it is short, or longer than what is read, as a
    part of an article must not look like the whole."""
    found = ("".join(one.texts).strip() for one in entry.fields if one.path in CONTENT_PATHS)
    longest = max(found, key=len, default="")
    return longest if LEAST_CONTENT <= len(longest) < LONGEST_CONTENT else ""


def _list_categories(entry: Entry) -> Iterator[str]:
    """Yield the categories of an entry: texts in RSS, labels or terms in Atom."""
    for field in [one for one in entry.fields if one.path in CATEGORIES][:MOST_CATEGORIES]:
        if text := field.text or field.attributes.get("label") or field.attributes.get("term"):
            yield strip_tags(text)


def _list_feed_urls(entry: Entry) -> list[str]:
    """Return the addresses of an entry: the original of a link that counts clicks, the links to the page
    itself, then identifiers that are addresses."""
    linked: list[str] = []
    others: list[str] = []
    for field in entry.fields:
        if field.path == "link":
            relation = field.attributes.get("rel", "alternate").lower()
            written = field.text or field.attributes.get("href", "")
            url = entry.resolve(written, field.attributes) if written else ""
            if relation == "alternate":
                linked.append(url)
            elif relation in ORIGINALS:
                others.append(url)
        elif field.path in ("guid", "id"):
            permanent = {name.lower(): value.lower() for name, value in field.attributes.items()}
            if permanent.get("ispermalink") != "false" and is_address(field.text):
                others.append(field.text)
        elif field.path == "+link" and field.attributes.get("rel", "alternate") == "alternate":
            others.append(field.text or field.attributes.get("href", ""))
    about = [value for name, value in entry.own.attributes.items() if name.endswith("}about")]
    original = entry.get_text("+origlink", "origlink")
    return [original, *linked, *others, *about]


def read_sitemap_entry(entry: Entry, number: int) -> ListEntry:
    """Return an entry of a sitemap or of an index (https://www.sitemaps.org/protocol.html), the `number`th of
    its file, with the date and title of the news extension."""
    own = entry.get_text("loc") or entry.own.text or _find_address(entry)
    published, updated = entry.get_text(*NEWS_DATE), entry.get_text("lastmod")
    url = clean_url(own)
    return ListEntry(
        (url,) if url else (),
        is_list=entry.name == "sitemap" or is_sitemap_file(url),
        title=strip_tags(entry.get_text(*NEWS_TITLE)),
        published=published,
        updated=updated,
        rank=number,
    )


def _find_address(entry: Entry) -> str:
    """Return the first text of an entry that is an address, whatever its element is called."""
    return next((one.text for one in entry.fields if one.path.isalpha() and is_address(one.text)), "")
