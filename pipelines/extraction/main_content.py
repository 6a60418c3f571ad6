"""Finds the body of a page: the region that has most of its sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from lxml import html

from shopwire.pipelines.extraction.boilerplate_rules import COMMENTS_START
from shopwire.pipelines.extraction.embedded_json import extract_embedded_lines
from shopwire.pipelines.extraction.known_sites import find_known_container
from shopwire.pipelines.extraction.layout import (
    HEADINGS,
    MINOR_LENGTH,
    TOO_LITTLE_TEXT,
    Layout,
    Line,
    Region,
    build_layout,
    measure_total_length,
)
from shopwire.pipelines.extraction.link_cards import find_link_cards
from shopwire.pipelines.extraction.trafilatura_fallback import extract_fallback_lines

# A region is worth its own sentences, nearly all of its best part, and a share of its other parts:
# so the parent of a column is chosen where the text is spread over several columns, and the column
# itself where the others contain link cards.
BEST_PART = 0.95
OTHER_PARTS = 0.6

PARAGRAPH_TAGS = frozenset(("blockquote", "p", "pre"))
BOILERPLATE_SHARE = 0.4
MIN_SENTENCE_SHARE = 0.35
MIN_PAGE_SHARE = 0.5

MIN_LEAD_LENGTH = 150.0
"""More sentences than this before a headline belong to the article."""


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a body in reading order, headings included.

    `sentence_length` is that of the chosen region, `cards` counts the link cards of the page, and
    `card_length` is the length of their text.
    """

    lines: list[str]
    sentence_length: float = 0.0
    cards: int = 0
    card_length: float = 0.0


def extract_body(tree: html.HtmlElement, url: str = "") -> Body:
    """Return the body of a parsed page, whose tree is not changed.

    On a known site the body is in a known container. Where the chosen region has hardly any sentence,
    or few of those of the page, the longer of two texts is returned: this one, or that of trafilatura
    (where the HTML has no text, that of the JSON in the page).
    """
    element = tree.find("body")
    if element is None:
        return Body(extract_embedded_lines(tree))
    layout = build_layout(element)
    cards = find_link_cards(layout)
    known = find_known_container(layout, url)
    region = known or choose_region(layout, cards)
    found = select_body_lines(layout, region, cards)
    lines = own = [line.text for line in found]
    if known is None and _is_low_confidence(found, layout):
        length = measure_total_length(own)
        other = extract_embedded_lines(tree) if length < TOO_LITTLE_TEXT else []
        if measure_total_length(other) < TOO_LITTLE_TEXT:
            other = extract_fallback_lines(tree, length)
        lines = max(own, other, key=measure_total_length)
    return Body(
        lines=lines,
        sentence_length=sum(line.sentence_length for line in found),
        cards=len(cards),
        card_length=sum(card.text_length for card in cards if card.parent not in cards),
    )


def _has_too_little_text(lines: list[Line]) -> bool:
    sentence_length = sum(line.sentence_length for line in lines)
    return sentence_length < max(
        MIN_LEAD_LENGTH, MIN_SENTENCE_SHARE * sum(line.text_length for line in lines)
    )


def _is_low_confidence(lines: list[Line], layout: Layout) -> bool:
    if _has_too_little_text(lines):
        return True
    sentence_length = sum(line.sentence_length for line in lines)
    length = sum(line.text_length for line in lines)
    everything = sum(region.own_sentence_length for region in layout.regions)
    everything -= sum(
        region.sentence_length
        for region in layout.regions
        if region.never_article and not (region.parent and region.parent.never_article)
    )
    # Chinese portals surround a short article with much more text than it has itself.
    dense = sum(line.text_length - len(line.text) for line in lines) > length / 3
    return not dense and sentence_length < MIN_PAGE_SHARE * everything


def choose_region(layout: Layout, cards: set[Region]) -> Region:
    """Return the smallest region that contains the article."""
    body = layout.regions[0]
    card_sentences = sum(region.sentence_length for region in cards if region.parent not in cards)
    enough = max(MIN_LEAD_LENGTH, 0.1 * (body.sentence_length - card_sentences))
    for root in (*_find_landmarks(layout), body):
        region, worth = _find_best_region(layout, root, cards, inf)
        if worth > enough:
            return _extend_to_plain_parts(region)
    region, _ = _find_best_region(layout, body, cards, BOILERPLATE_SHARE * body.sentence_length)
    return _extend_to_plain_parts(region)


def _extend_to_plain_parts(region: Region) -> Region:
    """Return the region, or an ancestor that adds tables and lists: much text, few links and sentences."""
    while (parent := region.parent) is not None and not parent.is_boilerplate:
        added, link_length = (
            parent.text_length - region.text_length,
            parent.link_length - region.link_length,
        )
        sentence_length = parent.sentence_length - region.sentence_length
        if added and (
            added < 0.3 * region.text_length or link_length > 0.05 * added or sentence_length > 0.3 * added
        ):
            break
        region = parent
    return region


