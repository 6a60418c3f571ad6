"""Build the class of a source from a table of attributes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shopwire.spiders.api import ApiSource
from shopwire.spiders.base import Source
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.http.resolver import PROXY_SETTING
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.sitemap import SitemapSource
from shopwire.spiders.user_sources.check_values import ADDRESS_KEYS, find_mistakes
from shopwire.spiders.user_sources.detected_source import DetectedSource
from shopwire.spiders.user_sources.source_file import Problem, SourceTable, read_tables
from shopwire.spiders.user_sources.source_headers import HEADERS_SETTING
from shopwire.spiders.user_sources.watch import WatchSource

NAME = re.compile("[a-z0-9_]+")
# What a source of another kind takes over from the shipped one that it replaces.
IDENTITY = ("title", "home", "language", "region", "topic", "aliases", "hosts", "on_by_default")
# The key that only sources of a kind have; `lists` alone is a listing.
KEYS_OF_KINDS: Mapping[str, type[Source]] = {
    "feeds": FeedSource,
    "sitemaps": SitemapSource,
    "link": ApiSource,
    "rows": ApiSource,
    "links": ListingSource,
    "cms": DetectedSource,
    "watch": WatchSource,
}


def load_user_sources(
    path: Path, shipped: Mapping[str, type[Source]], allows_loopback: bool
) -> tuple[dict[str, type[Source]], list[Problem]]:
    """Return the sources of a file by name, and its problems; a table with a problem gives no source.

    `allows_loopback` says whether a source may be on this machine.
    """
    tables, problems = read_tables(path)
    sources = {}
    for table in tables:
        found = find_problems(path, table, shipped.get(table.name), allows_loopback)
        if found:
            problems += found
        else:
            sources[table.name] = build_source(table.name, table.values, shipped.get(table.name))
    return sources, problems


def find_problems(
    path: Path, table: SourceTable, shipped: type[Source] | None, allows_loopback: bool
) -> list[Problem]:
    """Return what is wrong with a table."""
    if not NAME.fullmatch(table.name):
        better = re.sub(r"[^a-z0-9]+", "_", table.name.lower()).strip("_") or "example_news"
        reason = f"the name may have a to z, 0 to 9 and _ only, such as [sources.{better}]"
        return [Problem(path, table.line, table.name, reason)]
    if len(list_kinds(table.values)) > 1:
        given = ", ".join(key for key in (*KEYS_OF_KINDS, "lists") if key in table.values)
        reason = f"has {given}: a source is read in one way; make two tables of it"
        return [Problem(path, table.line, table.name, reason)]
    kind = choose_kind(table.values, shipped)
    problems = [
        Problem(path, table.find_line(key), table.name, text)
        for key, text in find_mistakes(table.values, kind, allows_loopback)
    ]
    if shipped is None and not problems and (missing := _find_missing(table.values)):
        problems.append(Problem(path, table.line, table.name, missing))
    return problems


def list_kinds(values: Mapping[str, Any]) -> set[type[Source]]:
    """Return the kinds that the keys of a table stand for: one, unless the table is wrong or has no such
    key; a listing without `links` is detected."""
    kinds = {kind for key, kind in KEYS_OF_KINDS.items() if key in values}
    if DetectedSource in kinds:
        kinds.discard(ListingSource)
    if "lists" in values and not kinds & {ApiSource, ListingSource, DetectedSource}:
        kinds.add(DetectedSource)
    return kinds


def choose_kind(values: Mapping[str, Any], shipped: type[Source] | None) -> type[Source]:
    """Return the class that a table is read with: of its own keys, else that of the shipped source."""
    kinds = list_kinds(values)
    if shipped is not None:
        is_plain = not KEYS_OF_KINDS.keys() & values.keys() and (
            "lists" not in values or hasattr(shipped, "lists")
        )
        if is_plain or any(issubclass(shipped, kind) for kind in kinds):
            return shipped
    return next(iter(kinds), DetectedSource)


def _find_missing(values: Mapping[str, Any]) -> str:
    """Return which attribute a new source lacks; empty if it can be crawled."""
    if not any(values.get(key) for key in ADDRESS_KEYS):
        return "has no address to read: give feeds, sitemaps, lists or watch"
    if "rows" in values and "link" not in values:
        return "has no 'link': the address of a page with names of a row, https://example.com/news/{id}"
    return ""


def build_source(name: str, values: Mapping[str, Any], shipped: type[Source] | None = None) -> type[Source]:
    """Return the class of a table without problems; a shipped one is changed in the given keys only."""
    kind = choose_kind(values, shipped)
    attributes = {key: value for key, value in values.items() if hasattr(kind, key)}
    if shipped is None:
        addresses = [url for key in ADDRESS_KEYS for url in values.get(key, ())]
        parts = urlsplit(addresses[0])
        host = (parts.hostname or "").removeprefix("www.")
        attributes = {"title": host, "home": f"{parts.scheme}://{parts.netloc}/", **attributes}
    elif kind is not shipped:
        attributes = {key: getattr(shipped, key) for key in IDENTITY} | attributes
    if "enabled" in values:
        attributes["on_by_default"] = values["enabled"]
    if settings := build_settings(values):
        attributes["custom_settings"] = {**(kind.custom_settings or {}), **settings}
    return type(name, (kind,), {"name": name, "__module__": __name__, **attributes})


def build_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of Scrapy for one source: pause, headers, cookies and proxy."""
    settings: dict[str, Any] = {}
    headers = dict(values.get("headers", {}))
    if cookies := values.get("cookies"):
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if headers:
        settings[HEADERS_SETTING] = headers
    if "delay" in values:
        settings["DOWNLOAD_DELAY"] = float(values["delay"])
    if "proxy" in values:
        settings[PROXY_SETTING] = values["proxy"]
    return settings
