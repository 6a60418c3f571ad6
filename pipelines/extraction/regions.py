"""The lines of a page and the regions (block elements) that contain them, in reading order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import html

from shopwire.pipelines.parsing.element_names import join_names
from shopwire.pipelines.parsing.visible_text import INLINE_TAGS, is_shown
from shopwire.storage.text.characters import EAST_ASIAN, SENTENCE_ENDS

# fmt: off
NEVER_TEXT = frozenset((
    "amp-ad", "amp-auto-ads", "amp-consent", "amp-embed", "amp-sidebar", "amp-sticky-ad", "applet",
    "audio", "canvas", "embed", "frame", "head", "iframe", "input", "link", "map", "math",
    "meta", "noframes", "noscript", "object", "param", "rp", "rt", "script", "select", "source",
    "style", "svg", "symbol", "template", "textarea", "title", "track", "video",
))

NEVER_BODY = NEVER_TEXT | {
    "button", "datalist", "dialog", "fieldset", "figcaption", "footer", "label", "legend", "menu",
    "nav", "output", "progress",
}

# fmt: on
BREAKS = frozenset(("br", "hr"))
CELLS = frozenset(("td", "th"))
CONTROLS = frozenset(("button", "input"))
MAX_CELL_LENGTH = 300.0
"""A table with a longer cell is there for the layout of its page."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
MIN_SENTENCE_LENGTH = 50.0
NO_FIELDS = frozenset(("button", "hidden", "image"))
REQUEST = re.compile(
    r"(?:i |yes,? )?(?:accept|allow|agree|consent|sign (?:me )?up|subscribe|join|register"
    r"|(?:show|load) (?:content|video|post)|akzeptieren|zustimmen|einverstanden"
    r"|inhalte? (?:an)?(?:zeigen|laden)|(?:jetzt )?(?:anmelden|abonnieren)"
    r"|accepter|s.abonner|afficher|aceptar|suscr[ií]b\w+|accetta"
    r"|同意|接受|(?:立即|马上)?(?:订阅|开通|注册|登录))"
    r"(?: (?:all|now|here|today|and continue|cookies|for free|free|to .{1,30}|alle|und .{1,20}))?\W{0,3}",
    re.IGNORECASE,
)
"""The words of a button or link by which a reader consents or signs up."""

PARAGRAPH_OR_DIV = frozenset(("div", "p"))
MIN_LINKED_SENTENCE = 60.0
"""Length of a paragraph that is a link and part of an article."""

MAX_LINK_SHARE = 0.4
"""Largest share of link text in a list item that is a sentence."""

SENTENCE_END = re.compile(rf"(?<!\.\.)[.{SENTENCE_ENDS}]['\"”’」』)）]?$")
NUMBERED = re.compile(r"(?:#?\d{1,3}(?:[.):、．/]|\s+[-–—])|TOP\s?\.?\d{1,3}\b)")
RIGHTS = re.compile(r"(?:copyright\W{0,3}(?=©|\(c\)|\d{4})|©|版权所有)", re.IGNORECASE)
WIDE = re.compile(f"[{EAST_ASIAN}]+")
PUNCTUATION = re.compile(r"[,.;:!?…,。,；：！？、”\"’।،؟]")


@dataclass(slots=True, eq=False)
class Region:
    """A block element.

    `sentence_length`, `text_length` and `link_length` are the lengths (see `measure_length`) of its
    sentences, of all its text and of its link text, descendants included. `linked_heading` says that a
    heading in it is a link to another page without a number, `is_boilerplate` that its name or its first
    line is typical of boilerplate, `never_article` that it is no article even if it is long,
    `is_sentence_item` that it is a list item or a paragraph whose link is part of a sentence, `has_input`
    that it holds a field of a form or a button to consent. A region knows its parent but not its children,
    because a page without reference cycles needs no garbage collection.
    """

    element: html.HtmlElement
    tag: str
    parent: "Region | None" = None
    name: str = ""
    first_line: str = ""
    first_tag: str = ""
    linked_heading: bool = False
    sentence_count: int = 0
    is_sentence_item: bool = False
    has_input: bool = False
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
    return len(text) + (0 if text.isascii() else 1.5 * sum(map(len, WIDE.findall(text))))


def measure_total_length(lines: Iterable[str]) -> float:
    """Return the length of several lines (see `measure_length`)."""
    return sum(map(measure_length, lines))


def is_within(region: Region | None, top: Region) -> bool:
    while region is not None and region is not top:
        region = region.parent
    return region is top