def _find_best_region(layout: Layout, root: Region, cards: set[Region], limit: float) -> tuple[Region, float]:
    """Return the best region within `root` and its worth.

    Boilerplate and link cards with more sentences than `limit` may be the article.
    """
    outside = _select_with_descendants(
        layout.regions,
        lambda region: (
            _is_boilerplate_region(region, limit) or (region in cards and region.sentence_length < limit)
        ),
    )
    inside = _select_with_descendants(layout.regions, lambda region: region is root) - outside
    worth = {region: region.own_sentence_length for region in layout.regions if region in inside}
    parts: dict[Region, list[float]] = {}
    for region in reversed(worth):
        values = parts.get(region)
        if values:
            worth[region] += BEST_PART * max(values) + OTHER_PARTS * (sum(values) - max(values))
        parent = region.parent
        if parent not in worth or _is_link_list(region, cards, BOILERPLATE_SHARE * root.sentence_length):
            continue
        if region.element.tag in PARAGRAPH_TAGS:
            worth[parent] += worth[region]
        else:
            parts.setdefault(parent, []).append(worth[region])
    best = max(worth, key=worth.__getitem__, default=root)
    return best, worth.get(best, 0.0)


def _find_landmarks(layout: Layout) -> list[Region]:
    """Return the only `article` and the only `main` of a page, where they have enough sentences."""
    landmarks = []
    for tag in ("article", "main"):
        found = [region for region in layout.regions if region.element.tag == tag]
        if len(found) == 1 and found[0].sentence_length > max(
            MINOR_LENGTH, 0.25 * layout.regions[0].sentence_length
        ):
            landmarks += found
    return landmarks


def select_body_lines(layout: Layout, region: Region, cards: set[Region]) -> list[Line]:
    """Return the lines of a region without headline, link lists, link cards, boilerplate and comments,
    after the lead."""
    limit = BOILERPLATE_SHARE * region.sentence_length
    inside = _select_with_descendants(layout.regions, lambda inner: inner is region)
    asides = _select_with_descendants(
        [inner for inner in layout.regions if inner in inside and inner is not region],
        lambda inner: _is_boilerplate_region(inner, limit) or _is_link_list(inner, cards, limit),
    )
    kept = inside - asides
    lines = [
        line
        for line in layout.lines
        if line.region in kept and (line.link_share <= 0.8 or line.text_length >= 60)
    ]
    return _cut_comments([*_find_lead(layout, region, cards), *_cut_headline(lines)])


def _select_with_descendants(regions: list[Region], wanted: Callable[[Region], bool]) -> set[Region]:
    """Return those of the regions (parents first) that are wanted, with all their descendants."""
    found: set[Region] = set()
    for region in regions:
        if region.parent in found or wanted(region):
            found.add(region)
    return found


def _is_boilerplate_region(region: Region, limit: float) -> bool:
    return region.never_article or (region.is_boilerplate and region.sentence_length < limit)


def _is_link_list(region: Region, cards: set[Region], limit: float) -> bool:
    return (
        (region in cards and region.sentence_length < limit)
        or (region.text_length > 20 and region.link_length > 0.6 * region.text_length)
        or (region.element.tag == "article" and region.sentence_length < limit and _is_nested_article(region))
    )


def _is_nested_article(region: Region) -> bool:
    """Return whether an `article` is within an `article`: then it is a comment or a related one (HTML
    standard, 4.3.2)."""
    outer = region.parent
    while outer is not None and outer.element.tag != "article":
        outer = outer.parent
    return outer is not None


def _find_lead(layout: Layout, region: Region, cards: set[Region]) -> list[Line]:
    """Return the sentences between the headline and the region of the body."""
    lead: list[Line] = []
    has_headline = False
    limit = BOILERPLATE_SHARE * region.sentence_length
    for line in layout.lines:
        if _is_within(line.region, region):
            return lead if has_headline else []
        if line.tag == "h1":
            has_headline, lead = True, []
        elif (
            line.sentence_length
            and line.sentence_length < limit
            and not _is_in_boilerplate(line.region, cards)
        ):
            lead.append(line)
    return []


def _is_within(region: Region | None, top: Region) -> bool:
    while region is not None and region is not top:
        region = region.parent
    return region is top


def _is_in_boilerplate(region: Region | None, cards: set[Region]) -> bool:
    while region is not None:
        if region.is_boilerplate or region in cards or region.link_length > 0.5 * region.text_length:
            return True
        region = region.parent
    return False


def _cut_headline(lines: list[Line]) -> list[Line]:
    """Return the lines after the headline, all where there is none."""
    for i, line in enumerate(lines):
        if line.tag == "h1":
            return lines[i + 1 :]
        if line.sentence_length > MIN_LEAD_LENGTH:
            break
    return lines


def _cut_comments(lines: list[Line]) -> list[Line]:
    """Return the lines without the comments at the end, and without headings that nothing follows."""
    sentence_length = 0.0
    for i, line in enumerate(lines):
        sentence_length += line.sentence_length
        if sentence_length > 100 and COMMENTS_START.fullmatch(line.text[:60]):
            lines = lines[:i]
            break
    while lines and lines[-1].tag in HEADINGS:
        lines.pop()
    return lines
