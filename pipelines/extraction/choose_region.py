"""Chooses the region of a page that has most of its sentences."""

import re
from collections.abc import Callable
from math import inf

from shopwire.pipelines.extraction.layout import MINOR_LENGTH
from shopwire.pipelines.extraction.regions import HEADINGS, Layout, Line, Region, is_within
from shopwire.pipelines.parsing.meta_lines import is_meta_line

# A region is worth its own sentences, nearly all of its best part, and a share of its other parts:
# so the parent of a column is chosen where the text is spread over several columns, and the column
# itself where the others contain link cards.
BEST_PART = 0.95
OTHER_PARTS = 0.6
PARAGRAPH_TAGS = frozenset(("blockquote", "p", "pre"))
BOILERPLATE_SHARE = 0.4
MIN_LEAD_LENGTH = 150.0
"""More sentences than this before a headline belong to the article."""

MIN_SHORT_LENGTH, MIN_UNDATED_LENGTH, MAX_SHORT_LENGTH = 100.0, 150.0, 800.0
MIN_SHORT_SHARE = 0.1
"""Bounds of the length of a short article, and of its share of a page's sentences without a date."""

COMPANY_HEADING = re.compile(
    r"(?:公司|企业|集团)?(?:简介|介绍|概况)|关于(?:我们|公司)|联系(?:我们|方式)|会社概要|wer wir sind|kontakt"
    r"|(?:about|contact)(?: us| the company)?"
    r"|(?-i:(?:About|Über|Acerca de) [A-Z]\w*(?: (?:& )?[A-Z]\w*){0,3})",
    re.IGNORECASE,
)
COMPANY_TOPICS = re.compile(
    r"(\bVAT\b|\bHRB \d|registergericht|registered (?:office|at|in)|umsatzsteuer|handelsregister"
    r"|chamber of commerce|company (?:no|number)|partita iva|\bSIRET\b|注册资本|营业执照|注册号)"
    r"|(\btelefon\b|\b(?:phone|tel)\b\.?\s?[:+\d]|电话|热线|[\w.]{2,30}@[\w-]{2,30}\.\w)"
    r"|(customer service|our service\b|kundendienst|kundenservice|warranty|opening hours|öffnungszeiten"
    r"|garantie|竭诚|经营理念|欢迎.{0,12}(?:咨询|洽谈|来电)|售后)",
    re.IGNORECASE,
)
"""The legal form and numbers of a company, its address, and its services."""


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
    if region.sentence_length > MAX_SHORT_LENGTH or region.parent is None:
        return None
    end = positions[0]
    while end < len(layout.lines) and is_within(layout.lines[end].region, region):
        end += 1
    own, others = layout.lines[positions[0] + 1 : end], layout.lines[end:]
    following = others[:4]
    is_dated = len(own) > 1 and is_meta_line(own[0].text)
    is_alone = is_dated and (_is_all_in_cards(others, cards) or _is_company(others))
    share = region.sentence_length / (layout.regions[0].sentence_length or 1.0)
    if (region.sentence_length < MIN_UNDATED_LENGTH or share < MIN_SHORT_SHARE) and not is_alone:
        return None
    linked = [line for line in following if line.link_share > 0.8 or is_in_boilerplate(line.region, cards)]
    if following and following[0].tag in HEADINGS and linked:
        return region
    # A flash under its date, then products or services of the company.
    is_flash = is_dated and sum(1 for line in own if line.sentence_length) > 1
    if is_flash and following and (_is_list_of_links(following) or _is_company(others)):
        return region
    return None


def _is_all_in_cards(lines: list[Line], cards: set[Region]) -> bool:
    return all(is_in_boilerplate(line.region, cards) for line in lines if line.sentence_length)


def _is_company(lines: list[Line]) -> bool:
    """Return whether lines are about the company that publishes a page: under a heading that says so, or
    most sentences are about its address, its numbers and its services."""
    if lines and COMPANY_HEADING.fullmatch(lines[0].text):
        return True
    sentences = [line for line in lines if line.sentence_length and not is_in_boilerplate(line.region, set())]
    topics = [{found.lastindex for found in COMPANY_TOPICS.finditer(line.text)} for line in sentences]
    return 2 * sum(map(bool, topics)) > len(topics) and len(set().union(*topics)) > 1


def _is_list_of_links(lines: list[Line]) -> bool:
    """Return whether lines begin with at least three links, on lines of their own or on one."""
    first = lines[0]
    links = sum(1 for _ in first.region.element.iter("a"))
    return first.link_share > 0.8 and (links > 2 or all(line.link_share > 0.8 for line in lines[:3]))


def _find_best_region(layout: Layout, root: Region, cards: set[Region], limit: float) -> tuple[Region, float]:
    """Return the best region within `root` and its worth.

    Boilerplate and link cards with more sentences than `limit` may be the article.
    """
    outside = select_with_descendants(
        layout.regions,
        lambda region: (
            is_boilerplate_region(region, limit) or (region in cards and region.sentence_length < limit)
        ),
    )
    inside = select_with_descendants(layout.regions, lambda region: region is root) - outside
    worth = {region: region.own_sentence_length for region in layout.regions if region in inside}
    parts: dict[Region, list[float]] = {}
    for region in reversed(worth):
        values = parts.get(region)
        if values:
            worth[region] += BEST_PART * max(values) + OTHER_PARTS * (sum(values) - max(values))
        parent = region.parent
        if parent not in worth or is_link_list(region, cards, BOILERPLATE_SHARE * root.sentence_length):
            continue
        if region.tag in PARAGRAPH_TAGS:
            worth[parent] += worth[region]
        else:
            parts.setdefault(parent, []).append(worth[region])
    best = max(worth, key=worth.__getitem__, default=root)
    return best, worth.get(best, 0.0)


def _find_landmarks(layout: Layout) -> list[Region]:
    """Return the only `article` and the only `main` of a page, where they have enough sentences."""
    landmarks = []
    for tag in ("article", "main"):
        found = [region for region in layout.regions if region.tag == tag]
        if len(found) == 1 and found[0].sentence_length > max(
            MINOR_LENGTH, 0.25 * layout.regions[0].sentence_length
        ):
            landmarks += found
    return landmarks


def select_with_descendants(regions: list[Region], wanted: Callable[[Region], bool]) -> set[Region]:
    """Return those of the regions (parents first) that are wanted, with all their descendants."""
    found: set[Region] = set()
    for region in regions:
        if region.parent in found or wanted(region):
            found.add(region)
    return found


def is_boilerplate_region(region: Region, limit: float) -> bool:
    return region.never_article or (region.is_boilerplate and region.sentence_length < limit)


def is_link_list(region: Region, cards: set[Region], limit: float) -> bool:
    return (
        (region in cards and region.sentence_length < limit)
        or (
            region.text_length > 20
            and region.link_length > 0.6 * region.text_length
            and not region.is_sentence_item
            and region.tag not in HEADINGS
        )
        or (region.tag == "article" and region.sentence_length < limit and _is_nested_article(region))
    )


def _is_nested_article(region: Region) -> bool:
    """Return whether an `article` is within an `article`: then it is a comment or a related one (HTML
    standard, 4.3.2)."""
    outer = region.parent
    while outer is not None and outer.tag != "article":
        outer = outer.parent
    return outer is not None


def is_in_boilerplate(region: Region | None, cards: set[Region]) -> bool:
    while region is not None:
        if region.is_boilerplate or region in cards or region.link_length > 0.5 * region.text_length:
            return True
        region = region.parent
    return False
