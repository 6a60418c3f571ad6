"""A page as a reader sees it: lines of text, and the regions (block elements) that hold them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from shopwire.pipelines.extraction.boilerplate_rules import COMMENTS_START, RELATED_START

# fmt: off
NEVER_TEXT = frozenset((
    "applet", "audio", "canvas", "embed", "frame", "head", "iframe", "input", "link", "map", "math",
    "meta", "noframes", "noscript", "object", "param", "rp", "rt", "script", "select", "source",
    "style", "svg", "symbol", "template", "textarea", "title", "track", "video",
))
NEVER_BODY = NEVER_TEXT | {
    "button", "datalist", "dialog", "fieldset", "figcaption", "footer", "label", "legend", "menu",
    "nav", "output", "progress",
}
INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on
BREAKS = frozenset(("br", "hr"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Words that CMSs of all countries put into `class` and `id` of what stands round an article ...
# fmt: off
CHROME = frozenset((
    "ad", "ads", "advert", "advertisement", "advertising", "affiliate", "bio", "breadcrumb",
    "breadcrumbs", "caption", "captions", "comment", "commentlist", "comments", "consent", "cookie",
    "cookies", "copyright", "crumb", "crumbs", "cta", "disqus", "foot", "footer", "gdpr", "login",
    "menu", "modal", "nav", "navbar", "navi", "navigation", "newsletter", "newsletters", "outbrain",
    "pager", "pagination", "popup", "promo", "recirc", "recommend", "recommendation", "recommendations",
    "recommended", "related", "replies", "reply", "respond", "share", "sharebar", "sharing", "sidebar",
    "signup", "slidein", "taboola", "taglist", "toast", "toolbar", "trending",
))
# ... and those that name an article's own parts as well, so they count for what is small only.
MINOR_CHROME = frozenset((
    "audio", "author", "authors", "banner", "byline", "copyright", "credit", "credits", "date",
    "datetime", "figure", "gallery", "hidden", "hot", "image", "img", "media", "meta", "photo",
    "picture", "player", "popular", "postmeta", "print", "published", "rank", "ranking", "side", "skip",
    "social", "sponsor", "sponsored", "subscribe", "subscription", "tags", "teaser", "timestamp",
    "video",
))
# ... and those of whole parts of a page that may well be longer than its article: what readers wrote,
# and the text of consent managers.
NEVER_ARTICLE = frozenset((
    "borlabs", "cmplz", "commentlist", "comments", "cookiebot", "didomi", "disqus", "onetrust",
    "usercentrics",
))
# fmt: on
FLAG = re.compile(
    r"(?<!\S)(?:disable|enable|has|hide|is|no|not|show|with|without)(?=[-_A-Z])\S*|(?<!\S)[a-z]++(?:[A-Z]++[a-z]++){3,}+(?!\S)"
)
NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
MINOR = 400.0
TOO_LITTLE = 300.0
FOOTERS = frozenset(("foot", "footer", "copyright"))
AFTER_FOOTER = 0.3
"""What is behind a footer and has more than this share of a page's sentences is no modal."""
HIDING = frozenset(("hidden", "aria-hidden", "style"))
NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
PUNCTUATION = re.compile(r"[,.;:!?…,。,；：！？、”\"’।،؟]")


@dataclass(slots=True, eq=False)
class Region:
    """A block element. `prose` is the weight of the sentences in it, `units` the length of all its
    text and `links` how much of that is link text, each with everything below. `first` is its first
    line, `linked_heading` says that a heading in it is a link, `chrome` that its name or first line
    is one of what stands round an article, and `never` that it can be no article however long. It
    knows its parent but not its children: a page without cycles needs no garbage collector."""

    element: html.HtmlElement
    parent: "Region | None" = None
    name: str = ""
    first: str = ""
    linked_heading: bool = False
    own_prose: float = 0.0
    prose: float = 0.0
    units: float = 0.0
    links: float = 0.0
    chrome: bool = False
    never: bool = False


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


@dataclass(slots=True)
class Layout:
    """All regions (a parent before its children, the first is the body) and lines of a page."""

    regions: list[Region]
    lines: list[Line]


def units(text: str) -> float:
    """Length of a text in western characters; an East Asian one says as much as two and a half."""
    return len(text) + (0 if text.isascii() else 1.5 * len(EAST_ASIAN.findall(text)))


