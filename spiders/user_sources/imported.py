"""Entries of feed lists of other programs, and the sources that they become."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shopwire.spiders.base import Source
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.user_sources.build_source import NAME, build_source, find_problems
from shopwire.spiders.user_sources.check_values import ADDRESS_KEYS
from shopwire.spiders.user_sources.source_file import SourceTable
from shopwire.spiders.user_sources.source_values import describe_values
from shopwire.spiders.user_sources.write_table import build_name

# Bytes and entries of a file; no reader has more subscriptions.
LARGEST_FILE = 5 * 1024 * 1024
MOST_ENTRIES = 10_000
NO_FILE = Path()


class UnreadableFileError(Exception):
    """Raised for a file of which nothing can be imported; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: the name of a source if it has one, attributes, and tags; or the reason why it
    is ignored. `label` is what the file calls it. `changes` are the attributes of a shipped source that
    somebody has changed."""

    label: str
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ignored: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """The result for an entry: the `name` of the new or changed source, or the name of the source that reads
    the same (`known`), or the reason why it is refused."""

    entry: Entry
    name: str = ""
    known: str = ""
    refused: str = ""


def join_entries(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries with those joined that are one source: of the same name in an export of ours, else of
    the same site and tags."""
    groups: dict[Hashable, list[Entry]] = {}
    for number, entry in enumerate(entries):
        feeds = entry.values.get("feeds")
        site = urlsplit(entry.values.get("home", "")).hostname
        key: Hashable = number
        if entry.name:
            key = ("name", entry.name)
        elif feeds and site:
            key = (site, entry.tags)
        groups.setdefault(key, []).append(entry)
    for first, *others in groups.values():
        values = {**first.values}
        for kind in ADDRESS_KEYS:
            urls = [url for one in (first, *others) for url in one.values.get(kind, ())]
            if urls:
                values[kind] = [*dict.fromkeys(urls)]
        yield replace(first, values=values)


def import_entries(
    entries: Iterable[Entry], sources: Mapping[str, type[Source]], allows_loopback: bool
) -> Iterator[Imported]:
    """Yield the result for each entry. `sources` are the declared ones."""
    read = {
        get_canonical_url(url): name
        for name, source in sources.items()
        for key in ADDRESS_KEYS
        for url in getattr(source, key, ())
        if not getattr(source, "form", None) and not getattr(source, "json_body", None)
    }
    taken = set(sources)
    for entry in join_entries(entries):
        urls = list_addresses(entry.values)
        known = next((read[one] for one in map(get_canonical_url, urls) if one in read), "")
        if entry.name in sources:
            known = entry.name
            if entry.changes and not entry.ignored:
                yield import_changes(entry, sources[known], allows_loopback)
                continue
        if refused := entry.ignored or find_refusal(entry.values, urls, allows_loopback):
            yield Imported(entry, refused=refused)
        elif known:
            yield Imported(entry, known=known)
        else:
            is_free = NAME.fullmatch(entry.name) and entry.name not in taken
            name = entry.name if is_free else build_name(entry.values.get("home") or urls[0], taken)
            taken.add(name)
            if not (entry.values.get("form") or entry.values.get("json_body")):
                read |= dict.fromkeys(map(get_canonical_url, urls), name)
            yield Imported(entry, name)


def import_changes(entry: Entry, source: type[Source], allows_loopback: bool) -> Imported:
    """Return the result for an entry of a shipped source that somebody has changed: a table of the changed
    attributes only."""
    urls = list_addresses(entry.changes)
    if refused := find_refusal(entry.changes, urls, allows_loopback, source):
        return Imported(entry, refused=refused)
    changed = build_source(source.name, entry.changes, source)
    if describe_values(changed) == describe_values(source):
        return Imported(entry, known=source.name)
    if source.__module__ == changed.__module__:
        return Imported(entry, refused=f"sources.toml has another table [sources.{source.name}]")
    return Imported(replace(entry, values=entry.changes), source.name)


def list_addresses(values: Mapping[str, Any]) -> list[str]:
    """Return the addresses that a source of these attributes reads."""
    return [url for key in ADDRESS_KEYS for url in values.get(key, ())]


def find_refusal(
    values: dict[str, Any], urls: list[str], allows_loopback: bool, shipped: type[Source] | None = None
) -> str:
    """Return why no source is made of attributes, or of a shipped one with them; empty if one is."""
    if not urls and shipped is None:
        return "it has no address"
    problems = find_problems(NO_FILE, SourceTable("imported", values, "", 0), shipped, allows_loopback)
    return problems[0].text if problems else ""
