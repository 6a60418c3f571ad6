"""The body of a page: the region whose sentences outweigh everything round it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from lxml import html

from shopwire.pipelines.extraction.boilerplate_rules import COMMENTS_START
from shopwire.pipelines.extraction.embedded_json import lines_in_state
from shopwire.pipelines.extraction.known_sites import known_container
from shopwire.pipelines.extraction.layout import (
    HEADINGS,
    MINOR,
    TOO_LITTLE,
    Layout,
    Line,
    Region,
    lay_out,
    total_units,
)
from shopwire.pipelines.extraction.trafilatura_fallback import second_opinion

# A region is worth its own sentences, nearly all of its best part, and a share of its other parts:
# so the choice climbs from a column to its parent where the text is spread over several columns,
# and stays where the neighbours are teasers.
BEST_PART = 0.95
OTHER_PARTS = 0.6

PARAGRAPHS = frozenset(("blockquote", "p", "pre"))
CARDS = frozenset(("article", "dd", "div", "dl", "li", "section", "td", "tr"))
DIGITS = "0123456789"
CHROME_SHARE = 0.4
CARD_LIMIT = 700.0
"""A teaser says no more than this (in units of `blocks.units`)."""

FEW_SENTENCES = 0.35
LITTLE_OF_PAGE = 0.5

LEAD = 150.0
"""What says more than this above a headline belongs to the article."""


@dataclass(frozen=True, slots=True)
class Body:
    """Lines of a body in reading order, headings among them, and what the page has beside: how many
    `teasers`. In units of `blocks.units`, `prose` is the length of the sentences in the region
    chosen and `listed` that of the teasers."""

    lines: list[str]
    prose: float = 0.0
    teasers: int = 0
    listed: float = 0.0


def extract_body(tree: html.HtmlElement, url: str = "") -> Body:
    """Find the body of a parsed page. The tree stays as it is.

    Where the platform is known its container is taken. Where the region chosen holds little of the
    page's sentences, or hardly any sentence, trafilatura is asked as well, and where no text
    stands in the HTML the page's JSON is.
    """
    element = tree.find("body")
    if element is None:
        return Body(lines_in_state(tree))
    layout = lay_out(element)
    teasers = find_teasers(layout)
    known = known_container(layout, url)
    region = known or choose_region(layout, teasers)
    found = body_lines(layout, region, teasers)
    lines = own = [line.text for line in found]
    if known is None and _is_doubtful(found, layout):
        length = total_units(own)
        state = lines_in_state(tree) if length < TOO_LITTLE else []
        second = state if total_units(state) >= TOO_LITTLE else second_opinion(tree, length)
        lines = max(own, second, key=total_units)
    return Body(
        lines=lines,
        prose=sum(line.prose for line in found),
        teasers=len(teasers),
        listed=sum(card.units for card in teasers if card.parent not in teasers),
    )


def _says_little(lines: list[Line]) -> bool:
    prose = sum(line.prose for line in lines)
    return prose < max(LEAD, FEW_SENTENCES * sum(line.units for line in lines))


def _is_doubtful(lines: list[Line], layout: Layout) -> bool:
    if _says_little(lines):
        return True
    prose = sum(line.prose for line in lines)
    length = sum(line.units for line in lines)
    everything = sum(region.own_prose for region in layout.regions)
    everything -= sum(
        region.prose
        for region in layout.regions
        if region.never and not (region.parent and region.parent.never)
    )
    # Chinese portals surround a short article with much more text than it has.
    dense = sum(line.units - len(line.text) for line in lines) > length / 3
    return not dense and prose < LITTLE_OF_PAGE * everything


def find_teasers(layout: Layout) -> set[Region]:
    """Regions that repeat one structure at least three times side by side, each with a link."""
    groups: dict[tuple[Region | None, str, str], list[Region]] = {}
    for region in layout.regions:
        tag = str(region.element.tag)
        if tag in CARDS:
            first_class = region.name.partition(" ")[0].rstrip(DIGITS)
            groups.setdefault((region.parent, tag, first_class), []).append(region)
    teasers: set[Region] = set()
    for group in groups.values():
        if len(group) >= 3:
            linked = [card for card in group if _is_card(card)]
            if len(linked) >= 0.8 * len(group):
                teasers.update(linked)
    return teasers


def choose_region(layout: Layout, teasers: set[Region]) -> Region:
    """The smallest region that holds the article."""
    body = layout.regions[0]
    listed = sum(region.prose for region in teasers if region.parent not in teasers)
    enough = max(LEAD, 0.1 * (body.prose - listed))
    for root in (*_landmarks(layout), body):
        region, worth = _weightiest(layout, root, teasers, inf)
        if worth > enough:
            return _with_plain_parts(region)
    region, _ = _weightiest(layout, body, teasers, CHROME_SHARE * body.prose)
    return _with_plain_parts(region)


def _with_plain_parts(region: Region) -> Region:
    """Climb while that adds much text that is hardly ever a link: tables and lists of an article."""
    while (parent := region.parent) is not None and not parent.chrome:
        added, links = parent.units - region.units, parent.links - region.links
        prose = parent.prose - region.prose
        if added and (added < 0.3 * region.units or links > 0.05 * added or prose > 0.3 * added):
            break
        region = parent
    return region


def _weightiest(
    layout: Layout, root: Region, teasers: set[Region], limit: float
) -> tuple[Region, float]:
    """The best region within `root` and its worth, where chrome and teasers that say more than `limit`
    may be the article."""
    outside = _within(
        layout.regions,
        lambda region: _is_chrome(region, limit) or (region in teasers and region.prose < limit),
    )
    inside = _within(layout.regions, lambda region: region is root) - outside
    worth = {region: region.own_prose for region in layout.regions if region in inside}
    parts: dict[Region, list[float]] = {}
    for region in reversed(worth):
        values = parts.get(region)
        if values:
            worth[region] += BEST_PART * max(values) + OTHER_PARTS * (sum(values) - max(values))
        parent = region.parent
        if parent not in worth or _is_list(region, teasers, CHROME_SHARE * root.prose):
            continue
        if region.element.tag in PARAGRAPHS:
            worth[parent] += worth[region]
        else:
            parts.setdefault(parent, []).append(worth[region])
    best = max(worth, key=worth.__getitem__, default=root)
    return best, worth.get(best, 0.0)


def _landmarks(layout: Layout) -> list[Region]:
    """The only `article` and the only `main` of a page, where they hold enough."""
    landmarks = []
    for tag in ("article", "main"):
        found = [region for region in layout.regions if region.element.tag == tag]
        if len(found) == 1 and found[0].prose > max(MINOR, 0.25 * layout.regions[0].prose):
            landmarks += found
    return landmarks


def body_lines(layout: Layout, region: Region, teasers: set[Region]) -> list[Line]:
    """What of a region is body: not its headline, link lists, teasers, chrome and comments."""
    limit = CHROME_SHARE * region.prose
    inside = {region}
    for inner in layout.regions:
        if inner.parent in inside:
            inside.add(inner)
    inside.remove(region)
    asides = _within(
        [inner for inner in layout.regions if inner in inside],
        lambda inner: _is_chrome(inner, limit) or _is_list(inner, teasers, limit),
    )
    kept = inside - asides | {region}
    lines = [
        line
        for line in layout.lines
        if line.region in kept and (line.links <= 0.8 or line.units >= 60)
    ]
    return _without_tail([*_lead(layout, region, teasers), *_after_headline(lines)])


def _within(regions: list[Region], wanted: Callable[[Region], bool]) -> set[Region]:
    """Those of the regions (parents first) that are wanted, and all within them."""
    found: set[Region] = set()
    for region in regions:
        if region.parent in found or wanted(region):
            found.add(region)
    return found


def _is_chrome(region: Region, limit: float) -> bool:
    return region.never or (region.chrome and region.prose < limit)


def _is_list(region: Region, teasers: set[Region], limit: float) -> bool:
    return (
        (region in teasers and region.prose < limit)
        or (region.units > 20 and region.links > 0.6 * region.units)
        or (region.element.tag == "article" and region.prose < limit and _is_nested(region))
    )


def _is_card(region: Region) -> bool:
    """A teaser is headed by a link, or short and partly one."""
    if region.linked_heading:
        return region.units < 2 * CARD_LIMIT
    return region.units < CARD_LIMIT and region.links > 0.1 * region.units


def _is_nested(region: Region) -> bool:
    """An `article` within an `article` is a comment or another one (HTML standard, 4.3.2)."""
    outer = region.parent
    while outer is not None and outer.element.tag != "article":
        outer = outer.parent
    return outer is not None


def _lead(layout: Layout, region: Region, teasers: set[Region]) -> list[Line]:
    """Sentences between the headline and the region of the body."""
    lead: list[Line] = []
    headline = False
    limit = CHROME_SHARE * region.prose
    for line in layout.lines:
        if _is_below(line.region, region):
            return lead if headline else []
        if line.tag == "h1":
            headline, lead = True, []
        elif line.prose and line.prose < limit and not _is_beside(line.region, teasers):
            lead.append(line)
    return []


def _is_below(region: Region | None, top: Region) -> bool:
    while region is not None and region is not top:
        region = region.parent
    return region is top


def _is_beside(region: Region | None, teasers: set[Region]) -> bool:
    while region is not None:
        if region.chrome or region in teasers or region.links > 0.5 * region.units:
            return True
        region = region.parent
    return False


def _after_headline(lines: list[Line]) -> list[Line]:
    """Without the headline and what stands above it."""
    for i, line in enumerate(lines):
        if line.tag == "h1":
            return lines[i + 1 :]
        if line.prose > LEAD:
            break
    return lines


def _without_tail(lines: list[Line]) -> list[Line]:
    """Without comments below, and headings of what is gone."""
    prose = 0.0
    for i, line in enumerate(lines):
        prose += line.prose
        if prose > 100 and COMMENTS_START.fullmatch(line.text[:60]):
            lines = lines[:i]
            break
    while lines and lines[-1].tag in HEADINGS:
        lines.pop()
    return lines
