"""Write a short CSS expression that selects the links of a group and no other link."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import cast

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from shopwire.spiders.discovery.links.link_groups import LinkGroup
from shopwire.spiders.readers.link_text import NAME, NUMBERED, list_names

MOST_ANCESTORS = 8
QUERY = re.compile(r"[\w./:%-]*\?[\w.&=%-]*")


def build_expression(group: LinkGroup) -> str:
    """Return the shortest expression that selects exactly the group; if there is none, the one that selects
    all of it and the fewest others."""
    root = group.container.getroottree().getroot()
    wanted = {link.element for link in group.links}
    best, extra = "a", len(root.findall(".//a")) + 1
    for expression in sorted(set(_list_expressions(group)), key=_rank_expression):
        selected = set(cast("list[HtmlElement]", CSSSelector(expression)(root)))
        others = len({one for one in selected - wanted if one.get("href")})
        if selected >= wanted and others < extra:
            best, extra = expression, others
    return best


def _rank_expression(expression: str) -> tuple[bool, int, str]:
    """Return the order: tags alone come last, as the next page may have more of them."""
    return not re.search(r"[.#\[]", expression), len(expression), expression


def _list_expressions(group: LinkGroup) -> Iterator[str]:
    """Yield expressions of the steps down to the container, and from there to the links."""
    ends = set(_list_ends(group))
    starts = ["", *_list_steps([group.container, *group.container.iterancestors()][:MOST_ANCESTORS])]
    for start in dict.fromkeys(starts):
        for end in ends:
            yield f"{start} {end}".strip()


def _list_ends(group: LinkGroup) -> Iterator[str]:
    """Yield expressions of the links: by their own class, and by the elements around all of them."""
    links = [link.element for link in group.links]
    names = set.intersection(*(set(list_names(one)) for one in links))
    own = ["a", *(f"a.{name}" for name in sorted(names)), *_list_prefixes(links)]
    yield from own
    around = [set(_list_steps(_list_between(one, group.container))) for one in links]
    for step in set.intersection(*around):
        yield from (f"{step} {one}" for one in own)
    parents = {one.getparent().tag for one in links if one.getparent() is not None}
    if len(parents) == 1:
        yield from (f"{next(iter(parents))} > {one}" for one in own)


def _list_between(element: HtmlElement, container: HtmlElement) -> list[HtmlElement]:
    found = []
    for one in element.iterancestors():
        if one is container:
            break
        found.append(one)
    return found


def _list_steps(elements: Sequence[HtmlElement]) -> Iterator[str]:
    for one in elements:
        if one.tag not in ("html", "body", "div", "span"):
            yield str(one.tag)
        yield from (f".{name}" for name in list_names(one))
        if (name := one.get("id") or "") and NAME.fullmatch(name) and not NUMBERED.search(name):
            yield f"#{name}"


def _list_prefixes(links: Sequence[HtmlElement]) -> Iterator[str]:
    """Yield `a[href*='/news/']` for each folder that is in the URL of every link, and for a page with a
    parameter `a[href^='show.asp?id=']`."""
    hrefs = [(one.get("href") or "").strip() for one in links]
    pairs = zip(min(hrefs), max(hrefs), strict=False)
    start = NUMBERED.split("".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))[0]
    if QUERY.fullmatch(start):
        yield f"a[href^='{start}']"
    folders = [set(re.findall(r"/[a-z][\w-]*/", one.get("href") or "")) for one in links]
    for folder in sorted(set.intersection(*folders)):
        yield f"a[href*='{folder}']"
