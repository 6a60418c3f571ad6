"""A page as a reader sees it: lines of text, and the regions (block elements) that hold them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html

NEVER_BODY = frozenset(
    "applet area audio button canvas datalist dialog embed fencedframe fieldset footer frame head iframe input label "
    "legend link map marquee math menu meta nav noframes noscript object optgroup option output param progress "
    "rp rt script select source style svg template textarea title track video".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark nobr q ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Words that CMSs of all countries put into `class` and `id` of what stands round an article.
CHROME = re.compile(
    r"(?:^|[\s_-])(?:"
    r"nav(?:bar|igation)?|menu|foot(?:er)?|side(?:bar)?|aside|bread-?crumbs?|crumbs?|"
    r"shar(?:e|ing)|social|comments?(?:list|s-?area)?|repl(?:y|ies)|disqus_thread|"
    r"related|recommend\w*|popular|most-read|trending|"
    r"newsletter|subscri(?:be|ption)|signup|login|modal|popup|cookies?|consent|gdpr|"
    r"banner|promo|advert\w*|ads?|sponsor\w*|outbrain|taboola|"
    r"pagination|pager|copyright|toolbar|tag(?:s|list|-list)|hot|rank\w*|"
    r"byline|author\w*|caption|meta|print|skip"
    r")(?:$|[\s_-])",
    re.I,
)
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
SPACES = re.compile(r"\s+")
PUNCTUATION = re.compile(r"[,.;:!?…,。,；：！？、”\"’।،؟]")


@dataclass(slots=True, eq=False)
class Region:
    """A block element. `prose` is the weight of the sentences in it, `units` the length of all its
    text and `links` how much of that is link text, each with everything below."""

    element: html.HtmlElement
    parent: "Region | None" = None
    children: list["Region"] = field(default_factory=list)
    chrome: bool = False
    own_prose: float = 0.0
    prose: float = 0.0
    units: float = 0.0
    links: float = 0.0


@dataclass(slots=True, eq=False)
class Line:
    """A run of text between two block boundaries. `units` is its length with an East Asian
    character counted as 2.5 (what it takes in a western script), `links` the share of link text."""

    text: str
    units: float
    links: float
    region: Region
    tag: str
    prose: float


def units(text: str) -> float:
    """Length of a text in western characters; an East Asian one says as much as two and a half."""
    return len(text) + (0 if text.isascii() else 1.5 * len(EAST_ASIAN.findall(text)))


class _Walk:
    """One pass over a body that collects regions and lines in reading order."""

    def __init__(self, body: html.HtmlElement) -> None:
        self.lines: list[Line] = []
        self.regions: list[Region] = [Region(body)]
        self.pieces: list[str] = []
        self.link_length = 0
        self.anchors = 0
        self.children(body, self.regions[0])
        self.flush(self.regions[0])

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.anchors:
                self.link_length += len(text.strip())

    def flush(self, region: Region) -> None:
        if not self.pieces:
            return
        text = SPACES.sub(" ", "".join(self.pieces)).strip()
        self.pieces.clear()
        link_length, self.link_length = self.link_length, 0
        if not text:
            return
        length, links = units(text), min(1.0, link_length / len(text))
        tag = str(region.element.tag)
        prose = 0.0
        if length >= 50 and links <= 0.5 and tag not in HEADINGS and PUNCTUATION.search(text):
            prose = length * (1 - links)
        self.lines.append(Line(text, length, links, region, tag, prose))
        region.own_prose += prose
        region.units += length
        region.links += length * links

    def children(self, element: html.HtmlElement, region: Region) -> None:
        self.add(element.text)
        for child in element:
            self.visit(child, region)
            self.add(child.tail)

    def visit(self, element: html.HtmlElement, region: Region) -> None:
        tag = element.tag
        if tag in NEVER_BODY:
            return
        attributes = element.attrib
        if attributes and (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or HIDDEN.search(attributes.get("style", ""))
        ):
            return
        if tag in INLINE:
            link = tag == "a"
            self.anchors += link
            self.children(element, region)
            self.anchors -= link
            return
        self.flush(region)
        if tag in ("br", "hr"):
            return
        inner = Region(element, region)
        if attributes:
            name = f"{attributes.get('class', '')} {attributes.get('id', '')}"
            inner.chrome = len(name) > 1 and CHROME.search(name) is not None
        region.children.append(inner)
        self.regions.append(inner)
        self.children(element, inner)
        self.flush(inner)


@dataclass(slots=True)
class Layout:
    """All regions (a parent before its children, the first is the body) and lines of a page."""

    regions: list[Region]
    lines: list[Line]

    def lines_in(self, kept: set[Region]) -> Iterator[Line]:
        """The lines that stand directly in one of the regions."""
        return (line for line in self.lines if line.region in kept)


def lay_out(body: html.HtmlElement) -> Layout:
    """Regions and lines of a body in reading order, without what is hidden or never text."""
    walk = _Walk(body)
    for region in reversed(walk.regions):
        region.prose += region.own_prose
        if region.parent is not None:
            region.parent.prose += region.prose
            region.parent.units += region.units
            region.parent.links += region.links
    return Layout(walk.regions, walk.lines)
