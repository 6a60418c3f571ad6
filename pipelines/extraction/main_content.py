"""Finds the body of a page: the region that has most of its sentences."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, pairwise
from urllib.parse import urlsplit

from lxml import html

from shopwire.pipelines.extraction.boilerplate import ArticleLine
from shopwire.pipelines.extraction.choose_region import (
    BOILERPLATE_SHARE,
    MIN_LEAD_LENGTH,
    choose_region,
    find_short_article,
    is_boilerplate_region,
    is_in_boilerplate,
    is_link_list,
    select_with_descendants,
)
from shopwire.pipelines.extraction.embedded_json import extract_embedded_lines
from shopwire.pipelines.extraction.layout import TOO_LITTLE_TEXT, build_layout
from shopwire.pipelines.extraction.link_cards import (
    find_link_cards,
    find_ranking,
    is_list_of_cards,
    mark_other_articles,
)
from shopwire.pipelines.extraction.regions import (
    HEADINGS,
    SENTENCE_END,
    Layout,
    Line,
    Region,
    is_within,
    measure_total_length,
)
from shopwire.pipelines.extraction.trafilatura_engine import (
    FOR_ARTICLE,
    FOR_EAST_ASIAN_PAGE,
    FOR_PAGE,
    extract_lines,
    prepare_article,
)
from shopwire.storage.text.markdown import MarkdownLine, escape_markdown, join_markdown

MIN_SENTENCE_SHARE = 0.35
MIN_PAGE_SHARE = 0.5
SENTENCE_BREAK = re.compile(r"[.!?…]\s|[。！？]")
MIN_REPEATED_LENGTH = 60.0
MIN_KEPT = 0.8
"""Our own lines are the body where trafilatura keeps less than this share of them."""


class Engine(StrEnum):
    """What extracted a body."""

    TRAFILATURA = "trafilatura"
    WHOLE_PAGE = "trafilatura, whole page"
    OWN = "own lines"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a body in reading order, headings included.

    `marked` has the Markdown of each line; where it is empty, the lines are paragraphs.
    `sentence_length` is that of the chosen region, `cards` counts the link cards of the page, and
    `card_length` is the length of their text. `is_ranking` says that the text has linked entries,
    `is_list` that nearly all sentences of the page are in link cards.
    """

    lines: list[str]
    marked: list[MarkdownLine] = field(default_factory=list)
    engine: Engine = Engine.OWN
    sentence_length: float = 0.0
    cards: int = 0
    card_length: float = 0.0
    is_ranking: bool = False
    is_list: bool = False

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
        return Body(extract_embedded_lines(tree), engine=Engine.JSON)
    layout = build_layout(element)
    mark_other_articles(layout)
    cards = find_link_cards(layout, urlsplit(url).hostname or "")
    ranking = find_ranking(layout, cards)
    cards -= ranking
    short = find_short_article(layout, cards)
    region = short or choose_region(layout, cards)
    found = select_body_lines(layout, region, cards)
    own = [line.text for line in found]
    length = sum(line.text_length for line in found)
    marked = extract_lines(prepare_article(region, found), url, FOR_ARTICLE)
    engine, lines = Engine.TRAFILATURA, [line.text for line in marked]
    if measure_total_length(lines) < MIN_KEPT * length:
        engine, lines, marked = Engine.OWN, own, []
    if short is None and not ranking and _is_low_confidence(found, layout):
        other = extract_embedded_lines(tree) if length < TOO_LITTLE_TEXT else []
        other_engine, other_marked = Engine.JSON, []
        if not other:
            options = FOR_EAST_ASIAN_PAGE if _is_east_asian(found) else FOR_PAGE
            other_engine, other_marked = Engine.WHOLE_PAGE, extract_lines(tree, url, options)
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
        is_ranking=bool(ranking),
        is_list=is_list_of_cards(layout.lines, cards),
    )


