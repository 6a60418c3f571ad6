"""Finds link cards: teasers of other articles, which repeat one structure of a page."""

from shopwire.pipelines.extraction.layout import Layout, Region

CARD_TAGS = frozenset(("article", "dd", "div", "dl", "li", "section", "td", "tr"))
DIGITS = "0123456789"
MAX_CARD_LENGTH = 700.0
"""Text length of a link card (a teaser of another article) at most; for lengths see `measure_length`."""


def find_link_cards(layout: Layout) -> set[Region]:
    """Return the regions that repeat one structure, at least three siblings, each with a link."""
    groups: dict[tuple[Region | None, str, str], list[Region]] = {}
    for region in layout.regions:
        tag = str(region.element.tag)
        if tag in CARD_TAGS:
            first_class = region.name.partition(" ")[0].rstrip(DIGITS)
            groups.setdefault((region.parent, tag, first_class), []).append(region)
    cards: set[Region] = set()
    for group in groups.values():
        if len(group) >= 3:
            linked = [card for card in group if _is_link_card(card)]
            if len(linked) >= 0.8 * len(group):
                cards.update(linked)
    return cards


def _is_link_card(region: Region) -> bool:
    """Return whether a region is a link card: its heading is a link, or it is short and has a link."""
    if region.linked_heading:
        return region.text_length < 2 * MAX_CARD_LENGTH
    return region.text_length < MAX_CARD_LENGTH and region.link_length > 0.1 * region.text_length
