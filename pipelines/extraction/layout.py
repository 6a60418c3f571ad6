"""The layout of a page: its visible lines of text, and the regions (block elements) that contain them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from shopwire.pipelines.extraction.boilerplate_rules import COMMENTS_START, RELATED_START
from shopwire.pipelines.parsing.visible_text import INLINE_TAGS
from shopwire.storage.text.characters import EAST_ASIAN

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
# fmt: on
BREAKS = frozenset(("br", "hr"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Words in `class` and `id` by which content management systems name what is around an article ...
# fmt: off
BOILERPLATE_NAMES = frozenset((
    "ad", "ads", "advert", "advertisement", "advertising", "affiliate", "bio", "breadcrumb",
    "breadcrumbs", "caption", "captions", "comment", "commentlist", "comments", "consent", "cookie",
    "cookies", "copyright", "crumb", "crumbs", "cta", "disqus", "foot", "footer", "gdpr", "login",
    "menu", "modal", "nav", "navbar", "navi", "navigation", "newsletter", "newsletters", "outbrain",
    "pager", "pagination", "popup", "promo", "recirc", "recommend", "recommendation", "recommendations",
    "recommended", "related", "replies", "reply", "respond", "share", "sharebar", "sharing", "sidebar",
    "signup", "slidein", "taboola", "taglist", "toast", "toolbar", "trending",
))
# ... and those that name parts of an article as well, so they only count for short regions ...
MINOR_BOILERPLATE_NAMES = frozenset((
    "audio", "author", "authors", "banner", "byline", "copyright", "credit", "credits", "date",
    "datetime", "figure", "gallery", "hidden", "hot", "image", "img", "media", "meta", "photo",
    "picture", "player", "popular", "postmeta", "print", "published", "rank", "ranking", "side", "skip",
    "social", "sponsor", "sponsored", "subscribe", "subscription", "tags", "teaser", "timestamp",
    "video",
))
# ... and those of regions that may be longer than the article of their page: comments of readers, and
# the text of consent managers.
NEVER_ARTICLE_NAMES = frozenset((
    "borlabs", "cmplz", "commentlist", "comments", "cookiebot", "didomi", "disqus", "onetrust",
    "usercentrics",
))
# fmt: on
STATE_NAME = re.compile(
    r"(?<!\S)(?:disable|enable|has|hide|is|no|not|show|with|without)(?=[-_A-Z])\S*|(?<!\S)[a-z]++(?:[A-Z]++[a-z]++){3,}+(?!\S)"
)
NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
MINOR_LENGTH = 400.0
TOO_LITTLE_TEXT = 300.0
FOOTER_NAMES = frozenset(("foot", "footer", "copyright"))
MODAL_SHARE = 0.3
"""A region after the footer that has more than this share of a page's sentences is no modal."""
HIDING = frozenset(("hidden", "aria-hidden", "style"))
NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
WIDE = re.compile(f"[{EAST_ASIAN}]")
PUNCTUATION = re.compile(r"[,.;:!?…,。,；：！？、”\"’।،؟]")


@dataclass(slots=True, eq=False)
class Region:
    """A block element.

    `sentence_length`, `text_length` and `link_length` are the lengths (see `measure_length`) of its
    sentences, of all its text and of its link text, descendants included. `linked_heading` says that
    a heading in it is a link, `is_boilerplate` that its name or its first line is typical of
    boilerplate, `never_article` that it is no article even if it is long. A region knows its parent
    but not its children, because a page without reference cycles needs no garbage collection.
    """

    element: html.HtmlElement
    parent: "Region | None" = None
    name: str = ""
    first_line: str = ""
    linked_heading: bool = False
    own_sentence_length: float = 0.0
    sentence_length: float = 0.0
    text_length: float = 0.0
    link_length: float = 0.0
    is_boilerplate: bool = False
    never_article: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """A run of text between two block boundaries; `tag` is that of its region, `link_share` 0 to 1."""

    text: str
    text_length: float
    link_share: float
    region: Region
    tag: str
    sentence_length: float


@dataclass(slots=True)
class Layout:
    """All regions (a parent before its children, the first is the body) and lines of a page."""

    regions: list[Region]
    lines: list[Line]


def measure_length(text: str) -> float:
    """Return the length of a text in western characters.

    An East Asian character counts as 2.5, because the same text in a western script is that much longer.
    """
    return len(text) + (0 if text.isascii() else 1.5 * len(WIDE.findall(text)))


def measure_total_length(lines: Iterable[str]) -> float:
    """Return the length of several lines (see `measure_length`)."""
    return sum(map(measure_length, lines))


