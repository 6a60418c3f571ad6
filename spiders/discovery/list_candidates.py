"""Make candidates of a page of links: by the system that made it, else by groups of similar links."""

from collections.abc import Iterator, Sequence
from typing import cast

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from shopwire.spiders.discovery.candidate import Candidate
from shopwire.spiders.discovery.cms_presets import PRESETS
from shopwire.spiders.discovery.links.link_expression import build_expression
from shopwire.spiders.discovery.links.link_groups import LEAST_LINKS, LinkGroup, find_link_groups
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.page import Listed
from shopwire.spiders.readers.link_text import find_text_within
from shopwire.spiders.readers.title_expression import find_title_expression

MOST_GROUPS = 3


def list_page_candidates(
    root: HtmlElement, url: str, lists: Sequence[str], preset: str
) -> Iterator[Candidate]:
    """Yield the candidates of a page, the most probable first. `lists` are the pages to be read later."""
    groups = find_link_groups(root, url)
    if preset and groups:
        selected = set(cast("list[HtmlElement]", CSSSelector(PRESETS[preset].links)(root)))
        chosen = [
            group for group in groups if sum(one.element in selected for one in group.links) >= LEAST_LINKS
        ]
        if chosen:
            yield Candidate(f"list of {preset}", {"lists": [*lists], "cms": preset}, _list_links(chosen[0]))
            return
    for group in groups[:MOST_GROUPS]:
        titled = find_title_expression([link.element for link in group.links])
        attributes = {"lists": [*lists], "links": build_expression(group)}
        yield Candidate(
            "list", {**attributes, **({"titled": titled} if titled else {})}, _list_links(group, titled)
        )


def _list_links(group: LinkGroup, titled: str = "") -> tuple[ListedLink, ...]:
    links = {}
    for link in group.links:
        title = find_text_within(link.element, titled) or link.title
        links[link.url] = ListedLink(link.url, Listed(title=title))
    return tuple(links.values())
