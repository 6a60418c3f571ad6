"""The body of a page: the region whose sentences outweigh everything round it."""

from lxml import html

from shopwire.pipelines.blocks import HEADINGS, Layout, Line, Region, lay_out

# A region is worth its own sentences, nearly all of its best part, and a share of its other parts:
# so the choice climbs from a column to its parent where the text is spread over several columns,
# and stays where the neighbours are teasers.
BEST_PART = 0.95
OTHER_PARTS = 0.6

LISTED = frozenset(("article", "dd", "div", "dl", "li", "section", "td", "tr"))


def extract_lines(tree: html.HtmlElement) -> list[str]:
    """Lines of the body of a parsed page, headings among them, in reading order."""
    body = tree.find("body")
    if body is None:
        return []
    layout = lay_out(body)
    teasers = find_teasers(layout)
    region = choose_region(layout, teasers)
    return [line.text for line in body_lines(layout, region, teasers)]


def find_teasers(layout: Layout) -> set[Region]:
    """Regions that repeat one structure at least three times side by side, each with a link."""
    teasers: set[Region] = set()
    for region in layout.regions:
        groups: dict[tuple[str, str], list[Region]] = {}
        if len(region.children) < 3:
            continue
        for child in region.children:
            if child.element.tag in LISTED:
                key = (str(child.element.tag), child.element.get("class", ""))
                groups.setdefault(key, []).append(child)
        for group in groups.values():
            linked = [child for child in group if child.links > 0.1 * child.units]
            if len(group) >= 3 and len(linked) >= 0.8 * len(group):
                teasers.update(linked)
    return teasers


def choose_region(layout: Layout, teasers: set[Region]) -> Region:
    """The smallest region that holds the article."""
    total = layout.regions[0].prose
    worth = {region: region.own_prose for region in layout.regions}
    parts: dict[Region, list[float]] = {}
    for region in reversed(layout.regions):
        values = parts.get(region)
        if values:
            worth[region] += BEST_PART * max(values) + OTHER_PARTS * (sum(values) - max(values))
        if region.parent is not None and not _is_aside(region, teasers, total):
            parts.setdefault(region.parent, []).append(worth[region])
    return max(
        (region for region in layout.regions if not (region.chrome and region.prose < 0.4 * total)),
        key=worth.__getitem__,
    )


def body_lines(layout: Layout, region: Region, teasers: set[Region]) -> list[Line]:
    """What of a region is body: not its link lists, teasers and chrome."""
    kept = {region}
    for inner in layout.regions:
        if (
            inner.parent in kept
            and inner is not region
            and not _is_aside(inner, teasers, region.prose)
        ):
            kept.add(inner)
    lines = [line for line in layout.lines_in(kept) if line.links <= 0.8 or line.units >= 60]
    while lines and lines[-1].tag in HEADINGS:
        lines.pop()
    return lines


def _is_aside(region: Region, teasers: set[Region], total: float) -> bool:
    if region.prose < 0.4 * total and (region.chrome or region in teasers):
        return True
    return region.units > 20 and region.links > 0.6 * region.units