class PageWalk:
    """One pass over a body that collects regions and lines in reading order."""

    def __init__(
        self,
        body: html.HtmlElement,
        *,
        lenient: bool = False,
        revealed: frozenset[html.HtmlElement] = frozenset(),
    ) -> None:
        self.skipped = NEVER_TEXT if lenient else NEVER_BODY
        self.is_lenient = lenient
        self.revealed = revealed
        self.hidden: list[html.HtmlElement] = []
        self.lines: list[Line] = []
        self.regions: list[Region] = [Region(body, str(body.tag))]
        self.pieces: list[str] = []
        self.link_length = 0
        self.last_plain = ""
        self.starts_with_link = False
        self.anchors = 0
        self.in_row = False
        self.in_data_table = False
        self.visit(body, self.regions[0])
        self.flush(self.regions[0])

    def add(self, text: str) -> None:
        """Add a piece of text to the current line."""
        is_blank = text.isspace()
        if not self.pieces:
            if is_blank:
                return
            self.starts_with_link = self.anchors > 0
        self.pieces.append(text)
        if self.anchors:
            self.link_length += len(text.strip())
        elif not is_blank:
            self.last_plain = text

    def flush(self, region: Region) -> None:
        """End the current line, which belongs to `region`."""
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        link_length, self.link_length = self.link_length, 0
        last_plain, self.last_plain = self.last_plain, ""
        if not text:
            return
        length, link_share = measure_length(text), min(1.0, link_length / len(text))
        tag = region.tag
        sentence_length = 0.0
        is_prose = length >= MIN_SENTENCE_LENGTH and link_share <= 0.5 and tag not in HEADINGS
        if is_prose and PUNCTUATION.search(text) and not RIGHTS.match(text):
            sentence_length = length * (1 - link_share)
            region.sentence_count += 1
        self.lines.append(Line(text, length, link_share, region, tag, sentence_length))
        region.own_sentence_length += sentence_length
        region.text_length += length
        region.link_length += length * link_share
        if link_length and tag in PARAGRAPH_OR_DIV and length >= MIN_LINKED_SENTENCE:
            region.is_sentence_item = SENTENCE_END.search(text) is not None
        elif link_length and tag == "li" and sentence_length and link_share <= MAX_LINK_SHARE:
            is_end = SENTENCE_END.search(last_plain.rstrip()) is not None
            region.is_sentence_item = is_end or not self.starts_with_link
        if not region.first_line:
            region.first_line, region.first_tag = text[:60], tag
        region.has_input |= link_share > 0.9 and REQUEST.fullmatch(text) is not None
        if link_share > 0.9 and tag in HEADINGS and not NUMBERED.match(text):
            links = list(region.element.iter("a"))
            region.linked_heading = not links or any(map(_leads_away, links))

    def visit(self, element: html.HtmlElement, region: Region) -> None:
        """Read the content of an element. Local names are faster, and no other loop takes as long."""
        skipped, is_lenient, add = self.skipped, self.is_lenient, self.add
        if text := element.text:
            add(text)
        for child in element:
            tag = child.tag
            if tag in skipped:
                region.has_input |= tag in CONTROLS and _is_request(child, tag)
            elif not (is_lenient or is_shown(child) or child in self.revealed):
                self.hidden.append(child)
            elif self.in_row and tag not in INLINE_TAGS:
                add(" | " if tag in CELLS and self.pieces else " ")
                self.visit(child, region)
            elif tag in INLINE_TAGS:
                link = tag == "a"
                self.anchors += link
                self.visit(child, region)
                self.anchors -= link
            else:
                if self.pieces:
                    self.flush(region)
                if tag not in BREAKS:
                    self.enter(child, tag, region)
            if text := child.tail:
                add(text)

    def enter(self, element: html.HtmlElement, tag: str, parent: Region) -> None:
        """Read a block element as a region of its own, and a row of a data table as one line."""
        region = Region(element, tag, parent)
        if element.keys():
            region.name = join_names(element)
        self.regions.append(region)
        if tag == "table":
            self.in_data_table = is_data_table(element)
        self.in_row = self.in_data_table and tag == "tr"
        self.visit(element, region)
        self.flush(region)
        self.in_row = False
        if tag == "table":
            self.in_data_table = False


def _leads_away(link: html.HtmlElement) -> bool:
    return not link.get("href", "#").startswith("#")


def _is_request(element: html.HtmlElement, tag: object) -> bool:
    """Return whether an element is a field to fill in, or a button to consent or to sign up."""
    if tag == "input":
        return element.get("type") not in NO_FIELDS
    return tag == "button" and REQUEST.fullmatch(" ".join(element.text_content().split())) is not None


def is_data_table(table: html.HtmlElement) -> bool:
    """Return whether a table has at least two rows with two cells each, and only short cells."""
    if table.find(".//table") is not None:
        return False
    rows = [list(row.iterchildren(*CELLS)) for row in table.iter("tr")]
    return sum(len(row) >= 2 for row in rows) >= 2 and all(
        measure_length("".join(cell.itertext())) <= MAX_CELL_LENGTH for row in rows for cell in row
    )
