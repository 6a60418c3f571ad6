"""Finds what belongs to other articles: link cards, which repeat one structure, and whole articles."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from shopwire.pipelines.extraction.boilerplate import is_sentence
from shopwire.pipelines.extraction.regions import HEADINGS, NUMBERED, Layout, Line, Region, is_within
from shopwire.pipelines.parsing.meta_lines import DATE, is_meta_line

CARD_TAGS = frozenset(("article", "dd", "div", "dl", "li", "section", "td", "tr"))
DIGITS = "0123456789"
MAX_CARD_LENGTH = 700.0
"""Text length of a link card (a teaser of another article) at most; for lengths see `measure_length`."""
MIN_OTHER_LENGTH = 300.0
LIST_SHARE = 0.8
MAX_ENTRIES = 30
MAX_DATE_LENGTH = 100
MAX_OTHERS = 4
"""More articles under headings of their own are the posts of a live blog."""


def is_list_of_cards(lines: Sequence[Line], cards: set[Region]) -> bool:
    """Return whether link cards have nearly all sentences of a page, as on one that lists articles, and no
    date is above the first of them."""
    sentences = [line for line in lines if line.sentence_length]
    inside = [line for line in sentences if _is_in(line.region, cards)]
    above = lines[: lines.index(inside[0])] if inside else ()
    return len(inside) > LIST_SHARE * len(sentences) and not any(
        _is_date(line.text) for line in above if not _is_in(line.region, cards)
    )


def _is_in(region: Region | None, cards: set[Region]) -> bool:
    while region is not None and region not in cards:
        region = region.parent
    return region is not None


def find_link_cards(layout: Layout, host: str = "") -> set[Region]:
    """Return the regions that repeat one structure, at least three siblings, each with a link.

    `host` is that of the page.
    """
    groups: dict[tuple[Region | None, str, str], list[Region]] = {}
    for region in layout.regions:
        tag = region.tag
        if tag in CARD_TAGS:
            groups.setdefault((region.parent, tag, _get_first_class(region)), []).append(region)
    cards: set[Region] = set()
    for group in groups.values():
        if len(group) >= 3:
            linked = [card for card in group if _is_link_card(card, host)]
            if len(linked) >= 0.8 * len(group):
                cards.update(linked)
    return cards


def _get_first_class(region: Region) -> str:
    return region.name.partition(" ")[0].rstrip(DIGITS)


def _is_link_card(region: Region, host: str) -> bool:
    """Return whether a region is a link card: its heading is a link, or it is short and has a link.

    An item of a list is none where its link is part of a sentence, and a sentence under a numbered
    heading or one that links to another site is part of a list article.
    """
    if region.is_sentence_item or (region.sentence_count and _is_list_entry(region, host)):
        return False
    if region.tag == "tr" and 2 * region.link_length < region.text_length:
        # The first cell of a row is often a link.
        return False
    if region.linked_heading:
        return region.text_length < 2 * MAX_CARD_LENGTH
    return region.text_length < MAX_CARD_LENGTH and region.link_length > 0.1 * region.text_length


def _is_list_entry(region: Region, host: str) -> bool:
    if region.first_tag not in HEADINGS:
        return False
    if NUMBERED.match(region.first_line):
        return True
    link = next(region.element.iter("a"), None) if region.linked_heading else None
    target = _read_host(link.get("href", "")) if link is not None else ""
    return bool(host and target) and _get_site(target) != _get_site(host)


def _read_host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _get_site(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def find_ranking(layout: Layout, cards: set[Region]) -> set[Region]:
    """Return the cards that are the entries of a ranking, no other articles, and clear their marks.

    They have no dates, stand below a lead beside them and have more sentences than it, on a page with a date
    below its headline.
    """
    if not cards:
        return set()
    lines = layout.lines
    start = next((i for i, line in enumerate(lines) if line.tag == "h1"), len(lines))
    parts: dict[Region | None, list[tuple[int, Region]]] = {card.parent: [] for card in cards}
    for i, line in enumerate(lines[start:], start):
        region: Region | None = line.region
        while region is not None and region.parent not in parts:
            region = region.parent
        if region is not None:
            parts[region.parent].append((i, region))
    ranking: set[Region] = set()
    for part in parts.values():
        entries = dict.fromkeys(region for _, region in part if region in cards)
        if not 2 < len(entries) <= MAX_ENTRIES:
            continue
        others = [lines[i] for i, region in part if region not in entries]
        first = next(i for i, region in part if region in entries)
        if (
            any(lines[i].sentence_length for i, _ in part if i < first)
            and sum(entry.text_length - entry.link_length for entry in entries)
            > sum(line.sentence_length for line in others)
            and 2 * sum(1 for i, region in part if region in entries and _is_date(lines[i].text))
            < len(entries)
            and _has_date(layout, lines[start + 1 : first])
        ):
            ranking.update(entries)
    for entry in ranking:
        entry.is_boilerplate = False
    return ranking


def _has_date(layout: Layout, lines: Sequence[Line]) -> bool:
    """Return whether a line or a footer is a date; Drupal has it in a footer above the text."""
    footers = layout.regions[0].element.iter("footer")
    return any(_is_date(line.text) for line in lines) or any(
        _is_date(" ".join("".join(footer.itertext()).split())) for footer in footers
    )


def _is_date(text: str) -> bool:
    return len(text) <= MAX_DATE_LENGTH and not is_sentence(text) and DATE.search(text) is not None


def mark_other_articles(layout: Layout) -> None:
    """Mark the articles beside the one of the page: they have its tag and class or another parent, a
    heading of their own, and a link in it, or a date or a byline next to it."""
    first = next((line for line in layout.lines if line.tag == "h1"), None)
    if first is None:
        return
    main: list[Region] = []
    region: Region | None = first.region
    while region is not None:
        main.append(region)
        region = region.parent
    own = next((region for region in main if region.sentence_length >= MIN_OTHER_LENGTH), main[-1])
    others = []
    for i, line in enumerate(layout.lines):
        if line.tag in HEADINGS and line is not first and _begins_article(layout.lines, i):
            above = layout.lines[i - 1].text[:60] if i and is_meta_line(layout.lines[i - 1].text) else ""
            is_dated = any(is_meta_line(below.text) for below in layout.lines[i + 1 : i + 3])
            if (is_dated or above or line.link_share > 0.8) and (
                other := _find_other_article(line, above, main, own, is_dated=is_dated)
            ):
                others.append(other)
    if len(others) <= MAX_OTHERS:
        for other in others:
            other.never_article = True


def _begins_article(lines: list[Line], i: int) -> bool:
    """Return whether the heading `i` or the line above it is the first line of a region with sentences."""
    first_lines = {line.text[:60] for line in lines[max(0, i - 1) : i + 1]}
    region = lines[i].region.parent
    while region is not None and region.first_line in first_lines:
        if region.sentence_length >= MIN_OTHER_LENGTH:
            return True
        region = region.parent
    return False


def _find_other_article(
    heading: Line, above: str, main: list[Region], own: Region, *, is_dated: bool
) -> Region | None:
    """Return the article that a heading, or the date `above` it, begins.

    The article of the page has the same tag and class, or is in `own`, a region without the other one.
    """
    region = heading.region.parent
    while region is not None and region.first_line in {heading.text[:60], above}:
        dated = is_dated or region.first_line == above
        if (
            region.sentence_length >= MIN_OTHER_LENGTH
            and region not in main
            and (dated or region.tag == "article")
            and (_is_alike(region, main) or (dated and own is not main[-1] and not is_within(region, own)))
        ):
            return region
        region = region.parent
    return None


def _is_alike(region: Region, main: list[Region]) -> bool:
    """Return whether a region is an `article` as one of `main`, or a sibling with its tag and class."""
    tag, name = region.tag, _get_first_class(region)
    return any(
        tag == one.tag
        and (tag == "article" or (name and one.parent is region.parent and name == _get_first_class(one)))
        for one in main
    )
