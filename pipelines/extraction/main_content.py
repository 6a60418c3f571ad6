"""Finds the body of a page: the region that has most of its sentences."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from math import inf
from urllib.parse import urlsplit

from lxml import html

from shopwire.pipelines.extraction.boilerplate import ArticleLine
from shopwire.pipelines.extraction.embedded_json import extract_embedded_lines
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
from shopwire.pipelines.extraction.link_cards import find_link_cards, mark_other_articles
from shopwire.pipelines.extraction.trafilatura_engine import extract_lines, prepare_article
from shopwire.storage.text.markdown import MarkdownLine, escape_markdown, join_markdown

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


MIN_REPEATED_LENGTH = 60.0
MIN_KEPT = 0.8
"""Our own lines are the body where trafilatura keeps less than this share of them."""


class Engine(StrEnum):
    """What extracted a body."""

    TRAFILATURA = "trafilatura"
    WHOLE_PAGE = "trafilatura, whole page"
    OWN = "own lines"
    JSON = "JSON"


MIN_SHORT_LENGTH, MAX_SHORT_LENGTH = 200.0, 800.0
MIN_SHORT_SHARE = 0.1
"""Bounds of the length of a short article, and of its share of a page's sentences."""


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a body in reading order, headings included.

    `marked` has the Markdown of each line; where it is empty, the lines are paragraphs.
    `sentence_length` is that of the chosen region, `cards` counts the link cards of the page, and
    `card_length` is the length of their text.
    """

    lines: list[str]
    marked: list[MarkdownLine] = field(default_factory=list)
    engine: Engine = Engine.OWN
    sentence_length: float = 0.0
    cards: int = 0
    card_length: float = 0.0

    def write_markdown(self, lines: Iterable[ArticleLine]) -> str:
        """Return the Markdown of those lines that are left without boilerplate."""
        if self.marked:
            return join_markdown(self.marked[line.position] for line in lines)
        return join_markdown(MarkdownLine(line, escape_markdown(line), line.position) for line in lines)


def extract_body(tree: html.HtmlElement, url: str = "") -> Body:
    """Return the body of a parsed page, whose tree is not changed.

    The region is chosen here and trafilatura strips its boilerplate; our own
    lines are the body only where it keeps few of them. Where the region has hardly any sentence, or
    few of those of the page, trafilatura reads the whole page (where the HTML has no text, the body is
    that of the JSON in the page), and the longer text is returned.
    """
    element = tree.find("body")
    if element is None:
        return Body(extract_embedded_lines(tree))
    layout = build_layout(element)
    mark_other_articles(layout)
    cards = find_link_cards(layout, urlsplit(url).hostname or "")
    short = find_short_article(layout, cards)
    region = short or choose_region(layout, cards)
    found = select_body_lines(layout, region, cards)
    own = [line.text for line in found]
    length = measure_total_length(own)
    marked = extract_lines(prepare_article(region, found), url)
    engine, lines = Engine.TRAFILATURA, [line.text for line in marked]
    if measure_total_length(lines) < MIN_KEPT * length:
        engine, lines, marked = Engine.OWN, own, []
    if short is None and _is_low_confidence(found, layout):
        other = extract_embedded_lines(tree) if length < TOO_LITTLE_TEXT else []
        other_engine, other_marked = Engine.JSON, []
        if not other:
            other_engine, other_marked = Engine.WHOLE_PAGE, extract_lines(tree, url)
            other = [line.text for line in other_marked]
        if measure_total_length(other) > length:
            engine, lines, marked = other_engine, other, other_marked
    return Body(
        lines=lines,
        marked=marked,
        engine=engine,
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
    never = _select_with_descendants(layout.regions, lambda region: region.never_article)
    texts = {line.text: line.sentence_length for line in layout.lines if line.region not in never}
    everything = sum(texts.values())
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
            return region
    region, _ = _find_best_region(layout, body, cards, BOILERPLATE_SHARE * body.sentence_length)
    return region


def find_short_article(layout: Layout, cards: set[Region]) -> Region | None:
    """Return the region of the only `h1` where it has sentences, and what follows it is a list: a heading
    or a link, then a link or a card within the next lines."""
    positions = [i for i, line in enumerate(layout.lines) if line.tag == "h1"]
    if len(positions) != 1:
        return None
    region = layout.lines[positions[0]].region
    while region.parent is not None and region.sentence_length < MIN_SHORT_LENGTH:
        region = region.parent
    share = region.sentence_length / (layout.regions[0].sentence_length or 1.0)
    if region.sentence_length > MAX_SHORT_LENGTH or share < MIN_SHORT_SHARE or region.parent is None:
        return None
    end = positions[0]
    while end < len(layout.lines) and _is_within(layout.lines[end].region, region):
        end += 1
    following = layout.lines[end : end + 4]
    linked = [line for line in following if line.link_share > 0.8 or _is_in_boilerplate(line.region, cards)]
    if following and following[0].tag in HEADINGS and linked:
        return region
    return None


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
    """Return the lines of a region without link lists, link cards and boilerplate, after the lead."""
    limit = BOILERPLATE_SHARE * region.sentence_length
    inside = _select_with_descendants(layout.regions, lambda inner: inner is region)
    asides = _select_with_descendants(
        [inner for inner in layout.regions if inner in inside and inner is not region],
        lambda inner: _is_boilerplate_region(inner, limit) or _is_link_list(inner, cards, limit),
    )
    kept = inside - asides
    lines = [line for line in layout.lines if line.region in kept]
    lines = [
        line
        for line, following in pairwise([*lines, None])
        if line and (line.link_share <= 0.8 or _is_linked_text(line, following))
    ]
    while lines and lines[-1].link_share > 0.8:
        lines.pop()
    return _drop_repeated([*_find_lead(layout, region, cards), *lines])


def _is_linked_text(line: Line, following: Line | None) -> bool:
    """Return whether a line that is a link is long, or a heading above a sentence."""
    return line.text_length >= 60 or (
        line.tag in HEADINGS and following is not None and following.sentence_length > 0
    )


def _drop_repeated(lines: list[Line]) -> list[Line]:
    """Return the lines without the second of two equal ones, as where a page has its text twice.

    Short lines, list items, and what is there more than twice (a caption, a question) may repeat.
    """
    counts = Counter(line.text for line in lines)
    first: dict[str, Line] = {}
    return [
        line
        for line in lines
        if counts[line.text] != 2
        or line.text_length < MIN_REPEATED_LENGTH
        or line.tag == "li"
        or first.setdefault(line.text, line) is line
    ]


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
        or (
            region.text_length > 20
            and region.link_length > 0.6 * region.text_length
            and not region.is_sentence_item
            and region.element.tag not in HEADINGS
        )
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