def build_layout(body: html.HtmlElement) -> Layout:
    """Return the regions and lines of a body in reading order, without hidden elements and controls.

    That leaves nothing of a page with broken markup, or of one that is hidden until a script runs, so
    hidden elements are included where they have most of the sentences.
    """
    layout = _measure_regions(_Walk(body, lenient=False))
    if layout.regions[0].sentence_length < TOO_LITTLE_TEXT:
        everything = _measure_regions(_Walk(body, lenient=True))
        if everything.regions[0].sentence_length > 2 * layout.regions[0].sentence_length:
            return everything
    return layout


def _measure_regions(walk: "_Walk") -> Layout:
    """Add up the lengths from the leaves to the root, and mark boilerplate."""
    for region in reversed(walk.regions):
        region.sentence_length += region.own_sentence_length
        parent = region.parent
        if parent is not None:
            parent.sentence_length += region.sentence_length
            parent.text_length += region.text_length
            parent.link_length += region.link_length
            parent.first_line = region.first_line or parent.first_line
            parent.linked_heading |= region.linked_heading
    for region in walk.regions:
        words = _split_names(region.name) if region.name else frozenset()
        region.never_article = not words.isdisjoint(NEVER_ARTICLE_NAMES)
        region.is_boilerplate = (
            not words.isdisjoint(BOILERPLATE_NAMES)
            or region.element.tag == "aside"
            or (region.sentence_length < MINOR_LENGTH and not words.isdisjoint(MINOR_BOILERPLATE_NAMES))
            or COMMENTS_START.fullmatch(region.first_line) is not None
            or RELATED_START.fullmatch(region.first_line) is not None
        )
    _mark_modals(walk.regions)
    return Layout(walk.regions, walk.lines)


def _mark_modals(regions: list[Region]) -> None:
    """Mark what comes after the footer of a page as boilerplate, since modals are there."""
    body = regions[0]
    ended = False
    for child in (region for region in regions if region.parent is body):
        if ended and child.sentence_length < MODAL_SHARE * body.sentence_length:
            child.is_boilerplate = True
        ended |= child.element.tag == "footer" or not _split_names(child.name).isdisjoint(FOOTER_NAMES)


@lru_cache(maxsize=8192)
def _split_names(name: str) -> frozenset[str]:
    """Return the words of a `class` and an `id`, camel case split, without states as `has-sidebar`."""
    return frozenset(word.lower() for word in NAME_WORD.findall(STATE_NAME.sub(" ", name)))


class _Walk:
    """One pass over a body that collects regions and lines in reading order."""

    def __init__(self, body: html.HtmlElement, *, lenient: bool) -> None:
        self.skipped = NEVER_TEXT if lenient else NEVER_BODY
        self.hiding = frozenset[str]() if lenient else HIDING
        self.lines: list[Line] = []
        self.regions: list[Region] = [Region(body)]
        self.pieces: list[str] = []
        self.link_length = 0
        self.anchors = 0
        self.visit(body, self.regions[0])
        self.flush(self.regions[0])

    def add(self, text: str) -> None:
        """Add a piece of text to the current line."""
        if self.pieces or not text.isspace():
            self.pieces.append(text)
            if self.anchors:
                self.link_length += len(text.strip())

    def flush(self, region: Region) -> None:
        """End the current line, which belongs to `region`."""
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        link_length, self.link_length = self.link_length, 0
        if not text:
            return
        length, link_share = measure_length(text), min(1.0, link_length / len(text))
        tag = str(region.element.tag)
        sentence_length = 0.0
        if length >= 50 and link_share <= 0.5 and tag not in HEADINGS and PUNCTUATION.search(text):
            sentence_length = length * (1 - link_share)
        self.lines.append(Line(text, length, link_share, region, tag, sentence_length))
        region.own_sentence_length += sentence_length
        region.text_length += length
        region.link_length += length * link_share
        if not region.first_line:
            region.first_line = text[:60]
        if link_share > 0.9 and tag in HEADINGS:
            region.linked_heading = True

    def visit(self, element: html.HtmlElement, region: Region) -> None:
        """Read the content of an element. Local names are faster, and no other loop takes as long."""
        skipped, hiding, add = self.skipped, self.hiding, self.add
        if element.text:
            add(element.text)
        for child in element:
            tag = child.tag
            if tag in skipped or not (hiding.isdisjoint(child.keys()) or _is_shown(child)):
                pass
            elif tag in INLINE_TAGS:
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
