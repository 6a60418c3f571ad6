"""Find the list of articles on a page: the links that look alike and lie together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.discovery.links.link_marks import is_collection, is_product
from shopwire.spiders.lists.dates_near_links import LinkCards
from shopwire.spiders.readers.link_text import DATE, HEADINGS, WIDE, is_title

# Characters of mean length, with a wide one as 2.5: shorter texts without dates are labels, as of a menu.
LEAST_TITLE, LONGEST_TITLE = 30, 60
LEAST_LINKS = 5
MOST_LINKS = 3000
MENUS = frozenset(("nav", "select"))
# Parts of a page, unless they are within one of its articles: those have headers and footers too.
ENDS = frozenset(("header", "footer"))
ARTICLES = frozenset(("article", "main", "li"))
# Characters beside a link that are searched for a date, and how far above it that of a day may be.
NEARBY, LEVELS_OF_DAYS = 200, 2
NUMBER = re.compile(r"\d{4,}")
EXTENSION = re.compile(r"\.[a-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link with a title: its element, absolute URL and text, whether a date is near it, and whether its
    path has a number as those of articles."""

    element: HtmlElement
    url: str
    title: str
    is_dated: bool = False
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links of one form of URL below one element, the container; the higher the score, the more probable
    that they are the list of the page, unless they are mere labels."""

    container: HtmlElement
    links: tuple[PageLink, ...]
    score: float
    are_labels: bool


def find_link_groups(root: HtmlElement, url: str) -> list[LinkGroup]:
    """Return the groups of at least `LEAST_LINKS` links, the most probable first."""
    forms: dict[tuple[str, ...], list[PageLink]] = defaultdict(list)
    for link in _choose_articles(list(_list_links(root, url))):
        forms[describe_form(link.url)].append(link)
    groups = [group for links in forms.values() for group in _split_by_container(links)]
    return sorted(groups, key=lambda group: (group.are_labels, -group.score))


def describe_form(url: str) -> tuple[str, ...]:
    """Return the form of a URL: of each part of its path whether it is a word, a number or both, its
    extension, and the names of its parameters."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    extension = found[0] if (found := EXTENSION.search(path)) else ""
    segments = [one for one in path.removesuffix(extension).split("/") if one]
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return (*map(_classify_segment, segments), extension, *names)


def _classify_segment(segment: str) -> str:
    if segment.isdigit():
        return "number"
    return "mixed" if any(char.isdigit() for char in segment) or segment.count("-") > 1 else "word"


def _list_links(root: HtmlElement, url: str) -> Iterator[PageLink]:
    """Yield the links to pages of the same site that have a title and are no part of a menu."""
    host = _get_site(url)
    itself = get_canonical_url(url)
    elements: Iterable[HtmlElement] = root.iter("a")
    for number, element in enumerate(elements):
        if number >= MOST_LINKS:
            return
        href = (element.get("href") or "").strip()
        if not href or _is_in_menu(element):
            continue
        target = _resolve(url, href)
        text = " ".join(element.text_content().split())
        title = max((text, element.get("title") or ""), key=len)
        if target and target != itself and _get_site(target) == host and is_title(title):
            yield PageLink(element, target, title)


def _choose_articles(links: Sequence[PageLink]) -> Iterator[PageLink]:
    """Yield the links that do not lead to tags, authors or products, each with what is beside it."""
    cards = LinkCards([link.element for link in links])
    for link in links:
        card = cards.find_card(link.element)
        is_dated = _has_date(card, cards)
        if not (is_collection(link.element, link.url) or is_product(card, link.url, is_dated)):
            is_numbered = bool(NUMBER.search(urlsplit(link.url).path))
            yield replace(link, is_dated=is_dated, is_numbered=is_numbered)


def _is_in_menu(element: HtmlElement) -> bool:
    """Return whether a link is in a menu, or in the header or footer of the page."""
    tags = [str(one.tag) for one in element.iterancestors()]
    last = max((number for number, tag in enumerate(tags) if tag in ARTICLES), default=-1)
    return any(tag in MENUS or (tag in ENDS and number > last) for number, tag in enumerate(tags))


def _resolve(base: str, href: str) -> str:
    try:
        return get_canonical_url(urljoin(base, href))
    except ValueError:
        return ""


def _get_site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")


def _has_date(card: HtmlElement, cards: LinkCards) -> bool:
    """Return whether a date is in the card of a link, beside it, or above it for several links."""
    beside = (card.getprevious(), card.getnext())
    above = list(islice(card.iterancestors(), LEVELS_OF_DAYS))
    starts = (one[0] for one in above if len(one))
    elements = [card, *(one for one in (*beside, *starts) if one is not None and not cards.has_link(one))]
    texts = [card.tail or "", *(one.text or "" for one in above)]
    texts += [one.text_content() for one in elements if isinstance(one.tag, str)]
    return any(DATE.search(text[:NEARBY]) for text in texts)


def _split_by_container(links: Sequence[PageLink]) -> Iterator[LinkGroup]:
    """Yield the links of one form by the lowest element that has at least `LEAST_LINKS` of them: the list of
    a page and the column at its side are two."""
    below: dict[HtmlElement, set[str]] = defaultdict(set)
    for link in links:
        for ancestor in link.element.iterancestors():
            below[ancestor].add(link.url)
    groups: dict[HtmlElement, list[PageLink]] = defaultdict(list)
    for link in links:
        for ancestor in link.element.iterancestors():
            if len(below[ancestor]) >= LEAST_LINKS:
                groups[ancestor].append(link)
                break
    for container, members in groups.items():
        found = list(_choose_titles(members))
        urls = {link.url for link in found}
        if len(urls) >= LEAST_LINKS:
            yield _rate_group(container, found, len(urls))


def _rate_group(container: HtmlElement, links: Sequence[PageLink], count: int) -> LinkGroup:
    """Return the group of links that lead to so many pages."""
    dated = sum(link.is_dated or link.is_numbered for link in links) / len(links)
    length = sum(min(_measure_title(link.title), LONGEST_TITLE) for link in links) / len(links)
    are_labels = length < LEAST_TITLE and 2 * sum(link.is_dated for link in links) < len(links)
    return LinkGroup(container, tuple(links), count * (1 + dated) * length, are_labels)


def _measure_title(title: str) -> float:
    return len(title) + 1.5 * len(WIDE.findall(title))


def _choose_titles(links: Sequence[PageLink]) -> Iterator[PageLink]:
    """Yield the links of a list without those around the teasers of articles whose headings are links too."""
    headed = {link.url for link in links if _is_in_heading(link.element)}
    for link in links:
        if link.url not in headed or _is_in_heading(link.element):
            yield link


def _is_in_heading(element: HtmlElement) -> bool:
    """Return whether a link is in a heading, or around one."""
    above = {str(one.tag) for one in element.iterancestors()}
    return bool(HEADINGS & (above | {str(one.tag) for one in element.iterdescendants()}))