def total_units(lines: Iterable[str]) -> float:
    """The length of several lines."""
    return sum(map(units, lines))


def lay_out(body: html.HtmlElement) -> Layout:
    """Regions and lines of a body in reading order, without what is hidden or never text.

    Pages with broken markup or hidden until a script runs have nothing left then: for those all is
    taken as it stands.
    """
    layout = _measure(_Walk(body, lenient=False))
    if layout.regions[0].prose < TOO_LITTLE:
        everything = _measure(_Walk(body, lenient=True))
        if everything.regions[0].prose > 2 * layout.regions[0].prose:
            return everything
    return layout


def _measure(walk: "_Walk") -> Layout:
    """Sum up from the leaves and name what is chrome."""
    for region in reversed(walk.regions):
        region.prose += region.own_prose
        parent = region.parent
        if parent is not None:
            parent.prose += region.prose
            parent.units += region.units
            parent.links += region.links
            parent.first = region.first or parent.first
            parent.linked_heading |= region.linked_heading
    for region in walk.regions:
        words = _words(region.name) if region.name else frozenset()
        region.never = not words.isdisjoint(NEVER_ARTICLE)
        region.chrome = (
            not words.isdisjoint(CHROME)
            or region.element.tag == "aside"
            or (region.prose < MINOR and not words.isdisjoint(MINOR_CHROME))
            or COMMENTS_START.fullmatch(region.first) is not None
            or RELATED_START.fullmatch(region.first) is not None
        )
    _name_what_follows_the_footer(walk.regions)
    return Layout(walk.regions, walk.lines)


def _name_what_follows_the_footer(regions: list[Region]) -> None:
    """Modals stand behind a page's footer, where no article goes on."""
    body = regions[0]
    ended = False
    for child in (region for region in regions if region.parent is body):
        if ended and child.prose < AFTER_FOOTER * body.prose:
            child.chrome = True
        ended |= child.element.tag == "footer" or not _words(child.name).isdisjoint(FOOTERS)


@lru_cache(maxsize=8192)
def _words(name: str) -> frozenset[str]:
    """The words of a `class` and an `id`, camel case taken apart, without `has-sidebar` and the like."""
    return frozenset(word.lower() for word in NAME_WORD.findall(FLAG.sub(" ", name)))


class _Walk:
    """One pass over a body that collects regions and lines in reading order."""

    def __init__(self, body: html.HtmlElement, *, lenient: bool) -> None:
        self.never = NEVER_TEXT if lenient else NEVER_BODY
        self.hiding = frozenset[str]() if lenient else HIDING
        self.lines: list[Line] = []
        self.regions: list[Region] = [Region(body)]
        self.pieces: list[str] = []
        self.link_length = 0
        self.anchors = 0
        self.visit(body, self.regions[0])
        self.flush(self.regions[0])

    def add(self, text: str) -> None:
        if self.pieces or not text.isspace():
            self.pieces.append(text)
            if self.anchors:
                self.link_length += len(text.strip())

    def flush(self, region: Region) -> None:
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
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
        if not region.first:
            region.first = text[:60]
        if links > 0.9 and tag in HEADINGS:
            region.linked_heading = True

    def visit(self, element: html.HtmlElement, region: Region) -> None:
        """Read what is in an element. The names are bound once: this is the hottest loop of a page."""
        never, hiding, add = self.never, self.hiding, self.add
        if element.text:
            add(element.text)
        for child in element:
            tag = child.tag
            if tag in never or not (hiding.isdisjoint(child.keys()) or _is_shown(child)):
                pass
            elif tag in INLINE:
                link = tag == "a"
                self.anchors += link
                self.visit(child, region)
                self.anchors -= link
            else:
                self.flush(region)
                if tag not in BREAKS:
                    self.enter(child, region)
            if child.tail:
                add(child.tail)

    def enter(self, element: html.HtmlElement, parent: Region) -> None:
        """Read a block element as a region of its own."""
        region = Region(element, parent)
        if element.keys():
            region.name = f"{element.get('class', '')} {element.get('id', '')}"
        self.regions.append(region)
        self.visit(element, region)
        self.flush(region)


def _is_shown(element: html.HtmlElement) -> bool:
    return (
        element.get("hidden") is None
        and element.get("aria-hidden") != "true"
        and NO_DISPLAY.search(element.get("style", "")) is None
    )
