"""OPML (https://opml.org/spec2.opml): lists of feeds of other readers, and our sources.

Attributes of ours are in a namespace of their own; those of FreshRSS
(https://freshrss.github.io/FreshRSS/en/developers/OPML.html) describe pages and JSON as far as it can.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import groupby
from typing import Any

from lxml import etree
from lxml.cssselect import LxmlHTMLTranslator

from shopwire.spiders.base import Source
from shopwire.spiders.decoding.charset import convert_to_utf8
from shopwire.spiders.decoding.parser_limits import UnreadableListError, check_list
from shopwire.spiders.decoding.xml import escape_bare_markup
from shopwire.spiders.readers.link_text import XPATH_STARTS
from shopwire.spiders.user_sources.imported import MOST_ENTRIES, Entry, UnreadableFileError
from shopwire.spiders.user_sources.source_values import describe_changes, describe_values

OURS, FRESHRSS = "{https://github.com/shopwire/shopwire/opml}", "{https://freshrss.org/opml}"
NAMESPACES = {"shopwire": OURS[1:-1], "frss": FRESHRSS[1:-1]}
XPATH_TYPE, JSON_TYPE, OUR_TYPE = "HTML+XPath", "JSON+DotNotation", "shopwire"
FEED_TYPES = frozenset(("", "rss", "rss1", "rss2", "atom", "link", "feed", "jsonfeed"))
# The file of somebody else must not choose a proxy or cookies.
NOT_IMPORTED = frozenset(("name", "proxy", "cookies"))
# What an error in the XML is reported of.
FILE = "the file"
ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
# What a user has changed in a shipped source.
CHANGES = "changes"
# Attributes that every reader knows.
STANDARD = {"title": "title", "home": "htmlUrl", "language": "language"}


def read_opml(body: bytes) -> list[Entry]:
    """Return the entries of an OPML file. Raise `UnreadableFileError` if it is none, or too large."""
    entries: list[Entry] = []
    try:
        for element in _list_outline_elements(convert_to_utf8(body)):
            if isinstance(element, Entry):
                entries.append(element)
                continue
            if len(entries) >= MOST_ENTRIES:
                raise UnreadableFileError(f"it has more than {MOST_ENTRIES:,} outlines: split it")
            if element.get("xmlUrl") or element.get(f"{OURS}name"):
                entries.append(_read_outline(element))
            elif element.get("url") or element.get("type"):
                entries.append(Entry(_get_label(element), ignored=f"type {element.get('type') or '?'!r}"))
    except UnreadableListError as error:
        raise UnreadableFileError(str(error)) from error
    if all(one.label == FILE for one in entries):
        why = f" ({entries[0].ignored})" if entries else ""
        raise UnreadableFileError(f"it has no outline with an xmlUrl{why}: is it an OPML file?")
    return entries


def _list_outline_elements(body: bytes) -> Iterator[etree._Element | Entry]:
    """Yield the outlines, each after those in it, then declared entities and the first error in the XML as
    entries that are ignored; entities are not expanded and nothing is loaded."""
    check_list(body)
    repaired = b"".join(escape_bare_markup([body]))
    events = etree.iterparse(
        BytesIO(repaired),
        events=("end",),
        tag="{*}outline",
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            yield element
    except etree.XMLSyntaxError:
        # What precedes the error has been read; an empty file is reported as such.
        pass
    if declared := ENTITY.search(repaired):
        line = repaired.count(b"\n", 0, declared.start()) + 1
        yield Entry(FILE, ignored=f"line {line}: it declares entities, which are not read: check the texts")
    errors = [one for one in events.error_log if one.level == etree.ErrorLevels.FATAL]
    if errors:
        reason = f"line {errors[0].line}: {errors[0].message}: outlines from there on may be missing"
        yield Entry(FILE, ignored=reason)


def _get_label(element: etree._Element) -> str:
    return (element.get("title") or element.get("text") or element.get("xmlUrl") or "outline").strip()[:100]


def _read_outline(element: etree._Element) -> Entry:
    """Return the entry of an outline."""
    label, kind = _get_label(element), (element.get("type") or "").strip()
    if name := element.get(f"{OURS}name"):
        return _read_our_outline(element, label, name)
    above = [one for one in element.iterancestors("{*}outline") if not one.get("xmlUrl")]
    words = [*(_get_label(one) for one in reversed(above)), *(element.get("category") or "").split(",")]
    tags = tuple(dict.fromkeys(word.strip(" /") for word in words if word.strip(" /")))
    values: dict[str, Any] = {"title": label}
    if home := (element.get("htmlUrl") or "").strip():
        values["home"] = home
    language = (element.get("language") or "").strip().lower()[:2]
    if len(language) == 2 and language.isalpha():
        values["language"] = language
    url = (element.get("xmlUrl") or "").strip()
    if kind == XPATH_TYPE:
        links = join_xpath(
            element.get(f"{FRESHRSS}xPathItem", ""), element.get(f"{FRESHRSS}xPathItemUri", "")
        )
        return Entry(label, "", {**values, "lists": [url], "links": links}, tags)
    if kind == JSON_TYPE:
        link = f"{{{element.get(f'{FRESHRSS}jsonItemUri', '')}}}"
        return Entry(label, "", {**values, "lists": [url], **_read_json_paths(element), "link": link}, tags)
    if kind.lower() in FEED_TYPES:
        return Entry(label, "", {**values, "feeds": [url]}, tags)
    return Entry(label, ignored=f"type {kind!r}")


def _read_json_paths(element: etree._Element) -> dict[str, str]:
    names = {"rows": "jsonItem", "titled": "jsonItemTitle", "dated": "jsonItemTimestamp"}
    found = {key: element.get(f"{FRESHRSS}{name}", "") for key, name in names.items()}
    return {key: value for key, value in found.items() if value}


def join_xpath(item: str, uri: str) -> str:
    """Return one expression of elements from that of an item and that of the link in it."""
    uri = uri.strip().removesuffix("/@href")
    item = f"({item.strip()})" if "|" in item else item.strip()
    return item if uri in ("", ".", "@href") else f"{item}/{uri}"


def _read_our_outline(element: etree._Element, label: str, name: str) -> Entry:
    """Return the entry of a source that we have exported."""
    values: dict[str, Any] = {
        key: element.get(other) for key, other in STANDARD.items() if element.get(other)
    }
    if (url := element.get("xmlUrl")) and (element.get("type") or "").lower() in FEED_TYPES:
        values["feeds"] = [url]
    for attribute, text in element.attrib.items():
        key = str(attribute).removeprefix(OURS)
        if str(attribute).startswith(OURS) and key not in NOT_IMPORTED:
            try:
                values[key] = json.loads(text)
            except ValueError as error:
                return Entry(label, ignored=f"shopwire:{key} is not JSON: {error}")
    changes = values.pop(CHANGES, {})
    if not isinstance(changes, dict):
        return Entry(label, ignored=f"shopwire:{CHANGES} is no table")
    changes = {key: value for key, value in changes.items() if key not in NOT_IMPORTED}
    return Entry(label, name, values, changes=changes)


def write_opml(sources: Iterable[type[Source]], shipped: Mapping[str, type[Source]] | None = None) -> bytes:
    """Return an OPML file of sources, one folder for each region. What differs from the `shipped` source of
    the same name is marked."""
    unchanged = shipped or {}
    root = etree.Element("opml", version="2.0", nsmap=NAMESPACES)
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of shopwire"
    body = etree.SubElement(root, "body")
    ordered = sorted(sources, key=lambda one: (one.region, one.name))
    for region, group in groupby(ordered, key=lambda one: one.region):
        folder = etree.SubElement(body, "outline", text=region or "elsewhere")
        for source in group:
            changes = describe_changes(source, unchanged.get(source.name, source))
            for attributes in _list_outlines(source, changes):
                etree.SubElement(folder, "outline", attributes)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _list_outlines(source: type[Source], changes: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the attributes of the outlines of a source: one for each feed or list that other readers can
    read, else a single one."""
    values = describe_values(source)
    ours = {
        f"{OURS}{key}": json.dumps(value, ensure_ascii=False)
        for key, value in [*values.items(), *([(CHANGES, changes)] if changes else [])]
        if key not in STANDARD and key != "feeds"
    }
    names = {"text": source.title, f"{OURS}name": source.name}
    standard = {name: str(values[key]) for key, name in STANDARD.items() if key in values}
    foreign = _describe_for_freshrss(values)
    urls = values.get("feeds") or (values["lists"] if foreign else [""])
    for number, url in enumerate(urls):
        kind = {"type": foreign.get("type", "rss" if "feeds" in values else OUR_TYPE)}
        own = ours if number == 0 else {}
        yield names | standard | kind | ({"xmlUrl": url} if url else {}) | foreign | own


def _describe_for_freshrss(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes with which FreshRSS reads the lists of a source; none if it cannot."""
    if links := values.get("links"):
        xpath = links if links.startswith(XPATH_STARTS) else LxmlHTMLTranslator().css_to_xpath(links, "//")
        return {"type": XPATH_TYPE, f"{FRESHRSS}xPathItem": xpath, f"{FRESHRSS}xPathItemUri": "@href"}
    link = values.get("link", "")
    is_path = link.startswith("{") and link.endswith("}") and link.count("{") == 1
    if not is_path or "form" in values or "json_body" in values:
        return {}
    paths = {"jsonItemTitle": values.get("titled", "title"), "jsonItemTimestamp": values.get("dated", "")}
    shown = {f"{FRESHRSS}{name}": path for name, path in paths.items() if path}
    return {
        "type": JSON_TYPE,
        f"{FRESHRSS}jsonItem": values.get("rows", ""),
        f"{FRESHRSS}jsonItemUri": link[1:-1],
        **shown,
    }