def _has_too_little_text(lines: list[Line]) -> bool:
    sentence_length = sum(line.sentence_length for line in lines)
    return sentence_length < max(
        MIN_LEAD_LENGTH, MIN_SENTENCE_SHARE * sum(line.text_length for line in lines)
    )


def _is_east_asian(lines: list[Line]) -> bool:
    """Return whether most characters are East Asian, which each say as much as two and a half others."""
    return 3 * sum(line.text_length - len(line.text) for line in lines) > sum(
        line.text_length for line in lines
    )


def _is_low_confidence(lines: list[Line], layout: Layout) -> bool:
    if _has_too_little_text(lines):
        return True
    sentence_length = sum(line.sentence_length for line in lines)
    # Chinese portals surround a short article with much more text than it has itself.
    if _is_east_asian(lines) or sentence_length >= MIN_PAGE_SHARE * layout.regions[0].sentence_length:
        return False
    never = select_with_descendants(layout.regions, lambda region: region.never_article)
    others = _drop_repeated([line for line in layout.lines if line.region not in never])
    texts = {line.text: line.sentence_length for line in others}
    return sentence_length < MIN_PAGE_SHARE * sum(texts.values())


def select_body_lines(layout: Layout, region: Region, cards: set[Region]) -> list[Line]:
    """Return the lines of a region without link lists, link cards and boilerplate, after the lead."""
    limit = BOILERPLATE_SHARE * region.sentence_length
    inside = select_with_descendants(layout.regions, lambda inner: inner is region)
    asides = select_with_descendants(
        [inner for inner in layout.regions if inner in inside and inner is not region],
        lambda inner: is_boilerplate_region(inner, limit) or is_link_list(inner, cards, limit),
    )
    kept = inside - asides
    lines = [line for line in layout.lines if line.region in kept]
    lines = [
        line
        for line, following in pairwise([*lines, None])
        if line and (line.link_share <= 0.8 or _is_linked_text(line, following))
    ]
    while lines and lines[-1].link_share > 0.8 and not lines[-1].region.is_sentence_item:
        lines.pop()
    return _drop_repeated([*_find_lead(layout, region, cards), *lines])


def _is_linked_text(line: Line, following: Line | None) -> bool:
    """Return whether a line that is a link is long, or a heading above a sentence."""
    if line.text_length >= 60:
        return True
    return (
        line.tag in HEADINGS
        and following is not None
        and (
            following.sentence_length > 0
            or (following.link_share == 0 and SENTENCE_END.search(following.text) is not None)
        )
    )


def _drop_repeated(lines: list[Line]) -> list[Line]:
    """Return the lines without those whose sentences are all in lines before, as where a page has its text
    twice, perhaps in other paragraphs.

    Short lines, list items, and what is there more than twice (a caption, a question) may repeat.
    """
    sentences = [SENTENCE_BREAK.split(line.text.rstrip(".!?…。！？")) for line in lines]
    counts = Counter(chain.from_iterable(sentences))
    seen: set[str] = set()
    kept = []
    for line, parts in zip(lines, sentences, strict=True):
        repeated = line.text_length >= MIN_REPEATED_LENGTH and line.tag != "li"
        if not (repeated and all(part in seen and counts[part] == 2 for part in parts)):
            kept.append(line)
        seen.update(parts)
    return kept


def _find_lead(layout: Layout, region: Region, cards: set[Region]) -> list[Line]:
    """Return the sentences between the headline and the region of the body."""
    lead: list[Line] = []
    has_headline = False
    limit = BOILERPLATE_SHARE * region.sentence_length
    for line in layout.lines:
        if is_within(line.region, region):
            return lead if has_headline else []
        if line.tag == "h1":
            has_headline, lead = True, []
        elif (
            line.sentence_length
            and line.sentence_length < limit
            and not is_in_boilerplate(line.region, cards)
        ):
            lead.append(line)
    return []
