"""Reads lists whose links are not declared: by the system that made them, else what the page shows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement
from parsel import Selector

from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.discovery.cms_presets import PRESETS, System
from shopwire.spiders.discovery.links.link_expression import build_expression
from shopwire.spiders.discovery.links.link_groups import LEAST_LINKS, find_link_groups
from shopwire.spiders.lists.reading import ListedLink, NextList
from shopwire.spiders.readers.link_reader import LinkReader, parse_list_page
from shopwire.spiders.readers.link_text import select_elements
from shopwire.spiders.readers.list_body import ListBody
from shopwire.storage.crawl_log.outcomes import Outcome

NO_SYSTEM = System("")


@dataclass(frozen=True, slots=True)
class DetectedLinkReader:
    """Reads as `declared` says; what it does not say is that of the system `cms`, or is found on the page."""

    declared: LinkReader
    cms: str = ""

    def read(self, body: ListBody) -> Iterator[ListedLink | NextList]:
        """Yield the links of a list, and the next list. Raises `UnreadableListError`."""
        page, declared = parse_list_page(body), self.declared
        system = PRESETS.get(self.cms, NO_SYSTEM)
        links = choose_links(page, body.url, (declared.links, system.links))
        if not links:
            raise UnreadableListError(Outcome.EMPTY_LIST, "no list of similar links is on the page")
        next_page = declared.next_page or system.next_page
        yield from replace(declared, links=links, next_page=next_page).read_page(page)


def choose_links(page: Selector, url: str, declared: tuple[str, ...]) -> str:
    """Return the first declared expression with enough links, else that of the largest group of similar
    links, else the first with any link; empty if there is none."""
    counts = {one: _count_links(page, one) for one in declared if one}
    for expression, count in counts.items():
        if count >= LEAST_LINKS:
            return expression
    groups = find_link_groups(page.root, url) if isinstance(page.root, HtmlElement) else []
    if groups:
        return build_expression(groups[0])
    return next((expression for expression, count in counts.items() if count), "")


def _count_links(page: Selector, expression: str) -> int:
    roots = (one.root for one in select_elements(page, expression))
    return len({root if isinstance(root, str) else root.get("href") for root in roots})
