"""The contract of every source, without network: a new one is tested by being there."""

import asyncio
import re
from collections.abc import AsyncIterator
from inspect import getmembers, isfunction
from string import Formatter
from urllib.parse import urlsplit

import pytest
from lxml.cssselect import CSSSelector
from lxml.etree import XPath
from scrapy import Request

from shopwire.commands.common.source_registry import load_sources
from shopwire.spiders.api import ApiSource
from shopwire.spiders.base import Source
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import XPATH_STARTS, ListingSource
from shopwire.spiders.sitemap import SitemapSource
from shopwire.spiders.sources import chinese, english
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
        for expression in filter(None, (source.links, source.next_page)):
            XPath(expression) if expression.startswith(XPATH_STARTS) else CSSSelector(expression)
        assert source.links
    elif issubclass(source, ApiSource):
        assert [name for _, name, _, _ in Formatter().parse(source.link) if name]
    elif issubclass(source, SitemapSource):
        re.compile(source.pages)


def test_there_are_sixteen_ten_of_them_chinese() -> None:
    assert len(SOURCES) >= 16
    assert sum(source.language == "zh" for source in SOURCES.values()) >= 10


@pytest.mark.parametrize("module", [chinese, english])
def test_sources_stand_in_alphabetical_order(module: object) -> None:
    names = [
        value.__name__
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__  # type: ignore[attr-defined]
    ]
    assert names == sorted(names)
