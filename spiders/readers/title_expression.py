"""Find the title within links that wrap more: the whole card of an article, or its title and date."""

import re
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from shopwire.spiders.readers.link_text import (
    DATE,
    HEADINGS,
    find_link_title,
    find_text_within,
    is_title,
    join_text,
    list_names,
)

# Links that are looked at, and which share of them must have a title where an expression says.
MOST_LINKS, LEAST_SHARE = 50, 0.8
# Elements in a link. A card has some dozens.
MOST_ELEMENTS = 100
# Expressions that are tried, the best first: a card has a few, and each is searched for in every link.
MOST_EXPRESSIONS = 30
# Parts of a text that are no texts of their own.
EMPHASIS = frozenset(("b", "br", "em", "font", "i", "mark", "strong", "u", "wbr"))
NAMES_OF_TITLES = re.compile(r"title|headline|heading|subject|(?:^|[-_])tit(?:$|[-_])", re.IGNORECASE)
NUMBER = re.compile(r"#?\d{1,3}[.、:：]?")
OWN_TEXT, DECLARED = "./text()[normalize-space()]", "./@title"


class _Rank(NamedTuple):
    """What orders expressions, the best first: of a heading, by a name that says so, where the text is."""

    is_no_heading: bool
    is_unnamed: bool
    position: int
    is_path: bool
    length: int


def find_title_expression(links: Sequence[HtmlElement]) -> str:
    """Return the expression of the title within each link, CSS or XPath; empty if the text of the links is
    their title, or nothing in them looks like one."""
    wrapping = [link for link in links[:MOST_LINKS] if _is_card(link) and len(_list_texts(link)) > 1]
    if 2 * len(wrapping) < len(links[:MOST_LINKS]):
        return ""
    if _has_titles([_find_declared(link) for link in wrapping]):
        # The text has a date behind it, which readers see through, or else the title is anywhere in it.
        is_clear = all(find_link_title(link) == link.get("title") for link in wrapping)
        return "" if is_clear else DECLARED
    ranks: dict[str, _Rank] = {}
    for link in wrapping:
        for expression, rank in _list_expressions(link):
            ranks[expression] = min(rank, ranks.get(expression, rank))
    for expression in nsmallest(MOST_EXPRESSIONS, ranks, key=ranks.__getitem__):
        if _has_titles([find_text_within(link, expression) for link in wrapping]):
            return expression
    return OWN_TEXT if _has_titles(list(map(_find_own_text, wrapping))) else ""


def _is_card(link: HtmlElement) -> bool:
    """Return whether a link has no other link in it, and no more elements than a card."""
    elements = list(islice(link.iter(), MOST_ELEMENTS + 1))
    return len(elements) <= MOST_ELEMENTS and not any(one.tag == "a" for one in elements[1:])


def _list_texts(link: HtmlElement) -> list[HtmlElement]:
    """Return the elements of a link that have a text of their own, the link among them."""
    return [one for one in link.iter() if isinstance(one.tag, str) and _has_text(one)]


def _has_text(element: HtmlElement) -> bool:
    """Return whether text is in an element or in what is emphasized in it, and in no smaller element."""
    texts = [element.text, *(one.tail for one in element)]
    return any(text and text.strip() for text in texts) and not _is_within_text(element)


def _is_within_text(element: HtmlElement) -> bool:
    """Return whether an element is a part of the text around it, as an emphasized word."""
    parent = element.getparent()
    if element.tag not in EMPHASIS or parent is None:
        return False
    before = [parent.text, *(one.tail for one in element.itersiblings(preceding=True))]
    after = [element.tail, *(one.tail for one in element.itersiblings())]
    return all(any(text and text.strip() for text in texts) for texts in (before, after))


def _find_declared(link: HtmlElement) -> str:
    """Return the attribute `title` of a link if its text has it, whole or cut short."""
    declared = join_text(link.get("title") or "")
    texts = [join_text(link), *map(join_text, _list_texts(link))]
    is_cut = any(
        text.endswith(("...", "…")) and is_title(text) and declared.startswith(text.rstrip(".…"))
        for text in texts
    )
    return declared if declared and (declared in texts[0] or is_cut) else ""


def _find_own_text(link: HtmlElement) -> str:
    """Return the text of a link outside of all elements in it; empty if that has several parts."""
    parts = [text for one in (link.text, *(child.tail for child in link)) if (text := (one or "").strip())]
    return parts[0] if len(parts) == 1 else ""


def _list_expressions(link: HtmlElement) -> Iterator[tuple[str, _Rank]]:
    """Yield the expressions of the texts in a link that look like a title."""
    for position, element in enumerate(_list_texts(link)):
        if element is link or not is_title(join_text(element)):
            continue
        around = [element, *element.iterancestors()]
        inner = around[: around.index(link)]
        heading = next((one for one in inner if one.tag in HEADINGS), None)
        target = element if heading is None else heading
        for expression in _list_selectors(target, link):
            is_named = bool(NAMES_OF_TITLES.search(expression))
            is_path = expression.startswith("./")
            yield expression, _Rank(heading is None, not is_named, position, is_path, len(expression))


def _list_selectors(element: HtmlElement, link: HtmlElement) -> Iterator[str]:
    """Yield expressions of an element in a link: by its tag, its classes, and its place."""
    steps: list[str] = []
    for one in [element, *element.iterancestors()]:
        if one is link:
            break
        place = 1 + sum(1 for _ in one.itersiblings(str(one.tag), preceding=True))
        steps.append(f"{one.tag}[{place}]")
    path = "./" + "/".join(reversed(steps))
    if _has_number_before(element):
        yield f"{path}/{OWN_TEXT.removeprefix('./')}"
        return
    if element.tag not in ("div", "span"):
        yield str(element.tag)
    yield from (f".{name}" for name in list_names(element))
    yield path


def _has_number_before(element: HtmlElement) -> bool:
    """Return whether an element begins with another one that has only a number, as of a ranking."""
    first = next(iter(element), None)
    is_first = first is not None and not (element.text or "").strip()
    return is_first and NUMBER.fullmatch(join_text(first)) is not None and is_title(_find_own_text(element))


def _has_titles(texts: Sequence[str]) -> bool:
    """Return whether most texts look like titles, each of one article: not dates, authors or categories."""
    titles = list(filter(is_title, texts))
    dated = sum(bool(DATE.search(text)) for text in titles)
    return (
        len(titles) >= LEAST_SHARE * len(texts)
        and len(set(titles)) >= LEAST_SHARE * len(titles)
        and 2 * dated < len(titles)
    )
