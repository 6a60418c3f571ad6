"""The contract of every source, without network: a new one is tested by being there."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules
from urllib.parse import urlsplit

import pytest
from lxml.cssselect import CSSSelector
from lxml.etree import XPath
from scrapy import Request

from shopwire.commands.common.source_registry import load_sources
from shopwire.commands.sources.evidence import load_evidence
from shopwire.spiders import sources
from shopwire.spiders.api import ApiSource
from shopwire.spiders.base import TOPICS, Source
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.lists.json_values import list_paths
from shopwire.spiders.readers.link_text import XPATH_STARTS
from shopwire.spiders.sitemap import SitemapSource
from shopwire.storage.database import Store

SOURCES = load_sources()
KINDS = (FeedSource, SitemapSource, ListingSource, ApiSource)


class NoCrawl:
    """Stands in for the tie to the store."""

    def __init__(self, store: Store) -> None:
        self.store = store


async def requests_of(source: Source) -> list[Request]:
    started: AsyncIterator[Request] = source.start()
    return [request async for request in started]


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_says_who_it_is(name: str) -> None:
    source = SOURCES[name]
    assert source.name == name
    assert re.fullmatch(r"[a-z0-9_]+", name)
    assert source.title
    assert urlsplit(source.home).scheme in ("http", "https")
    assert re.fullmatch(r"[a-z]{2}", source.language)
    assert re.fullmatch(r"[A-Z]{2}|SEA|LATAM", source.region)
    assert source.topic in TOPICS


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_attributes_and_no_code(name: str) -> None:
    own = [member for member, _ in getmembers(SOURCES[name], isfunction) if member in vars(SOURCES[name])]
    assert own == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_begins_with_lists_of_its_own(name: str, store: Store) -> None:
    source = SOURCES[name]()
    source.crawl = NoCrawl(store)  # type: ignore[assignment]
    requests = asyncio.run(requests_of(source))
    assert requests
    for request in requests:
        assert urlsplit(request.url).scheme in ("http", "https")
        assert request.errback is not None


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_source_selects_can_be_selected(name: str) -> None:
    source = SOURCES[name]
    assert issubclass(source, KINDS)
    if issubclass(source, ListingSource):
        for expression in filter(None, (source.links, source.titled, source.dated, source.next_page)):
            XPath(expression) if expression.startswith(XPATH_STARTS) else CSSSelector(expression)
        assert source.links
    elif issubclass(source, ApiSource):
        assert list_paths(source.link)
    elif issubclass(source, SitemapSource):
        re.compile(source.pages)


def test_there_are_at_least_120_sources_half_of_them_in_chinese() -> None:
    assert len(SOURCES) >= 120
    assert sum(source.language == "zh" for source in SOURCES.values()) >= 50


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_has_evidence_and_an_uncertain_one_is_off_by_default(name: str) -> None:
    known = load_evidence()[name]
    assert known.confidence in {"high", "medium", "low"}
    assert re.fullmatch(r"(\d{4}(-\d\d){0,2})?", known.seen)
    assert known.evidence
    assert SOURCES[name].on_by_default == (known.confidence != "low")


def test_every_evidence_is_of_a_source() -> None:
    assert sorted(load_evidence()) == sorted(SOURCES)


def test_no_two_sources_read_the_same_list() -> None:
    read = [
        json.dumps([url, vars(source).get("form"), vars(source).get("json_body")])
        for source in SOURCES.values()
        for key in ("feeds", "sitemaps", "lists")
        for url in getattr(source, key, ())
    ]
    assert len(set(read)) == len(read)


MODULES = [import_module(one.name) for one in iter_modules(sources.__path__, f"{sources.__name__}.")]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_sources_are_in_alphabetical_order(module: object) -> None:
    names = [
        value.__name__
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__  # type: ignore[attr-defined]
    ]
    assert names == sorted(names)
